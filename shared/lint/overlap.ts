import { type Effect, plainContent } from '../domain/rule.ts'
import { candidatesFor, fileCandidates, maxAlike, type Candidates } from './candidates.ts'
import type { Comparable } from './comparable.ts'
import { covers, isSubset } from './covers.ts'
import type { Remark } from './finding.ts'

/** What each effect does, and the effects that go before it. */
const effects: Readonly<Record<Effect, { readonly does: string; readonly overruledBy: readonly Effect[] }>> =
  {
    allow: { does: 'approves', overruledBy: ['deny', 'ask'] },
    ask: { does: 'asks', overruledBy: ['deny'] },
    deny: { does: 'denies', overruledBy: [] },
  }

/** Findings about a rule among others: another one says the same, covers it, or contradicts it. */
export function overlaps(rules: readonly Comparable[]): (one: Comparable) => readonly Remark[] {
  const candidates = fileCandidates(rules)
  const originals = originalsOf(rules)
  return (one) => {
    const original = originals.get(one)
    const { shadow, overruler } = one.rule.mode === 'enforce' ? coverersOf(one, candidates) : {}
    return [
      original === undefined ? shadow && shadowedBy(shadow) : duplicateOf(original),
      overruler && overruledBy(one, overruler),
      candidates.leftOut.has(one) ? notCompared : undefined,
    ].filter((remark) => remark !== undefined)
  }
}

/** For each duplicate of an earlier rule, the first such rule. */
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
    `More than ${maxAlike} rules lie in the same place and name the same requester; whether this one and those after it` +
    ' cover others was not looked at.',
}

const forPeople: readonly string[] = ['owner', 'justification', 'ticket']
const deciding = Object.keys(plainContent).filter((name) => !forPeople.includes(name))

/** All that decides, spelled alike. */
function meaningOf(one: Comparable): string {
  const { rule, approvers } = one
  const { target, requester, endpointName, ...sets } = rule.effect === 'allow' ? one.strict : one
  const alike: Readonly<Record<string, unknown>> = {
    ...rule,
    requester: [requester.kind, requester.text],
    endpointName,
    proof: rule.effect === 'allow' ? rule.proof : '',
    requiredApprovals: rule.requiredApprovals ?? 1,
    targetTypes: [...sets.types].sort(),
    targetTags: [...sets.tags].sort(),
    groupIds: [...sets.groups].sort(),
    approvers: [...approvers].sort(),
  }
  return JSON.stringify([rule.effect, target.text, ...deciding.map((name) => alike[name])])
}

function duplicateOf({ rule: { id } }: Comparable): Remark {
  return {
    code: 'duplicate',
    sentence: `Rule ${id} says the same but for owner, justification and ticket. Remove one of the two.`,
    about: id,
  }
}

interface Coverers {
  shadow?: Comparable
  overruler?: Comparable
}

/** The first enforced rules that leave this one nothing to do. */
function coverersOf(one: Comparable, candidates: Candidates): Coverers {
  const { overruledBy } = effects[one.rule.effect]
  const found: Coverers = {}
  for (const compartment of candidatesFor(candidates, one))
    for (const other of compartment) {
      if (other.rule.effect === one.rule.effect) {
        if (found.shadow === undefined && isInItsShadow(one, other)) found.shadow = other
      } else if (found.overruler === undefined && overruledBy.includes(other.rule.effect)) {
        if (covers(other, one)) found.overruler = other
      }
    }
  return found
}

/** Of two that cover each other, the later one is shadowed. */
function isInItsShadow(one: Comparable, other: Comparable): boolean {
  if (other === one || !covers(other, one) || !hasSameTerms(other, one)) return false
  return other.place < one.place || !covers(one, other)
}

/** A rule's terms for the decision would be lost with it. */
function hasSameTerms(a: Comparable, b: Comparable): boolean {
  return (
    a.rule.approvalEndsAfter === b.rule.approvalEndsAfter &&
    (a.rule.requiredApprovals ?? 1) === (b.rule.requiredApprovals ?? 1) &&
    a.rule.reasonRequired === b.rule.reasonRequired &&
    a.rule.expiresAfter === b.rule.expiresAfter &&
    a.rule.atExpiry === b.rule.atExpiry &&
    isSubset(a.approvers, b.approvers) &&
    isSubset(b.approvers, a.approvers)
  )
}

function shadowedBy({ rule: { id } }: Comparable): Remark {
  return {
    code: 'shadowed',
    sentence: `Rule ${id} has the same effect and covers all that this rule does. Remove this one, or narrow that one.`,
    about: id,
  }
}

function overruledBy({ rule }: Comparable, { rule: { id, effect } }: Comparable): Remark {
  return {
    code: 'overruled',
    sentence: `Rule ${id} says ${effect} to all that this rule covers, and ${effect} goes before ${rule.effect}: this rule never ${effects[rule.effect].does}.`,
    about: id,
  }
}
