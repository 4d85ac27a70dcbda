import { createTransport } from 'nodemailer'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Inbox } from '../../local/inbox/start.ts'
import { control, mailOf, openInbox, openTrustedInbox } from './support.ts'

let inbox: Inbox
beforeAll(async () => {
  inbox = await openTrustedInbox()
})
afterEach(() => control(inbox, 'POST', 'reset'))
afterAll(() => inbox.stop())

const mail = {
  from: 'Approver <approver@contoso.example>',
  to: 'Lea <lea@contoso.example>',
  subject: 'Manual review: adf-prod asks for stprod',
  text: 'Open https://localhost/r/abc',
  html: '<p>Open <a href="https://localhost/r/abc">the review</a></p>',
}

function transport(options: Record<string, unknown> = {}) {
  const { hostname, port } = new URL(inbox.smtp)
  return createTransport({ host: hostname, port: Number(port), socketTimeout: 1000, ...options })
}

const fault = (body: Record<string, unknown>) => control(inbox, 'POST', 'faults', body)

/** The reply's code that a refused mail gets. */
async function refusalOf(sending: Promise<unknown>): Promise<unknown> {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof Error && 'responseCode' in error ? error.responseCode : error
}

describe('A mail by SMTP', () => {
  test('is kept with its parts, headers, and what came over the wire', async () => {
    await transport().sendMail({ ...mail, bcc: 'audit@contoso.example', headers: { 'X-Case': 'case-1' } })
    const message = await inbox.waitFor(({ title }) => title === mail.subject)
    expect(message.to).toEqual(['lea@contoso.example', 'audit@contoso.example'])
    expect(message.from).toBe('"Approver" <approver@contoso.example>')
    const content = mailOf(message)
    expect(content.text?.trim()).toBe(mail.text)
    expect(content.html).toContain(mail.html)
    expect(content.headers['x-case']).toBe('case-1')
    expect(content.raw).toMatch(/^Content-Type: multipart\/alternative/im)
    expect(content.raw).not.toContain('audit@')
  })

  test('goes over TLS, because the server offers STARTTLS and its certificate is trusted', async () => {
    await transport().sendMail(mail)
    const [message] = inbox.messages()
    expect(message && mailOf(message).isEncrypted).toBe(true)
  })

  test('may go without TLS', async () => {
    await transport({ ignoreTLS: true }).sendMail(mail)
    const [message] = inbox.messages()
    expect(message && mailOf(message).isEncrypted).toBe(false)
  })

  test('with a text part only has no HTML part, and the other way round', async () => {
    const { text, html, ...bare } = mail
    await transport().sendMail({ ...bare, text })
    await transport().sendMail({ ...bare, html })
    const parts = inbox
      .messages()
      .map((one) => [mailOf(one).text, mailOf(one).html].map((part) => Boolean(part)))
    expect(parts).toEqual([
      [true, false],
      [false, true],
    ])
  })

  test('that refers to another one has a key in common with it', async () => {
    await transport().sendMail({ ...mail, messageId: '<case-1@contoso.example>' })
    await transport().sendMail({ ...mail, inReplyTo: '<case-1@contoso.example>' })
    const [first, second] = inbox.messages()
    expect(first?.threadKeys).toEqual(['<case-1@contoso.example>'])
    expect(second?.threadKeys).toContain('<case-1@contoso.example>')
  })

  test('that comes again under its Message-ID says so', async () => {
    await transport().sendMail({ ...mail, messageId: '<case-1@contoso.example>' })
    await transport().sendMail({ ...mail, messageId: '<case-1@contoso.example>' })
    const [first, second] = inbox.messages()
    expect([first?.repeatOf, second?.repeatOf]).toEqual([undefined, first?.id])
  })

  test('above 10 MB is refused with 552', async () => {
    const text = `${'0123456789'.repeat(100)}\n`.repeat(11_000)
    expect(await refusalOf(transport({ socketTimeout: 10_000 }).sendMail({ ...mail, text }))).toBe(552)
    expect(inbox.messages()).toEqual([])
  })
})

describe('Signing in', () => {
  const auth = { user: 'approver', pass: 'right' }

  test('is optional, and its name is kept', async () => {
    await transport({ auth }).sendMail(mail)
    const [message] = inbox.messages()
    expect(message && mailOf(message).sender).toBe('approver')
  })

  test('is not possible without TLS', async () => {
    await expect(transport({ auth, ignoreTLS: true }).sendMail(mail)).rejects.toThrow(
      /538|must issue a STARTTLS/i,
    )
  })

  test('where it is required, mails of others are refused', async () => {
    const closed = await openInbox({ smtpLogin: { user: 'approver', password: 'right' } })
    const { port } = new URL(closed.smtp)
    const tls = { rejectUnauthorized: false }
    expect(await refusalOf(transport({ port, tls }).sendMail(mail))).toBe(530)
    expect(await refusalOf(transport({ port, tls, auth: { ...auth, pass: 'wrong' } }).sendMail(mail))).toBe(
      535,
    )
    expect(closed.messages()).toEqual([])
    await transport({ port, tls, auth }).sendMail(mail)
    expect(closed.messages()).toHaveLength(1)
    await closed.stop()
  })
})

describe('A fault of the SMTP server', () => {
  test('refuses for now, so many times, and then takes the mail', async () => {
    await fault({
      method: 'DATA',
      path: '^/smtp/lea@',
      status: 451,
      message: '4.7.1 Try again later',
      times: 2,
    })
    expect(await refusalOf(transport().sendMail(mail))).toBe(451)
    expect(await refusalOf(transport().sendMail(mail))).toBe(451)
    await transport().sendMail(mail)
    expect(inbox.messages()).toHaveLength(1)
  })

  test('refuses one recipient and takes the mail for the other', async () => {
    await fault({ method: 'RCPT', path: '^/smtp/gone@', status: 550, message: '5.1.1 No such mailbox' })
    const info = await transport().sendMail({ ...mail, to: ['gone@contoso.example', 'lea@contoso.example'] })
    expect(info).toMatchObject({ rejected: ['gone@contoso.example'], accepted: ['lea@contoso.example'] })
    expect(inbox.messages().map(({ to }) => to)).toEqual([['lea@contoso.example']])
  })

  test('refuses connections', async () => {
    await fault({ method: 'CONNECT', path: '^/smtp$', status: 421 })
    await expect(transport().sendMail(mail)).rejects.toThrow('421')
  })

  test('hangs until the sender gives up', async () => {
    await fault({ method: 'DATA', path: '^/smtp/', holdMs: 'forever' })
    await expect(transport({ socketTimeout: 200 }).sendMail(mail)).rejects.toThrow(/timeout/i)
    expect(inbox.messages()).toEqual([])
  })

  test('resets the connection before it has taken the mail', async () => {
    await fault({ method: 'DATA', path: '^/smtp/', reset: true })
    await expect(transport().sendMail(mail)).rejects.toThrow(/closed|ECONNRESET|hang up/i)
    expect(inbox.messages()).toEqual([])
  })

  test('resets the connection after it has taken the mail, which the sender cannot know', async () => {
    await fault({ method: 'DATA', path: '^/smtp/', when: 'after', reset: true, times: 1 })
    await expect(transport().sendMail(mail)).rejects.toThrow(/closed|ECONNRESET|hang up/i)
    expect(inbox.messages()).toHaveLength(1)
  })

  test('loses a mail that it has accepted', async () => {
    await control(inbox, 'POST', 'losses', { via: 'smtp', times: 1 })
    await transport().sendMail({ ...mail, subject: 'lost' })
    await transport().sendMail({ ...mail, subject: 'there' })
    expect(inbox.messages().map(({ title }) => title)).toEqual(['there'])
  })
})
