import type { Rule } from '../../../shared/domain/rule.ts'
import { breakingChanges, harmlessChanges } from './corpus-changes.ts'
import { breakingChangesAround } from './corpus-changes-around.ts'
import { anyDraft, draftFor, type Draft } from './corpus-draft.ts'
import type { Change } from './corpus-edits.ts'
import { nearMisses, nearMissKinds } from './corpus-names.ts'
import { namedParts } from './corpus-near-misses.ts'
import type { Places } from './corpus-places.ts'
import type { Random } from './corpus-random.ts'

/** A request, and how it came about. */
export interface Made {
  readonly draft: Draft
  /** The rule for which it was made; undefined for a request from anywhere. */
  readonly aim: Rule | undefined
  /** What was changed, each change by its name or names. */
  readonly changes: readonly (readonly string[])[]
}

export const familySize = 5
const breaking = Object.entries<Change>(breakingChanges)
const breakingAround = Object.entries<Change>(breakingChangesAround)
const harmless = Object.entries<Change>(harmlessChanges)
const parts = Object.entries(namedParts)

/** A request that some rule means, where that can be, or one from anywhere; then a few that differ a little. */
export function anyFamily(rules: readonly Rule[], places: Places, random: Random): readonly Made[] {
  const aim = rules.length === 0 || random.chance(0.08) ? undefined : random.pick(rules)
  const draft = aim === undefined ? anyDraft(places, random) : draftFor(aim, places, random)
  const first = { draft, aim, changes: [] }
  const others = Array.from({ length: familySize - 1 }, () => {
    const once = changed(first, places, random)
    return random.chance(0.06) ? changed(once, places, random) : once
  })
  return [first, ...others]
}

function changed(made: Made, places: Places, random: Random): Made {
  const choice = random.below(24)
  if (choice < 9) return respelled(made, random)
  const [name, change] = random.pick(choice < 19 ? breaking : choice < 23 ? breakingAround : harmless)
  const draft = change(made.draft, random, places)
  return draft === undefined ? made : { ...made, draft, changes: [...made.changes, [name]] }
}

function respelled(made: Made, random: Random): Made {
  const [part, respell] = random.pick(parts)
  const kind = random.pick(nearMissKinds)
  const draft = respell(made.draft, (name) => nearMisses[kind](name, random))
  return draft === undefined ? made : { ...made, draft, changes: [...made.changes, [part, kind]] }
}
