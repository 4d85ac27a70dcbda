import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../local/azure/identity/people/directory.ts'
import { foreignTenant, ownTenant, signInApp } from '../../local/azure/well-known.ts'
import { Bench } from './support.ts'

const redirectUri = 'http://127.0.0.1:7071/sign-in/callback'
const exchange = 'api://AzureADTokenExchange'
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const ben = people.find(({ hasTooManyGroups }) => hasTooManyGroups)

let bench: Bench
let origin: string
beforeAll(async () => {
  bench = await Bench.start({ signIn: { port: 0, redirectUris: [redirectUri] } })
  origin = `${bench.azure.signInOrigin ?? ''}/${ownTenant.tenantId}`
})
afterAll(() => bench.stop())

const json = async (response: Response) => (await response.json()) as Record<string, unknown>

async function redeem(change: Record<string, string>): Promise<Record<string, unknown>> {
  const form = {
    grant_type: 'authorization_code',
    client_id: signInApp.clientId,
    code: 'x',
    redirect_uri: redirectUri,
  }
  const body = new URLSearchParams({ ...form, ...change })
  return json(await fetch(`${origin}/oauth2/v2.0/token`, { method: 'POST', body }))
}

describe('the sign-in of people', () => {
  it('has issuer and addresses of the shape of Entra ID', async () => {
    expect(await json(await fetch(`${origin}/v2.0/.well-known/openid-configuration`))).toMatchObject({
      issuer: `${origin}/v2.0`,
      authorization_endpoint: `${origin}/oauth2/v2.0/authorize`,
      token_endpoint: `${origin}/oauth2/v2.0/token`,
      jwks_uri: `${origin}/discovery/v2.0/keys`,
    })
  })

  it('has the key of the other tokens of the tenant', async () => {
    const { body } = await bench.send('GET', `/${ownTenant.tenantId}/discovery/v2.0/keys`)
    const keys = (await json(await fetch(`${origin}/discovery/v2.0/keys`)))['keys'] as { kid: string }[]
    expect(keys.map(({ kid }) => kid)).toEqual((body['keys'] as { kid: string }[]).map(({ kid }) => kid))
  })

  it.each([
    ['without PKCE', {}],
    [
      'to another address',
      { redirect_uri: 'https://evil.test/', code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' },
    ],
  ])('is not begun %s', async (_title, change) => {
    const query = {
      client_id: signInApp.clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid',
    }
    const address = `${origin}/oauth2/v2.0/authorize?${new URLSearchParams({ ...query, ...change }).toString()}`
    const response = await fetch(address, { redirect: 'manual' })
    const location = response.headers.get('location') ?? ''
    expect(location.startsWith(redirectUri) ? location : response.status).toEqual(
      'redirect_uri' in change ? 400 : (expect.stringContaining('error=invalid_request') as string),
    )
  })

  it('names a tenant that is not there', async () => {
    const response = await fetch(
      `${bench.azure.signInOrigin ?? ''}/${foreignTenant.tenantId}/v2.0/.well-known/openid-configuration`,
    )
    expect(await json(response)).toMatchObject({ error: 'invalid_tenant' })
  })
})

describe('the proof of the app', () => {
  const proof = (client_assertion: string) =>
    redeem({ client_assertion, client_assertion_type: assertionType })

  it('is a token of the managed identity that the federated credential names', async () => {
    const token = await bench.token({ audience: exchange, clientId: signInApp.trustedClientId })
    // What is wrong then is the code.
    expect(await proof(token)).toMatchObject({ error: 'invalid_grant' })
  })

  it.each([
    ['of another identity', { audience: exchange, clientId: 'another' }, 'AADSTS700213'],
    ['for another audience', { audience: 'api://else', clientId: signInApp.trustedClientId }, 'AADSTS700212'],
    [
      'of another tenant',
      { audience: exchange, clientId: signInApp.trustedClientId, tenant: foreignTenant.tenantId },
      'AADSTS700211',
    ],
  ])('is no token %s', async (_title, request, code) => {
    const reply = await proof(await bench.token(request))
    expect(reply).toMatchObject({
      error: 'invalid_client',
      error_description: expect.stringContaining(code) as string,
    })
  })

  it.each(['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'])(
    'is no token that cannot be read: "%s"',
    async (token) => {
      expect(await proof(token)).toMatchObject({ error: 'invalid_client' })
    },
  )

  it('is the secret of the registration, where there is no assertion', async () => {
    expect(await redeem({ client_secret: signInApp.clientSecret })).toMatchObject({ error: 'invalid_grant' })
    expect(await redeem({ client_secret: 'wrong' })).toMatchObject({ error: 'invalid_client' })
    expect(await redeem({})).toMatchObject({ error: 'invalid_client' })
  })
})

describe('Microsoft Graph', () => {
  const path = (id: string, what: string) => `/graph/v1.0/users/${id}/${what}`
  const call = async (target: string, body: unknown, audience = 'https://graph.microsoft.com') =>
    bench.send('POST', target, body, { authorization: `Bearer ${await bench.token({ audience })}` })

  it('says which of some groups a person is in', async () => {
    const other = '00000000-0000-4000-8000-000000000000'
    const groupIds = [...(ben?.groups ?? []), other]
    const { body } = await call(path(ben?.objectId ?? '', 'checkMemberGroups'), { groupIds })
    expect(body['value']).toEqual(ben?.groups)
    const all = await call(path(ben?.objectId ?? '', 'getMemberObjects'), { securityEnabledOnly: true })
    expect(all.body['value']).toEqual(ben?.groups)
  })

  it('takes 20 groups, and no token of another service', async () => {
    const groupIds = Array.from({ length: 21 }, () => '00000000-0000-4000-8000-000000000000')
    expect((await call(path(ben?.objectId ?? '', 'checkMemberGroups'), { groupIds })).status).toBe(400)
    expect(
      (await call(path(ben?.objectId ?? '', 'checkMemberGroups'), {}, 'https://management.azure.com')).status,
    ).toBe(401)
    expect((await call(path('nobody', 'checkMemberGroups'), { groupIds: groupIds.slice(1) })).status).toBe(
      404,
    )
  })
})
