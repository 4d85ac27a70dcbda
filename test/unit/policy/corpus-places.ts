import { anyName, inOtherCase, nearMisses, nearMissKinds } from './corpus-names.ts'
import type { Random } from './corpus-random.ts'
import { anyManagedRequester, managedKindOf, requesterForms } from './corpus-requesters.ts'

/** Whose subscriptions: `managed` are those of tenants in which managed networks live. */
export type Owner = 'own' | 'managed' | 'foreign'

const firstOf: Readonly<Record<Owner, string>> = { own: 'a1', managed: 'b2', foreign: 'c3' }
const subscriptionsPerOwner = 8
const tenantsPerOwner = 2

/** Types of targets with their groups, most of them real. */
export const targetTypes: readonly (readonly [string, readonly string[]])[] = [
  ['Microsoft.Storage/storageAccounts', ['blob', 'dfs', 'file', 'queue', 'table', 'web', 'disk']],
  ['Microsoft.Sql/servers', ['sqlServer']],
  ['Microsoft.KeyVault/vaults', ['vault']],
  ['Microsoft.DocumentDB/databaseAccounts', ['Sql', 'MongoDB', 'Cassandra', 'Table']],
  ['Microsoft.EventHub/namespaces', ['namespace']],
  ['Microsoft.Synapse/workspaces', ['Sql', 'SqlOnDemand', 'Dev']],
  ['Microsoft.Purview/accounts', ['account', 'portal', 'platform']],
  ['Microsoft.DataFactory/factories', ['dataFactory', 'portal']],
  ['Microsoft.DBforPostgreSQL/flexibleServers', ['postgresqlServer']],
  ['Microsoft.Network/privateLinkServices', ['none']],
]

const owners = ['own', 'managed', 'foreign'] as const
const everySubscription = owners.flatMap((owner) =>
  times(subscriptionsPerOwner, (number) => guidOf(`${firstOf[owner]}e0f5`, number)),
)

/** The few names that one rule set and its requests have in common, some near to each other. */
export interface Places {
  readonly subscriptions: readonly string[]
  readonly groups: readonly string[]
  readonly targets: readonly string[]
  readonly managedRequesters: readonly string[]
  readonly endpoints: readonly string[]
}

export function anyPlaces(random: Random): Places {
  const subscriptions = [anySubscription('own', random), anySubscription('own', random)]
  const groups = withNeighbours([anyName('rg-', random), anyName('', random)], random)
  const groupId = (): string =>
    `/subscriptions/${random.pick(subscriptions)}/resourceGroups/${random.pick(groups)}`
  const names = withNeighbours([anyName('st', random), anyName('kv-', random)], random)
  const types = [random.pick(targetTypes), random.pick(targetTypes)]
  const requesterNames = withNeighbours([anyName('adf-', random), anyName('', random)], random)
  const managedRequesters = times(4, () =>
    anyManagedRequester(groupId(), random.pick(requesterNames), random),
  )
  const ordinary = times(3, () => endpointIn(groupId(), anyName('pe-', random)))
  const foreign = endpointIn(
    `/subscriptions/${anySubscription('foreign', random)}/resourceGroups/${random.pick(groups)}`,
    `${lastNameOf(random.pick(managedRequesters))}.${anyName('', random)}`,
  )
  return {
    subscriptions,
    groups,
    targets: times(4, () => resourceId(groupId(), random.pick(types)[0], random.pick(names))),
    managedRequesters,
    endpoints: [...ordinary, foreign, ...managedRequesters.map((id) => managedEndpointOf(id, random))],
  }
}

/** An endpoint such as the managed network of this requester would make; of no known kind: as of a factory. */
export function managedEndpointOf(requesterId: string, random: Random): string {
  const subscription = anySubscription('managed', random)
  const group = `/subscriptions/${subscription}/resourceGroups/vnet-${subscription.slice(0, 8)}-westeurope-1-rg`
  const form = requesterForms[managedKindOf(requesterId) ?? 'data-factory']
  return endpointIn(group, form.endpointName(lastNameOf(requesterId), random))
}

export function anySubscription(owner: Owner, random: Random): string {
  return guidOf(`${firstOf[owner]}e0f5`, random.below(subscriptionsPerOwner))
}

export function anyTenant(owner: Owner, random: Random): string {
  return guidOf(`${firstOf[owner]}da7a`, random.below(tenantsPerOwner))
}

/** Who owns the subscription of an id, and in which tenant; undefined for one that nobody knows. */
export function ownerOf(id: string): { readonly owner: Owner; readonly tenantId: string } | undefined {
  const subscription = id.split('/')[2]?.toLowerCase() ?? ''
  const owner = owners.find((each) => subscription.startsWith(`${firstOf[each]}e0f5`))
  if (owner === undefined) return undefined
  const tenant = (subscription.codePointAt(subscription.length - 1) ?? 0) % tenantsPerOwner
  return { owner, tenantId: guidOf(`${firstOf[owner]}da7a`, tenant) }
}

/** Every subscription that belongs to the tenant. */
export function subscriptionsOf(tenantId: string): readonly string[] {
  const expected = tenantId.toLowerCase()
  return everySubscription.filter(
    (subscription) => ownerOf(`/subscriptions/${subscription}`)?.tenantId === expected,
  )
}

export function typeOf(id: string): string {
  return id.split('/').slice(6, 8).join('/')
}

function lastNameOf(id: string): string {
  return id.split('/').at(-1) ?? ''
}

export function groupsOf(targetId: string): readonly string[] {
  const expected = typeOf(targetId)
  return targetTypes.find(([type]) => type === expected)?.[1] ?? ['blob', 'vault']
}

export function resourceId(groupId: string, type: string, name: string): string {
  return `${groupId}/providers/${type}/${name}`
}

export function endpointIn(groupId: string, name: string): string {
  return resourceId(groupId, 'Microsoft.Network/privateEndpoints', name)
}

function guidOf(start: string, number: number): string {
  return `${start.padEnd(8, 'f')}-5eed-4bad-8cab-00000000000${number}`
}

/** The names and, for some of them, one that is nearly the same. */
function withNeighbours(names: readonly string[], random: Random): readonly string[] {
  const neighbours = random
    .some(names, 0.6)
    .map((name) =>
      random.chance(0.2) ? inOtherCase(name, random) : nearMisses[random.pick(nearMissKinds)](name, random),
    )
  return [...names, ...neighbours]
}

function times<Item>(count: number, make: (index: number) => Item): readonly Item[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
