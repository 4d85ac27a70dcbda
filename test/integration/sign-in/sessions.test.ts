import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../../shared/domain/caller.ts'
import type { Outgoing } from '../../../shared/http/outgoing.ts'
import { annId, TestTenant } from '../../support/test-tenant.ts'
import {
  begun,
  call,
  codeOf,
  cookiesOf,
  signedIn,
  signInBench,
  type SignInBench,
} from '../../support/sign-in.ts'

const minute = 60_000
const session = '__Host-session'
const pending = '__Host-sign-in'

let tenant: TestTenant
let bench: SignInBench
beforeAll(async () => {
  tenant = await TestTenant.start()
})
beforeEach(() => {
  bench = signInBench(tenant)
})
afterAll(() => tenant.stop())

const callWith = (cookies: Record<string, string>) => bench.signIn.authenticate(call('/account', { cookies }))
const back = (asked: URLSearchParams) => `/sign-in/callback?code=c&state=${asked.get('state') ?? ''}`
const locationOf = ({ headers }: Outgoing) => headers?.['location']

describe('a sign-in', () => {
  it('makes a session for the person, whose row holds no id of the session', async () => {
    const cookies = await signedIn(bench, tenant)
    expect(await callWith(cookies)).toMatchObject({
      caller: { kind: 'person', objectId: annId, roles: ['Approver'] },
    })
    const rows = JSON.stringify(await Array.fromAsync(bench.sessions.all()))
    expect(rows).toContain(annId)
    expect(rows).not.toContain(cookies[session])
  })

  it('login CSRF: is refused in a browser that did not begin it', async () => {
    const attacker = await begun(bench.signIn)
    expect(await codeOf(bench.signIn.end(call(back(attacker.asked))))).toBe('sign-in-not-begun')
  })

  it('login CSRF: is refused in a browser that began another one', async () => {
    const attacker = await begun(bench.signIn)
    const { cookies } = await begun(bench.signIn)
    expect(await codeOf(bench.signIn.end(call(back(attacker.asked), { cookies })))).toBe('state-other')
  })

  it.each(['', 'x', `${'a'.repeat(43)}.usual`, `${'a'.repeat(43)}.other.L2FjY291bnQ`])(
    'is refused with a cookie of another form: %s',
    async (value) => {
      const { asked } = await begun(bench.signIn)
      const ending = bench.signIn.end(call(back(asked), { cookies: { [pending]: value } }))
      expect(await codeOf(ending)).toBe('sign-in-not-begun')
    },
  )

  it('replay: ends once, although its address and cookie are sent again', async () => {
    const { cookies, asked } = await begun(bench.signIn)
    tenant.idToken = () => tenant.token(tenant.claims({ nonce: asked.get('nonce') }))
    await bench.signIn.end(call(back(asked), { cookies }))
    const exchanges = tenant.forms.length
    expect(await codeOf(bench.signIn.end(call(back(asked), { cookies })))).toBe('state-used')
    expect(tenant.forms).toHaveLength(exchanges)
  })

  it('replay: ends once, although both calls arrive at the same time', async () => {
    const { cookies, asked } = await begun(bench.signIn)
    tenant.idToken = () => tenant.token(tenant.claims({ nonce: asked.get('nonce') }))
    const ends = [1, 2, 3].map(() => codeOf(bench.signIn.end(call(back(asked), { cookies }))))
    expect((await Promise.all(ends)).toSorted()).toEqual(['let in', 'state-used', 'state-used'])
  })

  it('fixation: gives a new id, and ends the session that the browser had before', async () => {
    const planted = await signedIn(
      bench,
      tenant,
      tenant.claims({ oid: 'a11ce000-0002-4d2c-9b3a-c0de5e1f0001' }),
    )
    const own = await signedIn(bench, tenant, tenant.claims(), planted)
    expect(own[session]).not.toBe(planted[session])
    expect(await codeOf(callWith(planted))).toBe('session-unknown')
  })

  it('fixation: never takes an id that the browser brings', async () => {
    const made = { [session]: 'A'.repeat(43) }
    const own = await signedIn(bench, tenant, tenant.claims(), made)
    expect(own[session]).not.toBe(made[session])
    expect(await codeOf(callWith(made))).toBe('session-unknown')
  })

  it('open redirect: leads to no page that the caller makes up, by query or by cookie', async () => {
    const { cookies, asked } = await begun(bench.signIn, '?to=https%3A%2F%2Fevil.test')
    const [secret = '', , to = ''] = (cookies[pending] ?? '').split('.')
    expect(Buffer.from(to, 'base64url').toString()).toBe('/')
    const forged = { [pending]: `${secret}.usual.${Buffer.from('//evil.test').toString('base64url')}` }
    tenant.idToken = () => tenant.token(tenant.claims({ nonce: asked.get('nonce') }))
    expect(locationOf(await bench.signIn.end(call(back(asked), { cookies: forged })))).toBe('/')
  })

  it('that the tenant refuses says so with the number of its error, and none of the words in the address', async () => {
    const { cookies, asked } = await begun(bench.signIn)
    const said = '&error=access_denied&error_description=AADSTS50105%3A+call+%2B1+555+to+sign+in'
    const ending = bench.signIn.end(
      call(`/sign-in/callback?state=${asked.get('state') ?? ''}${said}`, { cookies }),
    )
    await expect(ending).rejects.toMatchObject({
      code: 'sign-in-denied',
      detail: 'The tenant responded with access_denied (AADSTS50105).',
    })
  })

  it('stores nothing before it ends: a scanner that follows links leaves no trace', async () => {
    let calls = 0
    const { signIn } = signInBench(tenant, {}, () => (calls += 1))
    for (let count = 0; count < 5; count += 1) await signIn.begin(call('/sign-in'))
    expect(calls).toBe(0)
  })

  it('stores nothing when somebody made up its end', async () => {
    const writes: string[] = []
    const { signIn } = signInBench(tenant, {}, (_when, name) => writes.push(name))
    const { cookies, asked } = await begun(signIn)
    tenant.idToken = () => 'made.up.token'
    expect(await codeOf(signIn.end(call(back(asked), { cookies })))).toBe('code-refused')
    expect(writes.filter((name) => !name.endsWith('.read'))).toEqual([])
  })

  it('shows a name without characters that change how it reads', async () => {
    const cookies = await signedIn(bench, tenant, tenant.claims({ name: 'Ann\u202E\u0000<b>' }))
    const { caller } = await callWith(cookies)
    expect((caller as Person).name).toBe('Ann\uFFFD\uFFFD<b>')
  })
})

describe('a session', () => {
  it('that was revoked is refused at the next call', async () => {
    const cookies = await signedIn(bench, tenant)
    for await (const { key } of bench.sessions.all()) await bench.sessions.remove(key)
    expect(await codeOf(callWith(cookies))).toBe('session-unknown')
  })

  it('that was revoked is not brought back by the call that was noting its use', async () => {
    const revokeDuring = { now: false }
    bench = signInBench(tenant, {}, async (when, name) => {
      if (!revokeDuring.now || when !== 'before' || name !== 'sessions.replace') return
      revokeDuring.now = false
      for await (const { key } of bench.sessions.all()) await bench.sessions.remove(key)
    })
    const cookies = await signedIn(bench, tenant)
    bench.clock.at += 2 * minute
    revokeDuring.now = true
    expect(await codeOf(callWith(cookies))).toBe('session-unknown')
    expect(await Array.fromAsync(bench.sessions.all())).toEqual([])
  })

  it('ends after 20 minutes without use, and its row with it', async () => {
    const cookies = await signedIn(bench, tenant)
    bench.clock.at += 20 * minute
    expect(await codeOf(callWith(cookies))).toBe('session-idle')
    expect(await Array.fromAsync(bench.sessions.all())).toEqual([])
  })

  it('lives on by use, and expires after an hour all the same', async () => {
    const cookies = await signedIn(bench, tenant)
    for (let minutes = 0; minutes < 57; minutes += 19) {
      bench.clock.at += 19 * minute
      expect(await codeOf(callWith(cookies))).toBe('let in')
    }
    bench.clock.at += 3 * minute
    expect(await codeOf(callWith(cookies))).toBe('session-expired')
  })

  it('is used by many calls at once', async () => {
    const cookies = await signedIn(bench, tenant)
    bench.clock.at += 2 * minute
    const calls = Array.from({ length: 20 }, () => codeOf(callWith(cookies)))
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['let in']))
  })

  it('that was signed out is refused', async () => {
    const cookies = await signedIn(bench, tenant)
    const outgoing = await bench.signIn.signOut(call('/sign-out', { cookies }))
    expect(cookiesOf(outgoing)).toEqual({ [session]: '' })
    expect(await codeOf(callWith(cookies))).toBe('session-unknown')
  })

  it.each(['', 'short', "' or 1 eq 1", '../../x', 'x'.repeat(5_000)])(
    'of another form (%.12s) is none',
    async (id) => {
      expect(await codeOf(callWith({ [session]: id }))).toBe('not-signed-in')
    },
  )

  it('whose row somebody changed by hand is none', async () => {
    const cookies = await signedIn(bench, tenant)
    for (const stored of await Array.fromAsync(bench.sessions.all())) {
      const person = { ...stored.session.person, roles: ['Owner' as never] }
      await bench.sessions.touch({ ...stored, session: { ...stored.session, person } }, new Date())
    }
    expect(await codeOf(callWith(cookies))).toBe('session-unknown')
  })

  it('is forgotten a day after it expired, with the notes of used sign-ins', async () => {
    await signedIn(bench, tenant)
    bench.clock.at += 24 * 60 * minute + 1
    expect(await bench.signIn.forgetEnded()).toBe(1)
    bench.clock.at += 61 * minute
    expect(await bench.signIn.forgetEnded()).toBe(1)
  })
})

describe('a renewal', () => {
  it('asks the tenant without a question, and takes the roles that it has now', async () => {
    const before = await signedIn(bench, tenant)
    const { cookies, asked } = await begun(bench.signIn, '?how=renew')
    expect(asked.get('prompt')).toBe('none')
    tenant.idToken = () => tenant.token(tenant.claims({ nonce: asked.get('nonce'), roles: ['Reader'] }))
    const after = cookiesOf(await bench.signIn.end(call(back(asked), { cookies: { ...before, ...cookies } })))
    expect(await callWith(after)).toMatchObject({ caller: { roles: ['Reader'] } })
    expect(await codeOf(callWith(before))).toBe('session-unknown')
  })

  it('leads to a sign-in with questions when the tenant has some', async () => {
    const { cookies, asked } = await begun(bench.signIn, '?how=renew')
    const path = `/sign-in/callback?error=login_required&state=${asked.get('state') ?? ''}`
    expect(locationOf(await bench.signIn.end(call(path, { cookies })))).toBe('/sign-in?to=%2F')
  })

  it('does not silently make another person of somebody', async () => {
    const before = await signedIn(bench, tenant)
    const { cookies, asked } = await begun(bench.signIn, '?how=renew')
    const other = { oid: 'a11ce000-0002-4d2c-9b3a-c0de5e1f0001' }
    tenant.idToken = () => tenant.token(tenant.claims({ nonce: asked.get('nonce'), ...other }))
    const ending = bench.signIn.end(call(back(asked), { cookies: { ...before, ...cookies } }))
    expect(await codeOf(ending)).toBe('other-person')
  })
})
