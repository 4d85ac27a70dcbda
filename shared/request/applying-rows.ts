import type { Request } from '../domain/request.ts'
import type { Words } from '../domain/words.ts'
import { type Connection, isPending } from '../domain/connection.ts'
import { deferred, endpointChanged, notCarriedOut, refused } from './drafts.ts'
import { evaluatedGroupIds, hidesGroupIds, isOtherGroupIds, isSameEndpoint } from './identity.ts'
import { attemptsAfter, landingSeconds } from './attempts.ts'
import { deadlineSeconds, isPastDeadline, untilNextCheck, untilNextTry } from './deadline.ts'
import type { EventKind, Evaluated, Moment } from './step.ts'
import { type At, type DraftParts, type EventOf, type Row, row } from './table.ts'
import { later } from './times.ts'

interface Busy<K extends EventKind> {
  readonly when: string
  readonly holds?: (request: At<'applying'>, event: EventOf<K>) => boolean
  /** What Azure is doing, or why it does nothing. */
  readonly words: (event: EventOf<K>) => Words
}

interface Unsent<K extends EventKind> extends Busy<K> {
  /** Seconds that Azure asked for. */
  readonly askedSeconds?: (event: EventOf<K>) => number
  /** True when Azure has taken the decision: in a retry of a refusal, that is no failure. */
  readonly isTaken?: boolean
}

/**
 * The decision is sent again unless it turns out to be carried out, each time later, and each time logged. After the
 * deadline somebody is notified, with the words of Azure; for the retry of a question that is open, it has passed.
 */
export function sentAgain<K extends EventKind>(on: K, unsent: Unsent<K>): readonly Row[] {
  const { when, holds = () => true, words, askedSeconds = () => 0, isTaken } = unsent
  const isKnown = ({ state }: At<'applying'>) => !isTaken && state.asked !== undefined
  return [
    pastDeadline(on, unsent, isKnown),
    row(['applying'], on, {
      when,
      holds,
      writes: {
        entry: 'deferred',
        to: 'applying',
        draft: (request, event, { at }) =>
          deferred(request, words(event), later(at, untilNextTry(request, at, askedSeconds(event)))),
      },
      effect: 'retry-after',
      afterSeconds: (request, event, { at }) => {
        const seconds = untilNextTry(request, at, askedSeconds(event))
        return untilNextRead(seconds, { ...request, attempts: attemptsAfter(request, event, at) }, at)
      },
    }),
  ]
}

/**
 * Azure took the decision and is not done with it: recorded once, and checked at growing intervals. After the deadline
 * somebody is notified.
 */
export function awaited<K extends EventKind>(on: K, busy: Busy<K>): readonly Row[] {
  const { when, holds = () => true, words } = busy
  return [
    pastDeadline(on, busy),
    row(['applying'], on, {
      when: `${when}, for the first time`,
      holds: (request, event) => holds(request, event) && request.state.notBefore === undefined,
      writes: {
        entry: 'deferred',
        to: 'applying',
        draft: (request, event, { at }) => deferred(request, words(event), later(at, landingSeconds)),
      },
      effect: 'retry-after',
      afterSeconds: (request, _, { at }) => untilNextCheck(request, at),
    }),
    row(['applying'], on, {
      when,
      holds,
      effect: 'retry-after',
      afterSeconds: (request, _, { at }) => untilNextCheck(request, at),
    }),
  ]
}

/** `isKnown`: true where somebody knows of it already: there is no further deadline. */
function pastDeadline<K extends EventKind>(
  on: K,
  { when, holds = () => true, words }: Busy<K>,
  isKnown: (request: At<'applying'>) => boolean = () => false,
): Row {
  const late = `for ${deadlineSeconds / 60} min`
  return row(['applying'], on, {
    when: when === '' ? late : `${when}, ${late}`,
    holds: (request, event, { at }) =>
      holds(request, event) && (isKnown(request) || isPastDeadline(request, at)),
    writes: {
      entry: 'result',
      to: 'open',
      draft: (request, event, { at }) => notCarriedOut(request, words(event), at),
    },
    effect: 'end',
  })
}

/** Seconds until the next pass: before the next try where a write whose end nobody saw may have been carried out. */
export function untilNextRead(seconds: number, request: At<'applying'>, at: Date): number {
  const mayHaveLanded = request.attempts.some(
    ({ decisionId, mayLandUntil }) => decisionId === request.decisionId && mayLandUntil !== undefined,
  )
  return Math.max(1, mayHaveLanded ? Math.min(seconds, untilNextCheck(request, at)) : seconds)
}

interface Refusal<K extends EventKind> {
  readonly when?: string
  readonly holds?: (request: At<'applying'>, event: EventOf<K>) => boolean
  readonly words: (event: EventOf<K>) => Words
  /** True when the cause may be over later: the decision is sent again then. */
  readonly passes: (event: EventOf<K>) => boolean
}

/** Azure refuses a decision, or did not carry it out. */
export function refusedRow<K extends EventKind>(
  on: K,
  { when = '', holds = () => true, words, passes }: Refusal<K>,
): Row {
  return row(['applying'], on, {
    when,
    holds,
    writes: {
      entry: 'result',
      to: 'open',
      draft: (request, event, { at }) => refused(request, words(event), passes(event), at),
    },
    effect: 'end',
  })
}

/** The connection has another endpoint than the evaluated one. */
export function otherThanEvaluated(on: 'read' | 'read-back'): Row {
  return row(['applying'], on, {
    when: 'another endpoint, or other group ids, than were evaluated',
    holds: (request, event) => isOtherThan(request, event),
    writes: { entry: 'abandoned', to: 'open', draft: (request) => endpointChanged(request) },
    effect: 'end',
  })
}

interface Alarm<K extends EventKind> {
  readonly when: string
  readonly holds: (request: At<'open' | 'applying'>, event: EventOf<K>, moment: Moment) => boolean
  readonly draft: (request: At<'open' | 'applying'>, event: EventOf<K>, moment: Moment) => DraftParts<'open'>
}

/** Something that people must be notified of: an open request is a new question, and what is being applied is given up. */
export function alarmRows<K extends EventKind>(on: K, { when, holds, draft }: Alarm<K>): readonly Row[] {
  return [
    row(['open'], on, {
      when,
      holds,
      writes: { entry: 'escalated', to: 'open', draft },
      effect: 'end',
    }),
    row(['applying'], on, {
      when,
      holds,
      writes: { entry: 'abandoned', to: 'open', draft },
      effect: 'end',
    }),
  ]
}

interface Reading {
  readonly evaluated: Evaluated
  readonly connection: Connection
}

/** True when a read shows group ids where the list showed none, and others than those that were evaluated, or unknown ones. */
export function isLeftOut(request: Request, reading: Reading): boolean {
  const { evaluated, connection } = reading
  const before = evaluatedGroupIds(evaluated) ?? request.groupIds
  const isOther = before === undefined || isOtherGroupIds(before, connection.groupIds)
  const isShown = evaluated.connection.groupIds === undefined && connection.groupIds !== undefined
  return isShown && isOther && isPending(connection) && isOnSameEndpoint(request, reading)
}

function isOtherThan(request: Request, reading: Reading): boolean {
  const { evaluated, connection } = reading
  const before = evaluatedGroupIds(evaluated) ?? request.groupIds
  const isHiding = hidesGroupIds(evaluated.connection, connection)
  return isHiding || !isOnSameEndpoint(request, reading) || isOtherGroupIds(before, connection.groupIds)
}

function isOnSameEndpoint(request: Request, { evaluated, connection }: Reading): boolean {
  return (
    isSameEndpoint(request, connection) &&
    evaluated.connection.endpoint?.strictKey === connection.endpoint?.strictKey
  )
}
