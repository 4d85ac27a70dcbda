import { newEtag, resourceId, stableGuid } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { managedHome } from './places.ts'

type Add = (resource: Resource) => void

const ingestionSince = '2023-05-01'

/** Adds to a new resource what the platform adds: managed resources, an alias, an identity. */
export function completeResource(world: World, resource: Resource, apiVersion: string, add: Add): void {
  const complete = completions[resource.type]
  complete?.(resource, apiVersion, add)
  world.store.changed()
}

const completions: Readonly<Record<string, (resource: Resource, apiVersion: string, add: Add) => void>> = {
  'Microsoft.Purview/accounts': completePurview,
  'Microsoft.Network/privateLinkServices': (service) => {
    const alias = `${service.name}.${stableGuid(service.id)}.${service.location}.azure.privatelinkservice`
    service.properties = { alias, ...service.properties }
  },
}

/**
 * A Purview account created with api-version 2023-05-01-preview or later keeps ingestion storage outside the customer's
 * subscription; an older one gets a managed resource group with a storage account and an Event Hubs namespace
 * (Microsoft documentation). That the newer storage is in a subscription of the platform is inferred.
 */
function completePurview(account: Resource, apiVersion: string, add: Add): void {
  const guid = stableGuid(account.id)
  const short = guid.slice(0, 8)
  if (apiVersion >= ingestionSince) {
    const home = managedHome(account.location)
    const name = `ingest${short}`
    account.properties['ingestionStorage'] = {
      id: resourceId(
        home.subscriptionId,
        `purview-ingestion-${home.region}-rg`,
        'Microsoft.Storage/storageAccounts',
        name,
      ),
      primaryEndpoint: `https://${name}.blob.core.windows.net/`,
      publicNetworkAccess: 'Disabled',
    }
    return
  }
  const subscriptionId = account.id.split('/')[2] ?? ''
  const group =
    typeof account.properties['managedResourceGroupName'] === 'string'
      ? account.properties['managedResourceGroupName']
      : `managed-rg-${short}`
  const storage = plain(
    subscriptionId,
    group,
    'Microsoft.Storage/storageAccounts',
    `scan${short}`,
    account.location,
  )
  const hub = plain(subscriptionId, group, 'Microsoft.EventHub/namespaces', `Atlas-${guid}`, account.location)
  add(storage)
  add(hub)
  account.properties['managedResourceGroupName'] = group
  account.properties['managedResources'] = {
    resourceGroup: `/subscriptions/${subscriptionId}/resourceGroups/${group}`,
    storageAccount: storage.id,
    eventHubNamespace: hub.id,
  }
}

function plain(
  subscriptionId: string,
  group: string,
  type: string,
  name: string,
  location: string,
): Resource {
  return {
    id: resourceId(subscriptionId, group, type, name),
    type,
    name,
    location,
    tags: {},
    body: {},
    properties: { provisioningState: 'Succeeded' },
    etag: newEtag(),
  }
}
