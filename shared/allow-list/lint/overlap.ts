import { asciiLowerCase } from '../../domain/resource-id.ts'
import type { Effect } from '../../domain/rule.ts'
import { candidatesFor, fileCandidates, type Candidates } from './candidates.ts'
import type { Comparable } from './comparable.ts'
import { covers } from './covers.ts'
import type { Remark } from './finding.ts'

/** Effects that go before this one, and what never happens when one of them covers it. */
const overruling: Readonly<Record<Effect, { readonly by: readonly Effect[]; readonly what: string }>> = {
  allow: { by: ['deny', 'ask'], what: 'approves' },
  ask: { by: ['deny'], what: 'asks' },
  deny: { by: [], what: 'denies' },
}

/** What can be said of a rule beside all others: that another says the same, more, or the contrary. */
export function overlaps(rules: readonly Comparable[]): (one: Comparable) => readonly Remark[] {
  const candidates = fileCandidates(rules)
  const originals = originalsOf(rules)
  return (one) => {
    const original = originals.get(one)
    return [
      original === undefined ? shadowOf(one, candidates) : duplicateOf(original),
      overruleOf(one, candidates),
      candidates.leftOut.has(one) ? notCompared : undefined,
    ].filter((remark) => remark !== undefined)
  }
}

/** For each rule that says what one before it said, the first of these. */
function originalsOf(rules: readonly Comparable[]): ReadonlyMap<Comparable, Comparable> {
  const originals = new Map<Comparable, Comparable>()
  const firstOfMeaning = new Map<string, Comparable>()
  for (const one of rules) {
    const meaning = meaningOf(one)
    const first = firstOfMeaning.get(meaning)
    if (first === undefined) firstOfMeaning.set(meaning, one)
    else originals.set(one, first)
  }
  return originals
}

const notCompared: Remark = {
  code: 'not-compared',
  sentence:
    'More than 1000 rules lie in the same place and name the same requester; this one and those after it were not' +
    ' looked at for what they cover.',
}

/** All that decides, spelled alike. */
function meaningOf({ rule, target, requester, types, tags, groups, approvers }: Comparable): string {
  return JSON.stringify([
    rule.effect,
    rule.mode,
    target.text,
    requester.kind,
    requester.text,
    rule.endpointName === undefined ? undefined : asciiLowerCase(rule.endpointName),
    rule.effect === 'allow' ? rule.proof : '',
    rule.maxConnections,
    rule.validFrom,
    rule.validUntil,
    rule.approvalEndsAfter,
    rule.requiredApprovals ?? 1,
    ...[types, tags, groups, approvers].map((set) => [...set].sort()),
  ])
}

function duplicateOf({ rule: { id } }: Comparable): Remark {
  return {
    code: 'duplicate',
    sentence: `Rule ${id} says the same but for owner, justification and ticket. Remove one of the two.`,
    about: id,
  }
}

function shadowOf(one: Comparable, candidates: Candidates): Remark | undefined {
  if (one.rule.mode !== 'enforce') return undefined
  for (const other of candidatesFor(candidates, one)) {
    if (other === one || other.rule.effect !== one.rule.effect) continue
    if (!hasSameTerms(other, one) || !covers(other, one)) continue
    const isForTheOtherToGo = other.place > one.place && covers(one, other)
    if (isForTheOtherToGo) continue
    return {
      code: 'shadowed',
      sentence: `Rule ${other.rule.id} has the same effect and covers all that this rule does. Remove this one, or narrow that one.`,
      about: other.rule.id,
    }
  }
  return undefined
}

/** What a rule says of the answer itself would be lost with it. */
function hasSameTerms(a: Comparable, b: Comparable): boolean {
  return (
    a.rule.approvalEndsAfter === b.rule.approvalEndsAfter &&
    (a.rule.requiredApprovals ?? 1) === (b.rule.requiredApprovals ?? 1) &&
    [...a.approvers].sort().join() === [...b.approvers].sort().join()
  )
}

function overruleOf(one: Comparable, candidates: Candidates): Remark | undefined {
  const { by, what } = overruling[one.rule.effect]
  if (one.rule.mode !== 'enforce' || by.length === 0) return undefined
  for (const other of candidatesFor(candidates, one)) {
    if (!by.includes(other.rule.effect) || !covers(other, one)) continue
    return {
      code: 'overruled',
      sentence: `Rule ${other.rule.id} says ${other.rule.effect} to all that this rule covers, which goes before ${one.rule.effect}: this rule never ${what}.`,
      about: other.rule.id,
    }
  }
  return undefined
}
