import type { LogEntry } from '../domain/log-entry.ts'
import { parseDuration } from '../domain/time.ts'

/**
 * When an approval is past its end: the time of its entry and what the rule of then says of how long it lasts.
 * Undefined when it has no end, or none that can be read.
 */
export function endOfApproval({ at, terms }: Pick<LogEntry, 'at' | 'terms'>): Date | undefined {
  const lasts = parseDuration(terms?.approvalEndsAfter ?? '')
  if (lasts === undefined) return undefined
  const end = new Date(Date.parse(at) + lasts)
  return Number.isNaN(end.getTime()) ? undefined : end
}
