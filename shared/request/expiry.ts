import { chosenOutcome } from '../domain/choice.ts'
import { type Expiry, expiryOf } from '../domain/expiry.ts'
import type { AskedQuestion, OpenCause, Request, Subject } from '../domain/request.ts'
import { parseDuration } from '../domain/time.ts'
import type { Terms } from '../domain/verdict.ts'
import type { At } from './table.ts'
import { later, secondsBetween } from './times.ts'

/** Where the connection waits in Azure. The other questions are about what Azure shows as decided, or a whole target. */
const whileItWaits: readonly OpenCause['kind'][] = ['verdict', 'refused', 'endpoint-changed']

interface Opened {
  readonly subject: Subject
  readonly cause: OpenCause
  /** ISO 8601: when the question was opened. */
  readonly since: string
  /** Of the rule that asks. */
  readonly terms: Terms | undefined
  /** Where no rule says it: `P{days}D` or `PT{hours}H`; undefined: for ever. */
  readonly usual: string | undefined
}

/** When a question expires. A rule rejects only what it left to people: not what Azure refused, or what has changed. */
export function expiryFrom({ subject, cause, since, terms, usual }: Opened): Expiry {
  const lastsMs = parseDuration(terms?.expiresAfter ?? usual ?? '')
  if (lastsMs === undefined || subject.kind === 'target' || !whileItWaits.includes(cause.kind)) return {}
  const expiresAt = later(new Date(since), lastsMs / 1000).toISOString()
  return cause.kind === 'verdict' && terms?.atExpiry === 'reject'
    ? { expiresAt, atExpiry: 'reject' }
    : { expiresAt }
}

/** The question that is open, as it stays open. */
export function questionKept({ state }: At<'open'>): AskedQuestion {
  const { notificationId, since } = state
  return { notificationId, since, ...expiryOf(state) }
}

/** True for a request whose question has expired without a decision. */
export function isExpired({ state, expired }: Request): boolean {
  return state.name === 'open' && expired === state.notificationId
}

/** Seconds until the question expires; undefined: it does not, has already, or people have decided. */
export function untilExpiry(request: At<'open'>, at: Date): number | undefined {
  const { expiresAt } = request.state
  if (expiresAt === undefined || isExpired(request) || chosenOutcome(request.choices) !== undefined)
    return undefined
  return -secondsBetween(expiresAt, at)
}

/** True when the question expires now. */
export function isExpiryDue(request: At<'open'>, at: Date): boolean {
  const seconds = untilExpiry(request, at)
  return seconds !== undefined && seconds <= 0
}
