import { RestError } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import type { AppRole, SignedIn } from '../../../shared/domain/caller.ts'
import type { Outgoing } from '../../../shared/http/outgoing.ts'
import { seeOther } from '../../../shared/http/outgoing.ts'
import { Refused, refusals } from '../../../shared/http/refusals.ts'
import { respond, type Work } from '../../../shared/http/respond.ts'
import type { Guard, RouteRow } from '../../../shared/http/routes.ts'
import { securityHeaders } from '../../../shared/http/security-headers.ts'

const publicOrigin = 'https://approver.contoso.test'
const lines: unknown[][] = []
const write = (...line: unknown[]) => void lines.push(line)
const log = { info: write, warn: write, error: write }

const caller = (...roles: AppRole[]): SignedIn => ({
  caller: { kind: 'person', tenantId: 't', objectId: 'o', name: 'Ann', roles: roles as never, groups: [] },
  session: { formToken: 'token', expiresAt: '2026-12-01T12:00:00.000Z' },
})
const unsent = { method: 'GET', headers: {}, form: '' }

interface Given {
  readonly guard?: Guard
  readonly replies?: RouteRow['replies']
  readonly isReturnPlace?: true
  readonly sent?: Partial<typeof unsent>
  readonly who?: () => Promise<SignedIn>
  readonly work?: Work<Guard>
}

function responded({ guard = 'signed-in', replies = 'page', sent, who, work }: Given): Promise<Outgoing> {
  const { method, headers, form } = { ...unsent, ...sent }
  const incoming = {
    ...{ method, url: 'https://evil.test/account?x=1', query: new URLSearchParams(), params: {} },
    headers: new Headers(headers),
    text: () => Promise.resolve(form),
  }
  const authenticate = who ?? (() => Promise.resolve(caller('Reader')))
  const row: RouteRow = { route: 'account', methods: ['GET', 'POST'], guard, replies }
  const ports = () => Promise.resolve({ publicOrigin, authenticate })
  return respond(row, incoming, ports, log, work ?? (() => ({ status: 200, body: 'done' })))
}

const refuse = (code: keyof typeof refusals) => () => Promise.reject(new Refused(code))
const own = { method: 'POST', headers: { origin: publicOrigin }, form: 'formToken=token' }

describe('a call', () => {
  it('gets what the work gives, with the headers of every response', async () => {
    expect(await responded({})).toEqual({ status: 200, body: 'done', headers: securityHeaders })
  })

  it('of an anonymous route is not asked who it is from', async () => {
    const outgoing = await responded({ guard: 'anonymous', who: refuse('not-signed-in') })
    expect(outgoing.status).toBe(200)
  })

  it('of a caller without the role is refused, with the roles that would do', async () => {
    const outgoing = await responded({ guard: ['Approver', 'RuleAdmin'] })
    expect(outgoing).toMatchObject({ status: 403, headers: { 'x-refusal': 'role-not-sufficient' } })
    expect(outgoing.body).toContain('This needs the role Approver or RuleAdmin.')
  })

  it('of a caller with one of the roles is let in', async () => {
    const who = () => Promise.resolve(caller('Reader', 'Approver'))
    expect((await responded({ guard: ['Approver'], who })).status).toBe(200)
  })

  it('that changes something is refused before the session is read when another site sent it', async () => {
    let isAsked = false
    const who = () => {
      isAsked = true
      return Promise.resolve(caller('Reader'))
    }
    const outgoing = await responded({ sent: { ...own, headers: { origin: 'https://evil.test' } }, who })
    expect([outgoing.headers?.['x-refusal'], isAsked]).toEqual(['origin-foreign', false])
  })

  it('that changes something needs the token of the session, and gets the fields to the work', async () => {
    const work: Work<Guard> = ({ form }) => ({ status: 200, body: form.get('reason') ?? '' })
    expect(await responded({ sent: { ...own, form: 'reason=because' }, work })).toMatchObject({ status: 403 })
    const sent = { ...own, form: 'formToken=token&reason=because' }
    expect(await responded({ sent, work })).toMatchObject({ status: 200, body: 'because' })
  })

  it('by a bearer token needs neither origin nor form: no browser adds one by itself', async () => {
    const who = () => Promise.resolve({ ...caller('Reader'), session: undefined })
    const sent = { method: 'POST', headers: { authorization: 'Bearer x' } }
    expect((await responded({ sent, who })).status).toBe(200)
  })

  it('by a session that only calls itself a bearer needs both all the same', async () => {
    const sent = { method: 'POST', headers: { authorization: 'Bearer x' } }
    expect((await responded({ sent })).headers?.['x-refusal']).toBe('form-token-missing')
  })

  it('with a form that is too large is refused', async () => {
    const sent = { ...own, form: `formToken=token&reason=${'x'.repeat(70_000)}` }
    expect((await responded({ sent })).status).toBe(413)
  })

  it('whose session expired is renewed when a page was to be read, and the place is kept', async () => {
    const outgoing = await responded({ who: refuse('session-expired') })
    expect([outgoing.status, outgoing.headers?.['location']]).toEqual([
      303,
      '/sign-in?how=renew&to=%2Faccount',
    ])
  })

  it('whose session expired is not sent again when it was to change something, or came from a program', async () => {
    expect((await responded({ sent: own, who: refuse('session-expired') })).status).toBe(401)
    expect((await responded({ replies: 'problem', who: refuse('session-expired') })).status).toBe(401)
  })

  it('whose session ended by idleness is not renewed silently', async () => {
    expect((await responded({ who: refuse('session-idle') })).status).toBe(401)
  })
})

describe('a failure', () => {
  it('gets a page that says nothing about it, and a line in the log that does', async () => {
    lines.length = 0
    const outgoing = await responded({ work: () => Promise.reject(new Error('key=secret <b>')) })
    expect(outgoing).toMatchObject({ status: 500, headers: { 'x-refusal': 'failed', ...securityHeaders } })
    expect(outgoing.body).not.toContain('secret')
    expect(JSON.stringify(lines)).toContain('key=secret')
  })

  it('of storage says so, and when to try again', async () => {
    const outgoing = await responded({
      work: () => Promise.reject(new RestError('gone', { statusCode: 500 })),
    })
    expect(outgoing).toMatchObject({
      status: 503,
      headers: { 'x-refusal': 'storage-unavailable', 'retry-after': '60' },
    })
  })

  it('of what is thrown without being an error is one, too', async () => {
    const work = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a library may do
      throw undefined
    }
    expect((await responded({ work })).status).toBe(500)
  })

  it('leaves members of causes out of the log, which may hold tokens', async () => {
    lines.length = 0
    const cause = Object.assign(new Error('refused'), { token: 'eyJsecret' })
    await responded({ work: () => Promise.reject(new Refused('tenant-unavailable', '', { cause })) })
    expect(JSON.stringify(lines)).toContain('Error: refused')
    expect(JSON.stringify(lines)).not.toContain('eyJsecret')
  })
})

describe('a refusal', () => {
  it('of a program is a problem (RFC 9457) with the code', async () => {
    const outgoing = await responded({ replies: 'problem', who: refuse('token-expired') })
    expect(outgoing.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer',
    })
    expect(JSON.parse(outgoing.body ?? '')).toEqual({
      ...{ type: 'about:blank', status: 401, code: 'token-expired', title: refusals['token-expired'].title },
      detail: refusals['token-expired'].next,
    })
  })

  it('shows words of others as text', async () => {
    const work = () => Promise.reject(new Refused('sign-in-denied', '<img src=x> \u202E'))
    expect((await responded({ work })).body).toContain('&lt;img src=x&gt; \uFFFD')
  })

  it.each(Object.entries(refusals))(
    'of the code %s has a status, a title, and what to do next',
    (_code, text) => {
      expect(text.status).toBeGreaterThanOrEqual(400)
      expect(text.next).toMatch(/^[A-Z].*\.$/)
      expect(text.title).not.toMatch(/\.$/)
    },
  )

  it('leads on by GET after a redirect', () => {
    expect(seeOther('/account')).toEqual({ status: 303, headers: { location: '/account' }, cookies: [] })
  })
})
