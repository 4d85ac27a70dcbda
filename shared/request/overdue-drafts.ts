import { minuteOf } from '../domain/time.ts'
import type { At, DraftParts } from './table.ts'

/** People are reminded of the question that is open. It stays the same one. */
export function reminded({ state, reason: { code } }: At<'open'>, at: Date): DraftParts<'open'> {
  const { cause, notificationId, since } = state
  return {
    state: { name: 'open', cause },
    reason: { code, sentence: `It waits for a decision since ${minuteOf(since)} UTC.` },
    memory: { remindedAt: at.toISOString() },
    asked: { notificationId, since },
  }
}
