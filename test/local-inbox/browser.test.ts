import { createTransport } from 'nodemailer'
import { type Browser, chromium } from 'playwright-core'
import { existsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Inbox } from '../../local/inbox/start.ts'
import { control, openTrustedInbox, pathOfOnly } from './support.ts'

const executablePath = '/usr/bin/chromium'

describe.skipIf(!existsSync(executablePath))('In a browser (needs Chromium in /usr/bin)', () => {
  let inbox: Inbox
  let browser: Browser
  beforeAll(async () => {
    inbox = await openTrustedInbox()
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterEach(() => control(inbox, 'POST', 'reset'))
  afterAll(async () => {
    await browser.close()
    await inbox.stop()
  })

  test('a card is drawn as a card, and its text is text', async () => {
    const hostile = '[approve](http://attacker.example) <img src=x onerror=alert(1)>'
    const content = {
      type: 'AdaptiveCard',
      version: '1.4',
      body: [
        { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: hostile }] },
        { type: 'FactSet', facts: [{ title: 'Target', value: 'stprod' }] },
      ],
      actions: [{ type: 'Action.OpenUrl', title: 'Review', url: `${inbox.origin}/?to=card` }],
    }
    const contentType = 'application/vnd.microsoft.card.adaptive'
    await fetch(inbox.teamsUrl('data-platform'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'message', attachments: [{ contentType, contentUrl: null, content }] }),
    })
    const page = await browser.newPage()
    await page.goto(inbox.origin + pathOfOnly(inbox))
    const card = page.locator('.card .ac-adaptiveCard')
    await card.waitFor()
    expect(await card.innerText()).toContain(hostile)
    expect(await card.innerText()).toMatch(/Target\s+stprod/)
    expect(await card.locator('img, a').count()).toBe(0)
    const opened = page.context().waitForEvent('page')
    await card.getByRole('link', { name: 'Review' }).click()
    expect((await opened).url()).toBe(`${inbox.origin}/?to=card`)
    await page.close()
  })

  test('the HTML part of a mail runs no script and fetches nothing, and its links open a new tab', async () => {
    const { hostname, port } = new URL(inbox.smtp)
    await createTransport({ host: hostname, port: Number(port) }).sendMail({
      from: 'a@contoso.example',
      to: 'lea@contoso.example',
      subject: 'Manual review',
      html: `<p id="text" style="color: rgb(1, 2, 3)">as it is</p><a href="${inbox.origin}/?to=link">Review</a>
        <script>document.getElementById('text').textContent = 'changed'</script>
        <img src="${inbox.origin}/style.css?from=mail" onerror="document.body.textContent = 'changed'">`,
    })
    const page = await browser.newPage()
    const fetched: string[] = []
    page.on('response', (response) => fetched.push(response.url()))
    await page.goto(inbox.origin + pathOfOnly(inbox), { waitUntil: 'networkidle' })
    const mail = page.frameLocator('iframe.mail')
    expect(await mail.locator('#text').innerText()).toBe('as it is')
    expect(await mail.locator('#text').getAttribute('style')).toBe('color: rgb(1, 2, 3)')
    expect(fetched.filter((url) => url.includes('from=mail'))).toEqual([])
    const opened = page.context().waitForEvent('page')
    await mail.getByRole('link', { name: 'Review' }).click()
    expect((await opened).url()).toBe(`${inbox.origin}/?to=link`)
    await page.close()
  })
})
