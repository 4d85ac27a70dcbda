import type { CaseSettings } from '../cases/settings.ts'
import type { CasesPort } from '../ports/cases.ts'
import type { Log } from '../ports/log.ts'
import type { NotificationLog } from '../ports/notification-log.ts'
import type { NotificationHintPort, OutboxPort } from '../ports/outbox.ts'
import type { ReviewLinksPort } from '../ports/review-links.ts'
import type { RoutesPort } from '../ports/routes.ts'
import type { SendsPort } from '../ports/sends.ts'
import type { ChannelPauses } from './pauses.ts'

/** What delivering needs from the outside. */
export interface DeliveryPorts {
  readonly outbox: OutboxPort
  readonly cases: CasesPort
  readonly sends: SendsPort
  readonly routes: RoutesPort
  /** Undefined where people cannot sign in. */
  readonly links: ReviewLinksPort | undefined
  readonly hints: NotificationHintPort
  readonly notificationLog: NotificationLog
  readonly pauses: ChannelPauses
  readonly settings: CaseSettings
  /** How long a channel may take for one message: much less than a claim lasts. */
  readonly sendMs: number
  readonly log: Log
  readonly now: () => Date
  /** From 0 to 1. */
  readonly random: () => number
}
