import { contentHash } from '../allow-list/rule/hash.ts'
import { hasRole, type Person } from '../domain/caller.ts'
import { chosenOutcome } from '../domain/choice.ts'
import { printable } from '../domain/printable.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { FoundRequest } from '../ports/requests.ts'
import type { RuleAdditionsPort } from '../ports/rule-additions.ts'
import { pinnedRule, whyNotPinned } from '../remember/pinned-rule.ts'
import { refusal, type RememberCode, type RememberRefusal } from '../remember/refusal.ts'
import { obstacleToRule, type Remembered, rememberRule, type ToRemember } from '../remember/remember-rule.ts'
import { decide, type Decision, type DecidePorts, type NotTaken, problemWith } from './decide.ts'
import { requiredApprovals } from './may-decide.ts'
import { untilApplied } from './until-applied.ts'

export interface RememberPorts extends DecidePorts {
  readonly additions: Pick<RuleAdditionsPort, 'read'>
  /** A review pass has so long to verify the approval. */
  readonly maxApplyingMs: number
}

/** An approval, and what the person adds to the facts of the request for its rule. */
export interface Wish {
  /** Its reason is also the reason of the rule. */
  readonly decision: Decision & { readonly outcome: 'approve' }
  /** As typed. */
  readonly ticket: string
  /** NaN for what is no number. */
  readonly days: number
}

/** A rule that would be written, with what it was made from. */
export interface Proposal {
  readonly found: FoundRequest
  readonly toRemember: ToRemember
}

/** Why there is no rule for a request. */
export interface WithoutRule {
  readonly found: FoundRequest
  readonly refusal: RememberRefusal
}

/**
 * - `proposed`: this rule would be written.
 * - `not-taken`: the approval would not be taken.
 * - `terms`: what the person added makes no rule.
 * - `no-rule`: no rule would be written, whatever the person adds.
 */
export type Proposed =
  | ({ readonly kind: 'proposed' } & Proposal)
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-taken'; readonly problem: NotTaken }
  | ({ readonly kind: 'terms' } & WithoutRule)
  | ({ readonly kind: 'no-rule' } & WithoutRule)

/**
 * What became of an approval with its rule.
 * - `other-rule`: nothing was recorded, as the rule is not the one that was shown.
 * - `approved`: the approval is recorded, and `remembered` says whether the rule is written.
 */
export type ApprovedAndRemembered =
  | Exclude<Proposed, { kind: 'proposed' }>
  | ({ readonly kind: 'other-rule' } & Proposal)
  | { readonly kind: 'approved'; readonly remembered: Remembered }

const codesOfTerms: readonly RememberCode[] = ['days-out-of-range', 'reason-unusable', 'ticket-unusable']

/** The rule that an approval would write now. Records and writes nothing. */
export async function proposeRule(ports: RememberPorts, wish: Wish, person: Person): Promise<Proposed> {
  const { requests, additions, now } = ports
  const { decision, ticket, days } = wish
  const found = await requests.find(decision.decisionId)
  if (!found) return { kind: 'not-found' }
  const problem = problemWith(found, decision, person)
  // Every rule needs a reason: that it is missing is said of the rule.
  if (problem && problem.kind !== 'reason-missing') return { kind: 'not-taken', problem }
  const why = whyNotOffered(found.record, person)
  if (why) return { kind: 'no-rule', found, refusal: why }
  const at = now()
  const terms = { owner: person.objectId, reason: decision.reason ?? '', ticket, days }
  const pinned = pinnedRule(found.record.lastEntry, terms, at)
  if (pinned.refused) {
    const kind = codesOfTerms.includes(pinned.refused.code) ? 'terms' : 'no-rule'
    return { kind, found, refusal: pinned.refused }
  }
  const { content, facts } = pinned
  const toRemember = { content, facts, shownHash: contentHash(content), person, now: at }
  const obstacle = await obstacleToRule({ additions }, toRemember)
  return obstacle ? { kind: 'no-rule', found, refusal: obstacle } : { kind: 'proposed', found, toRemember }
}

/**
 * Approves a request, and writes the rule that was shown when a review pass has verified the approval: a rule for what the
 * pass would not approve, such as a request of the approver's own, would let the policy approve it in its place. Whatever
 * keeps the rule from being written, nothing is half written.
 * @param shownHash `contentHash` of the rule that was shown.
 * @throws StoredUnreadable, or an error of the storage; then nothing is decided or written.
 */
export async function approveAndRemember(
  ports: RememberPorts,
  wish: Wish,
  shownHash: string,
  person: Person,
): Promise<ApprovedAndRemembered> {
  const proposed = await proposeRule(ports, wish, person)
  if (proposed.kind !== 'proposed') return proposed
  const { found, toRemember } = proposed
  if (toRemember.shownHash !== shownHash) return { kind: 'other-rule', found, toRemember }
  const decided = await decide(ports, wish.decision, person)
  if (decided.kind === 'not-found') return decided
  if (decided.kind !== 'chosen') return { kind: 'not-taken', problem: decided }
  const { decisionId } = wish.decision
  const remembered = await rememberedAfter(ports, decisionId, toRemember)
  if (remembered.kind === 'written')
    ports.log.info('A rule was remembered.', {
      metric: 'rules.remembered',
      ...{ decisionId, rule: remembered.rule, by: person.objectId },
    })
  else
    ports.log.warn('A person has approved a request, and its rule was not written.', {
      metric: 'rules.not-remembered',
      ...{ decisionId, code: remembered.refusal.code },
    })
  return { kind: 'approved', remembered }
}

/** The approval is recorded: whatever fails now must not be taken for a decision that was not made. */
async function rememberedAfter(
  ports: RememberPorts,
  decisionId: string,
  toRemember: ToRemember,
): Promise<Remembered> {
  try {
    const found = await untilApplied(ports.requests, decisionId, ports.maxApplyingMs)
    const problem = found ? unverified(found.record) : notVerified
    return problem ? { kind: 'refused', refusal: problem } : await rememberRule(ports, toRemember)
  } catch (error) {
    ports.log.error('Writing a rule failed.', { metric: 'rules.failed', error: String(error) })
    return { kind: 'refused', refusal: refusal('list-unavailable', 'The allow-list cannot be changed now.') }
  }
}

const notVerified = refusal(
  'approval-not-verified',
  'It is written after the app has verified the approval, and that takes longer than usual.',
)

/** Why no rule is written yet for what people approved; undefined: it was verified. */
function unverified({ request: { state, choices, reason } }: RequestRecord): RememberRefusal | undefined {
  if ((state.name === 'applying' || state.name === 'applied') && state.outcome === 'approve') return undefined
  return chosenOutcome(choices) === 'approve' ? notVerified : refusal('approval-in-vain', reason.sentence)
}

/** Why approve-and-remember is not offered to this person; undefined: it is. Pure; the list is not compared. */
export function whyNotOffered(
  record: Pick<RequestRecord, 'request' | 'lastEntry'>,
  person: Person,
): RememberRefusal | undefined {
  if (!hasRole(person, ['RuleAdmin']))
    return refusal('not-rule-admin', 'Writing a rule needs the role RuleAdmin.')
  const { lastEntry } = record
  if (requiredApprovals(record) > 1)
    return refusal(
      'more-approvals-required',
      'The rule requires the approval of several people, and one person cannot write a rule that goes around it.',
    )
  const { decidedBy } = lastEntry
  if (decidedBy?.effect === 'ask')
    return refusal(
      'overruled',
      `A new rule would change nothing while rule ${printable(decidedBy.ruleId)} v${decidedBy.ruleVersion} asks: ask goes before allow.`,
    )
  return whyNotPinned(lastEntry, person.objectId)
}
