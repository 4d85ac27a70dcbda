import { describe, expect, it } from 'vitest'
import { createArmClient } from '../../../shared/private-link/arm/client.ts'
import { createTenants, tenantMilliseconds } from '../../../shared/private-link/proof/tenants.ts'
import { arm, failure, type FakeAzure, fakeAzure, fakeLog, type Replies, type Reply } from './fake-azure.ts'
import { ownSubscription } from './ids.ts'

const tenantId = '22222222-2222-4222-8222-222222222222'
const otherTenant = '33333333-3333-4333-8333-333333333333'
const path = `GET /subscriptions/${ownSubscription}`
const seconds = 1000
const minutes = 60 * seconds

function namedBy(tenant: string): Reply {
  const challenge = `Bearer authorization_uri="https://login.windows.net/${tenant}", error="invalid_token"`
  return failure(401, 'AuthenticationFailed', 'x', { 'www-authenticate': challenge })
}

function setting(replies: Replies, fake: FakeAzure = fakeAzure(replies), timeoutMilliseconds = 10_000) {
  let at = 0
  const now = (): Date => new Date(at)
  const log = fakeLog()
  const client = createArmClient({
    endpoint: arm,
    credential: undefined,
    scope: '',
    userAgent: 'test',
    now,
    httpClient: fake.httpClient,
    timeoutMilliseconds,
  })
  const tenants = createTenants(client, ['login.windows.net'], log, now)
  const ask = (subscriptionId = ownSubscription) => tenants.ownerOf(subscriptionId)
  return { fake, ask, log, pass: (milliseconds: number) => (at += milliseconds) }
}

const known = { tenantId }

describe('the tenant of a subscription', () => {
  it('is read from the answer to a call without a token', async () => {
    const { ask, fake, log } = setting({ [path]: namedBy(tenantId.toUpperCase()) })
    expect(await ask()).toEqual(known)
    expect(fake.calls[0]?.token).toBeUndefined()
    expect(fake.calls[0]?.url.search).toBe('?api-version=2020-01-01')
    expect(log.lines).toEqual([])
  })

  it('is remembered for an hour', async () => {
    const { ask, fake, pass } = setting({ [path]: namedBy(tenantId) })
    await ask()
    pass(59 * minutes)
    expect(await ask()).toEqual(known)
    expect(fake.calls).toHaveLength(1)
    pass(2 * minutes)
    await ask()
    expect(fake.calls).toHaveLength(2)
  })

  it('is not remembered for longer by a clock that is set back', async () => {
    const { ask, fake, pass } = setting({ [path]: namedBy(tenantId) })
    await ask()
    pass(-5 * 60 * minutes)
    expect(await ask()).toEqual(known)
    expect(fake.calls).toHaveLength(2)
  })

  it('is asked for once when many ask at once', async () => {
    const { ask, fake } = setting({ [path]: namedBy(tenantId) })
    expect(await Promise.all(Array.from({ length: 20 }, () => ask()))).toEqual(Array(20).fill(known))
    expect(fake.calls).toHaveLength(1)
  })

  it('that nobody told is asked for again, not before half a minute', async () => {
    const { ask, fake, pass } = setting({
      [path]: [failure(404, 'SubscriptionNotFound'), namedBy(tenantId)],
    })
    expect(await ask()).toEqual({ problem: 'Azure gave 404 SubscriptionNotFound' })
    pass(29 * seconds)
    expect(await ask()).toEqual({ problem: 'Azure gave 404 SubscriptionNotFound' })
    expect(fake.calls).toHaveLength(1)
    pass(2 * seconds)
    expect(await ask()).toEqual(known)
  })

  it.each([
    ['a subscription that does not exist', failure(404, 'SubscriptionNotFound'), '404 SubscriptionNotFound'],
    ['the challenge under 403', { ...namedBy(tenantId), status: 403 }, '403 AuthenticationFailed ("x")'],
    ['the challenge under 500', { ...namedBy(tenantId), status: 500 }, '500 AuthenticationFailed ("x")'],
    ['a redirect', { status: 302, headers: { location: 'https://evil.test' } }, '302 Found'],
    ['too many calls', failure(429, 'TooManyRequests'), '429 TooManyRequests'],
  ])('is unknown after %s, which is told and logged', async (_, reply, words) => {
    const { ask, log } = setting({ [path]: reply })
    const problem = `Azure gave ${words}`
    expect(await ask()).toEqual({ problem })
    expect(log.lines).toEqual([
      {
        level: 'warn',
        message: 'Nobody said which tenant owns a subscription',
        facts: { subscriptionId: ownSubscription, problem },
      },
    ])
  })

  it('is not believed of an answer although nobody was named', async () => {
    const { ask } = setting({ [path]: { status: 200, body: { tenantId } } })
    expect(await ask()).toEqual({ problem: 'Azure accepted a call without a token' })
  })

  it('is not read from an odd challenge', async () => {
    const { ask } = setting({ [path]: failure(401, 'AuthenticationFailed') })
    expect(await ask()).toEqual({ problem: 'the response has no challenge' })
  })

  it('is not waited for longer than the client waits, five seconds in the app', async () => {
    const fake: FakeAzure = {
      ...fakeAzure({}),
      httpClient: {
        sendRequest: ({ abortSignal }) =>
          new Promise((_, reject) => {
            abortSignal?.addEventListener('abort', () => {
              reject(Object.assign(new Error('aborted'), { name: 'AbortError' }))
            })
          }),
      },
    }
    const { ask } = setting({}, fake, 50)
    expect(await ask()).toEqual({ problem: 'Azure gave no usable response (Timeout)' })
    expect(tenantMilliseconds).toBe(5 * seconds)
  })

  it('holds no more than a thousand', async () => {
    const { ask, fake, pass } = setting({ [path]: namedBy(tenantId) })
    await ask()
    for (let number = 0; number < 1000; number += 1) {
      const id = `00000000-0000-4000-8000-1${String(number).padStart(11, '0')}`
      fake.replies[`GET /subscriptions/${id}`] = namedBy(tenantId)
      await ask(id)
    }
    pass(1)
    await ask()
    expect(fake.calls).toHaveLength(1002)
  })
})

describe('a subscription that has another owner than before', () => {
  const doubt = { problem: 'Azure named two different tenants within two hours' }

  it('has none for an hour, and then the one that is named', async () => {
    const { ask, pass } = setting({ [path]: [namedBy(tenantId), namedBy(otherTenant)] })
    expect(await ask()).toEqual(known)
    pass(61 * minutes)
    expect(await ask()).toEqual(doubt)
    pass(59 * minutes)
    expect(await ask()).toEqual(doubt)
    pass(2 * minutes)
    expect(await ask()).toEqual({ tenantId: otherTenant })
  })

  it('is noticed over failures in between', async () => {
    const { ask, pass } = setting({
      [path]: [namedBy(tenantId), failure(404, 'x'), namedBy(otherTenant)],
    })
    await ask()
    pass(61 * minutes)
    expect(await ask()).toEqual({ problem: 'Azure gave 404 x' })
    pass(31 * seconds)
    expect(await ask()).toEqual(doubt)
  })

  it('is believed when that was long ago', async () => {
    const { ask, pass } = setting({ [path]: [namedBy(tenantId), namedBy(otherTenant)] })
    await ask()
    pass(121 * minutes)
    expect(await ask()).toEqual({ tenantId: otherTenant })
  })
})
