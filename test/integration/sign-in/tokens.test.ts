import { createHmac } from 'node:crypto'
import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RefusalCode } from '../../../shared/http/refusals.ts'
import { annId, clientId, type Forgery, TestTenant } from '../../support/test-tenant.ts'
import { begun, call, codeOf, signInBench, type SignInBench } from '../../support/sign-in.ts'

const now = Math.floor(Date.now() / 1000)
const otherId = 'e15e0000-9b7a-4c3d-a1f2-5c6d7e8f9a32'
const header = (token: object) => Buffer.from(JSON.stringify(token)).toString('base64url')

/** Each attack on a token, and the code of its refusal. */
const attacks: readonly [title: string, code: RefusalCode, forgery: Forgery][] = [
  ['signed with another key of the same id', 'token-signature', { sign: signedByOther('one') }],
  ['signed with a key that the tenant does not have', 'token-key-unknown', { sign: signedByOther('two') }],
  ['alg:none', 'token-unsigned', { sign: (claims) => new UnsecuredJWT(claims).encode() }],
  ['signed by HS256 with the public key as its secret', 'token-algorithm', { sign: confused }],
  ['changed after it was signed', 'token-signature', { sign: changedAfterwards }],
  ['expired', 'token-expired', { claims: { exp: now - 61 } }],
  ['not yet valid', 'token-not-yet-valid', { claims: { nbf: now + 90 } }],
  ['issued in the future', 'token-not-yet-valid', { claims: { iat: now + 90 } }],
  ['for another app', 'token-audience', { claims: { aud: otherId } }],
  [
    'of another issuer',
    'token-issuer',
    { claims: { iss: `https://login.microsoftonline.com/${otherId}/v2.0` } },
  ],
  ['of another tenant', 'token-tenant', { claims: { tid: otherId } }],
  ['without object id', 'token-claim-missing', { claims: { oid: undefined } }],
  ['of version 1', 'token-claim-missing', { claims: { ver: '1.0' } }],
  ['with roles in another form', 'token-claim-missing', { claims: { roles: 'Approver' } }],
  ['of a guest', 'guest-refused', { claims: { acct: 1 } }],
  ['that does not say whether it is a guest', 'guest-unknown', { claims: { acct: undefined } }],
  ['without role', 'role-missing', { claims: { roles: [] } }],
  ['with roles of other apps only', 'role-missing', { claims: { roles: ['Owner', 'Machine.Decide'] } }],
]

function signedByOther(kid: string) {
  return async (claims: JWTPayload) => {
    const { privateKey } = await generateKeyPair('RS256')
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey)
  }
}

function confused(claims: JWTPayload, { publicPem }: TestTenant): string {
  const signed = `${header({ alg: 'HS256', typ: 'JWT', kid: 'one' })}.${header(claims)}`
  return `${signed}.${createHmac('sha256', publicPem).update(signed).digest('base64url')}`
}

async function changedAfterwards(claims: JWTPayload, tenant: TestTenant): Promise<string> {
  const [head = '', , signature = ''] = (await tenant.token(claims)).split('.')
  return [head, header({ ...claims, roles: ['Approver', 'RuleAdmin'] }), signature].join('.')
}

let tenant: TestTenant
let bench: SignInBench
beforeAll(async () => {
  tenant = await TestTenant.start()
  bench = signInBench(tenant)
})
afterAll(() => tenant.stop())

const bearer = async (claims: JWTPayload, forgery?: Forgery) => {
  const authorization = `Bearer ${await tenant.token(claims, forgery)}`
  return bench.signIn.authenticate(call('/', { headers: { authorization } }))
}
const ofPerson = (change: JWTPayload = {}) =>
  tenant.claims({ scp: 'access_as_user', azp: otherId, ...change })
const ofMachine = (change: JWTPayload = {}) =>
  tenant.claims({ sub: annId, azp: otherId, acct: undefined, roles: ['Machine.Decide'], ...change })

describe('a bearer token', () => {
  it('of a person is taken when it is right', async () => {
    expect(await bearer(ofPerson())).toMatchObject({
      caller: { kind: 'person', objectId: annId },
      session: undefined,
    })
  })

  it.each(attacks)('%s: %s', async (_title, code, forgery) => {
    expect(await codeOf(bearer(ofPerson(), forgery))).toBe(code)
  })

  it('is taken within a minute of skew, either way', async () => {
    expect(await codeOf(bearer(ofPerson({ exp: now - 30 })))).toBe('let in')
    expect(await codeOf(bearer(ofPerson({ nbf: now + 30, iat: now + 30 })))).toBe('let in')
  })

  it('of a person without the scope is refused', async () => {
    expect(await codeOf(bearer(ofPerson({ scp: 'User.Read' })))).toBe('token-scope-missing')
  })

  it('of a machine is taken with a role of a machine', async () => {
    const roles = ['Machine.Decide']
    expect(await bearer(ofMachine())).toMatchObject({ caller: { kind: 'machine', clientId: otherId, roles } })
  })

  it('of a machine is refused with roles of people, or with none', async () => {
    expect(await codeOf(bearer(ofMachine({ roles: ['Approver'] })))).toBe('machine-role-missing')
    expect(await codeOf(bearer(ofMachine({ roles: undefined })))).toBe('machine-role-missing')
  })

  it('that is an ID token is refused, although its audience is right', async () => {
    expect(await codeOf(bearer(tenant.claims({ nonce: 'n' })))).toBe('token-not-for-calls')
    expect(await codeOf(bearer(tenant.claims({ nonce: 'n', azp: clientId, sub: annId })))).toBe(
      'token-not-for-calls',
    )
  })

  it('of a person without any scope does not count as one of a machine', async () => {
    const claims = tenant.claims({ azp: otherId, roles: ['RuleAdmin'] })
    expect(await codeOf(bearer(claims))).toBe('token-not-for-calls')
  })

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Basic dTpw',
    'Bearer not-a-token',
    'Bearer a.b.c',
    '',
    `Bearer ${'x'.repeat(20_000)}`,
  ])('that is none (%.20s) is refused, and no cookie counts instead', async (authorization) => {
    expect(await codeOf(bench.signIn.authenticate(call('/', { headers: { authorization } })))).toBe(
      'token-malformed',
    )
  })
})

describe('the ID token at the end of a sign-in', () => {
  async function ended(forgery?: Forgery): Promise<string> {
    const { cookies, asked } = await begun(bench.signIn)
    tenant.idToken = () => tenant.token(tenant.claims({ nonce: asked.get('nonce') }), forgery)
    const back = `/sign-in/callback?code=c&state=${asked.get('state') ?? ''}`
    return codeOf(bench.signIn.end(call(back, { cookies })))
  }

  it('is taken when it is right', async () => {
    expect(await ended()).toBe('let in')
  })

  it.each(attacks)('%s: %s', async (_title, code, forgery) => {
    expect(await ended(forgery)).toBe(code)
  })

  it('of another sign-in (its nonce) is refused', async () => {
    expect(await ended({ claims: { nonce: 'of another' } })).toBe('nonce-other')
    expect(await ended({ claims: { nonce: undefined } })).toBe('nonce-other')
  })

  it('is asked for with the proof of the managed identity, PKCE, and the address of the settings', () => {
    const form = tenant.forms.at(-1)
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      ...{ client_id: clientId, client_assertion: 'assertion', grant_type: 'authorization_code', code: 'c' },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      redirect_uri: 'https://approver.contoso.test/sign-in/callback',
      code_verifier: expect.stringMatching(/^[\w-]{43}$/) as string,
    })
    expect(form?.has('client_secret')).toBe(false)
  })

  it('of a tenant that does not respond lets nobody in', async () => {
    const other = await TestTenant.start()
    other.goDown()
    expect(await codeOf(signInBench(other).signIn.begin(call('/sign-in')))).toBe('tenant-unavailable')
    await other.stop()
  })
})
