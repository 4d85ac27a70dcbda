import { resourceId, stableGuid } from '../ids.ts'
import { endpointType } from '../private-link/endpoints.ts'
import type { Resource } from '../state.ts'
import { managedSubscriptions } from '../well-known.ts'
import type { RegionSubscription } from '../well-known.ts'

/** Where a private endpoint of the platform lives, and its name there. */
export interface EndpointPlace {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly location: string
  readonly name: string
}

/** The platform's subscription of a region, which all customers share. Unknown regions use the first one. */
export function managedHome(location: string): RegionSubscription {
  const region = location.toLowerCase().replaceAll(' ', '')
  return managedSubscriptions.find((held) => held.region === region) ?? managedSubscriptions[0]
}

/**
 * Group `vnet-{first 8 of the subscription}-{region}-{n}-rg`, name `{requester in lower case}.{endpoint}`: seen in
 * exports for Synapse, inferred for Data Factory and Purview. `n` depends on the requester's name only, so that a new
 * owner of a freed name gets exactly the ids of its former owner.
 */
export function inManagedNetwork(requester: Resource, endpoint: string): EndpointPlace {
  const home = managedHome(requester.location)
  const name = requester.name.toLowerCase()
  const number = (Number.parseInt(stableGuid(`${requester.type}/${name}`).slice(0, 6), 16) % 99) + 1
  return {
    subscriptionId: home.subscriptionId,
    resourceGroup: `vnet-${home.subscriptionId.slice(0, 8)}-${home.region}-${number}-rg`,
    location: home.region,
    name: `${name}.${endpoint}`,
  }
}

/** A group that shows nothing of the customer, for requesters whose group is unknown. Each has its own. */
export function inOpaqueGroup(requester: Resource, name: string): EndpointPlace {
  const home = managedHome(requester.location)
  const group = `managed-${stableGuid(requester.id.toLowerCase()).slice(0, 8)}-${home.region}-rg`
  return { subscriptionId: home.subscriptionId, resourceGroup: group, location: home.region, name }
}

/** The id of the private endpoint at a place. */
export function endpointIdOf({ subscriptionId, resourceGroup, name }: EndpointPlace): string {
  return resourceId(subscriptionId, resourceGroup, endpointType, name)
}
