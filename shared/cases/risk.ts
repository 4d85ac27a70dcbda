import type { LogEntry } from '../domain/log-entry.ts'
import type { Risk } from '../domain/message.ts'
import type { Notification } from '../domain/notification.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import type { ReasonCode } from '../domain/verdict.ts'

/** Reasons for which somebody should look at once. */
const highReasons: ReadonlySet<ReasonCode> = new Set([
  'competing-claim-before',
  'rejected-before',
  'endpoint-changed',
  'shown-late',
  'changed-outside',
])

/** What was found of the requester for which somebody should look at once. */
const highRefusals: ReadonlySet<RefusalCode> = new Set([
  'tenant-unknown',
  'tenant-not-managed',
  'endpoint-id-unreadable',
  'endpoint-id-differs',
  'competing-claim',
  'competing-claim-hidden',
])

/** Whether a notification waits for others. @param entry its decision; undefined: it cannot be read. */
export function riskOf({ severity, code }: Notification, entry: LogEntry | undefined): Risk {
  const refusals = entry?.proof?.refusals ?? []
  const isHigh =
    severity === 'alarm' ||
    highReasons.has(code) ||
    refusals.some((refusal) => highRefusals.has(refusal.code))
  return isHigh ? 'high' : 'normal'
}
