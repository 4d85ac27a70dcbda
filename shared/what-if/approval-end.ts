import type { LogEntry } from '../domain/decision.ts'

const hourMs = 3_600_000

/**
 * When an approval is past its end: the time of its entry and what the rule of then says of how long it lasts.
 * Undefined when it has no end, or none that can be read.
 */
export function endOfApproval({ at, terms }: Pick<LogEntry, 'at' | 'terms'>): Date | undefined {
  const [, days, hours] = /^(?:P(\d+)D|PT(\d+)H)$/.exec(terms?.approvalEndsAfter ?? '') ?? []
  if (days === undefined && hours === undefined) return undefined
  const end = new Date(Date.parse(at) + (Number(days ?? 0) * 24 + Number(hours ?? 0)) * hourMs)
  return Number.isNaN(end.getTime()) ? undefined : end
}
