import type { Rule } from '../../../shared/domain/rule.ts'
import { breakingChanges, harmlessChanges, type Change } from './corpus-changes.ts'
import { anyDraft, draftFor, type Draft } from './corpus-draft.ts'
import { nearMisses, nearMissKinds } from './corpus-names.ts'
import { namedParts } from './corpus-near-misses.ts'
import type { Places } from './corpus-places.ts'
import type { Random } from './corpus-random.ts'

/** The rule for which a request was made, and the request before anything was changed. */
export interface Aim {
  readonly rule: Rule
  readonly before: Draft
}

/** A request, and how it came about. */
export interface Made {
  readonly draft: Draft
  /** Undefined for a request from anywhere. */
  readonly aim: Aim | undefined
  /** What was changed, each change by its name or names. */
  readonly changes: readonly (readonly string[])[]
}

const breaking = Object.entries<Change>(breakingChanges)
const harmless = Object.entries<Change>(harmlessChanges)
const parts = Object.entries(namedParts)

/** A request that some rule means, or nearly means, or that comes from anywhere. */
export function anyRequest(rules: readonly Rule[], places: Places, random: Random): Made {
  if (rules.length === 0 || random.chance(0.08)) {
    const made = { draft: anyDraft(places, random), aim: undefined, changes: [] }
    return random.chance(0.5) ? changed(made, places, random) : made
  }
  const rule = random.pick(rules)
  const before = draftFor(rule, places, random)
  const made = { draft: before, aim: { rule, before }, changes: [] }
  if (random.chance(0.2)) return made
  const once = changed(made, places, random)
  return random.chance(0.06) ? changed(once, places, random) : once
}

function changed(made: Made, places: Places, random: Random): Made {
  const choice = random.below(20)
  if (choice < 8) return respelled(made, random)
  const [name, change] = random.pick(choice < 18 ? breaking : harmless)
  const draft = change(made.draft, random, places)
  return draft === undefined ? made : { ...made, draft, changes: [...made.changes, [name]] }
}

function respelled(made: Made, random: Random): Made {
  const [part, respell] = random.pick(parts)
  const kind = random.pick(nearMissKinds)
  const draft = respell(made.draft, (name) => nearMisses[kind](name, random))
  return draft === undefined ? made : { ...made, draft, changes: [...made.changes, [part, kind]] }
}
