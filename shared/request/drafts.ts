import type { Connection } from '../domain/connection.ts'
import { visible } from '../domain/printable.ts'
import type { Hold, Request } from '../domain/request.ts'
import type { Reason } from '../domain/verdict.ts'
import { questionOf } from './conditions.ts'
import { byDecidingRule, hasNewCompetingClaim, holdNow, nameOfRule, reasonOfHold } from './hold.ts'
import type { BurstCase, Evaluated, Moment } from './step.ts'
import type { At, DraftParts } from './table.ts'

const azure = { kind: 'azure' } as const
const question = { severity: 'question', isOfCase: false } as const
const alarm = { severity: 'alarm', isOfCase: false } as const
const ofCase = { severity: 'alarm', isOfCase: true } as const

/**
 * The policy escalates the request.
 * @param before the request, where it is the same episode.
 */
export function asked(
  before: Request | undefined,
  evaluated: Evaluated,
  burst?: BurstCase,
): DraftParts<'open'> {
  const { proof, verdict } = evaluated
  const hold = hasNewCompetingClaim(proof, before) ? holdNow('competing-claim', verdict) : undefined
  return {
    state: { name: 'open', cause: { kind: 'verdict', question: questionOf(evaluated) } },
    reason: verdict.reason,
    verdict: evaluated,
    memory: { ...(hold && { hold }), ...(burst && { caseId: burst.caseId }) },
    ...(burst && { notice: noticeOf(burst) }),
  }
}

/** A verdict under a hold, which needs manual review. The rule that would have decided stays named. */
function asHeld(evaluated: Evaluated, reason: Reason): Evaluated {
  return { ...evaluated, verdict: { ...evaluated.verdict, outcome: 'escalate', reason } }
}

/** A verdict on a request that stays on hold. */
export function stillHeld({ hold, caseId }: Request, evaluated: Evaluated): Evaluated {
  if (!hold) return evaluated
  return asHeld(evaluated, reasonOfHold(byDecidingRule(hold, evaluated.verdict), caseId))
}

/** The request stays on hold. */
export function held(request: Request, evaluated: Evaluated): DraftParts<'open'> {
  const hold = request.hold && byDecidingRule(request.hold, evaluated.verdict)
  const draft = asked(request, stillHeld(request, evaluated))
  return { ...draft, memory: { hold }, ...(hold?.kind === 'burst' && { notice: ofCase }) }
}

/** The same endpoint asks again, and stays on hold: a question of its own, or of a burst of such questions. */
export function heldAgain(request: Request, evaluated: Evaluated, burst?: BurstCase): DraftParts<'open'> {
  const draft = { ...held(request, evaluated), notice: question }
  if (!burst) return draft
  return { ...draft, memory: { ...draft.memory, caseId: burst.caseId }, notice: noticeOf(burst) }
}

/** A case is notified once; what joins it later is an alarm of its own. */
function noticeOf({ isJoining }: BurstCase) {
  return isJoining ? alarm : ofCase
}

/** A verdict on one of more requests than are decided automatically at once. */
export function overLimit(before: Request | undefined, evaluated: Evaluated, burst: BurstCase): Evaluated {
  return asHeld(evaluated, caseOf(before, burst).reason)
}

/** The request goes on hold, or stays there, as one of a burst case. */
export function heldOver(
  before: Request | undefined,
  evaluated: Evaluated,
  burst: BurstCase,
): DraftParts<'open'> {
  const hold: Hold = before?.hold ?? holdNow('burst', evaluated.verdict)
  const joined = caseOf(before, burst)
  const draft = asked(before, overLimit(before, evaluated, burst), joined)
  return { ...draft, memory: { hold, caseId: joined.caseId } }
}

/** A request already on hold because of a burst stays in its case. */
function caseOf(before: Request | undefined, burst: BurstCase): BurstCase {
  if (before?.hold?.kind !== 'burst' || before.caseId === undefined) return burst
  return { caseId: before.caseId, reason: reasonOfHold(before.hold, before.caseId), isJoining: false }
}

/** The decision is about to be applied. Written before anything is sent to Azure. */
export function intent(evaluated: Evaluated): DraftParts<'applying'> {
  const { decidedBy, reason, ruleSetHash, outcome: said } = evaluated.verdict
  const rule = decidedBy && nameOfRule(decidedBy)
  const outcome = said === 'approve' ? 'approve' : 'reject'
  return {
    state: { name: 'applying', outcome, rule, ruleSetHash, busySince: undefined },
    reason,
    verdict: evaluated,
  }
}

/** The rule that Azure refused before decides again while another decision was being applied. */
export function refusedBefore(request: At<'applying'>, evaluated: Evaluated): DraftParts<'open'> {
  const sentence = 'Azure refused the decision of this rule on this request before; it is not sent again.'
  return asked(request, asHeld(evaluated, { code: 'refused-by-azure', sentence }))
}

/** Azure refused the decision for good, or did not carry it out. */
export function refused({ state }: At<'applying'>, what: string): DraftParts<'open'> {
  return {
    state: { name: 'open', cause: { kind: 'refused' } },
    reason: { code: 'refused-by-azure', sentence: `Azure refused the decision: ${visible(what)}` },
    memory: state.rule === undefined ? {} : { refusedRule: state.rule },
  }
}

/** The decision was for another endpoint, or for other group ids. */
export function endpointChanged(): DraftParts<'open'> {
  return {
    state: { name: 'open', cause: { kind: 'endpoint-changed' } },
    reason: {
      code: 'endpoint-changed',
      sentence:
        'Another endpoint, or other group ids of it, stand behind the connection than those that were evaluated.',
    },
    notice: alarm,
  }
}

/** Azure shows the decision. */
export function applied(
  { state, reason }: At<'open' | 'applying'>,
  { status }: Connection,
  { at }: Moment,
): DraftParts<'applied'> {
  return {
    state: { name: 'applied', outcome: status === 'Approved' ? 'approve' : 'reject', at: at.toISOString() },
    reason:
      state.name === 'open'
        ? { code: 'final-state', sentence: 'Azure carried the decision out after all.' }
        : reason,
  }
}

/** Azure shows a decision of this app that was given up before. */
export function shownLate({ status }: Connection): DraftParts<'open'> {
  return {
    state: { name: 'open', cause: { kind: 'shown-late' } },
    reason: {
      code: 'shown-late',
      sentence: `The connection is ${status} by an earlier decision of this app, which had been given up.`,
    },
    notice: alarm,
  }
}

/** Azure is busy, or not done yet: logged once. */
export function deferred(
  { state, reason }: At<'applying'>,
  sentence: string,
  { at }: Moment,
): DraftParts<'applying'> {
  return { state: { ...state, busySince: at.toISOString() }, reason: { code: reason.code, sentence } }
}

/** Approved or rejected outside this app. */
export function decidedElsewhere({ status }: Connection): DraftParts<'decided-elsewhere'> {
  return {
    state: { name: 'decided-elsewhere' },
    reason: {
      code: 'final-state',
      sentence: `Somebody decided outside this app: the connection is ${status}.`,
    },
    actor: azure,
  }
}

/** Nothing waits any more. */
export function withdrawn(sentence: string): DraftParts<'withdrawn'> {
  return { state: { name: 'withdrawn' }, reason: { code: 'final-state', sentence }, actor: azure }
}

/** The target's connections cannot be read, so it is unknown which of them wait. */
export function unreadable(sentence: string, burst?: BurstCase): DraftParts<'open'> {
  return {
    state: { name: 'open', cause: { kind: 'unreadable', sentence } },
    reason: { code: 'target-unreadable', sentence },
    verdict: 'target-unreadable',
    ...(burst ? { memory: { caseId: burst.caseId }, notice: noticeOf(burst) } : { notice: alarm }),
  }
}
