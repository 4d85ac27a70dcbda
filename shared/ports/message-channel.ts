import type { Message } from '../domain/message.ts'

/** At most `max` messages within `seconds`. */
export interface RateLimit {
  readonly max: number
  readonly seconds: number
}

/** A way to send messages to people. It sends; who counts, waits and retries is the caller. */
export interface MessageChannel {
  /** As in the rule file. */
  readonly name: string
  readonly kind: 'teams' | 'email' | 'webhook'
  /** What the receiving service allows. Counted in storage by the caller, over all instances of the app. */
  readonly limits: readonly RateLimit[]
  /** Where its limits are counted: channels with the same address share them. Contains no secret. */
  readonly limitKey: string
  /**
   * Sends one message, within `signal`. The same message may come again, after a crash between sending and recording it.
   * @param recipients mail addresses; empty for other channels.
   * @throws ChannelFailure
   */
  send(message: Message, recipients: readonly string[], signal: AbortSignal): Promise<Accepted>
}

/** A channel that can be checked without sending. */
export interface CheckableChannel extends MessageChannel {
  /**
   * Reaches the service, and sends nothing.
   * @returns what was found, as a sentence without secrets.
   * @throws ChannelFailure
   */
  check(signal: AbortSignal): Promise<string>
}

/** The service took the message. Whether people see it is not known. */
export interface Accepted {
  /** What it responded: a status of HTTP, or a code of SMTP. Left out: not known. */
  readonly status?: number
  /** The service's own id of the message, for looking it up there. */
  readonly reference: string | undefined
  /** Recipients that the service refused while it took the others. Left out: none. */
  readonly refusedRecipients?: readonly string[]
}

/** A message was not taken. */
export class ChannelFailure extends Error {
  /**
   * - `busy`: later, not before `retryAfterSeconds`.
   * - `failed`: nobody knows whether it was taken; it is sent again.
   * - `refused`: the same message will be refused again until somebody changes something.
   */
  readonly kind: 'busy' | 'failed' | 'refused'
  readonly retryAfterSeconds: number | undefined

  /** @param message what happened and what to do next. Without secrets: no webhook URL, no token. */
  constructor(
    kind: 'busy' | 'failed' | 'refused',
    message: string,
    retryAfterSeconds?: number,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'ChannelFailure'
    this.kind = kind
    this.retryAfterSeconds = retryAfterSeconds
  }
}
