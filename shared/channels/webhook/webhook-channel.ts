import { createHash } from 'node:crypto'
import type { LookupFunction } from 'node:net'
import type { Webhook } from 'standardwebhooks'
import type { Message } from '../../domain/message.ts'
import {
  type Accepted,
  ChannelFailure,
  type CheckableChannel,
  type RateLimit,
} from '../../ports/message-channel.ts'
import { post } from '../http/post.ts'
import { privateLiteral } from '../http/public-address.ts'
import { reached } from '../http/reach.ts'
import { takeResponse } from '../http/take-response.ts'
import { cloudEvent } from './cloud-event.ts'

const limits: readonly RateLimit[] = [{ max: 30, seconds: 60 }]

/** What a webhook needs. */
export interface WebhookOptions {
  readonly url: URL
  /** Each signs: while a secret is replaced, there are two. */
  readonly signers: readonly Webhook[]
  /** Undefined: any address is allowed, also private ones. */
  readonly lookup: LookupFunction | undefined
  readonly timeoutMs: number
  readonly now: () => Date
}

/** Posts signed CloudEvents, as Standard Webhooks describes. */
export class WebhookChannel implements CheckableChannel {
  readonly kind = 'webhook'
  readonly limits = limits
  readonly limitKey: string
  readonly name: string
  readonly #options: WebhookOptions

  constructor(name: string, options: WebhookOptions) {
    this.name = name
    this.#options = options
    this.limitKey = `webhook-${createHash('sha256').update(options.url.href).digest('hex').slice(0, 32)}`
  }

  async send(message: Message, _recipients: readonly string[], signal: AbortSignal): Promise<Accepted> {
    const { url, signers, lookup, timeoutMs, now } = this.#options
    this.#refusePrivate()
    const body = cloudEvent(message)
    const at = now()
    const response = await post({
      url,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'webhook-id': message.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signers.map((signer) => signer.sign(message.id, at, body)).join(' '),
      },
      body,
      lookup,
      timeoutMs,
      signal,
    })
    return takeResponse(response, url.host, advice)
  }

  async check(signal: AbortSignal): Promise<string> {
    const { url, lookup, timeoutMs } = this.#options
    this.#refusePrivate()
    return await reached({ url, lookup, timeoutMs, signal })
  }

  /** A lookup does not see an address that stands in the URL itself. */
  #refusePrivate(): void {
    const { url, lookup } = this.#options
    if (lookup !== undefined && privateLiteral(url) !== undefined)
      throw new ChannelFailure('refused', `${url.host} is not a public address`)
  }
}

function advice(status: number): string {
  if (status === 401 || status === 403)
    return 'it did not take the signature; compare its secret with the setting, and its clock with the time'
  if (status === 404 || status === 410) return 'the address is gone; correct the url of the channel'
  return 'its own log says what it did not take'
}
