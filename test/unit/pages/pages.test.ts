import { RestError } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import type { SignedIn } from '../../../shared/domain/caller.ts'
import type { Outgoing } from '../../../shared/http/outgoing.ts'
import { respond } from '../../../shared/http/respond.ts'
import { type RouteName, type RouteRow, routes } from '../../../shared/http/routes.ts'
import { CaseRequests } from '../../../shared/ledger/case-requests.ts'
import { Requests } from '../../../shared/ledger/requests.ts'
import { ReviewLinks } from '../../../shared/links/review-links.ts'
import { StoredKeys } from '../../../shared/links/storage/stored-keys.ts'
import { createPages } from '../../../shared/pages/pages.ts'
import type { SubjectKey } from '../../../shared/ports/ledger.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { MemoryTable } from '../../support/memory-table.ts'
import { pageCaller, pageSettings } from '../../support/sample-pages.ts'
import { connectionNamed, sampleEntry, sampleRequest } from '../../support/sample-request.ts'

const start = Date.parse('2026-12-01T08:00:00Z')
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const publicOrigin = 'https://approver.test'

function bench() {
  const clock = { at: start }
  const now = () => new Date(clock.at)
  const calls: string[] = []
  const memory = new MemoryLedger(now)
  const note = (when: string, call: string) => {
    if (when === 'before') calls.push(call)
  }
  memory.hook = note
  const keys = new StoredKeys(new MemoryTable('links', now, note), (bytes) => 'A'.repeat(bytes), now)
  const links = new ReviewLinks({ keys, publicOrigin, now })
  const requests = new Requests(memory.requests, memory.index, ({ message }) => calls.push(message))
  const pages = createPages({
    requests,
    cases: new CaseRequests(memory.requests, requests, ({ message }) => calls.push(message)),
    jobs: { ofCase: () => Promise.resolve([]) },
    decideCase: () => Promise.resolve({ kind: 'not-found' }),
    now,
    links,
    settings: pageSettings,
    decide: () => Promise.resolve({ kind: 'not-found' }),
    remember: {
      propose: () => Promise.resolve({ kind: 'not-found' }),
      approve: () => Promise.resolve({ kind: 'not-found' }),
    },
    maxApplyingMs: 0,
    ruleOf: () => Promise.resolve(undefined),
  })

  /** A request that waits; in a burst case where one is given. */
  async function opened(subject: SubjectKey, caseId?: string) {
    clock.at += 1_000
    const decisionId = memory.ledger.nextEntryId(subject, undefined, 1)
    const request = sampleRequest('open', { decisionId, caseId, firstSeenAt: now().toISOString() }, subject)
    return memory.ledger.write(subject, undefined, {
      ...{ request, entry: sampleEntry(request, { at: now().toISOString() }), notification: undefined },
    })
  }

  function visit(
    name: RouteName,
    params: Record<string, string> = {},
    who: SignedIn = pageCaller,
  ): Promise<Outgoing> {
    const row: RouteRow = routes[name]
    const incoming = {
      ...{ method: 'GET', url: `${publicOrigin}/${row.route}`, headers: new Headers(), params },
      ...{ query: new URLSearchParams(), text: () => Promise.resolve('') },
    }
    const work = ({ signedIn }: { signedIn: SignedIn | undefined }) => {
      if (name === 'reviewLink') return pages.followLink(incoming)
      if (name === 'waiting') return pages.waiting(signedIn ?? who)
      return name === 'case'
        ? pages.case(incoming, signedIn ?? who)
        : pages.request(incoming, signedIn ?? who)
    }
    const ports = () => Promise.resolve({ publicOrigin, authenticate: () => Promise.resolve(who) })
    return respond(row, incoming, ports, silent, work as never)
  }
  return { memory, calls, links, opened, visit, clock, note }
}

/** The burst case that a connection's first request opens. */
const caseOf = ({ ledger }: MemoryLedger, opener: SubjectKey) => ledger.nextEntryId(opener, undefined, 1)
const codeOf = ({ headers }: Outgoing) => headers?.['x-refusal']
const withRoles = (...roles: string[]): SignedIn => ({
  ...pageCaller,
  caller: { ...pageCaller.caller, roles } as never,
})

describe('the page of a request', () => {
  it('shows what is stored now, and what ended on the target before', async () => {
    const { memory, opened, visit } = bench()
    const before = await opened(connectionNamed('old'))
    const gone = sampleRequest('withdrawn', { decisionId: before.request.decisionId }, connectionNamed('old'))
    const entry = sampleEntry(gone, { kind: 'observed' })
    await memory.ledger.write(connectionNamed('old'), before, {
      request: gone,
      entry,
      notification: undefined,
    })
    const { request } = await opened(connectionNamed('new'))
    const page = await visit('request', { id: request.decisionId })
    expect(page.status).toBe(200)
    expect(page.body).toContain('Waiting for manual review')
    expect(page.body).toContain(`href="/requests/${before.request.decisionId}"`)
  })

  it.each(['', 'x', `${'0'.repeat(20)}.1.1`, "' or 1 eq 1", '../account'])('%j is not found', async (id) => {
    const { opened, visit } = bench()
    await opened(connectionNamed('a'))
    expect(codeOf(await visit('request', { id }))).toBe('request-not-found')
  })

  it('whose record cannot be read says so', async () => {
    const { memory, opened, visit } = bench()
    const { request } = await opened(connectionNamed('a'))
    const [state] = memory.requests.rows().filter(({ rowKey }) => rowKey === 'state')
    if (!state) throw new Error('There is no record.')
    await memory.requests.putDerived({ ...state, columns: { ...state.columns, request: '{}' } })
    expect(codeOf(await visit('request', { id: request.decisionId }))).toBe('record-unreadable')
  })

  it('while the storage does not respond says so, and that nothing was decided', async () => {
    const { memory, opened, visit } = bench()
    const { request } = await opened(connectionNamed('a'))
    memory.hook = () => {
      throw new RestError('down')
    }
    const page = await visit('request', { id: request.decisionId })
    expect([page.status, codeOf(page)]).toEqual([503, 'storage-unavailable'])
    expect(page.body).toContain('Nothing was decided.')
  })
})

describe('the page of a case', () => {
  it('shows its requests, fifty at most, and counts the others', async () => {
    const { memory, opened, visit } = bench()
    const id = caseOf(memory, connectionNamed('c0'))
    for (let index = 0; index < 53; index += 1) await opened(connectionNamed(`c${index}`), id)
    const other = await opened(connectionNamed('another'))
    const page = await visit('case', { id })
    expect(page.body).not.toContain(other.request.decisionId)
    expect(page.body).toContain('Burst case: 53 requests')
    expect(page.body?.match(/<tr>/g)).toHaveLength(51)
    expect(page.body).toContain('And 3 more.')
  })

  it.each(['another-case', '', `${'0'.repeat(20)}-1`, `${'0'.repeat(20)}.1.1`, "' or 1 eq 1"])(
    '%j is not found',
    async (id) => {
      const { opened, visit } = bench()
      await opened(connectionNamed('a'))
      expect(codeOf(await visit('case', { id }))).toBe('case-not-found')
    },
  )
})

describe('the first page', () => {
  it('shows what waits, oldest first, fifty at most, and counts the others', async () => {
    const { opened, visit } = bench()
    const first = await opened(connectionNamed('a'))
    const second = await opened(connectionNamed('b'))
    for (let index = 0; index < 53; index += 1) await opened(connectionNamed(`c${index}`))
    const { body = '' } = await visit('waiting')
    expect(body).toContain('55 requests wait for manual review')
    expect(body).toContain('And 5 more')
    const places = [first, second].map(({ request }) => body.indexOf(`"/requests/${request.decisionId}"`))
    expect(places[0]).toBeGreaterThan(0)
    expect(places[1]).toBeGreaterThan(places[0] ?? 0)
  })

  it('says that nothing waits', async () => {
    expect((await bench().visit('waiting')).body).toContain('Nothing waits for manual review')
  })
})

describe('who may read', () => {
  it.each([[['Reader']], [['Approver']], [['RuleAdmin', 'Approver']]])('%j: every page', async (roles) => {
    const { opened, visit } = bench()
    const { request } = await opened(connectionNamed('a'))
    const page = await visit('request', { id: request.decisionId }, withRoles(...roles))
    expect(page.status).toBe(200)
    expect((await visit('waiting', {}, withRoles(...roles))).body).toContain(request.decisionId)
  })

  it('RuleAdmin alone: no request, and the first page says why', async () => {
    const { opened, visit } = bench()
    const { request } = await opened(connectionNamed('a'))
    for (const [name, params] of [
      ['request', { id: request.decisionId }],
      ['case', { id: 'x' }],
      ['reviewLink', { token: 'x' }],
    ] as const)
      expect(codeOf(await visit(name, params, withRoles('RuleAdmin')))).toBe('role-not-sufficient')
    const first = await visit('waiting', {}, withRoles('RuleAdmin'))
    expect(first.body).toContain('Your role, RuleAdmin, does not show requests.')
    expect(first.body).not.toContain(request.decisionId)
  })
})

it('no page writes anything, and a link is not used up: every call to storage is a read', async () => {
  const { memory, calls, links, opened, visit } = bench()
  const id = caseOf(memory, connectionNamed('a'))
  const { request } = await opened(connectionNamed('a'), id)
  const place = { kind: 'request', id: request.decisionId } as const
  const link = { place, messageId: 'm', channel: 'c', expiresAt: new Date(start + 86_400_000) }
  const token = (await links.linkTo(link)).replace(`${publicOrigin}/review/`, '')
  calls.length = 0
  for (let times = 0; times < 3; times += 1) {
    const followed = await visit('reviewLink', { token })
    expect([followed.status, followed.headers?.['location']]).toEqual([
      303,
      `/requests/${request.decisionId}`,
    ])
    await visit('request', { id: request.decisionId })
    await visit('case', { id })
    await visit('waiting')
  }
  expect(new Set(calls)).toEqual(new Set(['requests.read', 'requests.query', 'index.query']))
})

it('a stale row of an index is passed over, and left for those that repair it', async () => {
  const { memory, calls, opened, visit, clock } = bench()
  const id = caseOf(memory, connectionNamed('a'))
  const { request } = await opened(connectionNamed('a'), id)
  for (const row of memory.requests.rows()) await memory.requests.removeDerived(row.partitionKey, row.rowKey)
  clock.at += 3_600_000
  calls.length = 0
  expect((await visit('waiting')).body).toContain('Nothing waits')
  expect((await visit('case', { id })).body).toContain('Nothing waits any more')
  expect(codeOf(await visit('request', { id: request.decisionId }))).toBe('request-not-found')
  expect(calls.filter((call) => !/\.(read|query)$/.test(call))).toEqual([])
})
