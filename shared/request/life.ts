import { isDecided, isPending, isUnderWay } from '../domain/connection.ts'
import { isBeingApplied, isUnfinished, type Request, unfinishedStates } from '../domain/request.ts'
import {
  alarmRows,
  awaited,
  isLeftOut,
  otherThanEvaluated,
  refusedRow,
  sentAgain,
  untilNextRead,
} from './applying-rows.ts'
import { changedWhenCounted, changedWhileEvaluated } from './changed-rows.ts'
import { choiceEvaluated, chosenByPerson } from './choice-rows.ts'
import {
  asksAgainOnHold,
  isUnlikeDecision,
  isByRefusedRule,
  isEscalated,
  isNothingNew,
  isPerhapsStale,
  isToConfirm,
  isToRecord,
  isToRecordRefused,
  isSameDecision,
  mayChange,
  mayLandOtherwise,
  staleSeconds,
  staysOnHold,
} from './conditions.ts'
import {
  applied,
  appliedForLong,
  asked,
  changedOutside,
  decidedElsewhere,
  disconnected,
  endpointChanged,
  held,
  heldAgain,
  heldOver,
  intent,
  notCarriedOut,
  overLimit,
  refusedBefore,
  intentAgain,
  notSent,
  replaced,
  shownLate,
  stillHeld,
  stillRefused,
  withdrawn,
} from './drafts.ts'
import {
  hidesGroupIds,
  isApprovedOrRejected,
  isEndpointChanged,
  isHidden,
  isOnRecorded,
  isOtherEndpoint,
  isOurs,
  isShown,
  isShownLate,
  isStillChanged,
  statusOf,
} from './identity.ts'
import { attemptsAfter, landingCheckSeconds, landingSeconds } from './attempts.ts'
import { isStable, isWornOut, untilNotBefore } from './deadline.ts'
import { overdueRows } from './overdue-rows.ts'
import { isProblemSaid, knownProblem } from './said.ts'
import type { Draft, Effect, LifeEvent, Moment, Step } from './step.ts'
import { inKnownTrouble, inTrouble, readable } from './target-drafts.ts'
import { type Row, row, rowName } from './table.ts'
import {
  accepted,
  contradiction,
  saidBy,
  endpointHidden,
  provisioningFailed,
  shownBy,
  stillThere,
  stillWaiting,
} from './words.ts'
import { writeOf } from './write.ts'

const closed = ['applied', 'decided-elsewhere', 'withdrawn'] as const
const fresh = ['unseen', ...closed] as const
const any = [...fresh, ...unfinishedStates] as const

/** Seconds until the request is evaluated by an allow-list that has just changed. */
const changedListSeconds = 1

const onHoldBefore = 'approve or reject, same endpoint, on hold since an earlier episode'
/** Seconds until a decision that is being applied is read again where nothing else is known. */
const otherwiseSeconds = 15

const waiting: readonly Row[] = [
  row(['applied'], 'waiting', {
    when: `applied less than ${staleSeconds} s ago, same endpoint, passes follow`,
    holds: (request, { connection }, moment) =>
      moment.isFollowed && isPerhapsStale(request, connection, moment),
    effect: 'end',
  }),
  row(['applied'], 'waiting', {
    when: `applied less than ${staleSeconds} s ago, same endpoint`,
    holds: (request, { connection }, moment) => isPerhapsStale(request, connection, moment),
    effect: 'retry-after',
    afterSeconds: () => staleSeconds / 4,
  }),
  row([...fresh, 'open'], 'waiting', {
    when: 'somebody is deciding it, and passes follow',
    holds: (_, { connection }, { isFollowed }) => isFollowed && isUnderWay(connection),
    effect: 'end',
  }),
  row([...closed, ...unfinishedStates], 'waiting', {
    when: 'only a list shows it, by which an episode would begin or end, or an open request be evaluated again',
    holds: (request, event) => isToConfirm(request, event),
    effect: 'confirm',
  }),
  row(unfinishedStates, 'waiting', {
    when: 'another endpoint is shown',
    holds: (request, { connection }) => isOtherEndpoint(request, connection),
    writes: { entry: 'observed', to: 'withdrawn', draft: replaced },
    effect: 'see-again',
  }),
  ...overdueRows,
  ...awaited('waiting', {
    when: 'status not known',
    holds: (_, { connection }) => !isPending(connection),
    words: ({ connection }) => shownBy(connection),
  }),
  row(['applying'], 'waiting', {
    when: 'tried for 30 min',
    holds: (request, _, { at }) => isWornOut(request, at),
    writes: {
      entry: 'result',
      to: 'open',
      draft: (request, _, { at }) => notCarriedOut(request, request.state.words ?? stillWaiting, at),
    },
    effect: 'end',
  }),
  row(['applying'], 'waiting', {
    when: 'before the next try',
    holds: (request, _, { at }) => untilNotBefore(request, at) > 0,
    effect: 'retry-after',
    afterSeconds: (request, _, { at }) => untilNextRead(untilNotBefore(request, at), request, at),
  }),
  row(['open'], 'waiting', {
    when: 'nothing has changed, and no recheck is due',
    holds: (request, event) => isNothingNew(request, event),
    effect: 'end',
  }),
  row(any, 'waiting', { effect: 'evaluate' }),
]

const evaluated: readonly Row[] = [
  ...choiceEvaluated,
  row(any, 'evaluated', {
    when: 'escalate, later passes may change it and follow',
    holds: (_, { evaluated }, { isFollowed }) => isEscalated(evaluated) && isFollowed && mayChange(evaluated),
    effect: 'end',
  }),
  row(fresh, 'evaluated', {
    when: 'escalate',
    holds: (_, { evaluated }) => isEscalated(evaluated),
    effect: 'count',
  }),
  ...changedWhileEvaluated,
  row(['open'], 'evaluated', {
    when: 'escalate, and the record shows something else',
    holds: (request, { evaluated }, moment) =>
      isEscalated(evaluated) && isToRecord(request, evaluated, moment),
    writes: { entry: 'escalated', to: 'open', draft: (_, { evaluated }) => asked(evaluated) },
    effect: 'end',
  }),
  row(['open'], 'evaluated', {
    when: 'escalate',
    holds: (_, { evaluated }) => isEscalated(evaluated),
    effect: 'end',
  }),
  row(['applying'], 'evaluated', {
    when: 'escalate',
    holds: (_, { evaluated }) => isEscalated(evaluated),
    writes: { entry: 'abandoned', to: 'open', draft: (_, { evaluated }) => asked(evaluated) },
    effect: 'end',
  }),
  row(['open'], 'evaluated', {
    when: 'approve or reject, by a rule that Azure refused before, and the record shows something else',
    holds: (request, { evaluated }, moment) =>
      isByRefusedRule(request, evaluated, moment) && isToRecordRefused(request, evaluated),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { evaluated }) => stillRefused(request, evaluated),
    },
    effect: 'end',
  }),
  row(['open'], 'evaluated', {
    when: 'approve or reject, by a rule that Azure refused before',
    holds: (request, { evaluated }, moment) => isByRefusedRule(request, evaluated, moment),
    effect: 'end',
  }),
  row(['applying'], 'evaluated', {
    when: 'approve or reject, by a rule that Azure refused before',
    holds: (request, { evaluated }, moment) => isByRefusedRule(request, evaluated, moment),
    writes: {
      entry: 'abandoned',
      to: 'open',
      draft: (_, { evaluated }) => refusedBefore(evaluated),
    },
    effect: 'end',
  }),
  row([...closed, ...unfinishedStates], 'evaluated', {
    when: 'approve or reject, while Azure may still carry out the opposite',
    holds: (request, { evaluated }, moment) => mayLandOtherwise(request, evaluated, moment),
    effect: 'retry-after',
    afterSeconds: () => landingCheckSeconds,
  }),
  row(['applying'], 'evaluated', {
    when: 'the same decision, by the same rule of the same list',
    holds: (request, { evaluated }) => isSameDecision(request, evaluated),
    writes: {
      entry: 'intent',
      to: 'applying',
      draft: (request, _, moment) => intentAgain(request, moment),
    },
    effect: 'read',
  }),
  row(['open'], 'evaluated', {
    when: 'approve or reject, on hold, and the record shows something else',
    holds: (request, { evaluated }, moment) =>
      staysOnHold(request, evaluated) && isToRecord(request, stillHeld(request, evaluated), moment),
    writes: { entry: 'escalated', to: 'open', draft: (request, { evaluated }) => held(request, evaluated) },
    effect: 'end',
  }),
  row(['open'], 'evaluated', {
    when: 'approve or reject, on hold',
    holds: (request, { evaluated }) => staysOnHold(request, evaluated),
    effect: 'end',
  }),
  row(['applying'], 'evaluated', {
    when: 'approve or reject, on hold',
    holds: (request, { evaluated }) => staysOnHold(request, evaluated),
    writes: { entry: 'abandoned', to: 'open', draft: (request, { evaluated }) => held(request, evaluated) },
    effect: 'end',
  }),
  row(closed, 'evaluated', {
    when: onHoldBefore,
    holds: (request, { evaluated }) => asksAgainOnHold(request, evaluated),
    effect: 'count-as-question',
  }),
  row(any, 'evaluated', { when: 'approve or reject', effect: 'count' }),
]

const counted: readonly Row[] = [
  row(fresh, 'within-limits', {
    when: 'escalate',
    holds: (_, { evaluated }) => isEscalated(evaluated),
    writes: { entry: 'escalated', to: 'open', draft: (_, { evaluated }) => asked(evaluated) },
    effect: 'end',
  }),
  row(fresh, 'over-limit', {
    when: 'escalate',
    holds: (_, { evaluated }) => isEscalated(evaluated),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (_, { evaluated, burst }) => asked(evaluated, burst),
    },
    effect: 'end',
  }),
  row(closed, 'over-limit', {
    when: onHoldBefore,
    holds: (request, { evaluated }) => asksAgainOnHold(request, evaluated),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { evaluated, burst }) => heldAgain(request, evaluated, burst),
    },
    effect: 'end',
  }),
  row(fresh, 'over-limit', {
    when: 'approve or reject',
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (_, { evaluated, burst }) => heldOver(undefined, evaluated, burst),
    },
    effect: 'end',
  }),
  ...changedWhenCounted,
  row(['open'], 'over-limit', {
    when: 'approve or reject, and the record shows something else, or approved by people',
    holds: (request, { evaluated, burst }, moment) =>
      isBeingApplied(request) || isToRecord(request, overLimit(request, evaluated, burst), moment),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { evaluated, burst }) => heldOver(request, evaluated, burst),
    },
    effect: 'end',
  }),
  row(['open'], 'over-limit', { when: 'approve or reject', effect: 'end' }),
  row(['applying'], 'over-limit', {
    when: 'approve or reject',
    writes: {
      entry: 'abandoned',
      to: 'open',
      draft: (request, { evaluated, burst }) => heldOver(request, evaluated, burst),
    },
    effect: 'end',
  }),
  row(closed, 'within-limits', {
    when: onHoldBefore,
    holds: (request, { evaluated }) => asksAgainOnHold(request, evaluated),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { evaluated }) => heldAgain(request, evaluated),
    },
    effect: 'end',
  }),
  row(any, 'within-limits', {
    when: 'approve or reject',
    holds: (_, { evaluated }) => !isEscalated(evaluated),
    writes: {
      entry: 'intent',
      to: 'applying',
      draft: (request, { evaluated }, moment) => intent(request, evaluated, moment),
    },
    effect: 'read',
  }),
]

const applying: readonly Row[] = [
  ...sentAgain('read', {
    when: 'the endpoint, or group ids, are not shown',
    holds: (_, { connection, evaluated: { connection: before } }) =>
      isHidden(before, connection) || hidesGroupIds(before, connection),
    words: () => endpointHidden,
  }),
  row(['applying'], 'read', {
    when: 'group ids that the list left out, and others than were evaluated',
    holds: (request, event) => isLeftOut(request, event),
    writes: {
      entry: 'deferred',
      to: 'applying',
      draft: (request) => notSent(request, 'a read shows group ids that the list left out'),
    },
    effect: 'evaluate',
  }),
  otherThanEvaluated('read'),
  row(['applying'], 'read', {
    when: 'decided already',
    holds: (_, { connection }) => isDecided(connection),
    effect: 'observe',
  }),
  ...awaited('read', {
    when: 'status not known',
    holds: (_, { connection }) => !isPending(connection),
    words: ({ connection }) => shownBy(connection),
  }),
  row(['applying'], 'read', {
    when: 'Pending, the allow-list has changed',
    holds: (_, { isNewest }) => !isNewest,
    writes: {
      entry: 'deferred',
      to: 'applying',
      draft: (request) => notSent(request, 'the allow-list has changed since the request was evaluated'),
    },
    effect: 'retry-after',
    afterSeconds: () => changedListSeconds,
  }),
  row(['applying'], 'read', {
    when: 'Pending, and the intent is this very decision',
    holds: (request, { evaluated }) => isSameDecision(request, evaluated),
    effect: 'write',
  }),
  ...sentAgain('busy', {
    when: '',
    askedSeconds: ({ afterSeconds }) => afterSeconds,
    words: saidBy,
  }),
  ...sentAgain('unanswered', {
    when: '',
    askedSeconds: ({ afterSeconds }) => afterSeconds,
    words: saidBy,
  }),
  row(['open'], 'contradicted', {
    when: 'as a notification has said',
    holds: (request) => isUnlikeDecision(request),
    effect: 'end',
  }),
  ...sentAgain('contradicted', { when: '', words: () => contradiction }),
  ...sentAgain('accepted', {
    when: '',
    isTaken: true,
    askedSeconds: () => landingSeconds,
    words: () => accepted,
  }),
  refusedRow('refused', {
    words: saidBy,
    passes: ({ passes }) => passes,
  }),
  row(['applying'], 'said-gone', { effect: 'read-if-gone' }),
  row(['applying'], 'written', { effect: 'read-back' }),
  refusedRow('still-there', { words: () => stillThere, passes: () => true }),
  ...awaited('read-back', {
    when: 'the endpoint is not shown',
    holds: (_, { connection, evaluated }) => isHidden(evaluated.connection, connection),
    words: () => endpointHidden,
  }),
  otherThanEvaluated('read-back'),
  refusedRow('read-back', {
    when: 'provisioning failed',
    holds: (_, { progress }) => progress === 'failed',
    words: () => provisioningFailed,
    passes: () => false,
  }),
  ...awaited('read-back', {
    when: 'not finished, or not as meant',
    holds: ({ state }, { connection, progress }) =>
      progress !== 'finished' || connection.status !== statusOf[state.outcome],
    words: ({ connection }) => shownBy(connection),
  }),
  row(['applying'], 'read-back', {
    when: 'as meant',
    writes: {
      entry: 'result',
      to: 'applied',
      draft: (request, { connection }, moment) => applied(request, connection, moment),
    },
    effect: 'end',
  }),
]

const decidedForSure: readonly Row[] = [
  row(['open'], 'decided', {
    when: 'by us, after another endpoint was seen there: that it looks right again settles nothing',
    holds: (request, { connection }) => isOurs(request, connection) && isEndpointChanged(request),
    effect: 'end',
  }),
  row(unfinishedStates, 'decided', {
    when: 'by us, for some minutes, beside a provisioning state that is not known',
    holds: (request, { connection, progress }, moment) =>
      isOurs(request, connection) && progress === 'unknown' && isStable(request, moment),
    writes: {
      entry: 'result',
      to: 'applied',
      draft: (request, { connection }, moment) => appliedForLong(request, connection, moment),
    },
    effect: 'end',
  }),
  row(['open'], 'decided', {
    when: 'by us, not finished',
    holds: (request, { connection, progress }) => isOurs(request, connection) && progress !== 'finished',
    effect: 'end',
  }),
  ...awaited('decided', {
    when: 'by us, not finished',
    holds: (request, { connection, progress }) =>
      isOurs(request, connection) && (progress === 'under-way' || progress === 'unknown'),
    words: ({ connection }) => shownBy(connection),
  }),
  refusedRow('decided', {
    when: 'by us, provisioning failed',
    holds: (request, { connection, progress }) => isOurs(request, connection) && progress === 'failed',
    words: () => provisioningFailed,
    passes: () => false,
  }),
  row(unfinishedStates, 'decided', {
    when: 'by us',
    holds: (request, { connection }) => isOurs(request, connection),
    writes: {
      entry: 'result',
      to: 'applied',
      draft: (request, { connection }, moment) => applied(request, connection, moment),
    },
    effect: 'end',
  }),
  row(['open'], 'decided', {
    when: 'by us, as a notification has said',
    holds: (request, { connection }) =>
      isShown(request, connection) &&
      (isEndpointChanged(request) || (isShownLate(request) && !isOtherEndpoint(request, connection))),
    effect: 'end',
  }),
  row(closed, 'decided', {
    when: 'by us, on another endpoint',
    holds: (request, { connection }) => isShown(request, connection) && isOtherEndpoint(request, connection),
    writes: { entry: 'escalated', to: 'open', draft: (request) => endpointChanged(request) },
    effect: 'end',
  }),
  row(['applied'], 'decided', {
    when: 'as this app decided',
    holds: ({ state }, { connection }) => connection.status === statusOf[state.outcome],
    effect: 'end',
  }),
  row(closed, 'decided', {
    when: 'by us, by an earlier decision, or one that was changed since',
    holds: (request, { connection }) => isShown(request, connection),
    writes: { entry: 'escalated', to: 'open', draft: (_, { connection }) => shownLate(connection) },
    effect: 'end',
  }),
  row(['applied'], 'decided', {
    when: 'Approved or Rejected by somebody else',
    holds: (_, { connection }) => isApprovedOrRejected(connection),
    writes: { entry: 'escalated', to: 'open', draft: (_, { connection }) => changedOutside(connection) },
    effect: 'end',
  }),
  row(['applied'], 'decided', {
    when: 'Disconnected',
    writes: { entry: 'observed', to: 'withdrawn', draft: (_, { connection }) => disconnected(connection) },
    effect: 'end',
  }),
  row(closed, 'decided', { effect: 'end' }),
  ...alarmRows('decided', {
    when: 'by us, on another endpoint or other group ids',
    holds: (request, { connection }) => isShown(request, connection) && !isOnRecorded(request, connection),
    draft: (request) => endpointChanged(request),
  }),
  ...alarmRows('decided', {
    when: 'by us, by an earlier decision',
    holds: (request, { connection }) => isShown(request, connection),
    draft: (_, { connection }) => shownLate(connection),
  }),
  row(unfinishedStates, 'decided', {
    when: 'Approved or Rejected by somebody else, with another endpoint',
    holds: (request, { connection }) =>
      isApprovedOrRejected(connection) && isOtherEndpoint(request, connection) && !isEndpointChanged(request),
    writes: { entry: 'observed', to: 'withdrawn', draft: replaced },
    effect: 'end',
  }),
  row(['open'], 'decided', {
    when: 'changed by somebody else, as a notification has said',
    holds: (request, { connection }) =>
      isApprovedOrRejected(connection) && isStillChanged(request, connection),
    effect: 'end',
  }),
  row(unfinishedStates, 'decided', {
    when: 'Approved or Rejected by somebody else',
    holds: (_, { connection }) => isApprovedOrRejected(connection),
    writes: {
      entry: 'observed',
      to: 'decided-elsewhere',
      draft: (_, { connection }) => decidedElsewhere(connection),
    },
    effect: 'end',
  }),
  row(unfinishedStates, 'decided', {
    when: 'Disconnected',
    writes: {
      entry: 'observed',
      to: 'withdrawn',
      draft: (_, { connection }) => disconnected(connection),
    },
    effect: 'end',
  }),
  row(unfinishedStates, 'gone', {
    writes: {
      entry: 'observed',
      to: 'withdrawn',
      draft: () => withdrawn('The connection is gone; there is nothing left to decide.'),
    },
    effect: 'end',
  }),
]

const decided: readonly Row[] = [
  row([...closed, ...unfinishedStates], 'decided', {
    when: 'only a list shows it, by which something would be recorded',
    holds: (request, event, moment) =>
      event.isOnlyListed === true && firstOf(decidedForSure, request, event, moment)?.writes !== undefined,
    effect: 'confirm',
  }),
  ...decidedForSure,
]

const wholeTarget: readonly Row[] = [
  row([...fresh, 'open'], 'target-problem', {
    when: 'it cannot be read, and passes follow',
    holds: (_, { problem }, { isFollowed }) => problem.kind === 'unreadable' && isFollowed,
    effect: 'end',
  }),
  row(['withdrawn'], 'target-problem', {
    when: 'as a notification has said, and it could be read for less than an hour',
    holds: (request, { problem }, { at }) => knownProblem(request, problem, at) !== undefined,
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { problem }, { at }) =>
        inKnownTrouble(request, problem, knownProblem(request, problem, at)),
    },
    effect: 'end',
  }),
  row(['open'], 'target-problem', {
    when: 'as a notification has said',
    holds: (request, { problem }, { at }) => isProblemSaid(request, problem, at),
    effect: 'end',
  }),
  row(['open'], 'target-problem', {
    when: 'at something else, for less than half an hour',
    holds: (_, { problem }) => problem.isEarly === true,
    effect: 'end',
  }),
  row([...fresh, 'open'], 'target-problem', { effect: 'count' }),
  row([...fresh, 'open'], 'target-within-limits', {
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { problem }, { at }) => inTrouble(request, problem, at),
    },
    effect: 'end',
  }),
  row([...fresh, 'open'], 'target-over-limit', {
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { problem, burst }, { at }) => inTrouble(request, problem, at, burst),
    },
    effect: 'end',
  }),
  row(['open'], 'readable', {
    writes: { entry: 'observed', to: 'withdrawn', draft: (_, __, { at }) => readable(at) },
    effect: 'end',
  }),
]

/** The life of a request. The first row that applies decides; where none does, see `anythingElse`. */
export const life: readonly Row[] = [
  ...waiting,
  ...evaluated,
  ...counted,
  ...applying,
  ...decided,
  ...wholeTarget,
  ...chosenByPerson,
]

const rowsOn = Map.groupBy(life, ({ on }) => on)

/** What an event makes of a request: what is written, and what is done next. Pure. */
export function next(request: Request | undefined, event: LifeEvent, moment: Moment): Step {
  const found = firstOf(rowsOn.get(event.kind) ?? [], request, event, moment)
  if (!found) return anythingElse(request)
  return {
    row: rowName(found),
    draft: withAttempts(found.draft(request, event, moment), request, event, moment),
    effect: effectOf(found, request, event, moment),
  }
}

function firstOf(
  rows: readonly Row[],
  request: Request | undefined,
  event: LifeEvent,
  moment: Moment,
): Row | undefined {
  return rows.find((candidate) => candidate.applies(request, event, moment))
}

/** Whatever row writes it: what an event says of the last attempt is remembered, also that Azure shows the decision. */
function withAttempts(
  draft: Draft | undefined,
  request: Request | undefined,
  event: LifeEvent,
  { at }: Moment,
): Draft | undefined {
  if (!draft || !request) return draft
  const attempts = attemptsAfter(request, event, at, draft.state.name === 'applied')
  return attempts === request.attempts ? draft : { ...draft, memory: { ...draft.memory, attempts } }
}

/** Nothing is written. A decision that is being applied is not left alone. */
function anythingElse(request: Request | undefined): Step {
  const isApplying = request?.state.name === 'applying'
  return {
    row: 'anything else',
    draft: undefined,
    effect: isApplying ? { kind: 'retry-after', afterSeconds: otherwiseSeconds } : { kind: 'end' },
  }
}

function effectOf(found: Row, request: Request | undefined, event: LifeEvent, moment: Moment): Effect {
  switch (found.effect) {
    case 'write':
      return { kind: 'write', write: writeOf(request) }
    case 'count':
      return {
        kind: 'count',
        isRelease: request !== undefined && isUnfinished(request) && request.hold !== undefined,
      }
    case 'retry-after':
      return { kind: 'retry-after', afterSeconds: found.afterSeconds(request, event, moment) }
    default:
      return { kind: found.effect }
  }
}
