import { nameKey } from './ids.ts'
import type { GovernanceState, ManagementGroup } from './state.ts'

/** The key of a management group: names are unique within a tenant, in any case. */
export function groupKey({ tenantId, name }: Pick<ManagementGroup, 'tenantId' | 'name'>): string {
  return `${tenantId}/${nameKey(name)}`
}

/** What is above resource groups: tags of subscriptions, and the management groups over them. */
export class Governance {
  /** By subscription id in lower case. */
  readonly subscriptionTags = new Map<string, Record<string, string>>()
  /** By `groupKey`. */
  readonly managementGroups = new Map<string, ManagementGroup>()
  /** The name of the management group right above a subscription, by subscription id in lower case. */
  readonly subscriptionParents = new Map<string, string>()
  /** Names, in lower case, of the management groups that callers must not read. */
  readonly hiddenGroups = new Set<string>()

  /** Restores what an earlier run saved. */
  load(state: GovernanceState): void {
    for (const [id, tags] of state.subscriptionTags) this.subscriptionTags.set(id, tags)
    for (const group of state.managementGroups) this.managementGroups.set(groupKey(group), group)
    for (const [id, parent] of state.subscriptionParents) this.subscriptionParents.set(id, parent)
    for (const name of state.hiddenGroups) this.hiddenGroups.add(name)
  }

  /** What is to be saved. */
  state(): GovernanceState {
    return {
      subscriptionTags: [...this.subscriptionTags],
      managementGroups: [...this.managementGroups.values()],
      subscriptionParents: [...this.subscriptionParents],
      hiddenGroups: [...this.hiddenGroups],
    }
  }

  /** Deletes everything. */
  clear(): void {
    this.subscriptionTags.clear()
    this.managementGroups.clear()
    this.subscriptionParents.clear()
    this.hiddenGroups.clear()
  }
}
