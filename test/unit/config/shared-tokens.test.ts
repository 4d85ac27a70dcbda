import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withSharedTokens } from '../../../shared/config/shared-tokens.ts'

const minute = 60_000
let asked: { scopes: string | string[]; options: GetTokenOptions | undefined }[]
let respond: () => Promise<AccessToken | null>
let credential: TokenCredential

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T08:00:00Z') })
  asked = []
  respond = () =>
    Promise.resolve({ token: `token ${asked.length}`, expiresOnTimestamp: Date.now() + 60 * minute })
  credential = withSharedTokens({
    getToken: (scopes, options) => {
      asked.push({ scopes, options })
      return respond()
    },
  })
})
afterEach(() => {
  vi.useRealTimers()
})

async function token(options?: GetTokenOptions): Promise<string | undefined> {
  return (await credential.getToken('scope', options))?.token
}

describe('a shared token', () => {
  it('is used until five minutes before it expires', async () => {
    expect(await token()).toBe('token 1')
    vi.setSystemTime(Date.now() + 54 * minute)
    expect(await token()).toBe('token 1')
    vi.setSystemTime(Date.now() + 2 * minute)
    expect(await token()).toBe('token 2')
  })

  it('is used only until the time from which the service wants it refreshed', async () => {
    respond = () =>
      Promise.resolve({
        token: `token ${asked.length}`,
        expiresOnTimestamp: Date.now() + 60 * minute,
        refreshAfterTimestamp: Date.now() + 30 * minute,
      })
    await token()
    vi.setSystemTime(Date.now() + 31 * minute)
    expect(await token()).toBe('token 2')
  })

  it('is not that of another tenant', async () => {
    expect(await token()).toBe('token 1')
    expect(await token({ tenantId: 'other' })).toBe('token 2')
    expect(await token()).toBe('token 1')
  })

  it('is replaced when Azure challenges it with claims', async () => {
    await token()
    expect(await token({ claims: 'more' })).toBe('token 2')
    expect(asked[1]?.options).toEqual({ claims: 'more' })
    expect(await token()).toBe('token 3')
  })

  it('is waited for by a caller until that one gives up; the others go on', async () => {
    let arrive: (token: AccessToken) => void = () => undefined
    respond = () => new Promise((resolve) => (arrive = resolve))
    const controller = new AbortController()
    const impatient = token({ abortSignal: controller.signal })
    const patient = token()
    controller.abort()
    await expect(impatient).rejects.toMatchObject({ name: 'AbortError' })
    arrive({ token: 'late', expiresOnTimestamp: Date.now() + 60 * minute })
    expect(await patient).toBe('late')
    expect(asked).toHaveLength(1)
  })

  it('is not asked for by a caller that has given up already', async () => {
    const abortSignal = AbortSignal.abort()
    await expect(token({ abortSignal })).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('that there is none is not remembered', async () => {
    respond = () => Promise.resolve(null)
    expect(await token()).toBeUndefined()
    respond = () => Promise.resolve({ token: 'now', expiresOnTimestamp: Date.now() + 60 * minute })
    expect(await token()).toBe('now')
  })
})
