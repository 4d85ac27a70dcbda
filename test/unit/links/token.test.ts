import { describe, expect, it } from 'vitest'
import { returnPlace } from '../../../shared/http/routes.ts'
import { checkedToken, keyIdOf, type Link, type LinkKeys, signedToken } from '../../../shared/links/token.ts'

const now = new Date('2026-12-01T12:00:00Z')
const key = (id: string, fill: number) => ({
  id,
  secret: Buffer.alloc(32, fill).toString('base64url'),
  madeAt: now,
})
const keys: LinkKeys = { current: key('new', 1), previous: key('old', 2) }
const link: Link = {
  place: { kind: 'request', id: 'a1b2c3d4e5f60718293a.1.7' },
  messageId: 'case-4711.question.1',
  channel: 'lake-owners',
  expiresAt: new Date('2026-12-08T12:00:00Z'),
}
const token = signedToken(link, keys.current)
const [version = '', payload = '', mac = ''] = token.split('.')

/** A token with other content, and the signature as it was. */
function tampered(change: (fields: unknown[]) => void): string {
  const fields = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown[]
  change(fields)
  return [version, Buffer.from(JSON.stringify(fields)).toString('base64url'), mac].join('.')
}

describe('a token', () => {
  it.each(['current', 'previous'] as const)('of the %s key finds what it was made for', (which) => {
    const signer = keys[which]
    if (!signer) throw new Error('No such key.')
    expect(checkedToken(signedToken(link, signer), keys, now)).toEqual(link)
  })

  it('of a case finds the case', () => {
    const ofCase = { ...link, place: { kind: 'case', id: 'a1b2c3d4e5f60718293a-2' } } as const
    expect(checkedToken(signedToken(ofCase, keys.current), keys, now)).toEqual(ofCase)
  })

  it('holds nothing that can be done: no outcome, and no recipient', () => {
    expect(Buffer.from(payload, 'base64url').toString()).toBe(
      '["new","r","a1b2c3d4e5f60718293a.1.7","case-4711.question.1","lake-owners",1796731200]',
    )
  })

  it('is a page to which a sign-in leads back, at its full length', () => {
    const maxToken = signedToken(
      { ...link, messageId: 'm'.repeat(100), channel: 'c'.repeat(100) },
      keys.current,
    )
    expect(returnPlace(`/review/${maxToken}`)).toBe(`/review/${maxToken}`)
  })

  it.each([
    ['an id with a slash', { ...link, place: { kind: 'request', id: '../account' } }],
    ['a message id that is too long', { ...link, messageId: 'm'.repeat(101) }],
  ] as const)('is not made for %s', (_title, other) => {
    expect(() => signedToken(other, keys.current)).toThrow(RangeError)
  })
})

describe('a tampered token is refused', () => {
  it.each([
    ['another id', (fields: unknown[]) => (fields[2] = 'b1b2c3d4e5f60718293a.1.7'), 'link-signature'],
    ['another kind', (fields: unknown[]) => (fields[1] = 'c'), 'link-signature'],
    ['another message', (fields: unknown[]) => (fields[3] = 'x'), 'link-signature'],
    ['another channel', (fields: unknown[]) => (fields[4] = 'x'), 'link-signature'],
    ['a later expiry', (fields: unknown[]) => (fields[5] = 9_999_999_999), 'link-signature'],
    ['the id of the other key', (fields: unknown[]) => (fields[0] = 'old'), 'link-signature'],
    ['the id of no key', (fields: unknown[]) => (fields[0] = 'none'), 'link-key-unknown'],
    ['an id that leads elsewhere', (fields: unknown[]) => (fields[2] = '../..//evil.test'), 'link-malformed'],
    ['a kind that there is not', (fields: unknown[]) => (fields[1] = 'x'), 'link-malformed'],
    ['an expiry that is no number', (fields: unknown[]) => (fields[5] = '1'), 'link-malformed'],
    ['one field more', (fields: unknown[]) => fields.push('x'), 'link-malformed'],
  ])('with %s', (_title, change, code) => {
    expect(
      checkedToken(
        tampered((fields) => void change(fields)),
        keys,
        now,
      ),
    ).toBe(code)
  })

  it.each([
    ['nothing', ''],
    ['no signature', `${version}.${payload}.`],
    ['another version', `v2.${payload}.${mac}`],
    ['a signature cut short', `${version}.${payload}.${mac.slice(1)}`],
    ['a part more', `${token}.x`],
    ['64 KB', `${version}.${'A'.repeat(65_536)}.${mac}`],
    ['no JSON', `${version}.AAAA.${mac}`],
    ['a line end', `${token}\n`],
    ['padding', `${version}.${payload}=.${mac}`],
    ['another spelling of the same signature', respelled()],
  ])('that is %s: link-malformed', (_title, text) => {
    expect(checkedToken(text, keys, now)).toBe('link-malformed')
    expect(keyIdOf(text)).toBeUndefined()
  })

  it('signed by a key of the same id and another secret', () => {
    expect(checkedToken(signedToken(link, key('new', 9)), keys, now)).toBe('link-signature')
  })

  it('at the second of its expiry, and not before', () => {
    const before = new Date(link.expiresAt.getTime() - 1)
    expect(checkedToken(token, keys, before)).toEqual(link)
    expect(checkedToken(token, keys, link.expiresAt)).toBe('link-expired')
  })

  it('by its signature before its expiry is looked at', () => {
    const late = new Date('2027-12-01T12:00:00Z')
    expect(
      checkedToken(
        tampered((fields) => (fields[2] = 'x')),
        keys,
        late,
      ),
    ).toBe('link-signature')
  })
})

/** The last character of a signature holds two bits that decode to nothing. */
function respelled(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet[alphabet.indexOf(mac.at(-1) ?? '') ^ 1] ?? ''
  return `${version}.${payload}.${mac.slice(0, -1)}${last}`
}
