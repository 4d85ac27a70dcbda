import { existsSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { askAsUnknown } from '../../local/tour/requests.ts'
import { tableNames } from '../../shared/config/table-names.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { ReviewLinks } from '../../shared/links/review-links.ts'
import { StoredKeys } from '../../shared/links/storage/stored-keys.ts'
import { GuardedTable } from '../../shared/storage/guarded-table.ts'
import { run } from '../support/command-line.ts'
import { createLake, logOf, untilTargetHas } from '../support/lake-requests.ts'
import { browserOf, type PersonBrowser, refusalOf } from '../support/people.ts'
import { type RunningStack, runStack, until } from '../support/running-stack.ts'

const browserPath = '/usr/bin/chromium'
const now = () => new Date()

let running: RunningStack
let app: string
let entry: LogEntry
let links: ReviewLinks

beforeAll(async () => {
  running = await runStack(inject('appFolder'), { TIME_ZONE: 'Europe/Berlin' })
  app = running.stack.functionsApp().origin
  const target = `${running.places.lake}page`
  await createLake(running, target)
  await askAsUnknown(running.clients, {
    ...{ name: 'pe-reports', target, groupId: 'blob' },
    message: 'Agreed with Kim <b>today</b>, see https://evil.example',
  })
  const [opened] = await untilTargetHas(running, target, 60, 'waiting for manual review')
  if (!opened) throw new Error('The request was not opened.')
  entry = opened
  // Its message waits for others before it is sent, or dropped where no channel is defined.
  await until(
    60,
    () => running.rows(tableNames.requests, "RowKey ge 'message:' and RowKey lt 'message;'"),
    (messages) => messages.length > 0 && messages.every(({ settledAt }) => settledAt !== ''),
  )
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  const keys = new StoredKeys(new GuardedTable(running.table(tableNames.links)), random, now)
  links = new ReviewLinks({ keys, publicOrigin: app, now })
}, 150_000)
afterAll(() => running.stop())

const linkOf = (place = { kind: 'request', id: entry.decisionId } as const, days = 7) =>
  links.linkTo({
    ...{ place, messageId: 'case-1.question.1', channel: 'lake-owners' },
    expiresAt: new Date(Date.now() + days * 86_400_000),
  })
const pathOf = (address: string) => address.slice(app.length)

describe('the link of a message', () => {
  it('leads through the sign-in to the page of the request, at an address without the token', async () => {
    const { client, get } = browserOf(running.stack)
    const link = await linkOf()
    const asked = await get(pathOf(link))
    expect([asked.status, refusalOf(asked)]).toEqual([401, 'not-signed-in'])
    const [, to = ''] = /href="(\/sign-in\?to=[^"]+)"/.exec(asked.text) ?? []
    const choice = await get(to)
    const page = await client.post(choice.url, { person: 'ann' })
    expect([page.status, page.url]).toEqual([200, `${app}/requests/${entry.decisionId}`])
    expect(page.text).toContain('Waiting for manual review')
    expect(page.text).toContain('Agreed with Kim &lt;b&gt;today&lt;/b&gt;')
    expect(page.text).toContain('message contains a link.')
    expect(page.text).toContain('Europe/Berlin')
  })

  it('works as often as it is followed, by each who may read', async () => {
    const link = await linkOf()
    for (const person of ['ann', 'carla', 'ann']) {
      const { signIn, get } = browserOf(running.stack)
      await signIn(person, '?to=/account')
      for (let times = 0; times < 3; times += 1) expect((await get(pathOf(link))).status).toBe(200)
    }
  })

  it.each([
    ['of nobody', () => Promise.resolve('/review/v1.AAAA'), 400, 'link-malformed'],
    [
      'changed by one letter',
      async () => pathOf(await linkOf()).replace(/.{3}$/, 'AAA'),
      403,
      'link-signature',
    ],
    ['expired', async () => pathOf(await linkOf(undefined, -1)), 410, 'link-expired'],
    [
      'to a request that there is not',
      async () => pathOf(await linkOf({ kind: 'request', id: `${'0'.repeat(20)}.1.1` })),
      ...([404, 'request-not-found'] as const),
    ],
  ])('%s is refused, and leads to what waits', async (_title, path, status, code) => {
    const { signIn, get } = browserOf(running.stack)
    await signIn('ann', '?to=/account')
    const page = await get(await path())
    expect([page.status, refusalOf(page)]).toEqual([status, code])
    expect(page.text).toContain('<a class="button" href="/">What waits</a>')
  })

  it('does not lead anybody anywhere but to a page of the app', async () => {
    const { signIn } = browserOf(running.stack)
    const page = await signIn('ann', `?to=${encodeURIComponent('/review/..%2f..%2fevil.test')}`)
    expect(page.url).toBe(`${app}/`)
  })

  it('that was sent before the keys were rotated still works', async () => {
    const link = await linkOf()
    const place = ['--storage', running.stack.storage]
    const rotated = await run(['links', 'rotate-keys', '--yes', ...place])
    expect(rotated).toMatchObject({ code: 0, out: expect.stringContaining('still work.') as string })
    const { signIn, get } = browserOf(running.stack)
    await signIn('ann', '?to=/account')
    expect((await get(pathOf(link))).status).toBe(200)
    const again = await run(['links', 'rotate-keys', '--yes', ...place])
    expect(again.code).toBe(1)
    expect(again.err).toContain('--end-older-links')
    const { secret } = (
      await new StoredKeys(new GuardedTable(running.table(tableNames.links)), String, now).load()
    ).current
    expect(`${rotated.out}${again.err}`).not.toContain(secret)
  })
})

describe('the first page', () => {
  it('is where a sign-in leads, and shows what waits', async () => {
    const page = await browserOf(running.stack).signIn('ann')
    expect(page.url).toBe(`${app}/`)
    expect(page.text).toMatch(/One request waits|\d+ requests wait/)
    expect(page.text).toContain(`href="/requests/${entry.decisionId}"`)
  })
})

/** Every row of what people and requests are made of. Timers write the rest: checkpoints, and work on targets. */
async function everyRow(): Promise<string> {
  const names = ['requests', 'requestIndex', 'allowList', 'bursts', 'claims', 'sessions', 'links'] as const
  const tables = await Promise.all(names.map((name) => running.rows(tableNames[name])))
  const rows = tables.flat().filter(({ partitionKey }) => partitionKey !== 'checkpoint')
  return JSON.stringify(rows)
}

/** The host itself responds to other methods, and at `/` with 204. */
describe('a scanner without a session changes nothing and uses nothing up', () => {
  const addresses = async () => [
    pathOf(await linkOf()),
    ...['/', `/requests/${entry.decisionId}`, '/cases/x', '/account', '/sign-in', '/signed-out'],
  ]

  it.each(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE'])('by %s, many times', async (method) => {
    const before = await everyRow()
    for (const path of await addresses()) {
      for (let times = 0; times < 5; times += 1) {
        const response = await fetch(`${app}${path}`, { method, redirect: 'manual' })
        const expected = method === 'GET' ? [200, 303, 401] : path === '/' ? [204] : [404]
        expect(expected, `${method} ${path}`).toContain(response.status)
      }
    }
    expect(await everyRow()).toBe(before)
  })

  it('by a form of a foreign page, in the browser of an approver', async () => {
    const { signIn, client } = browserOf(running.stack)
    await signIn('ann')
    const before = await everyRow()
    const foreign = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }
    for (const path of await addresses()) {
      const page = await client.send(`${app}${path}`, {
        method: 'POST',
        form: { approve: '1' },
        headers: foreign,
      })
      expect(page.status, path).toBe(path === '/' ? 204 : 404)
    }
    expect((await client.post(`${app}/sign-out`, {}, foreign)).status).toBe(403)
    expect(await everyRow()).toBe(before)
  })

  it.skipIf(!existsSync(browserPath))(
    'by a browser that follows every link and sends every form',
    async () => {
      const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
      try {
        const before = await everyRow()
        const seen = await crawl(browser, await addresses())
        expect(seen.size).toBeGreaterThan(6)
        expect(await everyRow()).toBe(before)
      } finally {
        await browser.close()
      }
      const { signIn, get } = browserOf(running.stack)
      await signIn('ann', '?to=/account')
      expect((await get(pathOf(await linkOf()))).status).toBe(200)
    },
  )
})

/** Forms as the page of the request has them; without a token, unless one is given. */
function decisionForms(
  version: string,
): readonly (readonly [path: string, fields: Record<string, string>])[] {
  const path = `/requests/${entry.decisionId}`
  return [
    [`${path}/decision`, { outcome: 'approve', reason: 'x', version }],
    [`${path}/decision`, { outcome: 'reject', reason: 'x', version }],
    [`${path}/rule`, { step: 'preview', reason: 'x', version }],
    [`${path}/rule`, { step: 'confirm', reason: 'x', days: '90', version, rule: 'a'.repeat(64) }],
  ]
}

describe('the forms of a decision decide nothing and use nothing up', () => {
  let version: string
  /** A form token of rita, whose session goes on. */
  let ofRita: string
  let rita: PersonBrowser

  beforeAll(async () => {
    rita = browserOf(running.stack)
    await rita.signIn('rita')
    const { text } = await rita.get(`/requests/${entry.decisionId}`)
    version = /name="version" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? ''
    ofRita = await rita.formToken()
    expect([version, ofRita]).not.toContain('')
  })

  /** Sends each form, and gives the codes of the refusals. */
  async function codesOf(
    { client }: Pick<PersonBrowser, 'client'>,
    change: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<readonly string[]> {
    const codes: string[] = []
    for (const [path, fields] of decisionForms(version)) {
      const own = { origin: app, 'sec-fetch-site': 'same-origin' }
      const form = { ...fields, ...change }
      const response = await client.send(`${app}${path}`, {
        ...{ method: 'POST', form, headers: { ...own, ...headers } },
      })
      codes.push(refusalOf(response))
    }
    return [...new Set(codes)]
  }

  it.each([
    ['without a session', {}, {}, 'not-signed-in'],
    [
      'of a foreign page',
      {},
      { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
      'origin-foreign',
    ],
    ['of a script that names no page', {}, { origin: '', 'sec-fetch-site': '' }, 'origin-foreign'],
    ['with a session that nobody has', {}, { cookie: 'session=AAAA' }, 'not-signed-in'],
  ])('%s', async (_title, change, headers, code) => {
    const before = await everyRow()
    expect(await codesOf(browserOf(running.stack), change, headers)).toEqual([code])
    expect(await everyRow()).toBe(before)
  })

  it.each([
    ['without a token', {}, 'form-token-missing'],
    ['with a wrong token', { formToken: 'A'.repeat(43) }, 'form-token-wrong'],
  ])('in a session, %s', async (_title, change, code) => {
    const before = await everyRow()
    expect(await codesOf(rita, change)).toEqual([code])
    expect(await everyRow()).toBe(before)
  })

  it("with another person's token", async () => {
    const ann = browserOf(running.stack)
    await ann.signIn('ann')
    const before = await everyRow()
    expect(await codesOf(ann, { formToken: ofRita })).toEqual(['form-token-wrong'])
    expect(await everyRow()).toBe(before)
  })

  it.each([
    ['missing', { version: '' }],
    ['of another form', { version: "' or 1 eq 1" }],
  ])('with a version that is %s', async (_title, change) => {
    const before = await everyRow()
    expect(await codesOf(rita, { formToken: ofRita, ...change })).toEqual(['form-incomplete'])
    expect(await everyRow()).toBe(before)
  })

  it('with a forged version: the page is shown instead', async () => {
    const before = await everyRow()
    for (const [path, fields] of decisionForms('f'.repeat(64))) {
      const form = { ...fields, formToken: ofRita }
      const page = await rita.client.post(`${app}${path}`, form)
      expect([page.status, page.text.includes('the request has changed')], path).toEqual([409, true])
    }
    expect(await everyRow()).toBe(before)
  })

  it('by a reader, and by an approver who may write no rule', async () => {
    for (const [person, paths] of [
      ['ron', ['decision', 'rule']],
      ['ann', ['rule']],
    ] as const) {
      const own = browserOf(running.stack)
      await own.signIn(person)
      const formToken = await own.formToken()
      const before = await everyRow()
      for (const [path, fields] of decisionForms(version)) {
        if (!paths.some((end) => path.endsWith(end))) continue
        const page = await own.client.post(`${app}${path}`, { ...fields, formToken })
        expect([page.status, refusalOf(page)], `${person} ${path}`).toEqual([403, 'role-not-sufficient'])
      }
      expect(await everyRow()).toBe(before)
    }
  })

  it('after a sign-out, sent again as they were', async () => {
    const carla = browserOf(running.stack)
    await carla.signIn('carla')
    const formToken = await carla.formToken()
    await carla.client.post(`${app}/sign-out`, { formToken })
    const before = await everyRow()
    expect(await codesOf(carla, { formToken })).toEqual(['not-signed-in'])
    expect(await everyRow()).toBe(before)
  })

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('by %s, with a session', async (method) => {
    const before = await everyRow()
    for (const [path] of decisionForms(version)) {
      const response = await rita.client.send(`${app}${path}?outcome=approve&version=${version}`, { method })
      expect(response.status, path).toBe(404)
    }
    expect(await everyRow()).toBe(before)
  })

  it.skipIf(!existsSync(browserPath))('in a browser without a session, as the page had them', async () => {
    const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
    try {
      const page = await (await browser.newContext()).newPage()
      const before = await everyRow()
      for (const [path, fields] of decisionForms(version)) {
        await page.goto(`${app}/requests/${entry.decisionId}`)
        const sent = { ...fields, formToken: ofRita }
        const inputs = Object.entries(sent).map(([name, value]) => `<input name="${name}" value="${value}">`)
        const markup = `<form method="post" action="${path}">${inputs.join('')}</form>`
        await page.evaluate(`document.body.innerHTML = ${JSON.stringify(markup)}`)
        await Promise.all([page.waitForURL(`**${path}`), page.evaluate('document.forms[0].submit()')])
        expect(await page.textContent('main'), path).toContain('not-signed-in')
      }
      expect(await everyRow()).toBe(before)
    } finally {
      await browser.close()
    }
  })

  // The last one: it decides.
  it('sent twice as it was, and after the decision: decides once', async () => {
    const form = { outcome: 'reject', reason: 'No', version, formToken: ofRita }
    const path = `${app}/requests/${entry.decisionId}/decision`
    const own = { origin: app, 'sec-fetch-site': 'same-origin' }
    const send = () => rita.client.send(path, { method: 'POST', form, headers: own })
    const both = await Promise.all([send(), send()])
    const later = await send()
    expect([...both, later].map(({ status }) => status)).toEqual([303, 303, 303])
    const entries = await logOf(running, entry.subject.targetId)
    expect(entries.filter(({ kind }) => kind === 'chosen')).toHaveLength(1)
    const otherwise = await rita.client.post(path, { ...form, outcome: 'approve' })
    expect([otherwise.status, otherwise.text.includes('Your decision was not taken')]).toEqual([409, true])
  })
})

/** Visits every address of the app that a page has, and sends its forms; what leads elsewhere is not followed. */
async function crawl(browser: Browser, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.route('**/*', (route) =>
    route.request().url().startsWith(app) ? route.continue() : route.abort(),
  )
  const seen = new Set<string>()
  const open = [...paths]
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    if (seen.has(path) || seen.size > 60) continue
    seen.add(path)
    await page.goto(`${app}${path}`).catch(() => undefined)
    const [found, forms] = await page.evaluate<[string[], number]>(
      '[[...document.links].map((link) => link.href), document.forms.length]',
    )
    open.push(...found.filter((href) => href.startsWith(`${app}/`)).map(pathOf))
    for (let index = 0; index < forms; index += 1) {
      await page.evaluate(`document.forms[${index}].submit()`)
      await page.waitForLoadState()
      await page.goto(`${app}${path}`).catch(() => undefined)
    }
  }
  return seen
}
