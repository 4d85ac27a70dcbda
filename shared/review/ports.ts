import type { BurstLimits } from '../domain/burst.ts'
import type { ScheduleTimings } from '../domain/target-work.ts'
import type {
  ConnectionsPort,
  EndpointsPort,
  PendingSearchPort,
  ProofPort,
  ContextPort,
} from '../ports/azure.ts'
import type { AskersPort } from '../ports/askers.ts'
import type { BurstsPort } from '../ports/bursts.ts'
import type { ClaimsPort } from '../ports/claims.ts'
import type { CheckpointsPort } from '../ports/checkpoints.ts'
import type { LedgerPort } from '../ports/ledger.ts'
import type { NotificationHintPort } from '../ports/outbox.ts'
import type { Log } from '../ports/log.ts'
import type { ReviewQueuePort } from '../ports/queue.ts'
import type { RoutingPort } from '../ports/routing.ts'
import type { RulesPort } from '../ports/rules.ts'
import type { WorkPort } from '../ports/work.ts'

/** The ports of the use cases; `shared/app.ts` connects the adapters. */
export interface ReviewPorts {
  readonly connections: ConnectionsPort
  readonly endpoints: EndpointsPort
  readonly proofs: ProofPort
  readonly context: ContextPort
  readonly askers: AskersPort
  readonly rules: RulesPort
  readonly routing: RoutingPort
  readonly ledger: LedgerPort
  readonly hints: NotificationHintPort
  readonly checkpoints: CheckpointsPort
  readonly bursts: BurstsPort
  readonly claims: ClaimsPort
  readonly burstLimits: BurstLimits
  /** How long a question to people is open where its rule does not say it: `P{days}D` or `PT{hours}H`. */
  readonly questionExpiresAfter: string
  readonly work: WorkPort
  readonly timings: ScheduleTimings
  readonly queue: ReviewQueuePort
  readonly search: PendingSearchPort
  readonly log: Log
  readonly now: () => Date
}
