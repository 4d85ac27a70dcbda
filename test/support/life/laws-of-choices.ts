import { isDeepStrictEqual } from 'node:util'
import type { Choice } from '../../../shared/domain/choice.ts'
import { endpointIdOf, isUnfinished, type Request } from '../../../shared/domain/request.ts'
import type { Evaluated } from '../../../shared/request/step.ts'
import type { Changed, Law, Taken } from './law.ts'

const lower = (text: string | undefined) => text?.toLowerCase()
const people = (choices: readonly Choice[]) => new Set(choices.map(({ person }) => lower(person?.objectId)))
const secondsFrom = (from: string, to: Date) => (to.getTime() - Date.parse(from)) / 1000

/** What people chose, by a count of its own. */
export function outcomeOf(request: Request | undefined): Choice['outcome'] | undefined {
  const choices = request?.choices ?? []
  if (choices.some(({ outcome }) => outcome === 'reject')) return 'reject'
  const isComplete = choices.length > 0 && choices.every(({ required }) => people(choices).size >= required)
  return isComplete ? 'approve' : undefined
}

/** True where nobody chose in time, and the rule rejects for that. */
function isByNobody(request: Request | undefined): boolean {
  return request?.choices.some(({ person }) => person === undefined) ?? false
}

/** What is to be sent by a verdict: what people chose, unless a rule denies it; with the rule that decides. */
export function toBeSent(before: Request, { verdict }: Evaluated) {
  const outcome = outcomeOf(before)
  const isOverruled = isByNobody(before)
    ? verdict.outcome !== 'escalate'
    : outcome === 'approve' && verdict.outcome === 'reject'
  return outcome !== undefined && !isOverruled ? { outcome, decidedBy: undefined } : verdict
}

/** A question of an earlier version, without an expiry, gets one with whatever is written of it. */
export function withoutNewExpiry(request: Request, before: Request | undefined): Request {
  if (request.state.name !== 'open' || before?.state.name !== 'open') return request
  if (before.state.expiresAt !== undefined) return request
  const { name, cause, notificationId, since } = request.state
  return { ...request, state: { name, cause, notificationId, since } }
}

/** True where it was decided after the last notification: whoever chose believes that it is. */
export function isChosenSinceSaid(request: Request | undefined): boolean {
  const saidAt = request?.said.at(-1)?.at
  const isNewer = ({ at }: Choice) => saidAt === undefined || Date.parse(at) > Date.parse(saidAt)
  return outcomeOf(request) !== undefined && request?.choices.some(isNewer) === true
}

/** True where Azure has refused what people chose, and none of them has chosen since. */
function isRefusedSince({ refused, choices }: Request): boolean {
  return refused !== undefined && choices.every(({ at }) => Date.parse(at) <= Date.parse(refused.since))
}

/** True when this person was shown what is there now. */
function wasShown(before: Request, { outcome, shown }: Choice, { connection, proof }: Evaluated): boolean {
  const groupIds = connection.groupIds ?? proof.groupIds
  const isSame =
    lower(endpointIdOf(before.subject)) === lower(connection.endpoint?.id) &&
    isDeepStrictEqual(before.groupIds, groupIds) &&
    before.requesterSaid === connection.description
  if (!isSame || outcome === 'reject') return isSame
  return proof.level === 'confirmed'
    ? shown.requesterId === undefined || lower(shown.requesterId) === lower(proof.requester?.id.id)
    : shown.proof === proof.level &&
        shown.refusals[0] === proof.refusals[0]?.code &&
        proof.refusals.every(({ code }) => shown.refusals.includes(code))
}

/** Laws of writes to the ledger, about what people chose. */
export const lawsOfChangedChoices: readonly Law<Changed>[] = [
  [
    'a choice never changes what people were notified of, nor what was decided',
    ({ before, change: { request, entry, notification } }) =>
      entry.kind !== 'chosen' ||
      (notification === undefined &&
        isDeepStrictEqual({ ...withoutNewExpiry(request, before), choices: [] }, { ...before, choices: [] })),
  ],
  [
    'choices end with their episode, and with a decision that is not theirs',
    ({ before, change: { request } }) =>
      before === undefined ||
      request.choices.length === 0 ||
      (before.episode === request.episode &&
        (isUnfinished(request) ||
          (request.state.name === 'applied' && request.state.outcome === outcomeOf(request)))),
  ],
  [
    'only people choose, or an expiry without a person, and nobody twice: a rejection stands alone',
    ({ before, change: { request, entry } }) => {
      const added = request.choices.filter(
        (one) => !before?.choices.some((earlier) => isDeepStrictEqual(earlier, one)),
      )
      const isChoosing = entry.kind === 'chosen' || entry.kind === 'expired'
      return (
        added.length <= (isChoosing ? 1 : 0) &&
        added.every(({ person }) => (person === undefined) === (entry.kind === 'expired')) &&
        people(request.choices).size === request.choices.length &&
        (request.choices.length < 2 || request.choices.every(({ outcome }) => outcome === 'approve'))
      )
    },
  ],
  [
    'people whose decision is given up are notified of that, once',
    ({ before, change: { request, notification } }) =>
      outcomeOf(before) === undefined ||
      request.state.name !== 'open' ||
      request.choices.length > 0 ||
      notification !== undefined,
  ],
  [
    'what is applied in the name of people is what they chose, all of them; its attempt says so',
    ({ before, change: { request, entry } }) => {
      if (entry.kind !== 'intent' || request.state.name !== 'applying') return true
      const isByPerson = entry.actor.kind === 'person'
      return (
        isByPerson === (request.attempts.at(-1)?.isByPerson === true) &&
        (!isByPerson || request.state.outcome === outcomeOf(before))
      )
    },
  ],
]

/** Laws of steps, about what people chose. */
export const lawsOfChosenSteps: readonly Law<Taken>[] = [
  [
    'nothing is sent for people who were shown something else',
    ({ before, event, step: { draft, effect } }) => {
      if (event.kind !== 'evaluated' || before === undefined || outcomeOf(before) === undefined) return true
      const isTheirs = effect.kind === 'read' && draft?.kind === 'intent'
      return (
        !isTheirs ||
        (event.evaluated.connection.status === 'Pending' &&
          before.choices.every((choice) => wasShown(before, choice, event.evaluated)))
      )
    },
  ],
  [
    'an approval by people needs as many of them as were required then and are now, each by an approver that the rule names now',
    ({ before, event, step: { effect } }) => {
      if (event.kind !== 'evaluated' || before?.choices.length === 0 || effect.kind !== 'read') return true
      const { verdict } = event.evaluated
      if (before === undefined || verdict.outcome !== 'escalate' || outcomeOf(before) === 'reject')
        return true
      const { requiredApprovals = 1, approvers = [] } = verdict.terms ?? {}
      const isNamed = ({ through }: Choice) => approvers.map(lower).includes(lower(through))
      return (
        outcomeOf(before) === 'approve' &&
        people(before.choices).size >= requiredApprovals &&
        (approvers.length === 0 || before.choices.every(isNamed))
      )
    },
  ],
  [
    'what was chosen more than eight days ago is not sent',
    ({ before, event, moment, step: { effect } }) => {
      if (event.kind !== 'evaluated' || before === undefined || effect.kind !== 'read') return true
      const lastAt = before.choices
        .map(({ at }) => at)
        .toSorted()
        .at(-1)
      const isTheirs = toBeSent(before, event.evaluated).decidedBy === undefined
      return lastAt === undefined || !isTheirs || secondsFrom(lastAt, moment.at) < 8 * 24 * 3600
    },
  ],
  [
    'nobody approves a request of their own',
    ({ before, event, step: { effect } }) =>
      event.kind !== 'evaluated' ||
      effect.kind !== 'read' ||
      outcomeOf(before) !== 'approve' ||
      !event.askers?.some((asker) => people(before?.choices ?? []).has(lower(asker))),
  ],
  [
    'a rule that denies wins over an approval that was chosen before, and one that may deny is shown first',
    ({ before, event, step: { effect } }) => {
      if (event.kind !== 'evaluated' || outcomeOf(before) !== 'approve' || effect.kind !== 'read') return true
      const { outcome, reason } = event.evaluated.verdict
      const isShown = before?.choices.every(({ shown }) => shown.code === 'may-be-denied')
      return outcome !== 'reject' && (reason.code !== 'may-be-denied' || isShown === true)
    },
  ],
  [
    'a rejection by a person wins over a rule that allows',
    ({ before, event, step: { draft, effect } }) =>
      event.kind !== 'evaluated' ||
      before === undefined ||
      !isUnfinished(before) ||
      isByNobody(before) ||
      outcomeOf(before) !== 'reject' ||
      (effect.kind !== 'count' &&
        (draft?.kind !== 'intent' || (draft.state.name === 'applying' && draft.state.outcome === 'reject'))),
  ],
  [
    'a rejection for want of a decision gives way to a rule that decides',
    ({ before, event, step: { draft } }) =>
      event.kind !== 'evaluated' ||
      !isByNobody(before) ||
      event.evaluated.verdict.outcome === 'escalate' ||
      draft?.reason.code !== 'expired',
  ],
  [
    'a complete choice is evaluated by each pass, until Azure refuses it',
    ({ before, event, moment, step: { effect } }) => {
      if (event.kind !== 'waiting' || before?.state.name !== 'open' || moment.isFollowed) return true
      if (outcomeOf(before) === undefined || isRefusedSince(before)) return true
      return ['confirm', 'evaluate', 'see-again'].includes(effect.kind)
    },
  ],
  [
    'a complete choice is never left silent: it is sent, tried again for half an hour at most, or people are notified',
    ({ before, event, moment, step: { effect }, change }) => {
      if (event.kind !== 'evaluated' && event.kind !== 'over-limit') return true
      if (before === undefined || !isUnfinished(before)) return true
      const outcome = outcomeOf(before)
      if (outcome === undefined || (before.state.name === 'open' && isRefusedSince(before))) return true
      if (effect.kind === 'end') return change?.notification !== undefined
      if (effect.kind !== 'retry-after') return true
      const lastAt =
        before.choices
          .map(({ at }) => at)
          .sort()
          .at(-1) ?? ''
      const mayLand = before.attempts.some((one) => one.mayLandUntil !== undefined)
      return effect.afterSeconds <= 600 && (mayLand || secondsFrom(lastAt, moment.at) < 1800)
    },
  ],
  [
    'what Azure refused of people is not sent again before its time, unless somebody has chosen since',
    ({ before, event, moment, step: { draft, effect } }) => {
      if (event.kind !== 'evaluated' || before?.state.name !== 'open' || effect.kind !== 'read') return true
      const { refused } = before
      if (draft?.actor.kind !== 'person' || refused?.rule !== undefined || !isRefusedSince(before))
        return true
      return refused?.retryAt !== undefined && Date.parse(refused.retryAt) <= moment.at.getTime()
    },
  ],
  [
    'what Azure shows against a choice is not taken for it',
    ({ before, event, change }) =>
      event.kind !== 'decided' ||
      before?.state.name !== 'open' ||
      change?.request.state.name !== 'applied' ||
      (outcomeOf(before) ?? change.request.state.outcome) === change.request.state.outcome,
  ],
]
