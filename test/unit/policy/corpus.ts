import type { Rule } from '../../../shared/domain/rule.ts'
import { checkerOf, type Checked } from './corpus-check.ts'
import { factsOf } from './corpus-draft.ts'
import { describeFailure, fewestRules } from './corpus-failure.ts'
import { anyPlaces } from './corpus-places.ts'
import { randomOf } from './corpus-random.ts'
import { anyRequest, type Aim, type Made } from './corpus-requests.ts'
import { windowEdges } from './corpus-conditions.ts'
import { anyRuleSet } from './corpus-rules.ts'
import { Tally } from './corpus-tally.ts'
import { now } from './given.ts'
import { tellerOf, type Teller } from './oracle-rule.ts'

/** A million requests are 10 000 rule sets with so many requests each. */
export const requestsPerSet = 100
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
  const matchesFirst = aimTest()
  for (let request = 0; request < requestsPerSet; request++) {
    const made = anyRequest(rules, places, random)
    const checked = check(factsOf(made.draft))
    if (checked.fault !== undefined) throw failureOf(seed, set, rules, inOtherOrder, made)
    countVerdict(tally, checked)
    if (made.aim !== undefined) countAim(tally, made, checked, matchesFirst)
  }
}

function countVerdict(tally: Tally, { expected }: Checked): void {
  tally.add('requests')
  tally.add(expected.outcome)
  tally.add(expected.code)
  if (expected.audited.length > 0) tally.add('audited')
}

type AimTest = (aim: Aim) => boolean

/** Whether the rule meant the request before anything was changed. */
function aimTest(): AimTest {
  const tellers = new Map<Rule, Teller>()
  return ({ rule, before }) => {
    const teller = tellers.get(rule) ?? tellerOf(rule)
    tellers.set(rule, teller)
    return teller(factsOf(before), now).match === 'yes'
  }
}

/** What became of the rule from which the request was made, through the one change that was made. */
function countAim(tally: Tally, { aim, changes }: Made, { tellings }: Checked, matchesFirst: AimTest): void {
  const telling = tellings?.find(({ rule }) => rule === aim?.rule)
  if (aim === undefined || telling === undefined) return
  const { effect, requester, validFrom, validUntil } = aim.rule
  for (const { fromNow, at } of windowEdges) {
    if (validFrom === at) tally.add(`valid from ${fromNow} ms`)
    if (validUntil === at) tally.add(`valid until ${fromNow} ms`)
  }
  if (telling.match === 'yes') tally.add(`${effect} of ${requester?.kind ?? 'anybody'}`)
  const [change, ...others] = changes
  if (change === undefined || others.length > 0) return
  if (!matchesFirst(aim)) return
  for (const name of change) tally.add(`${telling.match === 'yes' ? 'kept' : 'broken'} by ${name}`)
}

function failureOf(
  seed: number,
  set: number,
  rules: readonly Rule[],
  inOtherOrder: readonly Rule[],
  { draft, changes }: Made,
): Error {
  const fewest = fewestRules(rules, inOtherOrder, draft)
  const found = describeFailure(fewest.rules, draft, fewest.fault ?? 'the fault does not come again')
  return new Error(
    `CORPUS_SEED=${seed}, rule set ${set}, changed: ${changes.flat().join(', ') || 'nothing'}\n${found}`,
  )
}
