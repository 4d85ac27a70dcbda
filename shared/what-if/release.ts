import type { LogEntry } from '../domain/log-entry.ts'
import type { StateName } from '../domain/request.ts'
import type { Outcome, ReasonCode } from '../domain/verdict.ts'

/** Reasons of a hold on a verdict; the hold would apply again. */
const holdReasons: readonly ReasonCode[] = [
  'burst-limit',
  'competing-claim-before',
  'rejected-before',
  'claims-unreadable',
]

/** States that end without a change of the rules; the rules are evaluated after that. */
const passing: Partial<Record<ReasonCode, string>> = {
  'unknown-status': 'when the connection is in a status that is known here: that releases the request',
  'target-unreadable': 'when every connection of the target can be read: that releases the request',
}

const newVersion = 'whether another version of the rule decides: that releases the request'

/** The verdict of the rules of the time, also of a request on hold. */
export function policyOutcome({ reason, decidedBy, outcome }: LogEntry): Outcome {
  if (holdReasons.includes(reason.code) && decidedBy)
    return ({ allow: 'approve', deny: 'reject', ask: 'escalate' } as const)[decidedBy.effect]
  return outcome
}

/**
 * What releases a request that the rules approve and something else holds, as part of a sentence: the end of a state,
 * or another version of the rule whose decision was held, or refused by Azure. Undefined when only the rules decide.
 * `was` is the outcome under the compared rules.
 */
export function releases(entry: LogEntry, ended: StateName, was: Outcome): string | undefined {
  const passes = passing[entry.reason.code]
  if (passes !== undefined) return was === 'approve' ? undefined : passes
  return ended === 'open' && policyOutcome(entry) === 'approve' ? newVersion : undefined
}
