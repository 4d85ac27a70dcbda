import type { Send, Sends } from '../domain/sends.ts'
import { hourMs } from './settings.ts'

/** More than that are not remembered: a limit that allows more is taken for this one. */
const maxCounted = 2_000

/** At most `max` within `seconds`. */
interface Limit {
  readonly max: number
  readonly seconds: number
}

/** Whether something may be sent: at once, from a time on, or only as part of a digest. */
export type Allowed = 'now' | 'in-digest' | { readonly notBefore: number }

/** The sends after a question, and its response. */
export interface Taken {
  readonly sends: Sends
  readonly allowed: Allowed
}

/**
 * Counts one more message through a channel, if none of the channel's limits forbids it. A limit holds for every window
 * of its length.
 */
export function takenThrough(before: Sends, limits: readonly Limit[], send: Send): Taken {
  const maxWindowMs = Math.max(0, ...limits.map(({ seconds }) => seconds * 1000))
  const sends = recent(before, send.at, maxWindowMs)
  const notBefore = Math.max(
    ...limits.map((limit) => freeAt(sends, Math.min(limit.max, maxCounted), limit.seconds * 1000, send.at)),
    send.at,
  )
  if (notBefore > send.at) return { sends: before, allowed: { notBefore } }
  return { sends: limits.length === 0 ? before : [...sends, send], allowed: 'now' }
}

/**
 * Counts one more message to a recipient. One message of the hour is kept for a digest, and at most half are of one
 * source. What is over goes into the digest.
 */
export function takenFor(before: Sends, perHour: number, send: Send): Taken {
  const sends = recent(before, send.at, hourMs).filter(({ key }) => key !== send.key)
  const alike = sends.filter(({ isDigest }) => isDigest === send.isDigest)
  const counted = { sends: [...sends, send], allowed: 'now' } as const
  if (send.isDigest) {
    const notBefore = freeAt(alike, 1, hourMs, send.at)
    return notBefore > send.at ? { sends: before, allowed: { notBefore } } : counted
  }
  const ofSource = alike.filter(({ source }) => source === send.source)
  const isOver = alike.length >= perHour - 1 || ofSource.length >= Math.floor(perHour / 2)
  return isOver ? { sends: before, allowed: 'in-digest' } : counted
}

/** The sends without a message that was not sent after all. */
export function released(before: Sends, key: string): Sends {
  return before.some((send) => send.key === key) ? before.filter((send) => send.key !== key) : before
}

/** Those within the window. A time that lies ahead, by a wrong clock, counts as now. */
function recent(sends: Sends, now: number, windowMs: number): Sends {
  return sends.flatMap((send) => (now - send.at < windowMs ? [{ ...send, at: Math.min(send.at, now) }] : []))
}

/** When one more is allowed. */
function freeAt(sends: Sends, max: number, windowMs: number, now: number): number {
  const times = sends
    .map(({ at }) => at)
    .filter((at) => now - at < windowMs)
    .toSorted((a, b) => a - b)
  return times.length < max ? now : (times[times.length - max] ?? now) + windowMs
}
