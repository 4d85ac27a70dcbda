import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { groups, people } from '../../local/azure/identity/people/directory.ts'
import { ownTenant, signInApp } from '../../local/azure/well-known.ts'
import { around, run } from '../support/command-line.ts'
import { browserOf, refusalOf } from '../support/people.ts'
import { type RunningStack, runStack } from '../support/running-stack.ts'

let running: RunningStack
let app: string
beforeAll(async () => {
  running = await runStack(inject('appFolder'))
  app = running.stack.functionsApp().origin
  await running.allowList.upsertEntity({
    ...{ partitionKey: 'rule', rowKey: 'ask-the-data-team', effect: 'ask', target: running.places.lake },
    ...{ requester: running.places.salesFactory, approvers: `${groups.dataApprovers},${groups.otherTeam}` },
  })
}, 120_000)
afterAll(() => running.stop())

const browser = () => browserOf(running.stack)
const idOf = (key: string) => people.find((person) => person.key === key)?.objectId ?? ''

describe('signing in to the built app', () => {
  it('proves the app by a token of its identity, and shows who is signed in', async () => {
    const { signIn } = browser()
    const page = await signIn('ann', '?to=/account')
    expect(page.url).toBe(`${app}/account`)
    expect(page.text).toContain('Ann Approver')
    expect(page.text).toContain(idOf('ann'))
    expect(page.text).toContain(groups.dataApprovers)
    expect(page.text).not.toContain(groups.otherTeam)
  })

  it('asks Graph for the groups of somebody who is in too many', async () => {
    expect((await browser().signIn('ben', '?to=/account')).text).toContain(groups.dataApprovers)
  })

  it('refuses in words somebody whose groups the app may not read', async () => {
    await running.control('POST', 'faults', { path: 'checkMemberGroups', status: 403, times: 1 })
    const page = await browser().signIn('ben')
    expect([page.status, refusalOf(page)]).toEqual([403, 'groups-unreadable'])
    expect(page.text).toContain('GroupMember.Read.All')
  })

  it.each([
    ['nora', 'role-missing'],
    ['gus', 'guest-refused'],
  ])('refuses %s: %s', async (key, code) => {
    const { signIn, get } = browser()
    const page = await signIn(key)
    expect([page.status, refusalOf(page)]).toEqual([403, code])
    expect(refusalOf(await get('/account'))).toBe('not-signed-in')
  })

  it('leads by itself through the tenant, once it knows the person', async () => {
    const { signIn, get } = browser()
    await signIn('ann')
    const again = await get('/sign-in?to=/account')
    expect(again.text).toContain('Ann Approver')
    expect((await get('/sign-in?how=choose')).text).toContain('Who are you?')
  })

  it('login CSRF: the end of a sign-in that somebody else began is refused', async () => {
    const attacker = browser()
    const asked = await attacker.get('/sign-in')
    const chosen = await attacker.client.send(asked.url, { method: 'POST', form: { person: 'carla' } })
    const resumed = await attacker.client.send(chosen.headers.get('location') ?? '')
    const end = resumed.headers.get('location') ?? ''
    expect(end).toContain(`${app}/sign-in/callback?code=`)
    expect(refusalOf(await browser().client.get(end))).toBe('sign-in-not-begun')
  })

  it('replay: the end of a sign-in works once', async () => {
    const victim = browser()
    const { way } = await victim.signIn('ann')
    const end = way.find((address) => address.includes('/sign-in/callback')) ?? ''
    expect(refusalOf(await victim.client.get(end))).toBe('sign-in-not-begun')
  })

  it('fixation: a session that was planted is not the one of the person', async () => {
    const victim = browser()
    victim.client.setCookie(app, 'session', 'A'.repeat(43))
    await victim.signIn('ann')
    expect(victim.client.cookie(app, 'session')).not.toBe('A'.repeat(43))
    const attacker = browser()
    attacker.client.setCookie(app, 'session', 'A'.repeat(43))
    expect(refusalOf(await attacker.get('/account'))).toBe('session-unknown')
  })

  it.each(['https://evil.test', '//evil.test', '/\\evil.test', '/account%0d%0aSet-Cookie:x=1'])(
    'open redirect: never leads to %s',
    async (to) => {
      const page = await browser().signIn('ann', `?to=${encodeURIComponent(to)}`)
      expect(page.url).toBe(`${app}/`)
    },
  )

  it('the host of a request changes nothing about where a sign-in leads', async () => {
    const response = await browser().client.send(`${app}/sign-in`, {
      headers: { 'x-forwarded-host': 'evil.test' },
    })
    const back = new URL(response.headers.get('location') ?? '').searchParams.get('redirect_uri')
    expect(back).toBe(`${app}/sign-in/callback`)
  })

  it.each([
    [
      'x-ms-client-principal',
      Buffer.from('{"claims":[{"typ":"roles","val":"Approver"}]}').toString('base64'),
    ],
    ['x-ms-client-principal-id', 'a11ce000-0001-4d2c-9b3a-c0de5e1f0001'],
    ['x-ms-token-aad-id-token', 'eyJhbGciOiJub25lIn0.e30.'],
  ])('a forged header of App Service authentication is not believed: %s', async (name, value) => {
    const page = await browser().get('/account', { [name]: value })
    expect([page.status, refusalOf(page)]).toEqual([401, 'not-signed-in'])
  })
})

describe('signing out', () => {
  it('ends the session, and not only its cookie', async () => {
    const person = browser()
    await person.signIn('ann')
    const session = person.client.cookie(app, 'session') ?? ''
    const page = await person.client.post(`${app}/sign-out`, { formToken: await person.formToken() })
    expect(page.url).toBe(`${app}/signed-out`)
    person.client.setCookie(app, 'session', session)
    expect(refusalOf(await person.get('/account'))).toBe('session-unknown')
  })

  it.each([
    [
      'of the page of another site',
      'origin-foreign',
      { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
      true,
    ],
    ['without the token of the session', 'form-token-missing', {}, false],
  ])('by a form %s: %s', async (_title, code, headers, withToken) => {
    const person = browser()
    await person.signIn('ann')
    const form: Record<string, string> = withToken ? { formToken: await person.formToken() } : {}
    expect(refusalOf(await person.client.post(`${app}/sign-out`, form, headers))).toBe(code)
    expect((await person.get('/account')).status).toBe(200)
  })

  it('by GET is not possible', async () => {
    const person = browser()
    await person.signIn('ann')
    expect((await person.get('/sign-out')).status).toBe(404)
    expect((await person.get('/account')).status).toBe(200)
  })
})

describe('sessions on the command line', () => {
  const place = () => ['--storage', running.stack.storage]

  it('are listed, and revoked for one person: the next call is refused', async () => {
    const [ann, carla] = [browser(), browser()]
    await ann.signIn('ann')
    await carla.signIn('carla')
    const listed = await run(['sessions', 'list', '--json', ...place()])
    const objectIds = (JSON.parse(listed.out) as { objectId: string }[]).map(({ objectId }) => objectId)
    expect(objectIds).toEqual(expect.arrayContaining([idOf('ann'), idOf('carla')]))
    const ended = await run(['sessions', 'revoke', '--person', idOf('carla'), '--yes', ...place()])
    expect(ended).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+ sessions? ended\.\n$/) as string,
    })
    expect(refusalOf(await carla.get('/account'))).toBe('session-unknown')
    expect((await ann.get('/account')).status).toBe(200)
  })

  it('are revoked for everybody, only with a confirmation', async () => {
    const ann = browser()
    await ann.signIn('ann')
    expect((await run(['sessions', 'revoke', '--all', ...place()])).code).toBe(2)
    expect((await ann.get('/account')).status).toBe(200)
    expect((await run(['sessions', 'revoke', '--all', '--yes', ...place()])).code).toBe(0)
    expect(refusalOf(await ann.get('/account'))).toBe('session-unknown')
    expect((await run(['sessions', 'list', ...place()])).out).toBe('Nobody is signed in.\n')
  })

  it.each([[[]], [['--all', '--person', '5e1f0a77-6c3b-4d0e-9a51-7b2c8d9e0f66']], [['--person', 'Ann']]])(
    'are not revoked by %j',
    async (args) => {
      expect((await run(['sessions', 'revoke', ...args, '--yes', ...place()], around())).code).toBe(2)
    },
  )
})

describe('a program', () => {
  async function tokenOf(clientId: string): Promise<string> {
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: 'any' }
    const body = new URLSearchParams({ ...form, scope: `${signInApp.identifierUri}/.default` }).toString()
    const { body: reply } = await running.stack.rest.send(
      'POST',
      `/${ownTenant.tenantId}/oauth2/v2.0/token`,
      body,
    )
    return (reply as { access_token: string }).access_token
  }

  it.each([
    ['machine-decider', 200, 'none'],
    ['reader', 200, 'none'],
    ['somebody', 403, 'machine-role-missing'],
  ])('with the token of %s gets %i', async (clientId, status, code) => {
    const page = await browser().get('/account', { authorization: `Bearer ${await tokenOf(clientId)}` })
    expect([page.status, refusalOf(page)]).toEqual([status, code])
  })

  it('with a token for Azure Resource Manager is refused', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'reader', client_secret: 'any' }
    const body = new URLSearchParams({ ...form, scope: 'https://management.azure.com/.default' }).toString()
    const { body: reply } = await running.stack.rest.send(
      'POST',
      `/${ownTenant.tenantId}/oauth2/v2.0/token`,
      body,
    )
    const { access_token: token } = reply as { access_token: string }
    expect(refusalOf(await browser().get('/account', { authorization: `Bearer ${token}` }))).toBe(
      'token-issuer',
    )
  })
})

it('a host whose settings lack some of sign-in says on its pages which', async () => {
  const other = await running.stack.startAnotherHost({ SIGN_IN_CLIENT_ID: '', PUBLIC_ORIGIN: '' })
  for (const path of ['/account', '/sign-in', '/sign-in/callback']) {
    const response = await fetch(`${other.origin}${path}`)
    expect([response.status, response.headers.get('x-refusal')]).toEqual([503, 'sign-in-not-configured'])
    const text = await response.text()
    expect(text).toContain('Settings SIGN_IN_CLIENT_ID and PUBLIC_ORIGIN are missing.')
    expect(text).toContain('docs/sign-in.md')
  }
  expect((await fetch(`${other.origin}/healthz`)).status).toBe(200)
  await other.stop()
}, 60_000)

it('a host with a secret, and no assertion, signs people in by the secret', async () => {
  const wrong = await running.stack.startAnotherHost({ SIGN_IN_CLIENT_SECRET: 'wrong' })
  const person = browser()
  const asked = await person.client.get(`${wrong.origin}/sign-in`)
  const chosen = await person.client.send(asked.url, { method: 'POST', form: { person: 'ann' } })
  const resumed = await person.client.send(chosen.headers.get('location') ?? '')
  const end = new URL(resumed.headers.get('location') ?? '')
  const page = await person.client.get(`${wrong.origin}${end.pathname}${end.search}`)
  expect(refusalOf(page)).toBe('code-refused')
  expect(page.text).toContain('invalid_client (AADSTS7000215)')
  await wrong.stop()
}, 60_000)

const browserPath = '/usr/bin/chromium'

describe.skipIf(!existsSync(browserPath))('in a browser', () => {
  it('one signs in, reads the page in light and dark, and signs out by the button', async () => {
    const chromiumBrowser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
    try {
      const context = await chromiumBrowser.newContext({ viewport: { width: 320, height: 640 } })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        if (/Content Security Policy|Refused/.test(message.text())) complaints.push(message.text())
      })
      await page.goto(`${app}/account`)
      await page.getByRole('link', { name: 'Sign in', exact: true }).click()
      await page.getByRole('button', { name: /Ann Approver/ }).click()
      await page.waitForURL(`${app}/account`)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Your account')
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const background = await page.evaluate('getComputedStyle(document.body).backgroundColor')
        expect(background).toBe({ light: 'rgb(246, 247, 249)', dark: 'rgb(15, 18, 22)' }[colorScheme])
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      expect(
        (await context.cookies(app)).map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]),
      ).toContainEqual(['session', true, 'Lax'])
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL(`${app}/signed-out`)
      expect((await page.goto(`${app}/account`))?.status()).toBe(401)
      expect(complaints).toEqual([])
    } finally {
      await chromiumBrowser.close()
    }
  }, 60_000)
})
