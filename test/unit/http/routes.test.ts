import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { returnPlace, type RouteRow, routes, usualPlace } from '../../../shared/http/routes.ts'

const root = join(import.meta.dirname, '../../..')
const table: Readonly<Record<string, RouteRow>> = routes
const rows = Object.entries(table)

/** Open to everybody, each for a reason. A route that is new here must be thought about. */
const anonymous = {
  healthz: 'a probe; says only that the process runs',
  signIn: 'leads to the tenant',
  signInCallback: 'the tenant leads back to it',
  signedOut: 'a page without content',
  stylesheet: 'no content',
}

describe('the table of routes', () => {
  it('opens to everybody only what is listed here', () => {
    const open = rows.filter(([, { guard }]) => guard === 'anonymous').map(([name]) => name)
    expect(open.toSorted()).toEqual(Object.keys(anonymous).toSorted())
  })

  it('is the only way in which an HTTP function is registered, and every row is', () => {
    const files = globSync('functions/**/*.ts', { cwd: root })
    const text = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
    const registering = [...text].filter(([, code]) =>
      /\bapp\s*\.\s*(http|get|post|put|patch|deleteRequest)\b/.test(code),
    )
    expect(registering.map(([file]) => file)).toEqual(['functions/serve-route.ts'])
    const served = [...text.values()].flatMap((code) =>
      [...code.matchAll(/serveRoute\('(\w+)'/g)].map(([, name]) => name),
    )
    expect(served.toSorted()).toEqual(rows.map(([name]) => name).toSorted())
  })

  it('has no two rows that fit the same call: the host takes the first by the name of its function', () => {
    const overlapping = rows.flatMap(([one, a]) =>
      rows.filter(([other, b]) => one < other && overlaps(a, b)).map(([other]) => `${one} and ${other}`),
    )
    expect(overlapping).toEqual([])
  })

  it('has a test for overlaps that finds some', () => {
    const row = (route: string): RouteRow => ({
      route,
      methods: ['GET'],
      guard: 'signed-in',
      replies: 'page',
    })
    expect(overlaps(row('a/{id}'), row('A/mine'))).toBe(true)
    expect(overlaps(row('a/{*rest}'), row('a/b/c'))).toBe(true)
    expect(overlaps(row('a/{id}/x'), row('a/{id}/y'))).toBe(false)
    expect(overlaps({ ...row('a'), methods: ['POST'] }, row('a'))).toBe(false)
  })

  it('leaves the addresses of the host, and with them the webhook of Event Grid, alone', () => {
    expect(rows.filter(([, { route }]) => /^\/|^(admin|runtime)(\/|$)/i.test(route))).toEqual([])
  })

  it('changes something by POST only', () => {
    for (const [name, { methods, guard }] of rows)
      if ((methods as readonly string[]).includes('POST')) expect(guard, name).not.toBe('anonymous')
  })
})

function overlaps(one: RouteRow, other: RouteRow): boolean {
  if (!one.methods.some((method) => other.methods.includes(method))) return false
  const [a, b] = [one.route, other.route].map((route) => route.toLowerCase().split('/')) as [
    string[],
    string[],
  ]
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [x, y] = [a[index], b[index]]
    if (x?.startsWith('{*') || y?.startsWith('{*')) return true
    if (x === undefined || y === undefined) return false
    if (!x.startsWith('{') && !y.startsWith('{') && x !== y) return false
  }
  return true
}

describe('open redirect: a sign-in leads to pages of the table only', () => {
  const withCases = {
    ...table,
    case: {
      route: 'review/{id}',
      methods: ['GET'],
      guard: 'signed-in',
      replies: 'page',
      isReturnPlace: true,
    },
  } as const
  it.each([
    ...[
      'https://evil.test',
      '//evil.test',
      '/\\evil.test',
      '/account/../..//evil.test',
      '/account?next=//evil.test',
    ],
    ...[
      '/account#x',
      'account',
      '/sign-out',
      '/sign-in',
      '/sign-in/callback',
      '/readyz',
      '',
      ' /account',
      '/account\n',
    ],
    ...[
      '/review/',
      '/review/a/b',
      '/review/%2F%2Fevil.test',
      '/review/a\r\nSet-Cookie: x',
      'javascript:alert(1)',
    ],
  ])('and not to %j', (path) => {
    expect(returnPlace(path, withCases)).toBeUndefined()
  })

  it.each(['/account', '/review/2026-12-01.a~b_c'])('but to %s', (path) => {
    expect(returnPlace(path, withCases)).toBe(path)
  })

  it('and usually to one of them', () => {
    expect(returnPlace(usualPlace)).toBe(usualPlace)
  })
})
