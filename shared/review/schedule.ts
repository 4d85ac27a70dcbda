import type { DatedId, ScheduleTimings, Series, ShownId, WorkState } from '../domain/target-work.ts'
import type { ReviewMessage } from '../ports/queue.ts'
import type { WorkChange } from '../ports/work.ts'
import type { LeftOfPass } from './left-of-pass.ts'

/**
 * The connection appears seconds to minutes after its event (scripts in use wait 30 to 90 s), its requester may show it
 * as waiting later still, and others of the same batch may follow.
 */
export const defaultTimings: ScheduleTimings = {
  passWaitSeconds: [1, 2, 4, 8, 15, 30, 60],
  leaseSeconds: 20,
  renewSeconds: 5,
  overdueGraceSeconds: 60,
  spareSeconds: 15,
  maxWaitSeconds: 240,
  listKnownSeconds: 15,
  clockSlackSeconds: 0.5,
}

/** The attempt of the last pass of a series. */
export const lastAttempt = defaultTimings.passWaitSeconds.length

/** The timings divided by a factor, with the same proportions. */
export function spedUp(timings: ScheduleTimings, speed: number): ScheduleTimings {
  const [a, b, c, d, e, f, g] = timings.passWaitSeconds
  return {
    passWaitSeconds: [a / speed, b / speed, c / speed, d / speed, e / speed, f / speed, g / speed],
    leaseSeconds: timings.leaseSeconds / speed,
    renewSeconds: timings.renewSeconds / speed,
    overdueGraceSeconds: timings.overdueGraceSeconds / speed,
    spareSeconds: timings.spareSeconds / speed,
    maxWaitSeconds: timings.maxWaitSeconds / speed,
    listKnownSeconds: timings.listKnownSeconds / speed,
    clockSlackSeconds: timings.clockSlackSeconds,
  }
}

/** When something is decided, and by which clocks. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly timings: ScheduleTimings
}

/** One pass of the series that runs at a target. */
export interface SeriesPass {
  /** How many passes came before this one; restarting a series never raises it. */
  readonly attempt: number
  /** True when a notification is overdue, because new events restarted the series. */
  readonly hasWaitedLong: boolean
  /** See `Series.isFromEndpoint`. */
  readonly isFromEndpoint: boolean
  /** See `Series.passNumber`. */
  readonly passNumber?: number | undefined
  /** See `Series.conflicts`. */
  readonly conflicts?: number | undefined
  /** See `Series.trouble`. */
  readonly trouble?: readonly DatedId[] | undefined
  /** True when open requests are evaluated again although nothing about them has changed. */
  readonly isRecheck: boolean
  /** See `Series.evaluatedBy`. */
  readonly evaluatedBy?: string | undefined
  /** See `Series.shown`. */
  readonly shown?: readonly ShownId[] | undefined
}

/** A pass that a review sends after itself. */
export interface NextPass {
  readonly attempt: number
  readonly afterSeconds: number
  /** True when Azure asked to wait: no pass may be earlier, unless `waitSeconds` are over. */
  readonly notSooner: boolean
  /** How long Azure asked to wait, where the next pass comes much later. */
  readonly waitSeconds?: number | undefined
  /** See `Series.passNumber`. */
  readonly passNumber?: number | undefined
  /** See `Series.conflicts`. */
  readonly conflicts?: number | undefined
  /** See `Series.trouble`. */
  readonly trouble?: readonly DatedId[] | undefined
  /** Seconds until open requests are evaluated again; left out: none is open. */
  readonly recheckSeconds?: number | undefined
  /** See `Series.evaluatedBy`. */
  readonly evaluatedBy?: string | undefined
  /** See `Series.shown`. */
  readonly shown?: readonly ShownId[] | undefined
  /** True when the series has ended, and only open requests are evaluated again. */
  readonly isResting?: boolean
  /** True when the pass before could list the target: see `LeftOfPass.isListed`. */
  readonly isListed?: boolean | undefined
}

/** A request for a pass. */
export type AskedPass = Pick<ReviewMessage, 'attempt' | 'isFollowUp' | 'isFromEndpoint' | 'passNumber'>

/**
 * - `begun`: the caller holds the lease.
 * - `busy`: another review holds it, and makes one more pass.
 * - `superseded`: another pass, which is on its way, replaces this one.
 */
export type Begun =
  | { readonly kind: 'begun'; readonly pass: SeriesPass }
  | { readonly kind: 'busy' }
  | { readonly kind: 'superseded' }

/** `again`: one more pass was requested, and the lease is kept for it. */
export type Finished = { readonly kind: 'again'; readonly pass: SeriesPass } | { readonly kind: 'ended' }

export type Renewed = 'renewed' | 'lost'

/** `attempt`: of the pass to send. */
export type Claimed =
  | { readonly kind: 'claimed'; readonly attempt: number; readonly isFromEndpoint: boolean }
  | { readonly kind: 'not-due' }

/** A target that is overdue gets a message about every half hour at least. */
const maxDoublings = 5

const busy = { kind: 'busy' } as const
const superseded = { kind: 'superseded' } as const
const ended = { kind: 'ended' } as const

/** True while another pass of the series is certain to come, so that a question may wait for it. */
export function isFollowed({ attempt, hasWaitedLong }: SeriesPass): boolean {
  return attempt < lastAttempt && !hasWaitedLong
}

/**
 * A review starts a pass. While the lease is held, or Azure asked to wait, it records a request for one more pass
 * instead. A follow-up of an older event than the newest is superseded: each target has one series, and at rest one
 * message. An event restarts a waiting series; a request for fewer passes never shortens it.
 */
export function begin(
  state: WorkState | undefined,
  asked: AskedPass,
  holder: string,
  moment: Moment,
): WorkChange<Begun> {
  const isHeld = state?.kind === 'held' && state.leaseUntil > moment.at
  if (asked.isFollowUp && (isHeld || !isOfSeries(asked, state, moment))) {
    return { write: 'keep', result: superseded }
  }
  if (isHeld) return withWord(state, asked, busy)
  if (state?.kind === 'backoff' && state.notBefore > moment.at)
    return withWord(untilWaitEnds(state, moment), asked, superseded)
  const series = seriesOf(state, asked, moment)
  return { write: held(series, holder, moment), result: { kind: 'begun', pass: passOf(series, moment) } }
}

/** True for the message that the series has sent last. At rest that is the one for the recheck: it never comes before. */
function isOfSeries(
  { attempt, passNumber = 0 }: AskedPass,
  state: WorkState | undefined,
  moment: Moment,
): boolean {
  if (state?.series.attempt !== attempt || (state.series.passNumber ?? 0) !== passNumber) return false
  return state.kind !== 'resting' || isRecheckDue(state.series, moment)
}

function seriesOf(state: WorkState | undefined, asked: AskedPass, moment: Moment): Series {
  if (!state) return newSeries(asked, moment)
  return state.kind === 'resting' && !asked.isFollowUp
    ? newSeriesAfter(state, asked, moment)
    : continued(state, asked, moment)
}

/** The holder is alive. */
export function renew(state: WorkState | undefined, holder: string, moment: Moment): WorkChange<Renewed> {
  if (!isHeldBy(state, holder)) return { write: 'keep', result: 'lost' }
  return { write: held(state.series, holder, moment), result: 'renewed' }
}

/**
 * The holder has made a pass, and requests the next one or none. If one more pass was requested meanwhile, it follows
 * at once; when Azure asked to wait, the request is kept until then. A holder that has lost the lease changes nothing.
 */
export function finish(
  state: WorkState | undefined,
  holder: string,
  pass: SeriesPass,
  next: NextPass | undefined,
  moment: Moment,
): WorkChange<Finished> {
  if (!isHeldBy(state, holder)) return { write: 'keep', result: ended }
  const { word, attempt } = state.series
  // Of a pass that could read nothing, nobody was notified.
  const hasNotified = !isFollowed(pass) && !next?.notSooner
  const since = hasNotified ? undefined : state.series.since
  const left = {
    conflicts: next?.conflicts,
    trouble: next?.trouble,
    recheckAt: next?.recheckSeconds === undefined ? undefined : after(moment, next.recheckSeconds),
    evaluatedBy: next?.evaluatedBy,
    shown: next?.shown,
    isFromEndpoint: isFromEndpointAfter(state.series, next),
  }
  if (word && !next?.notSooner) {
    const series = {
      ...state.series,
      ...{ since: since ?? moment.at, attempt: Math.min(word.attempt, attempt), word: undefined, ...left },
    }
    return { write: held(series, holder, moment), result: { kind: 'again', pass: passOf(series, moment) } }
  }
  if (!next) return { write: 'remove', result: ended }
  const { passNumber } = next
  const series = { ...state.series, since, attempt: next.attempt, passNumber, ...left }
  return { write: waiting(series, next, moment), result: ended }
}

/** The holder failed: its series is kept, with what the pass has left and any requested pass, and becomes overdue. */
export function abandon(
  state: WorkState | undefined,
  holder: string,
  moment: Moment,
  left: LeftOfPass = {},
): WorkChange<undefined> {
  if (!isHeldBy(state, holder)) return { write: 'keep', result: undefined }
  const { overdueGraceSeconds, spareSeconds } = moment.timings
  const dueAt = after(moment, overdueGraceSeconds + spareSeconds)
  const { trouble = state.series.trouble } = left
  const isFromEndpoint = isFromEndpointAfter(state.series, left)
  const series = { ...state.series, isFromEndpoint, trouble: trouble?.length ? trouble : undefined }
  return { write: { kind: 'due', series, dueAt }, result: undefined }
}

/** An endpoint may name a target of another tenant; one whose connections can be listed is ours. */
function isFromEndpointAfter({ isFromEndpoint }: Series, left: LeftOfPass | undefined): boolean {
  return isFromEndpoint && !left?.isListed
}

/** Puts the target on the list of open work. A holder needs no such thing, and Azure's wait is not shortened. */
export function postpone(
  state: WorkState | undefined,
  { isFromEndpoint }: Pick<AskedPass, 'isFromEndpoint'>,
  afterSeconds: number,
  moment: Moment,
): WorkChange<undefined> {
  const dueAt = after(moment, afterSeconds)
  switch (state?.kind) {
    case 'held':
      return { write: 'keep', result: undefined }
    case 'backoff':
      return { write: { ...state, dueAt: Math.max(state.dueAt, dueAt) }, result: undefined }
    case 'due':
      return { write: { ...state, dueAt }, result: undefined }
    case 'resting':
    case undefined: {
      const series = seriesOf(state, { attempt: 0, isFollowUp: false, isFromEndpoint }, moment)
      return { write: { kind: 'due', series, dueAt }, result: undefined }
    }
  }
}

/** True when its holder died, or its time has come and no pass came. */
export function isOverdue(state: WorkState, at: number): boolean {
  return (state.kind === 'held' ? state.leaseUntil : state.dueAt) <= at
}

/**
 * Hands an overdue target to one caller, which sends a review that restarts the series. While no review begins, the
 * queue is behind: each further message waits twice as long.
 */
export function claim(state: WorkState | undefined, moment: Moment): WorkChange<Claimed> {
  if (!state || !isOverdue(state, moment.at)) return { write: 'keep', result: { kind: 'not-due' } }
  const { isFromEndpoint, claims = 0 } = state.series
  const kind = state.kind === 'resting' ? 'resting' : 'due'
  // Attempt 0 covers every requested pass.
  const attempt = kind === 'resting' ? lastAttempt : 0
  const series = { ...state.series, attempt, word: undefined, claims: claims + 1 }
  const dueAt = after(moment, moment.timings.overdueGraceSeconds * 2 ** Math.min(claims, maxDoublings))
  return { write: { kind, series, dueAt }, result: { kind: 'claimed', attempt, isFromEndpoint } }
}

function withWord<R extends Begun>(state: WorkState, asked: AskedPass, result: R): WorkChange<R> {
  const { word, isFromEndpoint } = state.series
  const series = {
    ...state.series,
    word: { attempt: Math.min(word?.attempt ?? asked.attempt, asked.attempt) },
    isFromEndpoint: isFromEndpoint && asked.isFromEndpoint,
  }
  const isKnown = series.word.attempt === word?.attempt && series.isFromEndpoint === isFromEndpoint
  return { write: isKnown ? 'keep' : { ...state, series }, result }
}

/** The same wait, overdue once it is over: word was left, however much later the next pass comes. */
function untilWaitEnds(
  state: Extract<WorkState, { kind: 'backoff' }>,
  { timings: { clockSlackSeconds, spareSeconds } }: Moment,
): WorkState {
  const overdueAt = state.notBefore + (clockSlackSeconds + spareSeconds) * 1000
  return { ...state, dueAt: Math.min(state.dueAt, overdueAt) }
}

function newSeries(
  { attempt, isFromEndpoint }: Pick<AskedPass, 'attempt' | 'isFromEndpoint'>,
  { at }: Moment,
): Series {
  return { attempt, since: at, isFromEndpoint, word: undefined }
}

/** A series at a target at rest: what is known of the target stays known, and its open requests are evaluated in time. */
function newSeriesAfter(
  { series: { passNumber, recheckAt, evaluatedBy, trouble, shown, isFromEndpoint } }: WorkState,
  asked: Pick<AskedPass, 'attempt' | 'isFromEndpoint'>,
  moment: Moment,
): Series {
  return {
    ...newSeries(asked, moment),
    isFromEndpoint: isFromEndpoint && asked.isFromEndpoint,
    ...{ passNumber, recheckAt, evaluatedBy, trouble, shown },
  }
}

/** The series with an additional pass: the waiting pass and any requested pass are kept. */
function continued(state: WorkState, asked: AskedPass, { at }: Moment): Series {
  const { attempt, word, since = at, isFromEndpoint } = state.series
  // A holder died during that very pass, or Azure failed at it.
  const isSamePass = state.kind === 'held' || state.kind === 'backoff' || asked.isFollowUp
  const before = isSamePass ? attempt : Math.max(attempt - 1, 0)
  return {
    ...state.series,
    attempt: Math.min(before, asked.attempt, word?.attempt ?? asked.attempt),
    since,
    isFromEndpoint: isFromEndpoint && asked.isFromEndpoint,
    ...{ word: undefined, claims: undefined },
  }
}

function passOf(series: Series, moment: Moment): SeriesPass {
  const { attempt, since = moment.at, isFromEndpoint } = series
  const { passNumber, conflicts, trouble, evaluatedBy, shown } = series
  const isRecheck = isRecheckDue(series, moment)
  const hasWaitedLong = moment.at - since > moment.timings.maxWaitSeconds * 1000
  return {
    ...{ attempt, hasWaitedLong, isFromEndpoint, isRecheck },
    ...{ passNumber, conflicts, trouble, evaluatedBy, shown },
  }
}

function isRecheckDue({ recheckAt }: Series, { at, timings }: Moment): boolean {
  return recheckAt === undefined || recheckAt <= at + timings.clockSlackSeconds * 1000
}

function waiting(series: Series, next: NextPass, moment: Moment): WorkState {
  const { afterSeconds, notSooner, waitSeconds = afterSeconds, isResting = false } = next
  const { spareSeconds, clockSlackSeconds } = moment.timings
  const dueAt = after(moment, afterSeconds + spareSeconds)
  if (isResting) return { kind: 'resting', series, dueAt }
  if (!notSooner) return { kind: 'due', series, dueAt }
  return { kind: 'backoff', series, dueAt, notBefore: after(moment, waitSeconds - clockSlackSeconds) }
}

function held(series: Series, holder: string, moment: Moment): WorkState {
  return { kind: 'held', series, holder, leaseUntil: after(moment, moment.timings.leaseSeconds) }
}

function isHeldBy(
  state: WorkState | undefined,
  holder: string,
): state is Extract<WorkState, { kind: 'held' }> {
  return state?.kind === 'held' && state.holder === holder
}

function after({ at }: Moment, seconds: number): number {
  return at + seconds * 1000
}
