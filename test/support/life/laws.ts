import { isDeepStrictEqual } from 'node:util'
import { chosenOutcome } from '../../../shared/domain/choice.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import {
  type Attempt,
  endpointIdOf,
  isUnfinished,
  type OpenCause,
  type Request,
  type WrittenOutcome,
} from '../../../shared/domain/request.ts'
import { isReleased, nameOfRule } from '../../../shared/request/hold.ts'
import { untilRecheck } from '../../../shared/request/deadline.ts'
import type { Evaluated, EventKind, Moment } from '../../../shared/request/step.ts'
import { isOpen } from '../../../shared/request/table.ts'
import type { Changed, Law, Taken } from './law.ts'
import {
  isChosenSinceSaid,
  lawsOfChangedChoices,
  lawsOfChosenSteps,
  outcomeOf,
  toBeSent,
  withoutNewExpiry,
} from './laws-of-choices.ts'

const hourSeconds = 3600
const daySeconds = 24 * hourSeconds
/** What says that a decision was not taken, or is not known to be. */
const failures: readonly EventKind[] = ['busy', 'unanswered', 'contradicted', 'accepted']

/** What says that the last attempt certainly will not be carried out: it was read right before the write, or refused. */
const notTaken: readonly EventKind[] = ['read', 'busy', 'contradicted', 'refused', 'still-there']

/** The laws that every write to the ledger keeps, whoever writes. */
export const lawsOfChanges: readonly Law<Changed>[] = [
  ...lawsOfChangedChoices,
  [
    'each way into an open question has exactly one notification, except one that people were notified of since the opening',
    ({ before, change: { request, entry, notification } }) => {
      if (request.state.name !== 'open') return notification?.kind !== 'question'
      const { notificationId } = request.state
      if (entry.kind === 'chosen')
        return isDeepStrictEqual(withoutNewExpiry(request, before).state, before?.state)
      if (notification?.kind === 'question')
        return notification.id === notificationId && notification.decisionId === request.decisionId
      if (isSameQuestion(before, request)) return true
      const isKnown = before?.said.some((said) => said.notificationId === notificationId) ?? false
      const { state } = before ?? {}
      const isOpenAsBefore = state?.name === 'open' && state.notificationId === notificationId
      const isAsked = state?.name === 'applying' && state.asked?.notificationId === notificationId
      return isKnown || isOpenAsBefore || isAsked
    },
  ],
  [
    'each end or expiry of a request of which people were notified has one outcome, about all that they were notified of; nothing else has one',
    ({ before, change: { request, entry, notification } }) => {
      const isSaid = !isUnfinished(request) || isExpiryOnly(request, entry)
      const asked = isSaid ? (before?.notified ?? []) : []
      const about = notification?.kind === 'outcome' ? notification.about : []
      return isDeepStrictEqual(about, asked) && (isUnfinished(request) || request.notified.length === 0)
    },
  ],
  [
    'people are reminded of the question that is open, which stays the same, and for the first time after four hours',
    ({ before, change: { request, entry, notification } }) => {
      const isReminder = notification?.kind === 'reminder'
      if (isReminder !== (entry.kind === 'reminded')) return false
      if (!isReminder || request.state.name !== 'open') return !isReminder
      const { notificationId, since } = request.state
      const isOld = secondsFrom(since, entry.at) >= 4 * hourSeconds
      return (
        isOld && isSameQuestion(before, request) && isDeepStrictEqual(notification.about, [notificationId])
      )
    },
  ],
  [
    'a question expires once, in its time, and stays the one that it was; only where its rule rejects then, that is chosen',
    ({ before, change: { request, entry } }) => {
      if (entry.kind !== 'expired') return true
      if (before?.state.name !== 'open' || !isSameQuestion(before, request)) return false
      const { notificationId, expiresAt = '', atExpiry } = before.state
      const isChosen = chosenOutcome(request.choices) !== undefined
      return (
        before.expired !== notificationId &&
        request.expired === notificationId &&
        chosenOutcome(before.choices) === undefined &&
        secondsFrom(expiresAt, entry.at) >= 0 &&
        isChosen === (atExpiry === 'reject') &&
        (!isChosen ||
          isDeepStrictEqual(
            request.choices.map(({ person, outcome }) => [person, outcome]),
            [[undefined, 'reject']],
          ))
      )
    },
  ],
  [
    'of a question that has expired, nobody is reminded',
    ({ before, change: { entry } }) =>
      before?.state.name !== 'open' ||
      before.expired !== before.state.notificationId ||
      entry.kind !== 'reminded',
  ],
  [
    'the time of a question, and what becomes of it then, stay as they were while it is open',
    ({ before, change: { request } }) =>
      before?.state.name !== 'open' ||
      request.state.name !== 'open' ||
      before.state.notificationId !== request.state.notificationId ||
      before.state.expiresAt === undefined ||
      (before.state.expiresAt === request.state.expiresAt &&
        before.state.atExpiry === request.state.atExpiry),
  ],
  [
    'people are reminded of a request at most once a day, as 20 hours are between the first two reminders',
    ({ before, change: { request, entry } }) => {
      if (entry.kind !== 'reminded' || before?.remindedAt === undefined) return true
      const seconds = secondsFrom(before.remindedAt, entry.at)
      return request.remindedAt === entry.at && (seconds >= 20 * hourSeconds || seconds < -60)
    },
  ],
  [
    'what people are notified of is remembered until its outcome',
    ({ before, change: { request, notification } }) => {
      const earlier = before?.episode === request.episode ? before.notified : []
      const asked = notification?.kind === 'question' ? [...earlier, notification.id].slice(-10) : earlier
      return !isUnfinished(request) || isDeepStrictEqual(request.notified, asked)
    },
  ],
  [
    'of ten questions about a refusal or a target in one opening, the last one says that it is the last',
    ({ before, change: { request, notification } }) => {
      if (notification === undefined || !isOfTrouble(before, request)) return true
      return notification.sentence.includes('are not notified') === (timesSaid(request) === 10)
    },
  ],
  [
    'what people are notified of is remembered, and nothing else is',
    ({ before, change: { request, notification } }) => {
      const ids = request.said.map((one) => one.notificationId)
      const earlier = before?.said.map((one) => one.notificationId) ?? []
      return (
        (notification?.kind !== 'question' || ids.at(-1) === notification.id) &&
        ids.every((id) => id === notification?.id || earlier.includes(id))
      )
    },
  ],
  [
    'the question of a target is as old as its opening, however it changes',
    ({ before, change: { request } }) =>
      before?.state.name !== 'open' ||
      request.state.name !== 'open' ||
      before.subject.kind !== 'target' ||
      before.said.length === 0 ||
      Date.parse(request.state.since) <= Date.parse(before.said[0]?.since ?? ''),
  ],
  [
    'a finished request is touched again only by what Azure shows: a verdict begins a new episode',
    ({ before, change: { request, entry } }) =>
      before === undefined || isUnfinished(before) || entry.basis === 'follow-up'
        ? request.episode === (before?.episode ?? 1)
        : request.episode === before.episode + 1,
  ],
  [
    'only a verdict begins an episode or a decision, and each decision has an id of its own',
    ({ before, change: { request, entry } }) =>
      entry.basis === 'verdict'
        ? request.decisionId !== before?.decisionId
        : before?.decisionId === request.decisionId && before.episode === request.episode,
  ],
  [
    'a decision is being applied only after its intent',
    ({ before, change: { request, entry } }) =>
      request.state.name !== 'applying' ||
      entry.kind === 'intent' ||
      (entry.kind === 'deferred' && before?.state.name === 'applying'),
  ],
  [
    'an intent is an approval or a rejection by a verdict, or the same one again, never what is left to people',
    ({ before, change: { request, entry } }) =>
      entry.kind !== 'intent' ||
      (request.state.name === 'applying' &&
        (entry.basis === 'verdict' || before?.state.name === 'applying') &&
        entry.outcome === request.state.outcome),
  ],
  [
    'a decision counts as applied only where one was sent',
    ({ before, change: { request } }) => {
      const { state } = request
      if (state.name !== 'applied') return true
      return before?.attempts.some(({ outcome }) => outcome === state.outcome) ?? false
    },
  ],
  [
    'a hold is kept to the end of its episode, and so is what Azure refused',
    ({ before, change: { request } }) =>
      before?.episode !== request.episode ||
      ((before.hold === undefined || request.hold !== undefined) &&
        (before.refused === undefined || request.refused !== undefined)),
  ],
  [
    'a retry of a refusal notifies nobody anew unless the code was not said, or people chose since',
    ({ before, change: { request, notification } }) => {
      if (before?.state.name !== 'applying' || !isOpenAs(request, 'refused')) return true
      const isSaid = before.said.some(({ question }) => question === `refused ${request.refused?.code ?? ''}`)
      if (isChosenSinceSaid(before)) return notification !== undefined
      return (notification === undefined) === (isSaid || timesSaid(before) >= 10)
    },
  ],
  [
    'a refused decision is sent again within an hour of now, or never',
    ({ before, change: { request, entry } }) => {
      const { refused } = request
      if (refused === undefined || refused === before?.refused || refused.retryAt === undefined) return true
      return isBetween(secondsFrom(entry.at, refused.retryAt), 1, hourSeconds)
    },
  ],
  [
    'what is deferred is tried again, at the latest after an hour, and the record holds why it was not done; what was not sent stays as it was',
    ({ before, change: { request, entry } }) =>
      entry.kind !== 'deferred' ||
      isDeepStrictEqual(request.state, before?.state) ||
      (request.state.name === 'applying' &&
        request.state.words !== undefined &&
        request.state.notBefore !== undefined &&
        isBetween(secondsFrom(entry.at, request.state.notBefore), 1, hourSeconds)),
  ],
  [
    'the deadline for Azure counts from the first try, and nothing moves it',
    ({ before, change: { request, entry } }) =>
      request.state.name !== 'applying' ||
      request.state.since === (before?.state.name === 'applying' ? before.state.since : entry.at),
  ],
  [
    'a request that changes while it waits notifies people anew five times, of alarms ten, and no more',
    ({ before, change: { request, notification } }) => {
      const counted = before?.episode === request.episode ? before.changes : 0
      const max = isOpenAs(request, 'endpoint-changed') ? 10 : 5
      return (
        request.changes === counted ||
        (notification !== undefined && request.changes <= max && request.changes - counted === 1)
      )
    },
  ],
  [
    'the fifth change of a request is the last of which people are notified, and they read so',
    ({ before, change: { request, notification } }) => {
      const counted = before?.episode === request.episode ? before.changes : 0
      const isLast = counted < 5 && request.changes >= 5
      return (notification?.sentence.includes('Further changes are not notified') ?? false) === isLast
    },
  ],
  [
    'people are notified of ten questions about a request while it is unfinished, and of no more but alarms',
    ({ before, change: { request, notification } }) =>
      notification === undefined ||
      timesSaid(request) <= 10 ||
      isChosenSinceSaid(before) ||
      // Of a target in trouble, the laws of steps say more.
      before?.episode !== request.episode ||
      isOpenAs(request, 'unreadable') ||
      isOpenAs(request, 'azure-fails'),
  ],
  [
    'the same endpoint that asks again keeps its hold',
    ({ before, change: { request } }) =>
      before?.hold === undefined ||
      before.episode === request.episode ||
      isOtherEndpoint(before, request) ||
      request.hold !== undefined,
  ],
  [
    'each intent is an attempt, which may be carried out for ten minutes from then',
    ({ change: { request, entry } }) => {
      if (entry.kind !== 'intent' || request.state.name !== 'applying') return true
      const last = request.attempts.at(-1)
      return (
        last?.decisionId === request.decisionId &&
        last.outcome === request.state.outcome &&
        secondsFrom(entry.at, last.mayLandUntil ?? '') === 600
      )
    },
  ],
  [
    'attempts are kept, whatever episode they are of: eight, and first those that may still be carried out',
    ({ before, change: { request, entry } }) => {
      const earlier = before?.attempts ?? []
      const kept = request.attempts
      const mayLandAt = ({ mayLandUntil }: Attempt) =>
        isBetween(secondsFrom(entry.at, mayLandUntil ?? ''), 0.001, 660)
      const ofOthers = earlier.filter(({ decisionId }) => decisionId !== request.decisionId)
      const missing = ofOthers.filter((one) => !kept.some((after) => isDeepStrictEqual(after, one)))
      const isFull = kept.length === 8 && missing.length <= 1
      return missing.length === 0 || (isFull && (!missing.some(mayLandAt) || kept.every(mayLandAt)))
    },
  ],
  [
    'what a write to the log says of one attempt leaves the earlier ones as they were, while they may be carried out',
    ({ before, change: { request, entry } }) => {
      const settled =
        entry.kind === 'intent' ? (before?.attempts ?? []) : (before?.attempts.slice(0, -1) ?? [])
      return settled
        .filter(({ mayLandUntil }) => isBetween(secondsFrom(entry.at, mayLandUntil ?? ''), 0.001, 660))
        .every((one) => request.attempts.some((after) => isDeepStrictEqual(after, one)))
    },
  ],
  [
    'what is logged as applied has the outcome that was applied',
    ({ change: { request, entry } }) =>
      request.state.name !== 'applied' || entry.outcome === request.state.outcome,
  ],
  [
    'the time of the first sight stays, and the log says where the request stands',
    ({ before, change: { request, entry } }) =>
      entry.state === request.state.name &&
      entry.decisionId === request.decisionId &&
      entry.episode === request.episode &&
      (before?.episode !== request.episode || before.firstSeenAt === request.firstSeenAt),
  ],
]

/** The laws that every step keeps. */
export const lawsOfSteps: readonly Law<Taken>[] = [
  ...lawsOfChosenSteps,
  [
    'nothing is sent to Azure without an intent in the ledger, and only what the intent says',
    ({ before, step: { draft, effect } }) =>
      effect.kind !== 'write' ||
      (draft === undefined &&
        before?.state.name === 'applying' &&
        effect.write.status === (before.state.outcome === 'approve' ? 'Approved' : 'Rejected') &&
        effect.write.description.includes(before.decisionId)),
  ],
  [
    'what is sent was evaluated just now, by the newest list, on a connection that is Pending',
    ({ before, event, step: { effect } }) => {
      if (effect.kind !== 'write') return true
      if (event.kind !== 'read' || before?.state.name !== 'applying') return false
      const { ruleSetHash } = event.evaluated.verdict
      const { outcome, decidedBy } = toBeSent(before, event.evaluated)
      return (
        event.isNewest &&
        event.connection.status === 'Pending' &&
        isDeepStrictEqual(
          [before.state.outcome, before.state.rule, before.state.ruleSetHash],
          [outcome, decidedBy && nameOfRule(decidedBy), ruleSetHash],
        )
      )
    },
  ],
  [
    'a decision counts as applied only by the word of Azure, or by its status for minutes where its word is unknown',
    ({ before, event, moment, change }) =>
      change?.request.state.name !== 'applied' ||
      ((event.kind === 'read-back' || event.kind === 'decided') &&
        event.connection.status === (change.request.state.outcome === 'approve' ? 'Approved' : 'Rejected') &&
        (event.progress === 'finished' ||
          (event.progress === 'unknown' && event.kind === 'decided' && isOlderThan(before, moment, 180)))),
  ],
  [
    'what Azure shows as decided is ours only on the recorded endpoint and group ids, and by the decision it names',
    ({ before, event, change }) => {
      if (event.kind !== 'decided' || change?.request.state.name !== 'applied') return true
      if (before === undefined || !isRecorded(before, event.connection)) return false
      return (
        namesAttempt(before, event.connection) ||
        (event.connection.writeSupport === 'without-description' &&
          (before.state.name === 'applying' || hasUnknownEnd(before, event.connection)))
      )
    },
  ],
  [
    'what this app decided is never said to be decided by somebody else, however late Azure shows it',
    ({ before, event, change }) =>
      change?.request.state.name !== 'decided-elsewhere' ||
      (before !== undefined && event.kind === 'decided' && !namesAttempt(before, event.connection)),
  ],
  [
    'whatever is unfinished has a next time, or a notification that is open',
    ({ before, event, moment, step: { effect }, change }) => {
      if (effect.kind !== 'end') return true
      const after = change?.request ?? before
      if (after?.state.name === 'applying') return moment.isFollowed
      const isSeenWaiting = ['waiting', 'evaluated', 'within-limits', 'over-limit'].includes(event.kind)
      return after?.state.name === 'open' || !isSeenWaiting || moment.isFollowed
    },
  ],
  [
    'coming back takes a while, and not for ever',
    ({ step: { effect } }) => effect.kind !== 'retry-after' || isBetween(effect.afterSeconds, 1, hourSeconds),
  ],
  [
    'nothing is sent before the time that Azure asked to wait for',
    ({ event, moment, change }) => {
      if ((event.kind !== 'busy' && event.kind !== 'unanswered') || change?.request.state.name !== 'applying')
        return true
      return secondsFrom(moment.at, change.request.state.notBefore ?? '') >= event.afterSeconds
    },
  ],
  [
    'before the next try nothing is evaluated and nothing is sent',
    ({ before, event, moment, step: { effect } }) => {
      if (event.kind !== 'waiting' || before?.state.name !== 'applying') return true
      const seconds = secondsFrom(moment.at, before.state.notBefore ?? moment.at)
      return !isBetween(seconds, 1, hourSeconds) || !['evaluate', 'write'].includes(effect.kind)
    },
  ],
  [
    'a decision is never sent while its opposite may still be carried out',
    ({ before, event, moment, step: { effect } }) => {
      if (event.kind !== 'evaluated' || event.evaluated.verdict.outcome === 'escalate') return true
      return !mayLandOtherwise(before, event.evaluated, moment) || !['read', 'count'].includes(effect.kind)
    },
  ],
  [
    'a write that nobody has seen the end of may be carried out for ten minutes, whatever is recorded of it',
    ({ before, event, moment, change }) =>
      (event.kind !== 'unanswered' && event.kind !== 'accepted') ||
      before?.state.name !== 'applying' ||
      secondsFrom(moment.at, change?.request.attempts.at(-1)?.mayLandUntil ?? '') === 600,
  ],
  [
    'what was not sent, and what Azure has not taken, is not waited for',
    ({ before, event, change }) =>
      !(notTaken.includes(event.kind) || (event.kind === 'decided' && event.isUnsent === true)) ||
      before?.state.name !== 'applying' ||
      change === undefined ||
      change.request.attempts.length < before.attempts.length ||
      change.request.attempts.at(-1)?.mayLandUntil === undefined,
  ],
  [
    'whether a write was carried out that nobody has seen the end of is checked soon',
    ({ before, event, moment, step: { effect } }) =>
      (event.kind !== 'unanswered' && event.kind !== 'accepted') ||
      before?.state.name !== 'applying' ||
      effect.kind !== 'retry-after' ||
      effect.afterSeconds <= Math.max(2 * secondsFrom(before.state.since, moment.at), 5),
  ],
  [
    'of a question about a target people are notified once in an opening, or where it is back or a new connection waits for half an hour, and of ten in all',
    ({ before, event, moment, step: { effect }, change }) => {
      if (event.kind !== 'target-problem' || before === undefined) return true
      const isQuiet = isBetween(secondsFrom(moment.at, before.quietUntil ?? ''), 0.001, 3660)
      const said = before.state.name === 'open' || isQuiet ? before.said : []
      const own = said.find(({ question }) => question === `${event.problem.kind} ${event.problem.question}`)
      const isBack =
        before.state.name === 'open' &&
        Date.parse(own?.at ?? '') < Date.parse(before.firstSeenAt) &&
        secondsFrom(before.firstSeenAt, moment.at) >= 1800
      const hasNew = (event.problem.connections ?? []).some(
        ({ since }) => since > Date.parse(own?.at ?? '') && moment.at.getTime() - since >= 1_800_000,
      )
      const isKnown = timesSaid({ said }) >= 10 || (own !== undefined && !isBack && !hasNew)
      return !isKnown || (effect.kind === 'end' && change?.notification === undefined)
    },
  ],
  [
    'what Azure has failed at for half an hour is brought to a person',
    ({ before, event, moment, change }) => {
      if (before?.state.name !== 'applying' || !failures.includes(event.kind)) return true
      return (
        !(secondsFrom(before.state.since, moment.at) >= 1800) ||
        (change !== undefined && isOpenAs(change.request, 'refused'))
      )
    },
  ],
  [
    'an open request has a next look, within a day',
    ({ before, moment, change }) => {
      const after = change?.request ?? before
      return after === undefined || !isOpen(after) || isBetween(untilRecheck(after, moment.at), 1, daySeconds)
    },
  ],
  [
    'three rechecks at an open request that Azure shows as it was take more than a minute',
    ({ before, event, moment, change }) => {
      if (event.kind !== 'decided' || change !== undefined || before === undefined || !isOpen(before))
        return true
      let at = moment.at
      for (let rechecks = 0; rechecks < 3; rechecks += 1)
        at = new Date(at.getTime() + 1000 * untilRecheck(before, at))
      return secondsFrom(moment.at, at) > 60
    },
  ],
  [
    'an open request is evaluated at each look, and when the list, its group ids or its message are others',
    ({ before, event, moment, step: { effect } }) => {
      if (event.kind !== 'waiting' || before?.state.name !== 'open' || moment.isFollowed) return true
      const { connection, isRecheck, ruleSetHash } = event
      const isAsBefore =
        (connection.groupIds === undefined || isDeepStrictEqual(connection.groupIds, before.groupIds)) &&
        connection.description === before.requesterSaid
      const isSame =
        !isRecheck &&
        ruleSetHash === before.ruleSetHash &&
        (isAsBefore || before.changes >= 5 || timesSaid(before) >= 10)
      return isSame || ['confirm', 'evaluate', 'see-again'].includes(effect.kind)
    },
  ],
  [
    'what only a list shows as decided writes nothing',
    ({ event, change }) => event.kind !== 'decided' || !event.isOnlyListed || change === undefined,
  ],
  [
    'what Azure shows of a closed record is compared: a decision of this app that differs is an alarm',
    ({ before, event, change }) => {
      if (event.kind !== 'decided' || before === undefined || isUnfinished(before)) return true
      if (event.isOnlyListed) return true
      const { status } = event.connection
      if (status !== 'Approved' && status !== 'Rejected') return true
      const isOther =
        before.state.name === 'applied'
          ? status !== statusOf(before.state.outcome)
          : namesOwn(before, event.connection)
      return !isOther || (change?.request.state.name === 'open' && change.notification?.severity === 'alarm')
    },
  ],
  [
    'a connection that is Disconnected leaves nothing that waits',
    ({ before, event, step: { effect }, change }) =>
      event.kind !== 'decided' ||
      event.connection.status !== 'Disconnected' ||
      event.isOnlyListed === true ||
      before === undefined ||
      (effect.kind === 'end' &&
        ['withdrawn', 'decided-elsewhere'].includes((change?.request ?? before).state.name)),
  ],
  [
    'a request on hold goes no further before a rule releases it',
    ({ before, event, step: { effect } }) =>
      event.kind !== 'evaluated' ||
      before?.hold === undefined ||
      isReleased(before.hold, event.evaluated.verdict) ||
      effect.kind === 'end' ||
      effect.kind === 'retry-after' ||
      effect.kind === 'count-as-question' ||
      (!isUnfinished(before) && event.evaluated.verdict.outcome === 'escalate') ||
      // Its intent was written before the hold was known, and is taken up again.
      effect.kind === 'read',
  ],
  [
    'a request on hold since an earlier episode is not decided, however it was counted',
    ({ before, event, step: { effect } }) =>
      (event.kind !== 'within-limits' && event.kind !== 'over-limit') ||
      before?.hold === undefined ||
      isUnfinished(before) ||
      isReleased(before.hold, event.evaluated.verdict) ||
      effect.kind === 'end',
  ],
  [
    'what Azure refused by a rule, or by none, is not tried again by the same before its time',
    ({ before, event, moment, change, step }) =>
      event.kind !== 'evaluated' ||
      before === undefined ||
      !isUnfinished(before) ||
      outcomeOf(before) !== undefined ||
      before.refused === undefined ||
      before.refused.rule !==
        (event.evaluated.verdict.decidedBy && nameOfRule(event.evaluated.verdict.decidedBy)) ||
      (before.refused.retryAt !== undefined &&
        !isBetween(secondsFrom(moment.at, before.refused.retryAt), 0.001, hourSeconds + 60)) ||
      event.evaluated.verdict.outcome === 'escalate' ||
      (step.effect.kind === 'end' && (change === undefined || change.request.state.name === 'open')),
  ],
  [
    'another endpoint or other group ids than those evaluated are never approved, rejected or believed',
    ({ event, step: { effect }, change }) => {
      if (event.kind !== 'read' && event.kind !== 'read-back') return true
      if (effect.kind !== 'write' && change?.request.state.name !== 'applied') return true
      const { connection, proof } = event.evaluated
      const { endpoint, groupIds = event.connection.groupIds && proof.groupIds } = connection
      return (
        endpoint?.strictKey === event.connection.endpoint?.strictKey &&
        isDeepStrictEqual(groupIds?.toSorted(), event.connection.groupIds?.toSorted())
      )
    },
  ],
]

/** How often people were notified since the opening, alarms aside. */
function timesSaid({ said }: Pick<Request, 'said'>): number {
  const alarms = ['endpoint-changed', 'shown-late', 'changed-outside']
  return said.reduce((sum, { question, times }) => sum + (alarms.includes(question) ? 0 : times), 0)
}

/** True when both episodes show an endpoint, and not the same one. */
function isOtherEndpoint(before: Request, after: Request): boolean {
  const [a, b] = [endpointIdOf(before.subject), endpointIdOf(after.subject)]
  return a !== undefined && b !== undefined && a.toLowerCase() !== b.toLowerCase()
}

function isBetween(value: number, min: number, max: number): boolean {
  return value >= min && value <= max
}

function secondsFrom(from: string | Date, to: string | Date): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1000
}

/** True when nobody decided in time, and the request stays Pending. */
function isExpiryOnly({ choices }: Request, { kind }: Pick<LogEntry, 'kind'>): boolean {
  return kind === 'expired' && chosenOutcome(choices) === undefined
}

/** True when the question is the same one, in state and record, as before. */
function isSameQuestion(before: Request | undefined, { state, reason, decisionId }: Request): boolean {
  return (
    before?.state.name === 'open' &&
    state.name === 'open' &&
    isDeepStrictEqual(before.state.cause, state.cause) &&
    before.state.notificationId === state.notificationId &&
    before.state.since === state.since &&
    before.decisionId === decisionId &&
    isDeepStrictEqual(before.reason, reason)
  )
}

function isOpenAs({ state }: Request, kind: OpenCause['kind']): boolean {
  return state.name === 'open' && state.cause.kind === kind
}

/** True when the question is about a target in trouble, or a refusal of a decision that was sent again. */
function isOfTrouble(before: Request | undefined, request: Request): boolean {
  const isOfTarget = isOpenAs(request, 'unreadable') || isOpenAs(request, 'azure-fails')
  const isAgain = before?.state.name === 'applying' && before.state.asked !== undefined
  return isOfTarget || (isAgain && isOpenAs(request, 'refused'))
}

/** True when the state of an unfinished request is that old. */
function isOlderThan(before: Request | undefined, { at }: Moment, seconds: number): boolean {
  const state = before?.state
  return (state?.name === 'open' || state?.name === 'applying') && secondsFrom(state.since, at) >= seconds
}

/** True where the opposite of the verdict may be carried out; a time that only a wrong clock can have written is none. */
function mayLandOtherwise(before: Request | undefined, { verdict }: Evaluated, { at }: Moment): boolean {
  return (before?.attempts ?? []).some(
    ({ outcome, mayLandUntil }) =>
      outcome !== verdict.outcome && isBetween(secondsFrom(at, mayLandUntil ?? ''), 0.001, 660),
  )
}

const statusOf = (outcome: WrittenOutcome) => (outcome === 'approve' ? 'Approved' : 'Rejected')

/** True when the description names a decision of this app on the connection, and was written with that status. */
function namesOwn(before: Request, live: Connection): boolean {
  const key = before.decisionId.split('.')[0] ?? ''
  const isByApp = live.description.startsWith(live.status) && live.description.includes(`decision ${key}.`)
  return isByApp || namesAttempt(before, live)
}

/** True when nobody has seen the end of an attempt that has this status. */
function hasUnknownEnd({ attempts }: Request, { status }: Connection): boolean {
  return attempts.some(
    ({ outcome, mayLandUntil }) => status === statusOf(outcome) && mayLandUntil !== undefined,
  )
}

/** True for the endpoint and the group ids of the record. */
function isRecorded({ subject, groupIds }: Request, live: Connection): boolean {
  return (
    endpointIdOf(subject) === live.endpoint?.id &&
    (live.groupIds === undefined || isDeepStrictEqual(live.groupIds, groupIds))
  )
}

/** True when the description names a decision of this app that had this outcome. */
function namesAttempt({ attempts }: Request, { status, description }: Connection): boolean {
  return attempts.some(
    ({ decisionId, outcome }) =>
      status === (outcome === 'approve' ? 'Approved' : 'Rejected') &&
      description.split(/[ ,]/).includes(decisionId),
  )
}

/** The sentences of the laws that are broken. */
export function broken<T>(laws: readonly Law<T>[], taken: T): readonly string[] {
  return laws.filter(([, holds]) => !holds(taken)).map(([sentence]) => sentence)
}

/** For an entry that was read from the log: the laws of one chain. */
export function brokenInLog(entries: readonly LogEntry[]): readonly string[] {
  const problems: string[] = []
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1]
    if (entry.sequence !== index + 1) problems.push(`entry ${index + 1} has the sequence ${entry.sequence}`)
    if (
      entry.kind === 'result' &&
      entry.state === 'applied' &&
      !entries
        .slice(0, index)
        .some(({ kind, decisionId }) => kind === 'intent' && decisionId === entry.decisionId)
    )
      problems.push(`entry ${entry.sequence} is a result without an intent`)
    if (before && entry.episode < before.episode)
      problems.push(`entry ${entry.sequence} goes back to an older episode`)
  }
  return problems
}
