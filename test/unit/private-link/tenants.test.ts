import { describe, expect, it } from 'vitest'
import { createArmClient } from '../../../shared/private-link/arm-client.ts'
import { createTenants, tenantOfChallenge } from '../../../shared/private-link/tenants.ts'
import { arm, failure, fakeAzure, fakeLog } from './fake-azure.ts'
import type { FakeAzure, Replies } from './fake-azure.ts'
import { ownSubscription } from './ids.ts'

const tenantId = '22222222-2222-4222-8222-222222222222'
const path = `GET /subscriptions/${ownSubscription}`

function challenge(uri: string): string {
  return `Bearer authorization_uri="${uri}", error="invalid_token", error_description="The token is missing."`
}

function setting(replies: Replies) {
  const fake: FakeAzure = fakeAzure(replies)
  let at = 0
  const now = (): Date => new Date(at)
  const client = createArmClient({
    endpoint: arm,
    credential: undefined,
    scope: '',
    userAgent: 'test',
    now,
    httpClient: fake.httpClient,
  })
  const tenants = createTenants(client, fakeLog(), now)
  return { fake, tenants, pass: (minutes: number) => (at += minutes * 60_000) }
}

const answered = failure(401, 'AuthenticationFailed', 'x', {
  'www-authenticate': challenge(`https://login.windows.net/${tenantId.toUpperCase()}`),
})

describe('the tenant of a subscription', () => {
  it('is read from the answer to a call without a token', async () => {
    const { tenants, fake } = setting({ [path]: answered })
    expect(await tenants.ownerOf(ownSubscription)).toBe(tenantId)
    expect(fake.calls[0]?.token).toBeUndefined()
    expect(fake.calls[0]?.url.search).toBe('?api-version=2020-01-01')
  })

  it('is remembered for an hour', async () => {
    const { tenants, fake, pass } = setting({ [path]: answered })
    await tenants.ownerOf(ownSubscription)
    pass(59)
    expect(await tenants.ownerOf(ownSubscription)).toBe(tenantId)
    expect(fake.calls).toHaveLength(1)
    pass(2)
    await tenants.ownerOf(ownSubscription)
    expect(fake.calls).toHaveLength(2)
  })

  it('is asked for again after a failure', async () => {
    const { tenants } = setting({ [path]: [failure(404, 'SubscriptionNotFound'), answered] })
    expect(await tenants.ownerOf(ownSubscription)).toBeUndefined()
    expect(await tenants.ownerOf(ownSubscription)).toBe(tenantId)
  })

  it.each([
    ['a subscription that does not exist', failure(404, 'SubscriptionNotFound')],
    ['a challenge with another status', { ...answered, status: 403 }],
    ['no challenge', failure(401, 'AuthenticationFailed')],
    ['an answer although nobody was named', { status: 200, body: { tenantId } }],
    ['a failing server', failure(500, 'InternalServerError')],
  ])('is unknown after %s', async (_, reply) => {
    expect(await setting({ [path]: reply }).tenants.ownerOf(ownSubscription)).toBeUndefined()
  })

  it.each([
    `https://login.windows.net/${tenantId}`,
    `https://login.microsoftonline.com/${tenantId}/`,
    `https://localhost:7443/${tenantId}?x=1`,
  ])('is understood in the address %s', (uri) => {
    expect(tenantOfChallenge(challenge(uri))).toBe(tenantId)
  })

  it.each([
    undefined,
    '',
    'Bearer',
    challenge('https://login.windows.net/common'),
    challenge(`https://login.windows.net/x/${tenantId}`),
    challenge('https://login.windows.net/'),
    challenge(tenantId),
    challenge(`https://login.windows.net/${tenantId}x`),
    `${challenge(`https://a.test/${tenantId}`)}, ${challenge('https://b.test/33333333-3333-4333-8333-333333333333')}`,
    `Bearer xauthorization_uri="https://login.windows.net/${tenantId}"`,
  ])('is not guessed from the challenge %j', (header) => {
    expect(tenantOfChallenge(header)).toBeUndefined()
  })
})
