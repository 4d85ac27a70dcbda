import { allowListOf } from './allow-list.ts'
import { routingRows } from '../channels.ts'
import type { Clients } from './clients.ts'
import { untilRulesAreKnown } from './known-rules.ts'
import type { TourWorld } from './world.ts'

interface PurviewAccount {
  readonly properties: {
    readonly managedResourceGroupName?: string
    readonly managedResources?: {
      readonly storageAccount?: string
      readonly eventHubNamespace?: string
      readonly resourceGroup?: string
    }
  }
}

const location = 'westeurope'

/** Creates the targets and requesters through ARM and writes the allow-list. Returns a line for the output. */
export async function prepare(world: TourWorld): Promise<string> {
  const { places, clients, allowList, stack } = world
  const plain = { location, properties: {} }
  const creations: [string, string, unknown][] = [
    ...[places.lake, places.landing, places.shared, places.archive, places.sealed, places.burst].map(
      (id): [string, string, unknown] => [
        id,
        '2024-01-01',
        { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: { isHnsEnabled: true } },
      ],
    ),
    [places.sql, '2023-08-01', plain],
    [places.vault, '2023-07-01', plain],
    [places.payroll, '2023-07-01', plain],
    [places.events, '2024-01-01', plain],
    [places.salesFactory, '2018-06-01', plain],
    [places.unknownFactory, '2018-06-01', plain],
    [places.retiredFactory, '2018-06-01', plain],
    [places.unknownType, '2026-01-01', plain],
    [places.chaos, '2026-08-01-preview', plain],
    [places.workspace, '2021-06-01', plain],
    [places.purview, '2021-12-01', plain],
    [places.catalog, '2021-12-01', plain],
    [places.catalogNew, '2024-04-01-preview', plain],
  ]
  await Promise.all(creations.map(([id, apiVersion, body]) => clients.arm('PUT', id, apiVersion, body)))
  const managed = await Promise.all(
    [places.purview, places.catalog].map(async (id) => (await managedResources(clients, id)).resourceGroup),
  )
  const rows = allowListOf(places, managed)
  await Promise.all(rows.map((row) => allowList.createEntity(row)))
  await Promise.all(routingRows(stack.inbox).map((row) => allowList.upsertEntity(row, 'Replace')))
  await untilRulesAreKnown(world)
  return `${creations.length} resources are created through ARM; the allow-list holds ${rows.length} rules.`
}

/** The resources of a classic Purview account in the resource group that it manages. */
export async function managedResources(
  clients: Clients,
  account: string,
): Promise<{ resourceGroup: string; storageAccount: string; eventHubNamespace: string }> {
  const { properties } = (await clients.arm('GET', account, '2021-12-01')).body as PurviewAccount
  const { storageAccount, eventHubNamespace, resourceGroup } = properties.managedResources ?? {}
  if (!storageAccount || !eventHubNamespace || !resourceGroup) {
    throw new Error(`The Purview account ${account} shows no managed resources.`)
  }
  return { resourceGroup, storageAccount, eventHubNamespace }
}
