import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Request } from '../../../shared/domain/request.ts'
import type { RequestRecord } from '../../../shared/ports/ledger.ts'
import { countPlaces, nothingElse } from '../../../shared/review/counted-places.ts'
import { connection, FakeReview, salesToLake } from '../../support/fake-review.ts'
import { sampleEntry, sampleRequest } from '../../support/sample-request.ts'

const sent = { decisionId: 'd', outcome: 'approve', mayLandUntil: undefined } as const
const refused = { decisionId: 'd', outcome: 'reject', mayLandUntil: undefined } as const

function recordOf(
  actual: Connection,
  state: Request['state']['name'],
  change: Partial<Request> = {},
): RequestRecord {
  const request = sampleRequest(state, {
    subject: {
      kind: 'connection',
      connectionId: actual.id.id,
      targetId: actual.target.id,
      endpointId: actual.endpoint?.id,
    },
    ...change,
  })
  return { request, lastEntry: { ...sampleEntry(request), sequence: 1 }, hash: '', version: '' }
}

const applied = (outcome: 'approve' | 'reject'): Partial<Request> => ({
  state: { name: 'applied', outcome, at: '2026-11-21T08:00:00.000Z' },
})
const names = (live: readonly Connection[], ...records: readonly RequestRecord[]) =>
  countPlaces(live, { ...nothingElse, records }, new Date(0)).taken.map(({ id }) => id.name)

describe('a listed connection', () => {
  it.each(['Approved', 'approved', 'Approving', 'Disconnecting', 'Failed', ''])(
    'counts with status "%s"',
    (status) => {
      expect(names([connection('a', { status })])).toEqual(['a'])
    },
  )

  it.each(['Pending', 'Rejected', 'Disconnected'])('does not count with status "%s"', (status) => {
    expect(names([connection('a', { status })])).toEqual([])
  })

  it('counts once, whatever else is known of it', () => {
    const one = connection('a', { status: 'Approved' })
    expect(names([one], recordOf(one, 'applied', applied('approve')))).toEqual(['a'])
  })
})

describe.each([
  ['listed as Pending', [connection('a')]],
  ['not listed', []],
])('a connection that is %s', (_, live) => {
  const one = connection('a')

  it.each<[string, RequestRecord, boolean]>([
    ['that this app approved', recordOf(one, 'applied', applied('approve')), true],
    ['whose approval is under way', recordOf(one, 'applying'), true],
    ['whose approval was given up', recordOf(one, 'open', { attempts: [sent] }), true],
    ['whose rejection was given up', recordOf(one, 'open', { attempts: [refused] }), false],
    ['that this app rejected', recordOf(one, 'applied', applied('reject')), false],
    ['that waits for manual review', recordOf(one, 'open'), false],
  ])('and %s', (_what, record, counts) => {
    expect(names(live, record)).toEqual(counts ? ['a'] : [])
  })
})

it.each(['Rejected', 'Disconnected'])('what Azure shows as %s is not approved any more', (status) => {
  const one = connection('a', { status })
  expect(names([one], recordOf(one, 'applied', applied('approve')))).toEqual([])
})

it('the endpoint of one that is not listed is the recorded one', () => {
  const one = connection('a')
  const records = [recordOf(one, 'applied', applied('approve'))]
  const [counted] = countPlaces([], { ...nothingElse, records }, new Date(0)).taken
  expect(counted?.endpoint?.id).toBe(one.endpoint?.id)
})

it('the id of one in other letters beyond A to Z is the same', () => {
  const one = connection('\u00E4')
  const shown = connection('\u00C4', { status: 'Rejected' })
  expect(names([shown], recordOf(one, 'applied', applied('approve')))).toEqual([])
})

it('an unreadable target is no connection', () => {
  const request = sampleRequest('open', {
    subject: { kind: 'target', targetId: connection('a').target.id },
    attempts: [sent],
  })
  const record = { request, lastEntry: { ...sampleEntry(request), sequence: 1 }, hash: '', version: '' }
  expect(names([], record)).toEqual([])
})

describe('of a rule for one connection, an approval whose write had no response', () => {
  async function rejectedMeanwhile(): Promise<FakeReview> {
    const world = new FakeReview()
    world.rules = { complete: true, rules: [{ ...salesToLake, maxConnections: 1 }], hash: 'max' }
    world.live = [connection('one')]
    world.outcomes = [{ kind: 'unanswered', afterSeconds: 0, code: 'ECONNRESET', message: 'socket hang up' }]
    await world.review()
    world.time += 20_000
    world.set('one', { status: 'Rejected', description: 'By hand.' })
    await world.review()
    expect(world.story().at(-1)).toBe('observed:decided-elsewhere')
    world.live = [...world.live, connection('two')]
    return world
  }

  it('counts although a person rejected it meanwhile, while Azure may still carry it out', async () => {
    const world = await rejectedMeanwhile()
    await world.review()
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['one'])
  })

  it('does not count any more when Azure will not carry it out', async () => {
    const world = await rejectedMeanwhile()
    world.time += 600_000
    await world.review()
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['one', 'two'])
  })
})
