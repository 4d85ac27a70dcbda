import type { LogEntry } from '../domain/log-entry.ts'
import { parseDuration } from '../domain/time.ts'

/**
 * The end of an approval: the time of its entry plus the duration in its recorded terms. Undefined when it has no end,
 * or an unreadable one.
 */
export function endOfApproval({ at, terms }: Pick<LogEntry, 'at' | 'terms'>): Date | undefined {
  const lasts = parseDuration(terms?.approvalEndsAfter ?? '')
  if (lasts === undefined) return undefined
  const end = new Date(Date.parse(at) + lasts)
  return Number.isNaN(end.getTime()) ? undefined : end
}
