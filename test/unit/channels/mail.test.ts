import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { describe, expect, it } from 'vitest'
import { mailOf, maxHtmlBytes } from '../../../shared/channels/email/mail.ts'
import type { Message } from '../../../shared/domain/message.ts'
import { harmful, injected, injections } from '../../support/injection-corpus.ts'
import { attribute, elementsOf, textOf } from '../../support/rendered.ts'
import { sampleMessage, sampleMessages, sampleRequestInMessage } from '../../support/sample-message.ts'

const allowed = new Set('html head meta title style body div table tbody tr td th h1 h2 h3 p a'.split(' '))
const styles = elementsOf(mailOf(sampleMessage(), 'contoso.com').html).find(
  ({ tagName }) => tagName === 'style',
)

/** As it arrives: written by nodemailer, read by a parser. */
async function arrived(message: Message) {
  const { subject, text, html, headers } = mailOf(message, 'contoso.com')
  const transport = createTransport({ streamTransport: true, buffer: true })
  const { 'Message-ID': messageId, ...others } = headers
  const sent = await transport.sendMail({
    from: 'approver@contoso.com',
    to: 'kim@contoso.com',
    ...{ subject, text, html, headers: others },
    ...(messageId !== undefined && { messageId }),
  })
  return simpleParser(sent.message)
}

describe('a mail', () => {
  it.each(Object.entries(sampleMessages))('of the %s fetches nothing and runs nothing', (_, message) => {
    const { html } = mailOf(message, 'contoso.com')
    for (const element of elementsOf(html)) {
      expect(allowed).toContain(element.tagName)
      for (const { name } of element.attrs) expect(name).not.toMatch(/^(on|src|background$|srcset|data)/)
    }
    expect(html).not.toMatch(/url\(|@import|@font-face/)
  })

  it('has a text and an HTML part, and no attachment', async () => {
    const mail = await arrived(sampleMessage())
    expect(mail.text).toContain('Why not automatic: No rule matched.')
    expect(mail.html).toContain('Why not automatic')
    expect(mail.attachments).toEqual([])
  })

  it('is for screen readers: a language, one h1, layout tables without meaning, headers for rows', () => {
    const elements = elementsOf(mailOf(sampleMessage(), 'contoso.com').html)
    const named = (name: string) => elements.filter(({ tagName }) => tagName === name)
    expect(named('html').map((one) => attribute(one, 'lang'))).toEqual(['en'])
    expect(named('h1').map(textOf)).toEqual(['Unknown requester asks for stlake (blob)'])
    expect(named('h2').map(textOf)).toEqual(['The request', 'What to do next', 'Details'])
    for (const header of named('th')) expect(attribute(header, 'scope')).toBe('row')
    expect(named('table').map((one) => attribute(one, 'role') ?? 'facts')).toEqual([
      'presentation',
      'facts',
      'presentation',
      'facts',
    ])
  })

  it('is for dark mode: it says so, and no text keeps a dark colour there', () => {
    const { html } = mailOf(sampleMessage(), 'contoso.com')
    expect(html).toContain('<meta name="color-scheme" content="light dark"')
    expect(html).toContain('@media (prefers-color-scheme: dark)')
    const dark = elementsOf(html).filter((one) =>
      /(^|;)color:#(1b1b1f|5a5a66|a4161a)/.test(attribute(one, 'style') ?? ''),
    )
    expect(dark.length).toBeGreaterThan(10)
    for (const one of dark) expect(attribute(one, 'class')).toMatch(/\b(text|faint|risk)\b/)
  })

  it('begins in a list of mails with what happened and what to do', () => {
    const [first] = elementsOf(mailOf(sampleMessage(), 'contoso.com').html).filter(
      ({ tagName }) => tagName === 'div',
    )
    expect(first && textOf(first)).toMatch(/^Somebody whom no rule names .* Check who asks and for what\./)
  })

  it.each([
    ['unknown requester', 'Review needed: Unknown requester asks for stlake (blob)'],
    ['burst of 200', 'Review needed (high risk): 200 requests at once from Data Factory adf-test'],
    ['reminder', 'Reminder: Unknown requester asks for stlake (blob)'],
    ['outcome', 'Closed: Unknown requester asked for stlake (blob)'],
    ['test', 'Test: Test of the channel "lake-owners"'],
  ])('of the %s has the subject %s', (name, subject) =>
    expect(mailOf(sampleMessages[name] ?? sampleMessage(), 'contoso.com').subject).toBe(subject),
  )

  it('is below what Gmail shows, whatever the texts', () => {
    const wide = '"&<'.repeat(30_000)
    const requests = Array.from({ length: 12 }, () =>
      sampleRequestInMessage({
        ...{ connectionName: wide, targetId: wide, targetName: wide, requester: wide, endpointId: wide },
        ...{ proof: wide, reason: wide, requesterSaid: wide, flags: Array.from({ length: 50 }, () => wide) },
        commands: { approve: wide, reject: wide },
      }),
    )
    const { html } = mailOf(sampleMessage({ requests, title: wide, summary: wide }), 'contoso.com')
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(maxHtmlBytes)
  })
})

describe('mails of one case', () => {
  it('are one thread: a reminder answers the first message', async () => {
    const first = await arrived(sampleMessage())
    const reminder = await arrived(sampleMessages['reminder'] ?? sampleMessage())
    expect(first.messageId).toMatch(/^<[0-9a-f]{40}@contoso\.com>$/)
    expect(first.inReplyTo).toBeUndefined()
    expect(reminder.inReplyTo).toBe(first.messageId)
    expect(reminder.references).toBe(first.messageId)
    expect(reminder.messageId).not.toBe(first.messageId)
  })

  it('have the same id when they are sent again', () => {
    expect(mailOf(sampleMessage(), 'contoso.com').headers).toEqual(
      mailOf(sampleMessage(), 'contoso.com').headers,
    )
  })

  it('ask for no automatic replies', async () => {
    const { headers } = await arrived(sampleMessage())
    expect(headers.get('auto-submitted')).toBe('auto-generated')
    expect(headers.get('x-auto-response-suppress')).toBe('All')
  })
})

describe('text from outside in a mail', () => {
  it.each(injected)('$place: $what is nothing but visible text', ({ message }) => {
    const { html, text, subject, headers } = mailOf(message, 'contoso.com')
    const elements = elementsOf(html)
    for (const element of elements) {
      expect(allowed).toContain(element.tagName)
      for (const { name } of element.attrs) expect(name).not.toMatch(/^(on|src)/)
      if (element.tagName === 'a')
        expect(attribute(element, 'href')).toMatch(
          /^https:\/\/(approver\.contoso\.example|portal\.azure\.com)\//,
        )
      if (element.tagName === 'style') expect(textOf(element)).toBe(styles && textOf(styles))
    }
    const body = elements.find(({ tagName }) => tagName === 'body')
    expect(body && textOf(body)).not.toMatch(harmful)
    expect(text.replaceAll('\n', '')).not.toMatch(harmful)
    expect(subject).not.toMatch(harmful)
    expect(Array.from(subject).length).toBeLessThanOrEqual(120)
    for (const value of Object.values(headers)) expect(value).toMatch(/^[ -~]{1,200}$/)
  })

  it.each(['the end of an attribute', 'new headers', 'an element of HTML'])(
    'as a title, %s adds no header',
    async (what) => {
      const title = injections[what] ?? ''
      const mail = await arrived(sampleMessage({ title }))
      expect(mail.bcc).toBeUndefined()
      expect(mail.subject).toContain('Review needed: ')
      expect([...mail.headers.keys()].toSorted()).toEqual(
        [...(await arrived(sampleMessage())).headers.keys()].toSorted(),
      )
    },
  )

  it('becomes no link where programs for mail make links of text', () => {
    const said = injections['a bare address'] ?? ''
    const { text } = mailOf(
      sampleMessage({ requests: [sampleRequestInMessage({ requesterSaid: said })] }),
      'c.com',
    )
    expect(text).toContain('“www[.]evil[.]example and evil[.]example/path and me@evil[.]example”')
  })
})
