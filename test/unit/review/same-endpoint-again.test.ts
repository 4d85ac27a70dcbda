import { beforeEach, describe, expect, it } from 'vitest'
import type { Proof } from '../../../shared/domain/proof.ts'
import { subjectId } from '../../../shared/domain/request.ts'
import {
  confirmed,
  connection,
  endpoint,
  FakeReview,
  salesToLake,
  storyOf,
} from '../../support/fake-review.ts'

const minute = 60_000
const claimedByTwo: Proof = {
  ...confirmed,
  level: 'platform',
  requester: undefined,
  refusals: [{ code: 'competing-claim', sentence: 'Two connections claim the name.' }],
}
let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
})

const pass = () => world.review()
const version = (number: number) => {
  world.rules = { complete: true, rules: [{ ...salesToLake, version: number }], hash: `v${number}` }
}
const entriesOf = (name: string) => world.log.filter(({ subject }) => subjectId(subject).endsWith(`/${name}`))
const requestOf = (name: string) =>
  world.unfinished().find(({ request }) => subjectId(request.subject).endsWith(`/${name}`))?.request
const said = () => world.logged.filter((line) => /^(warn|error) /.test(line))

/** Becomes what Azure shows, and waits again after the pass that sees it. */
async function settledAndAskedAgain(name: string, status: string): Promise<void> {
  world.set(name, { status, description: 'Changed by hand.' })
  await askedAgain(name)
}

/** Its own side disconnects it, which leaves the description, and asks again after the pass that sees it. */
async function disconnectedAndAskedAgain(name: string): Promise<void> {
  world.set(name, { status: 'Disconnected' })
  await askedAgain(name)
}

async function askedAgain(name: string): Promise<void> {
  await pass()
  world.time += 30 * minute
  world.set(name, { status: 'Pending' })
  world.logged = []
  await pass()
}

async function removedAndAskedAgain(): Promise<void> {
  const { live } = world
  world.live = []
  await pass()
  world.time += 30 * minute
  world.live = live
  world.logged = []
  await pass()
}

describe('a request that was held in a burst, asked again by the same endpoint', () => {
  beforeEach(async () => {
    world.burstLimits.perRequester = 1
    world.live = [connection('first'), connection('held')]
    await pass()
  })

  it.each([
    ['after a person rejected it', () => settledAndAskedAgain('held', 'Rejected')],
    ['after a person approved it and took that back', () => settledAndAskedAgain('held', 'Approved')],
    ['after it was disconnected', () => settledAndAskedAgain('held', 'Disconnected')],
    ['after it was removed', () => removedAndAskedAgain()],
  ])('%s keeps its hold and its case, and somebody is notified once', async (_, askAgain) => {
    await askAgain()
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['first'])
    expect(requestOf('held')).toMatchObject({
      episode: 2,
      state: { name: 'open' },
      hold: { kind: 'burst', knownRules: ['sales-to-lake v3'] },
      caseId: 'held.1.1',
    })
    await pass()
    expect(said()).toEqual(['warn A request waits for manual review.'])
  })

  it('keeps its hold while a list does not show the endpoint', async () => {
    world.set('held', { status: 'Rejected', description: 'No.' })
    await pass()
    world.time += 30 * minute
    world.set('held', { status: 'Pending', endpoint: undefined })
    await pass()
    expect(requestOf('held')?.hold).toMatchObject({ kind: 'burst' })
    world.set('held', { status: 'Rejected' })
    await pass()
    world.set('held', { status: 'Pending', endpoint: endpoint('adf-sales.held') })
    await pass()
    expect([requestOf('held')?.episode, world.writes.length]).toEqual([3, 1])
  })

  it('is released by a newer version of the rule', async () => {
    await settledAndAskedAgain('held', 'Rejected')
    version(4)
    await pass()
    expect(entriesOf('held').map(storyOf).slice(-2)).toEqual([
      'intent:applying approve',
      'result:applied approve',
    ])
  })

  it('asks no further when a newer version of the rule had decided it before', async () => {
    version(4)
    world.time += 11 * minute
    await pass()
    world.time += 11 * minute
    await disconnectedAndAskedAgain('held')
    expect(requestOf('held')).toBeUndefined()
    expect(world.writes).toHaveLength(3)
  })

  it('is a new request where another endpoint stands behind the connection', async () => {
    world.set('held', { status: 'Approved', description: 'By hand.' })
    await pass()
    world.time += 30 * minute
    world.set('held', { status: 'Pending', endpoint: endpoint('adf-sales.other') })
    await pass()
    expect(world.writes).toHaveLength(2)
  })
})

describe('many requests that were held, asked again by the same endpoints', () => {
  it('are one case beyond the limit', async () => {
    world.burstLimits.perRequester = 3
    world.live = Array.from({ length: 23 }, (_, index) => connection(`sales${index + 1}`))
    await pass()
    world.live = world.live.map((one) => (one.status === 'Pending' ? { ...one, status: 'Rejected' } : one))
    await pass()
    world.time += 30 * minute
    world.live = world.live.map((one) => (one.status === 'Rejected' ? { ...one, status: 'Pending' } : one))
    world.logged = []
    await pass()
    await pass()
    expect(world.writes).toHaveLength(3)
    expect(world.unfinished().every(({ request }) => request.hold?.kind === 'burst')).toBe(true)
    expect(said()).toEqual([
      ...Array.from({ length: 3 }, () => 'warn A request waits for manual review.'),
      'error Too many requests came at once; they wait for manual review as one case.',
    ])
  })
})

describe('a request whose endpoint name another connection claimed, asked again by the same endpoint', () => {
  it('stays with people after a person rejected it', async () => {
    world.live = [connection('mpe')]
    world.proof = claimedByTwo
    await pass()
    world.proof = confirmed
    await settledAndAskedAgain('mpe', 'Rejected')
    expect(world.writes).toEqual([])
    expect(requestOf('mpe')).toMatchObject({ episode: 2, state: { name: 'open' } })
    expect(world.log.at(-1)?.reason.code).toBe('rejected-before')
    expect(world.log.at(-1)?.reason.sentence).toContain('may have claimed the same endpoint name before')
  })
})
