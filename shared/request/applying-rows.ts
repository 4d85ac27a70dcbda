import type { Request } from '../domain/request.ts'
import type { Connection } from '../domain/connection.ts'
import { secondsBetween } from './conditions.ts'
import { deferred, endpointChanged, refused } from './drafts.ts'
import { isSameEndpoint, isSameGroupIds } from './identity.ts'
import type { EventKind, Evaluated, Moment } from './step.ts'
import { type At, type DraftParts, type EventOf, type Row, row } from './table.ts'

/** Seconds until the next check whether Azure has finished. */
export const finishingSeconds = 3
/** How long Azure may take to apply a decision. */
const applyDeadlineSeconds = 1800

interface Busy<K extends EventKind> {
  readonly when: string
  readonly holds?: (request: At<'applying'>, event: EventOf<K>) => boolean
  readonly afterSeconds?: (event: EventOf<K>) => number
  readonly sentence: (event: EventOf<K>) => string
}

/**
 * Azure is busy with a decision, or not done with it: recorded once, checked again at growing intervals, and refused
 * after the deadline.
 */
export function whileBusy<K extends EventKind>(on: K, busy: Busy<K>): readonly Row[] {
  const { when, holds = () => true, afterSeconds = () => finishingSeconds, sentence } = busy
  const also = (words: string) => (when === '' ? words : `${when}, ${words}`)
  return [
    row(['applying'], on, {
      when: also('for the first time'),
      holds: (request, event) => holds(request, event) && request.state.busySince === undefined,
      writes: {
        entry: 'deferred',
        to: 'applying',
        draft: (request, event, moment) => deferred(request, sentence(event), moment),
      },
      effect: 'retry-after',
      afterSeconds: (_, event) => afterSeconds(event),
    }),
    row(['applying'], on, {
      when: also(`for more than ${applyDeadlineSeconds / 60} min`),
      holds: (request, event, moment) =>
        holds(request, event) && busySeconds(request, moment) > applyDeadlineSeconds,
      writes: {
        entry: 'result',
        to: 'open',
        draft: (request) => refused(request, 'it was still busy after half an hour'),
      },
      effect: 'end',
    }),
    row(['applying'], on, {
      when,
      holds,
      effect: 'retry-after',
      afterSeconds: (request, event, moment) =>
        Math.max(afterSeconds(event), Math.ceil(busySeconds(request, moment) / 10)),
    }),
  ]
}

function busySeconds({ state }: At<'applying'>, { at }: Moment): number {
  return secondsBetween(state.busySince ?? at.toISOString(), at)
}

interface Refusal<K extends EventKind> {
  readonly when?: string
  readonly holds?: (request: At<'applying'>, event: EventOf<K>) => boolean
  readonly what: (event: EventOf<K>) => string
}

/** Azure refuses a decision for good, or did not carry it out. */
export function refusedRow<K extends EventKind>(
  on: K,
  { when = '', holds = () => true, what }: Refusal<K>,
): Row {
  return row(['applying'], on, {
    when,
    holds,
    writes: { entry: 'result', to: 'open', draft: (request, event) => refused(request, what(event)) },
    effect: 'end',
  })
}

/** The connection has another endpoint than the evaluated one. */
export function otherThanEvaluated(on: 'read' | 'read-back'): Row {
  return row(['applying'], on, {
    when: 'another endpoint, or other group ids, than were evaluated',
    holds: (request, event) => isOtherThan(event, request),
    writes: { entry: 'abandoned', to: 'open', draft: endpointChanged },
    effect: 'end',
  })
}

interface Alarm<K extends EventKind> {
  readonly when: string
  readonly holds: (request: At<'open' | 'applying'>, event: EventOf<K>) => boolean
  readonly draft: (event: EventOf<K>) => DraftParts<'open'>
}

/** Something that people must be notified of: an open request is a new question, and what is being applied is given up. */
export function alarmRows<K extends EventKind>(on: K, { when, holds, draft }: Alarm<K>): readonly Row[] {
  return [
    row(['open'], on, {
      when,
      holds,
      writes: { entry: 'escalated', to: 'open', draft: (_, event) => draft(event) },
      effect: 'end',
    }),
    row(['applying'], on, {
      when,
      holds,
      writes: { entry: 'abandoned', to: 'open', draft: (_, event) => draft(event) },
      effect: 'end',
    }),
  ]
}

interface Reading {
  readonly evaluated: Evaluated
  readonly connection: Connection
}

function isOtherThan({ evaluated, connection }: Reading, request: Request): boolean {
  const before = evaluated.connection
  const isSame =
    isSameEndpoint(request, connection) &&
    before.endpoint?.strictKey === connection.endpoint?.strictKey &&
    isSameGroupIds(before, connection)
  return !isSame
}
