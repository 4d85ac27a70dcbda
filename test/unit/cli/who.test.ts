import { hostname, userInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { whoChanges } from '../../../cli/place/who.ts'

const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`

function connected(kind: 'identity' | 'connection-string', claims: object = {}) {
  return {
    settings: () => Promise.resolve({ storage: { kind } } as never),
    credential: () =>
      Promise.resolve({
        getToken: () => Promise.resolve({ token: token(claims), expiresOnTimestamp: 0 }),
      }),
  }
}

describe('who the history names', () => {
  it.each([
    [{ upn: 'jo@contoso.example', oid: 'o1', appid: 'a1' }, 'jo@contoso.example (o1)'],
    [{ preferred_username: 'jo@contoso.example' }, 'jo@contoso.example'],
    [{ unique_name: 'live.com#jo@contoso.example', oid: 'o1' }, 'live.com#jo@contoso.example (o1)'],
    [{ appid: 'a1', oid: 'o1' }, 'application a1 (o1)'],
    [{ azp: 'a2', oid: 'o1' }, 'application a2 (o1)'],
    [{ oid: 'o1' }, 'o1'],
    [{ upn: 'jo\u202e', oid: 7 }, 'jo�'],
  ])('of a token with %j: %s', async (claims, name) => {
    expect(await whoChanges(connected('identity', claims), undefined)).toBe(name)
  })

  it.each([token({}), token({ oid: '' }), token(null), token('text'), 'no token', ''])(
    'is to be said when the token %s does not',
    async (odd) => {
      const identity = {
        ...connected('identity'),
        credential: () =>
          Promise.resolve({ getToken: () => Promise.resolve({ token: odd, expiresOnTimestamp: 0 }) }),
      }
      await expect(whoChanges(identity, undefined)).rejects.toThrow(/name somebody with --as/)
    },
  )

  it('is the user of this machine where a connection string is all there is', async () => {
    expect(await whoChanges(connected('connection-string'), undefined)).toBe(
      `${userInfo().username}@${hostname()}`,
    )
  })

  it('is whom --as names', async () => {
    expect(await whoChanges(connected('identity', { oid: 'o1' }), ' pipeline 4711 ')).toBe('pipeline 4711')
  })

  it.each(['', '  ', 'a\nb', 'x'.repeat(141)])('is not whom --as "%s" names', async (as) => {
    await expect(whoChanges(connected('identity'), as)).rejects.toMatchObject({ exitCode: 2 })
  })
})
