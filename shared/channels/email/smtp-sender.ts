import { type Accepted, ChannelFailure, type RateLimit } from '../../ports/message-channel.ts'
import { codeOf, isTlsCode } from '../http/failures.ts'
import type { Mail } from './mail.ts'
import type { MailSender } from './mail-sender.ts'

/** What an SMTP server needs. */
export interface SmtpOptions {
  readonly host: string
  readonly port: number
  /** Undefined: the server takes mail without a password. */
  readonly login: { readonly user: string; readonly password: string } | undefined
  readonly from: string
  readonly timeoutMs: number
  /** Certificates that are trusted besides those of Node. */
  readonly ca?: string
}

const implicitTlsPort = 465
const loopback = ['localhost', '127.0.0.1', '::1']

/** Sends through an SMTP server: encrypted but on this machine, with a new connection for each mail. */
export class SmtpSender implements MailSender {
  readonly maxRecipients = 50
  /** As Exchange allows one mailbox. */
  readonly limits: readonly RateLimit[] = [{ max: 30, seconds: 60 }]
  readonly limitKey: string
  readonly from: string
  readonly #options: SmtpOptions

  constructor(options: SmtpOptions) {
    this.#options = options
    this.from = options.from
    this.limitKey = `smtp-${options.host}-${options.port}`
  }

  async send(
    { subject, text, html, headers }: Mail,
    recipients: readonly string[],
    _messageId: string,
    signal: AbortSignal,
  ): Promise<Accepted> {
    const { 'Message-ID': messageId, ...others } = headers
    const { rejected, response } = await this.#connected(signal, (transport) =>
      transport.sendMail({
        from: { name: 'Private Endpoint Approver', address: this.from },
        to: recipients.map((address) => ({ name: '', address })),
        ...{ subject, text, html, headers: others },
        ...(messageId !== undefined && { messageId }),
        disableFileAccess: true,
        disableUrlAccess: true,
      }),
    )
    return {
      status: Number.parseInt(response, 10),
      reference: messageId,
      ...(rejected.length > 0 && { refusedRecipients: rejected }),
    }
  }

  async check(signal: AbortSignal): Promise<string> {
    const { host, login } = this.#options
    await this.#connected(signal, (transport) => transport.verify())
    return `The SMTP server ${host} was reached${login ? ', and takes the name and password' : ''}.`
  }

  /** @throws ChannelFailure */
  async #connected<T>(signal: AbortSignal, work: (transport: Transporter) => Promise<T>): Promise<T> {
    const { host, timeoutMs } = this.#options
    const transport = await transportOf(this.#options)
    try {
      return await within(work(transport), AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
    } catch (error) {
      throw failureOf(error, host)
    } finally {
      transport.close()
    }
  }
}

type Transporter = Awaited<ReturnType<typeof transportOf>>

async function transportOf({ host, port, login, timeoutMs, ca }: SmtpOptions) {
  const { createTransport } = await import('nodemailer')
  const isLocal = loopback.includes(host)
  return createTransport({
    host,
    port,
    secure: port === implicitTlsPort,
    requireTLS: !isLocal,
    ignoreTLS: isLocal,
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    ...(login && { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  })
}

/** The connection of what is given up ends by its own timeouts. */
async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () =>
    reject(new ChannelFailure('failed', 'sending was stopped before the SMTP server responded'))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', stop)
    work.catch(() => undefined)
  }
}

/** In our own words: what a server says may repeat addresses and more. */
function failureOf(error: unknown, host: string): ChannelFailure {
  if (error instanceof ChannelFailure) return error
  const code = codeOf(error)
  const status = statusOf(error)
  const response = `the SMTP server ${host} responded with ${status ?? 'nothing'} (${code})`
  if (code === 'EAUTH' && (status === undefined || status >= 500))
    return new ChannelFailure('refused', `${response}: check SMTP_USER and SMTP_PASSWORD`)
  if (isTlsCode(code))
    return new ChannelFailure(
      'failed',
      `no encrypted connection to the SMTP server ${host} (${code}): it must offer STARTTLS with a valid certificate`,
    )
  if (status === undefined)
    return new ChannelFailure('failed', `the SMTP server ${host} was not reached (${code})`)
  if (status >= 500)
    return new ChannelFailure(
      'refused',
      `${response}: check MAIL_FROM, the recipients, and what the server allows`,
    )
  return new ChannelFailure('busy', `${response}: it takes no mail for the moment`)
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number'
    ? error.responseCode
    : undefined
}
