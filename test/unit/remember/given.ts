import type { Person } from '../../../shared/domain/caller.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { RuleContent } from '../../../shared/domain/rule.ts'
import type { Facts } from '../../../shared/domain/verdict.ts'
import { type Pinned, pinnedRule } from '../../../shared/remember/pinned-rule.ts'
import type { RememberRefusal } from '../../../shared/remember/refusal.ts'
import type { Terms } from '../../../shared/remember/terms.ts'
import { confirmed, facts, now, ownEndpointId, ownTenant, verdictOf } from '../policy/given.ts'
import { entryOf } from '../what-if/given.ts'

export const kim = '6f9d0c1e-2b3a-4c5d-8e7f-0a1b2c3d4e5f'

export const ruleAdmin: Person = {
  kind: 'person',
  tenantId: ownTenant,
  objectId: kim,
  name: 'Kim',
  roles: ['Approver', 'RuleAdmin'],
  groups: [],
}

export const terms: Terms = { owner: kim, reason: 'Nightly load of sales', ticket: 'CHG-1021', days: 90 }

/** An ordinary endpoint that the app can read. */
export const ordinary: Facts = facts(confirmed(ownEndpointId, 'private-endpoint'), {
  endpoint: ownEndpointId,
})

/** The entry that the app writes of these facts while no rule matches. */
export function entryFor(about: Facts, change: Partial<LogEntry> = {}): LogEntry {
  return { ...entryOf(about, verdictOf([], about)), ...change }
}

export function pinned(about: Facts, change: Partial<LogEntry> = {}, of: Partial<Terms> = {}): Pinned {
  return pinnedRule(entryFor(about, change), { ...terms, ...of }, now)
}

/** The rule, where there has to be one. */
export function ruleFor(
  about: Facts,
  of: Partial<Terms> = {},
): { readonly content: RuleContent; readonly facts: Facts } {
  const made = pinned(about, {}, of)
  if (made.content === undefined) throw new Error(made.refused.sentence)
  return made
}

export function refusalOf(made: Pinned): RememberRefusal | undefined {
  return made.refused
}
