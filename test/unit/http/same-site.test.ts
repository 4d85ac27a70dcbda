import { describe, expect, it } from 'vitest'
import { Cookies } from '../../../shared/http/cookies.ts'
import { checkFormToken, checkOrigin } from '../../../shared/http/same-site.ts'
import { codeOf } from '../../support/sign-in.ts'

const own = 'https://approver.contoso.test'
const none = undefined

const origins: readonly [
  title: string,
  origin: string | undefined,
  site: string | undefined,
  code: string,
][] = [
  ['a form of our own page', own, 'same-origin', 'let in'],
  ['a form of our own page, without referrer', 'null', 'same-origin', 'let in'],
  ['a form of our own page in a browser without fetch metadata', own, none, 'let in'],
  ['a page of another site', 'https://evil.test', 'cross-site', 'origin-foreign'],
  ['a page of another site in an old browser', 'https://evil.test', none, 'origin-foreign'],
  ['a neighbour below the same domain', 'https://other.contoso.test', 'same-site', 'origin-foreign'],
  ['our own origin, but sent across sites', own, 'cross-site', 'origin-foreign'],
  ['a sandboxed frame of another site', 'null', 'cross-site', 'origin-foreign'],
  ['a sandboxed frame in an old browser', 'null', none, 'origin-unknown'],
  ['another port', `${own}:8443`, none, 'origin-foreign'],
  ['another scheme', own.replace('https', 'http'), none, 'origin-foreign'],
  ['an address typed by hand', none, 'none', 'origin-foreign'],
  ['a script without browser', none, none, 'origin-unknown'],
]

describe('a POST', () => {
  it.each(origins)('from %s (Origin %s, Sec-Fetch-Site %s): %s', async (_title, origin, site, code) => {
    const headers = new Headers({ ...(origin && { origin }), ...(site && { 'sec-fetch-site': site }) })
    expect(await codeOf(Promise.resolve().then(() => checkOrigin({ headers }, own)))).toBe(code)
  })

  it.each([
    ['formToken=right', 'let in'],
    ['', 'form-token-missing'],
    ['formToken=', 'form-token-missing'],
    ['formToken=wrong', 'form-token-wrong'],
    ['formToken=righ', 'form-token-wrong'],
    ['formToken=wrong&formToken=right', 'form-token-wrong'],
  ])('with the fields "%s": %s', async (fields, code) => {
    const check = Promise.resolve().then(() => checkFormToken(new URLSearchParams(fields), 'right'))
    expect(await codeOf(check)).toBe(code)
  })
})

describe('a cookie', () => {
  const reading = (cookie: string) => new Cookies(own).read({ headers: new Headers({ cookie }) }, 'session')

  it('is bound to the host, and out of reach of scripts and of http', () => {
    expect(new Cookies(own).set('session', 'x', 60)).toEqual({
      ...{ name: '__Host-session', value: 'x', path: '/', maxAge: 60 },
      ...{ secure: true, httpOnly: true, sameSite: 'Lax' },
    })
  })

  it('has no prefix at an http address, where browsers would not take it', () => {
    expect(new Cookies('http://127.0.0.1:7071').set('session', 'x', 60)).toMatchObject({
      name: 'session',
      secure: false,
    })
  })

  it.each([
    ['__Host-session=a', 'a'],
    ['x=1; __Host-session=a; y=2', 'a'],
    ['session=a', undefined],
    ['__Host-session=a; __Host-session=b', undefined],
    ['__Host-sessionx=a', undefined],
    ['', undefined],
  ])('of "%s" is %s', (cookie, value) => {
    expect(reading(cookie)).toBe(value)
  })
})
