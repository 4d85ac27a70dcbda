import type { Rule } from '../../../shared/domain/rule.ts'
import { checkerOf, type Checked } from './corpus-check.ts'
import { factsOf } from './corpus-draft.ts'
import { describeFailure, minRules } from './corpus-failure.ts'
import { anyPlaces } from './corpus-places.ts'
import { randomOf } from './corpus-random.ts'
import { anyFamily, familySize, type Made } from './corpus-requests.ts'
import { windowEdges } from './corpus-conditions.ts'
import { managedKindOf } from './corpus-requesters.ts'
import { anyRuleSet } from './corpus-rules.ts'
import { Tally } from './corpus-tally.ts'
import type { RuleOpinion } from './oracle-rule.ts'

/** A million requests are 10 000 rule sets with so many requests each. */
export const requestsPerSet = 100
const familiesPerSet = requestsPerSet / familySize
export const ruleSets = 10_000

/** The seed of the corpus: `CORPUS_SEED`, as a failure names it, or always the same. */
export function corpusSeed(): number {
  const seed = Number(process.env['CORPUS_SEED'] ?? '20261121')
  if (!Number.isSafeInteger(seed)) throw new Error('CORPUS_SEED must be a whole number.')
  return seed
}

/**
 * Asks the policy about each request of these rule sets, twice, and compares with the oracle.
 * @returns what occurred, and how often.
 * @throws Error with the rules and the request of the first wrong verdict.
 */
export function runCorpus(seed: number, firstSet: number, endSet: number): Tally {
  const tally = new Tally()
  for (let set = firstSet; set < endSet; set++) runSet(seed, set, tally)
  return tally
}

function runSet(seed: number, set: number, tally: Tally): void {
  const random = randomOf(seed, set)
  const places = anyPlaces(random)
  const rules = anyRuleSet(places, random)
  const inOtherOrder = random.shuffled(rules)
  const check = checkerOf(rules, inOtherOrder)
  for (let family = 0; family < familiesPerSet; family++) {
    let isMeant = false
    for (const made of anyFamily(rules, places, random)) {
      const checked = check(factsOf(made.draft))
      if (checked.fault !== undefined) throw failureOf(seed, set, rules, inOtherOrder, made)
      countVerdict(tally, checked)
      const aimed = checked.opinions?.find(({ rule }) => rule === made.aim)
      if (aimed === undefined) continue
      countAim(tally, aimed)
      countKind(tally, aimed, made)
      if (made.changes.length === 0) isMeant = aimed.match === 'yes'
      else if (isMeant) countChange(tally, made, aimed)
    }
  }
}

function countVerdict(tally: Tally, { expected }: Checked): void {
  tally.add('requests')
  tally.add(expected.outcome)
  tally.add(expected.code)
  if (expected.audited.length > 0) tally.add('audited')
}

/** The rule for which the request was made. */
function countAim(tally: Tally, { rule, match }: RuleOpinion): void {
  const { effect, requester, validFrom, validUntil } = rule
  for (const { fromNow, at } of windowEdges) {
    if (validFrom === at) tally.add(`valid from ${fromNow} ms`)
    if (validUntil === at) tally.add(`valid until ${fromNow} ms`)
  }
  if (match === 'yes') tally.add(`${effect} of ${requester?.kind ?? 'anybody'}`)
}

/** The kind of requester in managed networks that the rule names. */
function countKind(tally: Tally, { rule, match }: RuleOpinion, { draft }: Made): void {
  const kind = rule.requester?.kind === 'resource' ? managedKindOf(rule.requester.id) : undefined
  if (kind === undefined) return
  tally.add(`${rule.effect} of ${kind}: ${match}`)
  if (draft.endpoint !== undefined && draft.level === 'platform' && draft.isManagedTenant === true)
    tally.add(`${rule.effect} of ${kind}: ${match} in a managed network`)
}

/** What became of a rule that meant the request, through the one change that was made. */
function countChange(tally: Tally, { changes: [change, ...others] }: Made, { match }: RuleOpinion): void {
  if (change === undefined || others.length > 0) return
  for (const name of change) tally.add(`${match === 'yes' ? 'kept' : 'broken'} by ${name}`)
}

function failureOf(
  seed: number,
  set: number,
  rules: readonly Rule[],
  inOtherOrder: readonly Rule[],
  { draft, changes }: Made,
): Error {
  const smallest = minRules(rules, inOtherOrder, draft)
  const found = describeFailure(smallest.rules, draft, smallest.fault ?? 'the fault does not come again')
  return new Error(
    `CORPUS_SEED=${seed}, rule set ${set}, changed: ${changes.flat().join(', ') || 'nothing'}\n${found}`,
  )
}
