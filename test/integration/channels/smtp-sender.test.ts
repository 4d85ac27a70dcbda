import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { simpleParser, type ParsedMail } from 'mailparser'
import { generate } from 'selfsigned'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EmailChannel } from '../../../shared/channels/email/email-channel.ts'
import { SmtpSender, type SmtpOptions } from '../../../shared/channels/email/smtp-sender.ts'
import { ChannelFailure } from '../../../shared/ports/message-channel.ts'
import { sampleMessage, sampleMessages } from '../../support/sample-message.ts'

const never = new AbortController().signal
const to = ['kim@contoso.com', 'alex@contoso.com']
const password = 'secret-password'

interface Arrived {
  readonly mail: ParsedMail
  readonly recipients: readonly string[]
  readonly isEncrypted: boolean
}

async function server(options: SMTPServerOptions = {}, host = '127.0.0.1') {
  const arrived: Arrived[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, callback) => {
      void simpleParser(stream).then((mail) => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        arrived.push({ mail, recipients, isEncrypted: session.secure })
        callback()
      })
    },
    ...options,
  })
  smtp.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    smtp.listen(0, host, resolve)
  })
  onTestFinished(() => {
    smtp.close()
  })
  return { port: (smtp.server.address() as AddressInfo).port, arrived }
}

function channel(port: number, change: Partial<SmtpOptions> = {}) {
  const options = {
    host: '127.0.0.1',
    port,
    login: undefined,
    from: 'approver@contoso.com',
    timeoutMs: 3_000,
    ...change,
  }
  return new EmailChannel('owners', new SmtpSender(options))
}

async function failureOf(sending: Promise<unknown>): Promise<ChannelFailure> {
  const error: unknown = await sending.catch((one: unknown) => one)
  expect(error).toBeInstanceOf(ChannelFailure)
  const { message, stack = '', cause } = error as Error
  expect(`${message} ${stack} ${JSON.stringify(cause)}`).not.toMatch(/secret/)
  return error as ChannelFailure
}

describe('mail by SMTP', () => {
  it('arrives with both parts, to all recipients, as one thread', async () => {
    const { port, arrived } = await server()
    const { reference } = await channel(port).send(sampleMessage(), to, never)
    await channel(port).send(sampleMessages['reminder'] ?? sampleMessage(), to, never)
    expect(arrived.map(({ recipients }) => recipients)).toEqual([to, to])
    const [first, reminder] = arrived.map(({ mail }) => mail)
    expect(first?.subject).toBe('Review needed: Unknown requester asks for stlake (blob)')
    expect(first?.from?.text).toBe('"Private Endpoint Approver" <approver@contoso.com>')
    expect(first?.messageId).toBe(reference)
    expect(reminder?.inReplyTo).toBe(reference)
    expect(first?.text).toContain('Requester wrote: “Needed for the monthly report, agreed with Kim.”')
    expect(first?.html).toContain('Open the review page')
    expect(first?.attachments).toEqual([])
    expect(first?.headers.has('priority')).toBe(false)
  })

  it('of high risk says so to programs for mail', async () => {
    const { port, arrived } = await server()
    await channel(port).send(sampleMessages['burst of 200'] ?? sampleMessage(), to, never)
    expect(arrived[0]?.mail.headers.get('priority')).toBe('high')
  })

  it('says whom the server refused while it took the others', async () => {
    const { port, arrived } = await server({
      onRcptTo: ({ address }, _session, callback) => {
        callback(
          address === 'alex@contoso.com' ? Object.assign(new Error('no'), { responseCode: 550 }) : null,
        )
      },
    })
    const accepted = await channel(port).send(sampleMessage(), to, never)
    expect(accepted.refusedRecipients).toEqual(['alex@contoso.com'])
    expect(arrived[0]?.recipients).toEqual(['kim@contoso.com'])
  })

  it.each([
    ['a refused mail', 550, 'refused'],
    ['greylisting', 451, 'busy'],
    ['a full mailbox', 452, 'busy'],
    ['too large a mail', 552, 'refused'],
  ])('after %s (%i) is %s', async (_, responseCode, kind) => {
    const { port } = await server({
      onMailFrom: (_address, _session, callback) => {
        callback(Object.assign(new Error('secret kim@contoso.com'), { responseCode }))
      },
    })
    const failure = await failureOf(channel(port).send(sampleMessage(), to, never))
    expect(failure.kind).toBe(kind)
    expect(failure.message).toContain(String(responseCode))
    expect(failure.message).not.toContain('kim')
  })

  it('signs in, and says what to check when that fails', async () => {
    const users: unknown[] = []
    const { port, arrived } = await server({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (auth, _session, callback) => {
        users.push(auth.username)
        callback(auth.password === password ? null : new Error('secret'), { user: 'approver' })
      },
    })
    await channel(port, { login: { user: 'approver', password } }).send(sampleMessage(), to, never)
    expect(users).toEqual(['approver'])
    expect(arrived).toHaveLength(1)
    const wrong = channel(port, { login: { user: 'approver', password: 'secret-wrong' } })
    const { kind, message } = await failureOf(wrong.send(sampleMessage(), to, never))
    expect(kind).toBe('refused')
    expect(message).toContain('check SMTP_USER and SMTP_PASSWORD')
  })

  it('is checked without sending: the server, and whether it takes the password', async () => {
    const { port, arrived } = await server({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (auth, _session, callback) =>
        callback(auth.password === password ? null : new Error('secret'), { user: 'approver' }),
    })
    const right = channel(port, { login: { user: 'approver', password } })
    expect(await right.check(never)).toBe(
      'The SMTP server 127.0.0.1 was reached, and takes the name and password.',
    )
    const wrong = channel(port, { login: { user: 'approver', password: 'secret-wrong' } })
    expect((await failureOf(wrong.check(never))).message).toContain('check SMTP_USER and SMTP_PASSWORD')
    expect(arrived).toEqual([])
  })

  describe('to another machine', () => {
    // Also an address of this machine, but not one that goes without encryption.
    const host = '127.0.0.2'

    async function certificate() {
      const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
        extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: host }] }],
      })
      return { key, cert }
    }

    it('is encrypted', async () => {
      const { key, cert } = await certificate()
      const { port, arrived } = await server({ key, cert, disabledCommands: [] }, host)
      await channel(port, { host, ca: cert }).send(sampleMessage(), to, never)
      expect(arrived.map(({ isEncrypted }) => isEncrypted)).toEqual([true])
    })

    it('is not sent when its certificate cannot be verified', async () => {
      const { port, arrived } = await server({ ...(await certificate()), disabledCommands: [] }, host)
      const { kind, message } = await failureOf(channel(port, { host }).send(sampleMessage(), to, never))
      expect(kind).toBe('failed')
      expect(message).toMatch(
        /^no encrypted connection to the SMTP server 127\.0\.0\.2 .* valid certificate$/,
      )
      expect(arrived).toEqual([])
    })

    it('is not sent when it offers no encryption', async () => {
      const { port, arrived } = await server({}, host)
      const { kind, message } = await failureOf(channel(port, { host }).send(sampleMessage(), to, never))
      expect(kind).toBe('failed')
      expect(message).toContain('it must offer STARTTLS')
      expect(arrived).toEqual([])
    })
  })

  it('says that nobody listens', async () => {
    const { message } = await failureOf(channel(1).send(sampleMessage(), to, never))
    expect(message).toMatch(/^the SMTP server 127\.0\.0\.1 was not reached \(E\w+\)$/)
  })

  it('gives up a server that hangs', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    onTestFinished(() => {
      silent.close()
    })
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as AddressInfo
    const failure = await failureOf(channel(port, { timeoutMs: 300 }).send(sampleMessage(), to, never))
    expect(failure.kind).toBe('failed')
  })

  it('stops when the caller stops', async () => {
    const { port, arrived } = await server()
    const failure = await failureOf(channel(port).send(sampleMessage(), to, AbortSignal.abort()))
    expect(failure.kind).toBe('failed')
    expect(arrived).toEqual([])
  })
})
