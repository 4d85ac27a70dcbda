import { groupKey } from '../governance.ts'
import type { ManagementGroup } from '../state.ts'
import type { Subscription } from '../well-known.ts'
import type { World } from '../world.ts'

export const groupType = 'Microsoft.Management/managementGroups'

/** The id of a management group. */
export function groupId(name: string): string {
  return `/providers/${groupType}/${name}`
}

/** The root group, which every tenant has and which is named after it. */
export function rootGroup(tenantId: string): ManagementGroup {
  return { name: tenantId, tenantId, displayName: 'Tenant Root Group', parent: '' }
}

/** A group of the tenant by its name, in any case; undefined when there is none. */
export function findGroup(world: World, tenantId: string, name: string): ManagementGroup | undefined {
  if (name.toLowerCase() === tenantId) return rootGroup(tenantId)
  return world.store.governance.managementGroups.get(groupKey({ tenantId, name }))
}

/** Every group of the tenant, the root first. */
export function groupsOf(world: World, tenantId: string): readonly ManagementGroup[] {
  const below = [...world.store.governance.managementGroups.values()].filter(
    (held) => held.tenantId === tenantId,
  )
  return [rootGroup(tenantId), ...below]
}

/** The name of the group right above a subscription: the root unless it was placed elsewhere. */
export function parentOfSubscription(
  world: World,
  { subscriptionId, tenantId }: Pick<Subscription, 'subscriptionId' | 'tenantId'>,
): string {
  return world.store.governance.subscriptionParents.get(subscriptionId) ?? tenantId
}

/** The group with this name and all above it, the root first. */
export function chainTo(world: World, tenantId: string, name: string): readonly ManagementGroup[] {
  const group = findGroup(world, tenantId, name)
  if (group === undefined) return []
  return group.parent === '' ? [group] : [...chainTo(world, tenantId, group.parent), group]
}

/** True for a group that callers must not read. */
export function isHidden(world: World, group: ManagementGroup): boolean {
  return world.store.governance.hiddenGroups.has(group.name.toLowerCase())
}

/** Creates or changes a group; values that are not given stay. */
export function putGroup(
  world: World,
  {
    name,
    tenantId,
    displayName,
    parent,
  }: Pick<ManagementGroup, 'name' | 'tenantId' | 'parent'> & {
    readonly displayName: string | undefined
  },
): ManagementGroup {
  const held = findGroup(world, tenantId, name)
  const group = held ?? { name, tenantId, displayName: name, parent }
  group.parent = parent
  group.displayName = displayName ?? group.displayName
  world.store.governance.managementGroups.set(groupKey(group), group)
  world.store.changed()
  return group
}

/** Puts a subscription right below a group; without a name, below the root. */
export function placeSubscription(world: World, subscriptionId: string, parent: string | undefined): void {
  if (parent === undefined) world.store.governance.subscriptionParents.delete(subscriptionId)
  else world.store.governance.subscriptionParents.set(subscriptionId, parent)
  world.store.changed()
}
