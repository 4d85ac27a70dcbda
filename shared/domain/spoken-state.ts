import type { StateName } from './request.ts'
import type { Outcome } from './verdict.ts'

/** The state of a request for display: "waiting for manual review", "approved". */
export function spokenState(state: StateName, outcome: Outcome): string {
  const isRejection = outcome === 'reject'
  const words: Readonly<Record<StateName, string>> = {
    open: 'waiting for manual review',
    applying: isRejection ? 'being rejected' : 'being approved',
    applied: isRejection ? 'rejected' : 'approved',
    'decided-elsewhere': 'decided elsewhere',
    withdrawn: 'withdrawn',
  }
  return words[state]
}
