import { connectionOf, endpointNamed, factory, lake, managedEndpoint, type Reply } from '../forgery/arena.ts'
import type { Fault, Place } from './persistent-world.ts'

/** The calls of a review of the lake. */
export const theList: Place = (method, path) =>
  method === 'GET' && path === `${lake}/privateEndpointConnections`
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

/** So many connections of the sales factory, each with its endpoint. */
export function salesConnections(count: number) {
  const names = Array.from({ length: count }, (_, index) => `mpe-${index}`)
  return {
    connections: names.map((name) => connectionOf(lake, `c-${name}`, endpointNamed(`adf-sales.${name}`))),
    managedEndpoints: names.map((name) => managedEndpoint(name, lake, 'blob')),
  }
}
