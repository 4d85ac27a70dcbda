import type { Resource } from '../state.ts'

/** The one connection that a private endpoint requests. */
export interface EndpointLink {
  readonly list: 'privateLinkServiceConnections' | 'manualPrivateLinkServiceConnections'
  readonly serviceId: string
  readonly groupIds: readonly string[]
  readonly requestMessage: string
}

interface LinkItem {
  properties: {
    privateLinkServiceId: string
    groupIds?: string[]
    requestMessage?: string
    privateLinkServiceConnectionState?: { status: string; description: string; actionsRequired: string }
  }
}

/** Reads the request of an endpoint. Throws when it is not a private endpoint with one connection. */
export function endpointLink(endpoint: Resource): EndpointLink {
  const { list, item } = findItem(endpoint)
  return {
    list,
    serviceId: item.properties.privateLinkServiceId,
    groupIds: item.properties.groupIds ?? [],
    requestMessage: item.properties.requestMessage ?? '',
  }
}

/** The state of an endpoint's connection as its own side shows it. */
export function linkState(endpoint: Resource): { status: string; description: string } {
  const state = findItem(endpoint).item.properties.privateLinkServiceConnectionState
  return state ?? { status: '', description: '' }
}

/** Changes the state that the endpoint's own side shows. */
export function setLinkState(endpoint: Resource, status: string, description: string): void {
  findItem(endpoint).item.properties.privateLinkServiceConnectionState = {
    status,
    description,
    actionsRequired: 'None',
  }
}

function findItem(endpoint: Resource): { list: EndpointLink['list']; item: LinkItem } {
  for (const list of ['manualPrivateLinkServiceConnections', 'privateLinkServiceConnections'] as const) {
    const item = (endpoint.properties[list] as LinkItem[] | undefined)?.[0]
    if (item !== undefined) return { list, item }
  }
  throw new Error(`${endpoint.id} asks for no connection.`)
}
