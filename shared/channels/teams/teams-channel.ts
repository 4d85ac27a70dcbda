import { createHash } from 'node:crypto'
import type { Message } from '../../domain/message.ts'
import type { Accepted, CheckableChannel, RateLimit } from '../../ports/message-channel.ts'
import { post } from '../http/post.ts'
import { reached } from '../http/reach.ts'
import { takeResponse } from '../http/take-response.ts'
import { fittingPayload } from './fit.ts'

/** Microsoft publishes no limits of Workflows; those of the connectors before them were wider by the second. */
const limits: readonly RateLimit[] = [
  { max: 1, seconds: 5 },
  { max: 100, seconds: 3_600 },
]

/** Posts cards to a Workflows webhook. Accepted is not shown: the flow may still fail, which only its history says. */
export class TeamsChannel implements CheckableChannel {
  readonly kind = 'teams'
  readonly limits = limits
  readonly limitKey: string
  readonly name: string
  readonly #url: URL
  readonly #timeoutMs: number

  /** @param url a secret: whoever has it can post. */
  constructor(name: string, url: URL, timeoutMs: number) {
    this.name = name
    this.#url = url
    this.#timeoutMs = timeoutMs
    this.limitKey = `teams-${createHash('sha256').update(url.href).digest('hex').slice(0, 32)}`
  }

  async send(message: Message, _recipients: readonly string[], signal: AbortSignal): Promise<Accepted> {
    const response = await post({
      url: this.#url,
      headers: { 'content-type': 'application/json' },
      body: fittingPayload(message),
      lookup: undefined,
      timeoutMs: this.#timeoutMs,
      signal,
    })
    return takeResponse(response, 'the workflow', advice)
  }

  check(signal: AbortSignal): Promise<string> {
    return reached({ url: this.#url, lookup: undefined, timeoutMs: this.#timeoutMs, signal })
  }
}

function advice(status: number): string {
  if (status === 401 || status === 403)
    return 'its URL is not valid any more, or its trigger does not allow "Anyone"; copy the URL again into the setting, and check "Who can trigger the flow"'
  if (status === 404 || status === 410)
    return 'it was deleted or switched off; switch it on, or make a new one and put its URL into the setting'
  return 'its run history in Power Automate says what it did not take'
}
