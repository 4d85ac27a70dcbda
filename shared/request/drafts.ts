import { lastPerson } from '../domain/choice.ts'
import type { Connection } from '../domain/connection.ts'
import { maxSaidLength } from '../domain/log-entry.ts'
import { visible } from '../domain/printable.ts'
import {
  type AskedQuestion,
  type Hold,
  isChosenSince,
  type OpenCause,
  type RefusedDecision,
  type Request,
} from '../domain/request.ts'
import { spokenWords, type Words } from '../domain/words.ts'
import { cutStored } from '../domain/stored-text.ts'
import type { Reason } from '../domain/verdict.ts'
import { adviceOn } from './advice.ts'
import { attempted } from './attempts.ts'
import { questionOf } from './conditions.ts'
import { questionKept } from './expiry.ts'
import { holdNow, nameOfRule, reasonOfHold } from './hold.ts'
import { nextRetry } from './deadline.ts'
import { maxQuestions } from './said.ts'
import type { BurstCase, Evaluated, Moment } from './step.ts'
import type { At, DraftParts } from './table.ts'
import { later, secondsBetween } from './times.ts'

const maxCodeLength = 100
const azure = { kind: 'azure' } as const
const question = { severity: 'question', isOfCase: false } as const
/** Something that should not have happened. */
export const alarm = { severity: 'alarm', isOfCase: false } as const
const ofCase = { severity: 'alarm', isOfCase: true } as const

/** The policy escalates the request. */
export function asked(evaluated: Evaluated, burst?: BurstCase): DraftParts<'open'> {
  return {
    state: { name: 'open', cause: { kind: 'verdict', question: questionOf(evaluated) } },
    reason: evaluated.verdict.reason,
    verdict: evaluated,
    memory: burst ? { caseId: burst.caseId } : {},
    ...(burst && { notice: noticeOf(burst) }),
  }
}

/** A verdict under a hold, which needs manual review. The rule that would have decided stays named. */
export function asHeld(evaluated: Evaluated, reason: Reason): Evaluated {
  return { ...evaluated, verdict: { ...evaluated.verdict, outcome: 'escalate', reason } }
}

/** A verdict on a request that stays on hold. */
export function stillHeld({ hold, caseId }: Request, evaluated: Evaluated): Evaluated {
  if (!hold) return evaluated
  return asHeld(evaluated, reasonOfHold(hold, caseId))
}

/** The request stays on hold. */
export function held(request: Request, evaluated: Evaluated): DraftParts<'open'> {
  return { ...asked(stillHeld(request, evaluated)), notice: ofCase }
}

/** The same endpoint asks again, and stays on hold: a question of its own, or of a burst of such questions. */
export function heldAgain(request: Request, evaluated: Evaluated, burst?: BurstCase): DraftParts<'open'> {
  const draft = { ...held(request, evaluated), notice: question }
  if (!burst) return draft
  return { ...draft, memory: { ...draft.memory, caseId: burst.caseId }, notice: noticeOf(burst) }
}

/** A case is notified once; what joins it later is an alarm of its own. */
export function noticeOf({ isJoining }: BurstCase) {
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
  const hold: Hold = before?.hold ?? holdNow(evaluated.verdict)
  const joined = caseOf(before, burst)
  const draft = asked(overLimit(before, evaluated, burst), joined)
  return { ...draft, memory: { hold, caseId: joined.caseId } }
}

/** A request already on hold because of a burst stays in its case. */
function caseOf(before: Request | undefined, burst: BurstCase): BurstCase {
  if (!before?.hold || before.caseId === undefined) return burst
  return { caseId: before.caseId, reason: reasonOfHold(before.hold, before.caseId), isJoining: false }
}

/**
 * The decision is about to be applied. Written before anything is sent to Azure.
 * @param before the request, where it is the same episode.
 */
export function intent(
  before: Request | undefined,
  evaluated: Evaluated,
  { at }: Moment,
): DraftParts<'applying'> {
  const { decidedBy, reason, ruleSetHash, outcome: said } = evaluated.verdict
  const rule = decidedBy && nameOfRule(decidedBy)
  const outcome = said === 'approve' ? 'approve' : 'reject'
  const isUnderWay = before?.state.name === 'applying'
  return {
    state: {
      ...({ name: 'applying', outcome, rule, ruleSetHash, notBefore: undefined, words: undefined } as const),
      since: isUnderWay ? before.state.since : at.toISOString(),
      asked: isUnderWay ? before.state.asked : askedOf(before),
    },
    reason,
    verdict: evaluated,
  }
}

/** The same decision is about to be sent once more. */
export function intentAgain(request: At<'applying'>, { at }: Moment): DraftParts<'applying'> {
  const { state, reason, decisionId } = request
  const sent = lastPerson(request.choices) && ({ isByPerson: true } as const)
  return {
    state,
    reason,
    memory: { attempts: attempted(request.attempts, { ...sent, decisionId, outcome: state.outcome }, at) },
  }
}

/** The question of a refused decision, which is tried again. */
function askedOf(before: Request | undefined): AskedQuestion | undefined {
  if (before?.state.name !== 'open' || before.state.cause.kind !== 'refused') return undefined
  return questionKept({ ...before, state: before.state })
}

/** The rule that Azure refused before decides again while another decision was being applied. */
export function refusedBefore(evaluated: Evaluated): DraftParts<'open'> {
  const sentence = 'Azure refused the decision of this rule on this request before.'
  return asked(asHeld(evaluated, { code: 'refused-by-azure', sentence }))
}

/** Azure refused the decision. `passes`: the cause may be over later. */
export function refused(
  request: At<'applying'>,
  words: Words,
  passes: boolean,
  at: Date,
): DraftParts<'open'> {
  const what = `Azure refused the decision: ${spokenWords(words)}.`
  const times = 'after 1, 5 and 30 minutes, then hourly, for 7 days'
  return unapplied(request, { code: words.code, what, passes, at, since: at.toISOString(), times })
}

/** Azure was busy, failed or contradicted itself for too long. */
export function notCarriedOut(request: At<'applying'>, words: Words, at: Date): DraftParts<'open'> {
  const seconds = Math.max(secondsBetween(request.state.since, at), 0)
  const minutes = Math.round(seconds / 60)
  const time = minutes === 0 ? '' : ` for ${minutes} min`
  const what = `Azure has not carried the decision out${time}: ${spokenWords(words)}.`
  const since = later(at, -seconds).toISOString()
  return unapplied(request, { code: words.code, what, passes: true, at, since, times: 'hourly for 7 days' })
}

interface Unapplied {
  readonly code: string
  readonly what: string
  readonly passes: boolean
  readonly at: Date
  /** ISO 8601: when it failed for the first time. */
  readonly since: string
  /** When it is sent again, as the end of a sentence. */
  readonly times: string
}

/** It is tried again at the times that are said. */
function unapplied(request: At<'applying'>, failed: Unapplied): DraftParts<'open'> {
  const { state, refused: before, choices } = request
  const { what, passes, at } = failed
  const code = cutStored(failed.code, maxCodeLength)
  // The week counts from the first refusal, whatever code or question follows, and anew where people choose anew.
  const isAgain =
    before !== undefined &&
    (state.asked !== undefined || (before.rule === state.rule && !isChosenSince(choices, before.since)))
  const since = isAgain ? before.since : failed.since
  const retryAt = passes ? nextRetry(since, at)?.toISOString() : undefined
  return {
    state: { name: 'open', cause: { kind: 'refused' } },
    reason: { code: 'refused-by-azure', sentence: `${what} ${nextStepOf(failed, retryAt)}` },
    memory: { refused: { rule: state.rule, code, since, retryAt } },
  }
}

/** The question stays, or is again, that of a refusal, so that the decision is sent again in time. */
export function stillRefused({ refused, reason }: Request, evaluated: Evaluated): DraftParts<'open'> {
  const sentence = refused ? refusedSentence(refused) : reason.sentence
  const draft = asked(asHeld(evaluated, { code: 'refused-by-azure', sentence }))
  return { ...draft, state: { name: 'open', cause: { kind: 'refused' } } }
}

/** What Azure refused before, as the question to people. */
function refusedSentence({ code, retryAt }: RefusedDecision): string {
  const failed = { code, passes: false, times: 'hourly for 7 days' }
  return `Azure refused the decision of this rule before: ${visible(code)}. ${nextStepOf(failed, retryAt)}`
}

function nextStepOf(
  { code, passes, times }: Pick<Unapplied, 'code' | 'passes' | 'times'>,
  retryAt: string | undefined,
): string {
  if (retryAt !== undefined)
    return `${adviceOn(code)}, or decide in the portal: the app sends it again ${times}.`
  return passes
    ? 'It was sent again for 7 days and is not sent any more: decide in the portal.'
    : 'The same decision is not sent again: decide in the portal.'
}

/** The decision was for another endpoint, or for other group ids. Each time counts as a change of the request. */
export function endpointChanged({ changes }: Request): DraftParts<'open'> {
  return {
    memory: { changes: Math.min(changes + 1, maxQuestions), choices: [] },
    state: { name: 'open', cause: { kind: 'endpoint-changed' } },
    reason: {
      code: 'endpoint-changed',
      sentence:
        'Another endpoint, or other group ids of it, stand behind the connection than those that were evaluated.',
    },
    notice: alarm,
  }
}

function cutWords({ code, message, ...isOwn }: Words): Words {
  return { code: cutStored(code, maxCodeLength), message: cutStored(message, maxSaidLength), ...isOwn }
}

/** Azure shows the decision. */
export function applied(
  { state, reason }: At<'open' | 'applying'>,
  { status }: Connection,
  { at }: Moment,
): DraftParts<'applied'> {
  return {
    state: { name: 'applied', outcome: status === 'Approved' ? 'approve' : 'reject', at: at.toISOString() },
    reason: state.name === 'open' ? { code: 'final-state', sentence: appliedAfter(state.cause) } : reason,
  }
}

function appliedAfter({ kind }: OpenCause): string {
  return kind === 'changed-outside'
    ? 'Azure shows the decision of this app again.'
    : 'Azure carried the decision out after all.'
}

/** Azure shows the decision for a while already, beside a provisioning state that is not known here. */
export function appliedForLong(
  request: At<'open' | 'applying'>,
  connection: Connection,
  moment: Moment,
): DraftParts<'applied'> {
  const { status, provisioningState = '' } = connection
  const sentence = `The connection is ${status}; its provisioning state, ${visible(provisioningState)}, is not known here.`
  return { ...applied(request, connection, moment), reason: { code: request.reason.code, sentence } }
}

/** Somebody approved or rejected what this app had decided otherwise. */
export function changedOutside({ status }: Connection): DraftParts<'open'> {
  return {
    state: { name: 'open', cause: { kind: 'changed-outside' } },
    reason: {
      code: 'changed-outside',
      sentence: `Somebody changed a decision of this app outside of it: the connection is ${status} now.`,
    },
    memory: { choices: [] },
    actor: azure,
    notice: alarm,
  }
}

/** Azure shows a decision of this app that is not in force. */
export function shownLate({ status }: Connection): DraftParts<'open'> {
  return {
    state: { name: 'open', cause: { kind: 'shown-late' } },
    reason: {
      code: 'shown-late',
      sentence: `The connection is ${status} by an earlier decision of this app, which is not in force any more.`,
    },
    memory: { choices: [] },
    notice: alarm,
  }
}

/** The decision is not applied yet: what Azure said, and when it is tried or checked again. */
export function deferred(
  { state, reason }: At<'applying'>,
  words: Words,
  notBefore: Date,
): DraftParts<'applying'> {
  const sentence = `Azure has not carried the decision out yet: ${spokenWords(words)}.`
  return {
    state: { ...state, notBefore: notBefore.toISOString(), words: cutWords(words) },
    reason: { code: reason.code, sentence },
  }
}

/** The decision was not sent, and the request is evaluated again: no failure of Azure, whose times stay as they are. */
export function notSent({ state, reason: { code } }: At<'applying'>, why: string): DraftParts<'applying'> {
  return { state, reason: { code, sentence: `The decision was not sent: ${why}.` } }
}

/** Approved or rejected outside this app. */
export function decidedElsewhere({ status }: Connection): DraftParts<'decided-elsewhere'> {
  return {
    state: { name: 'decided-elsewhere' },
    reason: {
      code: 'final-state',
      sentence: `Decided outside this app: the connection is ${status}.`,
    },
    actor: azure,
  }
}

/** The endpoint is gone. */
export function disconnected({ status }: Connection): DraftParts<'withdrawn'> {
  return withdrawn(`The connection is ${status}; it no longer waits for a decision.`)
}

/** Another endpoint stands there now. */
export function replaced(): DraftParts<'withdrawn'> {
  return withdrawn('Another endpoint stands behind the connection; this request is over.')
}

/** Nothing waits any more. */
export function withdrawn(sentence: string): DraftParts<'withdrawn'> {
  return { state: { name: 'withdrawn' }, reason: { code: 'final-state', sentence }, actor: azure }
}
