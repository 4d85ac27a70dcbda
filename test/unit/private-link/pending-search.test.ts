import { describe, expect, it } from 'vitest'
import type { PendingFound, PendingSearched } from '../../../shared/ports/azure.ts'
import { createPendingSearch } from '../../../shared/private-link/searches/pending.ts'
import {
  clientOf,
  failure,
  type FakeAzure,
  fakeAzure,
  type FakeLog,
  fakeLog,
  type Reply,
} from './fake-azure.ts'
import { targetOf } from './ids.ts'

const path = 'POST /providers/Microsoft.ResourceGraph/resources'
const first = targetOf('Microsoft.Storage/storageAccounts', 'a')
const second = targetOf('Microsoft.Sql/servers', 'b')

interface Searched {
  readonly found: Promise<readonly PendingFound[]>
  readonly isWhole: Promise<boolean>
  readonly fake: FakeAzure
  readonly log: FakeLog
}

function search(...replies: Reply[]): Searched {
  const fake = fakeAzure({ [path]: replies })
  const log = fakeLog()
  const searched: Promise<PendingSearched> = createPendingSearch(clientOf(fake), log).targetsWithPending()
  const part = async <K extends keyof PendingSearched>(key: K) => (await searched)[key]
  return { fake, log, found: part('found'), isWhole: part('isWhole') }
}

function rows(ids: readonly unknown[], skipToken?: string): Reply {
  return {
    status: 200,
    body: { data: ids.map((id) => ({ id })), ...(skipToken && { $skipToken: skipToken }) },
  }
}

describe('the search for targets that Resource Graph does not show', () => {
  it('asks for the types of the table that are marked so, and for no others', async () => {
    const fake = fakeAzure({ [path]: [rows([first.id])] })
    await createPendingSearch(clientOf(fake), fakeLog()).targetsNotShown()
    const { query } = fake.calls[0]?.body as { query: string }
    expect(query).toContain('"Microsoft.Web/sites"')
    expect(query).toContain('"Microsoft.DataFactory/factories"')
    expect(query).not.toContain('Microsoft.Storage')
    expect(query).not.toContain('mv-expand')
  })
})

describe('the search for Pending connections', () => {
  it('names each target once, over all pages', async () => {
    const { found, isWhole, fake } = search(
      rows([first.id, first.id.toUpperCase()], 'more'),
      rows([second.id]),
    )
    expect(await isWhole).toBe(true)
    expect((await found).map(({ target }) => target.key)).toEqual([first.key, second.key])
    expect(fake.calls.map(({ body }) => body)).toMatchObject([
      { options: { resultFormat: 'objectArray', $top: 1000 } },
      { options: { $skipToken: 'more' } },
    ])
  })

  it('names the connections of each target, over all pages', async () => {
    const row = (id: string, connectionId: unknown) => ({ id, connectionId })
    const page = (data: readonly object[], skipToken?: string): Reply => ({
      status: 200,
      body: { data, ...(skipToken && { $skipToken: skipToken }) },
    })
    const { found } = search(
      page([row(first.id, 'a'), row(second.id, 'b')], 'more'),
      page([row(first.id.toUpperCase(), 'c'), row(second.id, undefined), row(second.id, '')]),
    )
    expect(await found).toEqual([
      { target: first, connectionIds: ['a', 'c'] },
      { target: second, connectionIds: ['b', ''] },
    ])
  })

  it('looks at as many connections of a target as Resource Graph expands at most', async () => {
    const { found, fake } = search(rows([first.id]))
    await found
    const [call] = fake.calls
    expect(call?.body).toMatchObject({
      query: expect.stringMatching(/^\| mv-expand pec = .* limit 400$/m) as string,
    })
  })

  it('ends early with what it has when the quota is used up', async () => {
    const { found, isWhole, log } = search(
      rows([first.id], 'more'),
      failure(429, 'RateLimiting', 'x', { 'retry-after': '5' }),
    )
    expect(await isWhole).toBe(false)
    expect((await found).map(({ target }) => target.key)).toEqual([first.key])
    expect(log.lines).toMatchObject([{ level: 'warn', facts: { retryAfterSeconds: 5 } }])
  })

  it('leaves out rows that name no resource, and says so', async () => {
    const { found, log } = search(rows([7, 'x', '/subscriptions/x', second.id]))
    expect(await found).toHaveLength(1)
    expect(log.lines).toHaveLength(3)
  })

  it.each([
    ['it may not search', failure(403, 'AuthorizationFailed')],
    ['the answer is not understood', { status: 200, body: { rows: [] } }],
  ])('fails when %s', async (_, reply) => {
    const { found, isWhole } = search(reply)
    await expect(found).rejects.toThrow()
    await expect(isWhole).rejects.toThrow()
  })

  it('ends although the pages do not', async () => {
    const { found, log, fake } = search(rows([first.id], 'again'))
    expect(await found).toHaveLength(1)
    expect(fake.calls.length).toBe(50)
    expect(log.lines.at(-1)?.message).toMatch(/cut off/)
  })
})
