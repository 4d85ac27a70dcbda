import type { LogEntry } from '../domain/log-entry.ts'
import type { StateName } from '../domain/request.ts'
import type { Outcome, ReasonCode } from '../domain/verdict.ts'

/** The policy had an answer; something else kept it back, and would again. */
const holdReasons: readonly ReasonCode[] = ['burst-limit', 'competing-claim-before']

/** States that pass without anybody touching the rules; these are asked afterwards. */
const passing: Partial<Record<ReasonCode, string>> = {
  'unknown-status': 'when the connection is in a status that is known here: that releases the request',
  'target-unreadable': 'when every connection of the target can be read: that releases the request',
}

const newVersion = 'whether another version of the rule decides: that releases the request'

/** What the rules of the time said, also where something kept the answer back. */
export function policyOutcome({ reason, decidedBy, outcome }: LogEntry): Outcome {
  if (holdReasons.includes(reason.code) && decidedBy)
    return ({ allow: 'approve', deny: 'reject', ask: 'escalate' } as const)[decidedBy.effect]
  return outcome
}

/**
 * What releases a request whose approval by the rules waits for something else, as a part of a sentence: a state that
 * passes, or another version of the rule whose answer was held, or refused by Azure. Undefined when nothing but
 * the rules decides. `was` is what the rules compared with say.
 */
export function releases(entry: LogEntry, ended: StateName, was: Outcome): string | undefined {
  const passes = passing[entry.reason.code]
  if (passes !== undefined) return was === 'approve' ? undefined : passes
  return ended === 'open' && policyOutcome(entry) === 'approve' ? newVersion : undefined
}
