import type { Rule } from '../../shared/domain/rule.ts'
import {
  connectionOf,
  endpointNamed,
  factory,
  lake,
  managedEndpoint,
  orders,
  type Reply,
} from '../forgery/arena.ts'
import type { Fault, Place, Story } from './persistent-world.ts'
import { salesToLake } from './request-parts.ts'

/** The calls of a review. */
export const theList: Place = (method, path) =>
  method === 'GET' && path.endsWith('/privateEndpointConnections')
export const theRead: Place = (method, path) =>
  method === 'GET' && path.includes('/privateEndpointConnections/')
export const theWrite: Place = (method) => method === 'PUT'
export const theTags: Place = (_, path) => path.endsWith('/tags/default')
export const theRequester: Place = (_, path) => path === factory
export const theGroups: Place = (_, path) => path.endsWith('/getEntities')

/** Azure answers with an error. */
export function failing(
  status: number,
  code: string,
  message = 'Azure says why',
  headers?: Record<string, string>,
): Fault {
  return () => ({ status, body: { error: { code, message } }, ...(headers && { headers }) })
}

/** Azure is throttling. */
export const throttling = failing(429, 'TooManyRequests', 'Azure says why', { 'retry-after': '60' })

/** Azure answers something else. */
export const respondingWith =
  (reply: Reply): Fault =>
  () =>
    reply

/** Azure carries the call out, and changes what it answers. */
export const noResponse: Fault = () => new Error('socket hang up')

/** The list, and the own read of each connection. */
export const theSources: Place = (method, path) => theList(method, path) || theRead(method, path)

interface Shown {
  readonly properties: Record<string, unknown>
}

/** The list shows one thing, and the own read another: what each does to the properties of a connection. */
export function differing({ list = {}, read = {} }: { list?: object; read?: object }): Fault {
  const changed = (shown: Shown, change: object) => ({
    ...shown,
    properties: { ...shown.properties, ...change },
  })
  return (respond) => {
    const reply = respond()
    const body = reply.body as { readonly value?: readonly Shown[] } | Shown
    if ('value' in body) return { ...reply, body: { value: body.value.map((one) => changed(one, list)) } }
    return 'properties' in body ? { ...reply, body: changed(body, read) } : reply
  }
}

/** The first call fails like this, the second one does not, and so on. */
export function byTurns(fault: Fault): Fault {
  let calls = 0
  return (respond) => ((calls += 1) % 2 === 1 ? fault(respond) : respond())
}

/** For ever what was answered first. */
export function lagging(): Fault {
  let first: Reply | undefined
  return (respond) => structuredClone((first ??= structuredClone(respond())))
}

/** A request for a server whose connections show group ids, as those of a storage account never do. */
export function storyOfOrders(change: Partial<Rule> = {}): Story {
  return {
    rules: [{ ...salesToLake, target: orders, ...change }],
    target: orders,
    prepare: ({ connections, managedEndpoints }) => {
      const shown = { provisioningState: 'Ready' }
      managedEndpoints.set(factory, [managedEndpoint('mpe-sql', orders, 'sqlServer')])
      connections.set(orders, [connectionOf(orders, 'c-sql', endpointNamed('adf-sales.mpe-sql'), shown)])
    },
    end: change.effect === 'deny' ? 'Rejected' : 'Approved',
  }
}

/** So many connections of the sales factory, each with its endpoint. */
export function salesConnections(count: number) {
  const names = Array.from({ length: count }, (_, index) => `mpe-${index}`)
  return {
    connections: names.map((name) => connectionOf(lake, `c-${name}`, endpointNamed(`adf-sales.${name}`))),
    managedEndpoints: names.map((name) => managedEndpoint(name, lake, 'blob')),
  }
}
