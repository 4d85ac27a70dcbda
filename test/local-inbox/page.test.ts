import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createTransport } from 'nodemailer'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '../../local/inbox/message.ts'
import { type Inbox, startInbox } from '../../local/inbox/start.ts'
import { control, openTrustedInbox, pathOfOnly } from './support.ts'

let inbox: Inbox
beforeAll(async () => {
  inbox = await openTrustedInbox()
})
afterEach(() => control(inbox, 'POST', 'reset'))
afterAll(() => inbox.stop())

const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`

function mailTo(to: string, more: Record<string, unknown> = {}, through = inbox) {
  const { hostname, port } = new URL(through.smtp)
  const mail = { from: 'a@contoso.example', subject: `for ${to}`, text: 'Hello', ...more }
  return createTransport({ host: hostname, port: Number(port), ignoreTLS: true }).sendMail({ ...mail, to })
}

async function read(place: string, init: RequestInit = {}) {
  const response = await fetch(`${inbox.origin}${place}`, { redirect: 'manual', ...init })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

async function postCard(card: unknown): Promise<void> {
  const contentType = 'application/vnd.microsoft.card.adaptive'
  const { status } = await fetch(inbox.teamsUrl('data-platform'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'message',
      attachments: [{ contentType, contentUrl: null, content: card }],
    }),
  })
  expect(status).toBe(202)
}

describe('The list', () => {
  test('says that nothing has come yet', async () => {
    expect((await read('/')).text).toContain('Nothing has come yet.')
  })

  test('has the newest first, and each recipient with its count', async () => {
    await mailTo('lea@contoso.example', { subject: 'older' })
    await mailTo('lea@contoso.example, kim@contoso.example', { subject: 'newer' })
    const { text } = await read('/')
    expect(text.indexOf('newer')).toBeLessThan(text.indexOf('older'))
    expect(text.replace(/\s+/g, ' ')).toMatch(/lea@contoso.example <span class="count">2<.*/)
    const ofKim = await read(`/?to=${encodeURIComponent('KIM@contoso.example')}`)
    expect(ofKim.text).toContain('newer')
    expect(ofKim.text).not.toContain('older')
  })

  test('shows a thread as one, whichever mail of it is the newest', async () => {
    await mailTo('lea@contoso.example', { subject: 'first', messageId: '<one@x>' })
    await mailTo('lea@contoso.example', { subject: 'between' })
    await mailTo('lea@contoso.example', { subject: 'reminder', inReplyTo: '<one@x>' })
    const { text } = await read('/')
    expect(text.match(/<article/g)).toHaveLength(2)
    expect(text).toContain('2 messages')
    expect(text.indexOf('reminder')).toBeLessThan(text.indexOf('between'))
  })

  test('deletes everything by a form, without a script', async () => {
    await mailTo('lea@contoso.example')
    expect((await read('/')).text).toMatch(/<form method="post" action="\/delete">/)
    const deleted = await read('/delete', { method: 'POST' })
    expect([deleted.status, deleted.headers.get('location')]).toEqual([303, '/'])
    expect(inbox.messages()).toEqual([])
  })
})

describe('The page of a message', () => {
  test('shows a mail by its parts: the HTML in a frame that runs nothing, links of the text as links', async () => {
    await mailTo('lea@contoso.example', {
      text: 'Open https://localhost/r/abc now',
      html: '<html><head><title>x</title></head><body><a href="https://localhost/r/abc">Review</a></body></html>',
    })
    const page = await read(pathOfOnly(inbox))
    const frame = /<iframe[^>]*>/.exec(page.text)?.[0] ?? ''
    expect(frame).toMatch(/sandbox="allow-popups allow-popups-to-escape-sandbox"/)
    expect(page.text).toMatch(/<a href="https:\/\/localhost\/r\/abc" target="_blank" rel="noreferrer"/)
    const part = await read(/src="([^"]+)"/.exec(frame)?.[1] ?? '')
    expect(part.text).toContain('<head><base target="_blank"><title>x</title>')
    const policy = part.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^sandbox [^;]*; default-src 'none';/)
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src|https?:/)
  })

  test('has a strict policy of its own', async () => {
    await mailTo('lea@contoso.example')
    for (const place of ['/', pathOfOnly(inbox)]) {
      const policy = (await read(place)).headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
      expect(policy).not.toContain('unsafe')
    }
  })

  test('shows hostile text as text, wherever it comes from', async () => {
    await mailTo('lea@contoso.example', { subject: hostile, text: hostile, headers: { 'X-Case': hostile } })
    for (const place of ['/', pathOfOnly(inbox)]) {
      const { text } = await read(place)
      expect(text).toContain('&lt;script&gt;')
      expect(text).not.toMatch(/<script>alert|<img/)
    }
  })

  test('shows a card by the official renderer, and without a script by its fallback text and JSON', async () => {
    const body = [{ type: 'TextBlock', text: hostile }]
    await postCard({ type: 'AdaptiveCard', version: '1.4', body, fallbackText: 'adf-prod asks' })
    const page = await read(pathOfOnly(inbox))
    expect(page.text).toMatch(/<noscript>\s*adf-prod asks\s*<\/noscript>/)
    expect(page.text).toContain('&quot;AdaptiveCard&quot;')
    expect(page.text).not.toMatch(/<script>alert|<img/)
    for (const script of ['/adaptivecards.js', '/draw-cards.js']) {
      expect(page.text).toContain(`<script src="${script}" defer>`)
      expect((await read(script)).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    }
  })

  test('says why Teams would not show what it has accepted', async () => {
    await postCard({ type: 'AdaptiveCard', version: '1.5', body: [] })
    expect((await read('/')).text).toContain('Accepted, but would not be shown')
    expect((await read(pathOfOnly(inbox))).text).toContain('version is &quot;1.5&quot;')
  })

  test('says of a webhook whether it is verified', async () => {
    await fetch(inbox.webhookUrl('pager'), { method: 'POST', body: '{"type":"x"}' })
    const { text } = await read(pathOfOnly(inbox))
    expect(text).toContain('Not verified')
    expect(text).toContain('Missing required headers')
  })

  test('of nothing is a 404', async () => {
    expect((await read('/messages/none')).status).toBe(404)
    expect((await read('/api/messages/none')).status).toBe(404)
  })
})

describe('The API', () => {
  interface Listed {
    readonly value: readonly Message[]
  }
  const listed = async (query = '') => JSON.parse((await read(`/api/messages${query}`)).text) as Listed

  test('lists by recipient and time, the newest first, and has each one with what came over the wire', async () => {
    await mailTo('lea@contoso.example', { subject: 'one' })
    await new Promise((resolve) => setTimeout(resolve, 5))
    const between = new Date().toISOString()
    await mailTo('lea@contoso.example', { subject: 'two' })
    await mailTo('kim@contoso.example', { subject: 'three' })
    const titles = async (query: string) => (await listed(query)).value.map(({ title }) => title)
    expect(await titles('')).toEqual(['three', 'two', 'one'])
    expect(await titles('?to=Lea@contoso.example')).toEqual(['two', 'one'])
    expect(await titles(`?to=lea@contoso.example&since=${between}`)).toEqual(['two'])
    const [newest] = (await listed()).value
    expect(newest?.content).not.toHaveProperty('raw')
    expect((await read(`/api/messages/${newest?.id ?? ''}`)).text).toContain('"raw":"')
  })

  test('refuses a time that is none', async () => {
    expect((await read('/api/messages?since=yesterday')).status).toBe(400)
  })

  test('deletes everything', async () => {
    await mailTo('lea@contoso.example')
    expect((await read('/api/messages', { method: 'DELETE' })).status).toBe(204)
    expect((await listed()).value).toEqual([])
  })

  test('says where to send to', async () => {
    expect(JSON.parse((await read('/api/addresses/data-platform')).text)).toEqual({
      smtp: inbox.smtp,
      emailService: inbox.emailService,
      teams: inbox.teamsUrl('data-platform'),
      webhook: inbox.webhookUrl('data-platform'),
      webhookSecret: inbox.webhookSecret,
    })
  })
})

describe('A page of somebody else in the same browser', () => {
  test('deletes nothing', async () => {
    await mailTo('lea@contoso.example')
    const origins = ['https://attacker.example', 'null', inbox.emailService]
    for (const origin of origins) {
      expect((await read('/delete', { method: 'POST', headers: { origin } })).status).toBe(403)
    }
    expect(inbox.messages()).toHaveLength(1)
    expect((await read('/delete', { method: 'POST', headers: { origin: inbox.origin } })).status).toBe(303)
  })

  test('reads nothing under a name that it has pointed at this machine', async () => {
    const { port } = new URL(inbox.origin)
    const status = await new Promise((resolve) => {
      request({ port, path: '/api/messages', headers: { host: `attacker.example:${port}` } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end()
    })
    expect(status).toBe(403)
  })
})

describe('Waiting for a message', () => {
  test('finds one that is there, and one that comes', async () => {
    const later = inbox.waitFor(({ title }) => title === 'for lea@contoso.example')
    await mailTo('lea@contoso.example')
    const message = await later
    expect(await inbox.waitFor(({ id }) => id === message.id)).toBe(message)
  })

  test('ends with what is there instead', async () => {
    await mailTo('lea@contoso.example')
    await expect(inbox.waitFor(() => false, 20)).rejects.toThrow(
      'No such message came within 20 ms; the inbox has: "for lea@contoso.example".',
    )
  })
})

describe('A restart', () => {
  const ports = { page: 0, receivers: 0, smtp: 0 }

  test('keeps messages, even after a line that a kill has cut, and the secrets of the URLs', async () => {
    const stateFolder = await mkdtemp(path.join(tmpdir(), 'inbox-restart-'))
    const file = path.join(stateFolder, 'inbox.jsonl')
    const first = await startInbox({ ports, stateFolder, persist: true })
    await mailTo('lea@contoso.example', {}, first)
    const sig = new URL(first.teamsUrl('x')).searchParams.get('sig')
    await first.stop()
    const before = first.messages()
    expect(before).toHaveLength(1)
    await writeFile(file, `${await readFile(file, 'utf8')}{"id":"cut`)
    const second = await startInbox({ ports, stateFolder, persist: true })
    expect(second.messages()).toEqual(before)
    expect(new URL(second.teamsUrl('x')).searchParams.get('sig')).toBe(sig)
    expect(second.webhookSecret).toBe(first.webhookSecret)
    expect((await stat(file)).mode & 0o077).toBe(0)
    await second.stop()
    await rm(stateFolder, { recursive: true })
  })

  test('does not come about where a port is taken: what had started is stopped', async () => {
    const smtp = Number(new URL(inbox.smtp).port)
    const receivers = Number(new URL(inbox.emailService).port) + 1
    const starting = () => startInbox({ ports: { page: 0, receivers, smtp }, persist: false })
    await expect(starting()).rejects.toThrow('EADDRINUSE')
    await expect(starting()).rejects.toThrow(`127.0.0.1:${smtp}`)
  })
})
