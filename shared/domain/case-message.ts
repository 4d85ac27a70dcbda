import type { SeriesName } from './case-head.ts'
import type { MessageKind } from './message.ts'

/**
 * How far a message has come in one channel.
 * - `waiting`: it is sent, or sent again, from `notBefore` on. `failingSince`: when it failed for the first time in a
 *   row. `isRefused`: the channel will not take it until somebody changes something.
 * - `sent`: the service took it. Whether people see it is not known.
 * - `in-digest`: its recipients had too many messages in this hour; it is named in their next digest.
 * - `failed`: it failed for a week.
 * - `discarded`: a person gave it up.
 */
export type DeliveryState =
  | {
      readonly name: 'waiting'
      readonly notBefore: string
      readonly attempts: number
      readonly failingSince: string | undefined
      readonly isRefused: boolean
      readonly problem: string | undefined
    }
  | { readonly name: 'sent'; readonly at: string; readonly reference: string | undefined }
  | { readonly name: 'in-digest'; readonly at: string }
  | { readonly name: 'failed'; readonly at: string; readonly attempts: number; readonly problem: string }
  | { readonly name: 'discarded'; readonly at: string }

export interface Delivery {
  /** Name of the channel. */
  readonly channel: string
  readonly state: DeliveryState
}

/** What a person did to a message. */
export interface MessageChange {
  readonly at: string
  readonly by: string
  readonly action: 'retry' | 'discard'
  readonly reason: string | undefined
}

/**
 * - `waiting`: some channel has not taken it yet.
 * - `sent`: each channel took it, or it is in a digest.
 * - `failed`: no channel took it.
 * - `dropped`: there was nothing to say any more, or no channel is defined.
 * - `discarded`: a person gave it up.
 */
export type MessageState = 'waiting' | 'sent' | 'failed' | 'dropped' | 'discarded'

/** A message about a case: what is recorded of it, without its text, which is made when it is sent. */
export interface CaseMessage {
  readonly number: number
  readonly caseNumber: number
  /** Number of the first message of the case: this one, or the one that begins its thread. */
  readonly firstMessage: number
  readonly series: SeriesName
  readonly kind: MessageKind
  readonly state: MessageState
  /** ISO 8601, as every time here: when its first request joined. */
  readonly openedAt: string
  /** Not sent before that. */
  readonly dueAt: string
  readonly settledAt: string | undefined
  /** How often sending was begun. */
  readonly attempts: number
  readonly deliveries: readonly Delivery[]
  /** When the log said last that nobody was notified; undefined: somebody was. */
  readonly nobodyAt: string | undefined
  readonly problem: string | undefined
  readonly changes: readonly MessageChange[]
}

const maxChanges = 20

/** The message is sent again through every channel that has not taken it. @param change what a person did, and when. */
export function retried(message: CaseMessage, change: MessageChange): CaseMessage {
  const deliveries = message.deliveries.map(({ channel, state }): Delivery => {
    if (state.name !== 'waiting' && state.name !== 'failed') return { channel, state }
    const again = { attempts: 0, failingSince: undefined, isRefused: false, problem: undefined }
    return { channel, state: { name: 'waiting', notBefore: change.at, ...again } }
  })
  return {
    ...withChange(message, change),
    ...{ deliveries, state: 'waiting', dueAt: change.at, settledAt: undefined, problem: undefined },
  }
}

/** The message is given up in every channel that has not taken it. @param change what a person did, and when. */
export function discarded(message: CaseMessage, change: MessageChange): CaseMessage {
  const deliveries = message.deliveries.map(({ channel, state }): Delivery =>
    state.name === 'waiting' || state.name === 'failed'
      ? { channel, state: { name: 'discarded', at: change.at } }
      : { channel, state },
  )
  const settled = { state: 'discarded', settledAt: change.at, nobodyAt: undefined } as const
  return { ...withChange(message, change), deliveries, ...settled }
}

function withChange(message: CaseMessage, change: MessageChange): CaseMessage {
  return { ...message, changes: [...message.changes, change].slice(-maxChanges) }
}
