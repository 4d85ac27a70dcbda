import { isDecided, isPending } from '../domain/connection.ts'
import { isUnfinished, type Request, unfinishedStates } from '../domain/request.ts'
import { alarmRows, finishingSeconds, otherThanEvaluated, refusedRow, whileBusy } from './applying-rows.ts'
import {
  asksAgainOnHold,
  isAsked,
  isByRefusedRule,
  isEscalated,
  isPerhapsStale,
  isSameDecision,
  mayChange,
  staleSeconds,
  staysOnHold,
} from './conditions.ts'
import {
  applied,
  asked,
  decidedElsewhere,
  endpointChanged,
  held,
  heldAgain,
  heldOver,
  intent,
  overLimit,
  refusedBefore,
  shownLate,
  stillHeld,
  unreadable,
  withdrawn,
} from './drafts.ts'
import { hasNewCompetingClaim } from './hold.ts'
import {
  isEndpointChanged,
  isOnRecorded,
  isOtherEndpoint,
  isOurs,
  isShown,
  isShownLate,
  statusOf,
} from './identity.ts'
import type { Effect, LifeEvent, Moment, Step } from './step.ts'
import { type Row, row, rowName } from './table.ts'
import { writeOf } from './write.ts'

const closed = ['applied', 'decided-elsewhere', 'withdrawn'] as const
const fresh = ['unseen', ...closed] as const
const any = [...fresh, ...unfinishedStates] as const

/** Seconds until the request is evaluated by an allow-list that has just changed. */
const changedListSeconds = 1

const onHoldBefore = 'approve or reject, same endpoint, on hold since an earlier episode'
const provisioningFailed = 'ProvisioningFailed, it could not be carried out'
const statusUnknown = 'The connection is in a status that is not known here; it is read again.'
const notFinished = 'Azure took the decision and has not finished with it.'

const waiting: readonly Row[] = [
  row(unfinishedStates, 'waiting', {
    when: 'another endpoint is shown',
    holds: (request, { connection }) => isOtherEndpoint(request, connection),
    writes: {
      entry: 'observed',
      to: 'withdrawn',
      draft: () => withdrawn('Another endpoint stands behind the connection; this request is over.'),
    },
    effect: 'see-again',
  }),
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
  ...whileBusy('waiting', {
    when: 'status not known',
    holds: (_, { connection }) => !isPending(connection),
    sentence: () => statusUnknown,
  }),
  row(any, 'waiting', { effect: 'evaluate' }),
]

const evaluated: readonly Row[] = [
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
  row(['open'], 'evaluated', {
    when: 'escalate, a new question or a new competing claim',
    holds: (request, { evaluated }) =>
      isEscalated(evaluated) &&
      (!isAsked(request, evaluated) || hasNewCompetingClaim(evaluated.proof, request)),
    writes: { entry: 'escalated', to: 'open', draft: (request, { evaluated }) => asked(request, evaluated) },
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
    writes: { entry: 'abandoned', to: 'open', draft: (request, { evaluated }) => asked(request, evaluated) },
    effect: 'end',
  }),
  row(['open'], 'evaluated', {
    when: 'approve or reject, by a rule that Azure refused before',
    holds: (request, { evaluated }) => isByRefusedRule(request, evaluated),
    effect: 'end',
  }),
  row(['applying'], 'evaluated', {
    when: 'approve or reject, by a rule that Azure refused before',
    holds: (request, { evaluated }) => isByRefusedRule(request, evaluated),
    writes: {
      entry: 'abandoned',
      to: 'open',
      draft: (request, { evaluated }) => refusedBefore(request, evaluated),
    },
    effect: 'end',
  }),
  row(['applying'], 'evaluated', {
    when: 'the same decision, by the same rule of the same list',
    holds: (request, { evaluated }) => isSameDecision(request, evaluated),
    effect: 'read',
  }),
  row(['open'], 'evaluated', {
    when: 'approve or reject, on hold, a new question',
    holds: (request, { evaluated }) =>
      staysOnHold(request, evaluated) && !isAsked(request, stillHeld(request, evaluated)),
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
    writes: { entry: 'escalated', to: 'open', draft: (_, { evaluated }) => asked(undefined, evaluated) },
    effect: 'end',
  }),
  row(fresh, 'over-limit', {
    when: 'escalate',
    holds: (_, { evaluated }) => isEscalated(evaluated),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (_, { evaluated, burst }) => asked(undefined, evaluated, burst),
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
  row(['open'], 'over-limit', {
    when: 'approve or reject, a new question',
    holds: (request, { evaluated, burst }) => !isAsked(request, overLimit(request, evaluated, burst)),
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
    writes: { entry: 'intent', to: 'applying', draft: (_, { evaluated }) => intent(evaluated) },
    effect: 'read',
  }),
]

const applying: readonly Row[] = [
  otherThanEvaluated('read'),
  row(['applying'], 'read', {
    when: 'decided already',
    holds: (_, { connection }) => isDecided(connection),
    effect: 'observe',
  }),
  ...whileBusy('read', {
    when: 'status not known',
    holds: (_, { connection }) => !isPending(connection),
    sentence: () => statusUnknown,
  }),
  row(['applying'], 'read', {
    when: 'Pending, the allow-list has changed',
    holds: (_, { isNewest }) => !isNewest,
    effect: 'retry-after',
    afterSeconds: () => changedListSeconds,
  }),
  row(['applying'], 'read', {
    when: 'Pending, and the intent is this very decision',
    holds: (request, { evaluated }) => isSameDecision(request, evaluated),
    effect: 'write',
  }),
  ...whileBusy('busy', {
    when: '',
    afterSeconds: (event) => event.afterSeconds,
    sentence: ({ code }) => `Azure is busy (${code}); the decision is sent again.`,
  }),
  refusedRow('refused', { what: ({ code, message }) => `${code}, ${message}` }),
  row(['applying'], 'said-gone', { effect: 'read-if-gone' }),
  row(['applying'], 'written', { effect: 'read-back' }),
  refusedRow('still-there', {
    what: () => 'it says that the connection does not exist, and still shows it',
  }),
  otherThanEvaluated('read-back'),
  refusedRow('read-back', {
    when: 'provisioning failed',
    holds: (_, { progress }) => progress === 'failed',
    what: () => provisioningFailed,
  }),
  ...whileBusy('read-back', {
    when: 'not finished, or not as meant',
    holds: ({ state }, { connection, progress }) =>
      progress === 'under-way' || connection.status !== statusOf[state.outcome],
    sentence: () => notFinished,
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

const decided: readonly Row[] = [
  row(['open'], 'decided', {
    when: 'by us, after another endpoint was seen there: that it looks right again settles nothing',
    holds: (request, { connection }) => isOurs(request, connection) && isEndpointChanged(request),
    effect: 'end',
  }),
  row(['open'], 'decided', {
    when: 'by us, not finished',
    holds: (request, { connection, progress }) => isOurs(request, connection) && progress !== 'finished',
    effect: 'end',
  }),
  ...whileBusy('decided', {
    when: 'by us, not finished',
    holds: (request, { connection, progress }) => isOurs(request, connection) && progress === 'under-way',
    sentence: () => notFinished,
  }),
  refusedRow('decided', {
    when: 'by us, provisioning failed',
    holds: (request, { connection, progress }) => isOurs(request, connection) && progress === 'failed',
    what: () => provisioningFailed,
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
      isShown(request, connection) && (isEndpointChanged(request) || isShownLate(request)),
    effect: 'end',
  }),
  ...alarmRows('decided', {
    when: 'by us, on another endpoint or other group ids',
    holds: (request, { connection }) => isShown(request, connection) && !isOnRecorded(request, connection),
    draft: endpointChanged,
  }),
  ...alarmRows('decided', {
    when: 'by us, by a decision that was given up',
    holds: (request, { connection }) => isShown(request, connection),
    draft: ({ connection }) => shownLate(connection),
  }),
  row(unfinishedStates, 'decided', {
    when: 'Approved or Rejected by somebody else',
    holds: (_, { connection }) => connection.status === 'Approved' || connection.status === 'Rejected',
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
      draft: (_, { connection }) =>
        withdrawn(`The connection is ${connection.status}; it no longer waits for a decision.`),
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

const wholeTarget: readonly Row[] = [
  row([...fresh, 'open'], 'unreadable', {
    when: 'passes follow',
    holds: (_, _event, { isFollowed }) => isFollowed,
    effect: 'end',
  }),
  row(['open'], 'unreadable', {
    when: 'for the same reason as before',
    holds: ({ state: { cause } }, { sentence }) => cause.kind === 'unreadable' && cause.sentence === sentence,
    effect: 'end',
  }),
  row([...fresh, 'open'], 'unreadable', { effect: 'count' }),
  row([...fresh, 'open'], 'target-within-limits', {
    writes: { entry: 'escalated', to: 'open', draft: (_, { sentence }) => unreadable(sentence) },
    effect: 'end',
  }),
  row([...fresh, 'open'], 'target-over-limit', {
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (_, { sentence, burst }) => unreadable(sentence, burst),
    },
    effect: 'end',
  }),
  row(['open'], 'readable', {
    writes: {
      entry: 'observed',
      to: 'withdrawn',
      draft: () => withdrawn('The connections of this target can be read again.'),
    },
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
]

const rowsOn = Map.groupBy(life, ({ on }) => on)

/** What an event makes of a request: what is written, and what is done next. Pure. */
export function next(request: Request | undefined, event: LifeEvent, moment: Moment): Step {
  const found = rowsOn.get(event.kind)?.find((candidate) => candidate.applies(request, event, moment))
  if (!found) return anythingElse(request)
  return {
    row: rowName(found),
    draft: found.draft(request, event, moment),
    effect: effectOf(found, request, event, moment),
  }
}

/** Nothing is written. A decision that is being applied is not left alone. */
function anythingElse(request: Request | undefined): Step {
  const isApplying = request?.state.name === 'applying'
  return {
    row: 'anything else',
    draft: undefined,
    effect: isApplying ? { kind: 'retry-after', afterSeconds: finishingSeconds } : { kind: 'end' },
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
