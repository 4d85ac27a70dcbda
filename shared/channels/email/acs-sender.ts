import { createHash } from 'node:crypto'
import type { EmailClientOptions, EmailMessage } from '@azure/communication-email'
import type { TokenCredential } from '@azure/core-auth'
import { retryAfterSeconds } from '../../domain/retry-after.ts'
import { type Accepted, ChannelFailure, type RateLimit } from '../../ports/message-channel.ts'
import { codeOf } from '../http/failures.ts'
import { reached } from '../http/reach.ts'
import type { Mail } from './mail.ts'
import type { MailSender } from './mail-sender.ts'

/** What Azure Communication Services needs. */
export interface AcsOptions {
  readonly endpoint: string
  readonly from: string
  /** Of the sender: an Azure-managed domain may send much less. */
  readonly domain: 'azure-managed' | 'own'
  readonly credential: TokenCredential
  readonly timeoutMs: number
  /** In place of the network. */
  readonly httpClient?: EmailClientOptions['httpClient']
}

const limits: Readonly<Record<AcsOptions['domain'], readonly RateLimit[]>> = {
  'azure-managed': [
    { max: 5, seconds: 60 },
    { max: 10, seconds: 3_600 },
  ],
  own: [
    { max: 30, seconds: 60 },
    { max: 100, seconds: 3_600 },
  ],
}

const maxRetryAfterSeconds = 3_600

const advice: Readonly<Record<number, string>> = {
  400: 'check that MAIL_FROM is a sender address of a domain that is connected to the resource',
  401: 'check that ACS_ENDPOINT belongs to the tenant of the identity',
  403: 'give the identity of the app the role "Communication and Email Service Owner" on the resource',
  404: 'check ACS_ENDPOINT, and that the domain of MAIL_FROM is connected to the resource',
}

/** Sends through Azure Communication Services. It hands over and never waits for the delivery, which has a quota. */
export class AcsSender implements MailSender {
  readonly maxRecipients = 50
  readonly limits: readonly RateLimit[]
  readonly limitKey: string
  readonly from: string
  readonly #options: AcsOptions

  constructor(options: AcsOptions) {
    this.#options = options
    this.from = options.from
    this.limits = limits[options.domain]
    this.limitKey = `acs-${new URL(options.endpoint).host}`
  }

  async send(
    mail: Mail,
    recipients: readonly string[],
    messageId: string,
    signal: AbortSignal,
  ): Promise<Accepted> {
    const { endpoint, credential, httpClient, timeoutMs } = this.#options
    const { EmailClient } = await import('@azure/communication-email')
    // The caller waits and retries: each retry here would spend the quota of a domain of ten mails an hour.
    const client = new EmailClient(endpoint, credential, {
      retryOptions: { maxRetries: 0 },
      ...(httpClient && { httpClient }),
    })
    const operationId = operationIdOf(messageId, recipients)
    const statuses: number[] = []
    try {
      await client.beginSend(this.#letter(mail, recipients), {
        operationId,
        abortSignal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        onResponse: ({ status }) => {
          statuses.push(status)
        },
      })
    } catch (error) {
      // The client asks for the state once after the service took the mail; whatever it hears then changes nothing.
      if (!statuses.includes(202)) throw failureOf(error)
    }
    return { status: 202, reference: operationId }
  }

  check(signal: AbortSignal): Promise<string> {
    const { endpoint, timeoutMs } = this.#options
    return reached({ url: new URL(endpoint), lookup: undefined, timeoutMs, signal })
  }

  #letter({ subject, text, html, headers }: Mail, recipients: readonly string[]): EmailMessage {
    return {
      senderAddress: this.from,
      content: { subject, plainText: text, html },
      recipients: { to: recipients.map((address) => ({ address })) },
      headers: { ...headers },
      // Tracking would put an image into the mail, and other links in place of ours.
      disableUserEngagementTracking: true,
    }
  }
}

/** A UUID: the same for the same message to the same recipients. */
function operationIdOf(messageId: string, recipients: readonly string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([messageId, [...recipients].toSorted()]))
    .digest('hex')
  const variant = ((Number.parseInt(hash.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

/** In our own words: an error of the client may hold the whole request. */
function failureOf(error: unknown): ChannelFailure {
  const status = statusOf(error)
  if (error instanceof Error && /^(Credential|Authentication|AggregateAuthentication)/.test(error.name))
    return new ChannelFailure(
      'failed',
      'the identity of the app got no token for Azure Communication Services',
    )
  if (status === undefined)
    return new ChannelFailure('failed', `Azure Communication Services was not reached (${codeOf(error)})`)
  const response = `Azure Communication Services responded with status ${status} (${codeOf(error)})`
  if (status === 429) return new ChannelFailure('busy', `${response}: it is busy`, waitOf(error))
  if (status >= 400 && status < 500 && status !== 408)
    return new ChannelFailure('refused', `${response}: ${advice[status] ?? 'check the settings of mail'}`)
  return new ChannelFailure('failed', response)
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined
}

function waitOf(error: unknown): number | undefined {
  const { response } = error as { response?: { headers?: { get(name: string): string | undefined } } }
  return retryAfterSeconds(response?.headers?.get('retry-after'), new Date(), maxRetryAfterSeconds)
}
