import type { AzureError } from '../http/exchange.ts'
import { param } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { announce } from '../private-link/notify.ts'
import type { ManagedEndpoint, Resource } from '../state.ts'
import type { World } from '../world.ts'
import {
  findManagedEndpoint,
  managedEndpointsOf,
  putManagedEndpoint,
  removeManagedEndpoint,
  stateOf,
} from './managed-endpoints.ts'
import type { ManagedRequest, ManagedState } from './managed-endpoints.ts'

/** A managed endpoint with what is needed to render it. */
export interface Shown {
  readonly managed: ManagedEndpoint
  readonly state: ManagedState
  readonly requester: Resource
  readonly call: Call
}

/** How one kind of requester lists, creates, shows and deletes its managed endpoints. */
export interface EndpointApi {
  /** Path of the list; a single one is `{list}/{endpoint}`. */
  readonly list: string
  /** PUT under a name of the caller's choice, or POST to the list. */
  readonly creation: 'PUT' | 'POST'
  /** Status of a creation, of a deletion, and of the deletion of a missing endpoint. */
  readonly statuses: {
    readonly created: 200 | 201 | 202
    readonly deleted: 200 | 202
    readonly missing: 204 | 'not found'
  }
  /** The requester in the path. Throws when it does not exist, or is not the caller's. */
  readonly requester: (call: Call) => Resource
  readonly network: (call: Call) => string
  /** The request in the body of a creation. Throws 400 for an invalid body. */
  readonly request: (call: Call, requester: Resource) => ManagedRequest
  readonly render: (shown: Shown) => JsonObject
  /** The body of a list. */
  readonly page: (call: Call, items: readonly JsonObject[]) => JsonObject
  readonly notFound: (name: string) => AzureError
  /** The path below the requester in events; undefined for data planes, which raise none. */
  readonly announced?: (managed: ManagedEndpoint) => string
  /** What a deletion does, if not simply removing the endpoint. */
  readonly remove?: (managed: ManagedEndpoint) => void
}

/** List, creation, read and deletion of the managed endpoints of one kind. */
export function managedEndpointRoutes(world: World, api: EndpointApi): Route[] {
  const one = `${api.list}/{endpoint}`
  const creation = api.creation === 'PUT' ? one : api.list
  return [
    { method: 'GET', template: api.list, handle: (call) => list(world, api, call) },
    { method: api.creation, template: creation, handle: (call) => create(world, api, call) },
    { method: 'GET', template: one, handle: (call) => read(world, api, call) },
    { method: 'DELETE', template: one, handle: (call) => remove(world, api, call) },
  ]
}

function list(world: World, api: EndpointApi, call: Call): Reply {
  const requester = api.requester(call)
  const items = managedEndpointsOf(world, requester.id, api.network(call)).map((managed) =>
    render(world, api, { managed, requester, call }),
  )
  return { status: 200, body: api.page(call, items) }
}

function create(world: World, api: EndpointApi, call: Call): Reply {
  const requester = api.requester(call)
  const request = api.request(call, requester)
  const existing = findManagedEndpoint(world, requester.id, request.name) !== undefined
  const managed = putManagedEndpoint(world, request)
  report(world, api, managed, call, existing ? 'rewritten' : 'written')
  return {
    status: existing ? 200 : api.statuses.created,
    body: render(world, api, { managed, requester, call }),
  }
}

function read(world: World, api: EndpointApi, call: Call): Reply {
  const requester = api.requester(call)
  const managed = find(world, api, call, requester)
  if (managed === undefined) throw api.notFound(param(call, 'endpoint'))
  return { status: 200, body: render(world, api, { managed, requester, call }) }
}

function remove(world: World, api: EndpointApi, call: Call): Reply {
  const managed = find(world, api, call, api.requester(call))
  if (managed === undefined) {
    if (api.statuses.missing === 'not found') throw api.notFound(param(call, 'endpoint'))
    return { status: api.statuses.missing }
  }
  if (api.remove === undefined) removeManagedEndpoint(world, managed)
  else api.remove(managed)
  report(world, api, managed, call, 'deleted')
  return { status: api.statuses.deleted }
}

function find(world: World, api: EndpointApi, call: Call, requester: Resource): ManagedEndpoint | undefined {
  const managed = findManagedEndpoint(world, requester.id, param(call, 'endpoint'))
  return managed?.network.toLowerCase() === api.network(call).toLowerCase() ? managed : undefined
}

function render(world: World, api: EndpointApi, shown: Omit<Shown, 'state'>): JsonObject {
  return api.render({ ...shown, state: stateOf(world, shown.managed) })
}

function report(
  world: World,
  api: EndpointApi,
  managed: ManagedEndpoint,
  call: Call,
  what: 'written' | 'rewritten' | 'deleted',
): void {
  if (api.announced === undefined) return
  announce(world, {
    target: managed.requesterId,
    child: api.announced(managed),
    verb: what === 'deleted' ? 'delete' : 'write',
    caller: call.caller,
    existing: what !== 'written',
  })
}
