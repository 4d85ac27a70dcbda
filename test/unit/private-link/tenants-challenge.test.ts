import { describe, expect, it } from 'vitest'
import { tenantOfChallenge } from '../../../shared/private-link/proof/tenant-challenge.ts'

const tenantId = '22222222-2222-4222-8222-222222222222'
const otherTenant = '33333333-3333-4333-8333-333333333333'
const hosts = ['login.windows.net', 'login.microsoftonline.com', 'localhost:7443']
const good = `https://login.windows.net/${tenantId}`

function challenge(uri: string): string {
  return `Bearer authorization_uri="${uri}", error="invalid_token", error_description="The authentication failed because of missing 'Authorization' header."`
}

describe('the tenant in a challenge', () => {
  it.each([
    good,
    `https://login.windows.net/${tenantId.toUpperCase()}`,
    `https://login.microsoftonline.com/${tenantId}/`,
    `https://login.windows.net/${tenantId}/oauth2/authorize`,
    `https://login.windows.net:443/${tenantId}`,
    `HTTPS://LOGIN.windows.NET/${tenantId}`,
    `https://localhost:7443/${tenantId}`,
  ])('is read from the address %s', (uri) => {
    expect(tenantOfChallenge(challenge(uri), hosts)).toEqual({ tenantId })
  })

  it.each([
    ['the scheme in another case', `bearer authorization_uri="${good}"`],
    ['a value without quotes', `Bearer authorization_uri=${good}`],
    ['the address in the second place', `Bearer realm="x", authorization_uri="${good}"`],
    [
      'an address of another kind beside it',
      `${challenge(good)}, resource_id="https://management.azure.com/"`,
    ],
  ])('is read with %s', (_, header) => {
    expect(tenantOfChallenge(header, hosts)).toEqual({ tenantId })
  })

  const notBearer = 'the challenge is not one Bearer challenge'
  const notPlain = 'the login address is not a plain https address'
  const moreThanOne = 'the challenge names more than one login address'
  const pathUnknown = 'the login address has a path that is not known'
  const noTenant = 'the login address names no tenant id'
  it.each<[what: string, header: string | undefined, problem: string]>([
    ['no challenge', undefined, 'the response has no challenge'],
    ['an empty challenge', '', 'the response has no challenge'],
    ['a challenge of 5 KB', `${challenge(good)}, x="${'x'.repeat(5000)}"`, 'the challenge is too long'],
    ['a scheme alone', 'Bearer', notBearer],
    ['another scheme', `Basic authorization_uri="${good}"`, notBearer],
    ['another scheme after it', `${challenge(good)}, Basic realm="x"`, notBearer],
    ['another scheme before it', `Basic realm="x", ${challenge(good)}`, notBearer],
    ['two challenges', `${challenge(good)}, ${challenge(good)}`, notBearer],
    ['a quote that does not end', `Bearer authorization_uri="${good}`, notBearer],
    ['a parameter without a value', `Bearer authorization_uri`, notBearer],
    ['text after it', `${challenge(good)} and more`, notBearer],
    ['no address', 'Bearer error="invalid_token"', 'the challenge names no login address'],
    [
      'an address under another name',
      `Bearer xauthorization_uri="${good}"`,
      'the challenge names no login address',
    ],
    ['two addresses', `Bearer authorization_uri="${good}", authorization_uri="${good}"`, moreThanOne],
    [
      'a second address in another case',
      `Bearer authorization_uri="${good}", AUTHORIZATION_URI="${good}"`,
      moreThanOne,
    ],
    ...[
      ['under another name', `authorization="https://login.windows.net/${otherTenant}"`],
      ['at an unknown host', `authorization="https://login.evil.test/${otherTenant}"`],
      ['at another login host', `login="HTTPS://LOGIN.microsoftonline.com/${otherTenant}"`],
      ['within a text', `note="authorization_uri=\\"https://login.windows.net/${otherTenant}\\""`],
    ].flatMap(([where = '', second = '']): [string, string, string][] => [
      [`a second address ${where}`, `${challenge(good)}, ${second}`, moreThanOne],
      [
        `a second address ${where}, in the first place`,
        `Bearer ${second}, authorization_uri="${good}"`,
        moreThanOne,
      ],
    ]),
    ...[
      ['that goes back', `https://login.windows.net/${otherTenant}/../${tenantId}`, pathUnknown],
      ['that goes back after a backslash', `https://login.windows.net/x\\@/../${tenantId}`, notPlain],
      ['with a dot for a segment', `https://login.windows.net/./${tenantId}`, noTenant],
      ['that goes back in hex', `https://login.windows.net/${otherTenant}/%2e%2e/${tenantId}`, notPlain],
      ['with a letter in hex', `https://login.windows.net/%32${tenantId.slice(1)}`, notPlain],
      ['that begins with a tab', `\t${good}`, notPlain],
      ['that ends in a space', `${good} `, notPlain],
      ['that ends in a new line', `${good}\n`, notPlain],
      ['with a new line within', good.replace('windows', 'win\ndows'), notPlain],
      ['with a tab within', good.replace('login', 'lo\tgin'), notPlain],
      ['with one slash', good.replace('//', '/'), notPlain],
      ['with three slashes', good.replace('//', '///'), notPlain],
      ['with backslashes', good.replaceAll('/', '\\\\'), notPlain],
    ].map(([how = '', address = '', why = '']): [string, string, string] => [
      `an address ${how}`,
      challenge(address),
      why,
    ]),
    ['a tenant id for an address', challenge(tenantId), notPlain],
    ['an address without encryption', challenge(good.replace('https', 'http')), notPlain],
    ['a user in the address', challenge(good.replace('login', 'x@login')), notPlain],
    ['a query in the address', challenge(`${good}?x=1`), notPlain],
    ['a fragment in the address', challenge(`${good}#x`), notPlain],
    [
      'an unknown host',
      challenge(good.replace('windows', 'evil')),
      'the login host login.evil.net is not known',
    ],
    [
      'a host that only begins like a known one',
      challenge(`https://login.windows.net.evil.test/${tenantId}`),
      'the login host login.windows.net.evil.test is not known',
    ],
    [
      'a known host at another port',
      challenge(good.replace('.net', '.net:8443')),
      'the login host login.windows.net:8443 is not known',
    ],
    ['a host of look-alike letters', challenge(`https://login.wind\u043Ews.net/${tenantId}`), notPlain],
    ['the tenant common', challenge('https://login.windows.net/common'), noTenant],
    [
      'the tenant organizations',
      challenge('https://login.windows.net/organizations/oauth2/authorize'),
      noTenant,
    ],
    ['no tenant', challenge('https://login.windows.net/'), noTenant],
    ['a tenant in the second segment', challenge(`https://login.windows.net/x/${tenantId}`), noTenant],
    ['a longer tenant id', challenge(`${good}x`), noTenant],
    [
      'the tenant id of nobody',
      challenge(`https://login.windows.net/${tenantId.replace(/[^-]/g, '0')}`),
      noTenant,
    ],
    ['a path that is not known', challenge(`${good}/x`), pathUnknown],
  ])('is not guessed from %s', (_, header, problem) => {
    expect(tenantOfChallenge(header, hosts)).toEqual({ problem })
  })

  it('is not read when no login host is known', () => {
    expect(tenantOfChallenge(challenge(good), [])).toEqual({
      problem: 'the login host login.windows.net is not known',
    })
  })

  it('is looked for in linear time', () => {
    const startedAt = performance.now()
    for (const text of ['\\', 'a=', '" ', ',,', 'a="b",']) {
      tenantOfChallenge(`Bearer ${text.repeat(2000)}`.slice(0, 4096), hosts)
    }
    expect(performance.now() - startedAt).toBeLessThan(200)
  })
})
