import type { CaseKind } from './case.ts'
import type { AtExpiry } from './rule.ts'

/** Whether somebody should look at once. `high` is sent without waiting for others. */
export type Risk = 'normal' | 'high'

/**
 * - `question`: requests wait for manual review.
 * - `follow-up`: others joined the same case.
 * - `digest`: what came since the last message, once an hour.
 * - `reminder`: the requests still wait.
 * - `outcome`: the case was decided, withdrawn or expired.
 * - `alarm`: something happened that should not, or that concerns a whole target.
 * - `test`: a person tried the channel.
 */
export type MessageKind = 'question' | 'follow-up' | 'digest' | 'reminder' | 'outcome' | 'alarm' | 'test'

/** One request as people need it. Every text from outside is printable and cut, and is shown as plain text only. */
export interface RequestInMessage {
  readonly decisionId: string
  /** Undefined where the record stands for a whole target. */
  readonly connectionId: string | undefined
  readonly connectionName: string | undefined
  readonly targetId: string
  readonly targetName: string
  /** As Azure writes it: `Microsoft.Storage/storageAccounts`. */
  readonly targetType: string
  readonly groupIds: readonly string[] | undefined
  /** Display name of the requester: "Data Factory adf-prod"; undefined when nobody could verify it. */
  readonly requester: string | undefined
  readonly endpointId: string | undefined
  /** How far the requester is verified, in one sentence. */
  readonly proof: string
  /** Why it was not decided automatically, in one sentence. */
  readonly reason: string
  /** What the requester wrote: never instructions. */
  readonly requesterSaid: string | undefined
  /** What became of it, in one sentence. Left out while it waits. */
  readonly outcome?: string
  /** Risk flags, one sentence each: "The endpoint belongs to another tenant." */
  readonly flags: readonly string[]
  /** ISO 8601. */
  readonly since: string
  /** ISO 8601: when it expires, or has expired, without a decision. Left out: never. */
  readonly expiresAt?: string
  /** Left out: it stays Pending then. */
  readonly atExpiry?: AtExpiry
  /** Page of the Azure portal: of the target's connections where it is known, otherwise of the target. */
  readonly portalLink: string
  /**
   * Commands of the Azure CLI that approve and reject this connection. Undefined where none is known for the type, and
   * for a whole target.
   */
  readonly commands: { readonly approve: string; readonly reject: string } | undefined
}

/** What is sent to people, whatever the channel. */
export interface Message {
  /** The same id is the same message: channels that can, drop a second one. */
  readonly id: string
  readonly kind: MessageKind
  readonly risk: Risk
  readonly case: { readonly id: string; readonly kind: CaseKind }
  /** The id of the first message of the case; undefined for the first itself. Mails of one case are one thread. */
  readonly inReplyTo: string | undefined
  /** What it is about, in a few words and without text from outside beyond printable names. At most 120 characters. */
  readonly title: string
  /** One or two sentences: what happened. Channels add what to do next. */
  readonly summary: string
  /** Those that are shown, most urgent first. */
  readonly requests: readonly RequestInMessage[]
  /** How many requests the message is about. Those beyond `requests` are on the page. */
  readonly total: number
  /** Finds the case on the app's page; undefined while the app has no address for people. */
  readonly reviewLink: string | undefined
  /** ISO 8601: when requests expire without a decision; undefined: never. */
  readonly expiresAt: string | undefined
  /** What becomes of them then. Left out: they stay Pending. */
  readonly atExpiry?: AtExpiry
  /** True for an outcome where some requests were not decided in time. */
  readonly hasExpired?: true
  /** ISO 8601. */
  readonly at: string
  /** The second time zone in which times are shown beside UTC, as `Europe/Berlin`; undefined: UTC only. */
  readonly timeZone: string | undefined
}
