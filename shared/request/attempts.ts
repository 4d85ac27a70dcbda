import type { Attempt, Request } from '../domain/request.ts'
import type { EventKind, LifeEvent } from './step.ts'
import { isToCome, later } from './times.ts'

/** How long an opposite decision waits for a write whose end nobody saw: many times what Azure takes to respond to one. */
export const landingSeconds = 600
/** Seconds until the next check whether a write without a response was carried out. */
export const landingCheckSeconds = 60
/** Many more than Azure can still have on their way. */
const maxAttempts = 8

/** True while Azure may still carry the attempt out. */
export function mayLand({ mayLandUntil }: Attempt, at: Date): boolean {
  return mayLandUntil !== undefined && isToCome(mayLandUntil, at)
}

/** One more attempt, which is about to be sent. Whoever sends it may die before its end is known. */
export function attempted(
  before: readonly Attempt[],
  attempt: Omit<Attempt, 'mayLandUntil'>,
  at: Date,
): readonly Attempt[] {
  const settled = before.filter((one) => one.decisionId === attempt.decisionId && !mayLand(one, at))
  // One of the same decision is enough: best one whose end nobody saw.
  const kept = settled.findLast(({ mayLandUntil }) => mayLandUntil !== undefined) ?? settled.at(-1)
  const others = before.filter((one) => one === kept || !settled.includes(one))
  return newest([...others, { ...attempt, mayLandUntil: landingFrom(at) }], at)
}

/** The oldest that nothing can become of goes first. */
function newest(attempts: readonly Attempt[], at: Date): readonly Attempt[] {
  if (attempts.length <= maxAttempts) return attempts
  const over = attempts.findIndex((attempt) => !mayLand(attempt, at))
  return attempts.toSpliced(Math.max(over, 0), 1)
}

function landingFrom(at: Date): string {
  return later(at, landingSeconds).toISOString()
}

/**
 * What an event says of the last attempt: `unsent`: nothing was sent, and it is no attempt; `over`: Azure will not carry it
 * out, as it was not taken; `may-land`: nobody has seen its end. The pass that reads around a write has recorded the
 * attempt itself, so that nobody else can have sent it.
 */
const fates: Partial<Readonly<Record<EventKind, 'unsent' | 'over' | 'may-land'>>> = {
  read: 'unsent',
  busy: 'over',
  contradicted: 'over',
  refused: 'over',
  'still-there': 'over',
  unanswered: 'may-land',
  accepted: 'may-land',
}

/** The attempts after an event. `isInForce`: Azure shows the decision, which stays remembered whoever sent it. */
export function attemptsAfter(
  { state, attempts }: Request,
  event: LifeEvent,
  at: Date,
  isInForce = false,
): readonly Attempt[] {
  const isUnsent = event.kind === 'decided' && event.isUnsent === true
  const isOver = isInForce && (event.kind === 'read-back' || isUnsent)
  const fate = isOver ? 'over' : isUnsent ? 'unsent' : fates[event.kind]
  if (fate === undefined || state.name !== 'applying') return attempts
  if (fate === 'unsent') return attempts.slice(0, -1)
  const mayLandUntil = fate === 'over' ? undefined : landingFrom(at)
  return attempts.map((attempt, index) =>
    index === attempts.length - 1 ? { ...attempt, mayLandUntil } : attempt,
  )
}
