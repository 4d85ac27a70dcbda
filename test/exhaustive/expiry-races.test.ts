import { expect, it } from 'vitest'
import type { Rule } from '../../shared/domain/rule.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import { review } from '../../shared/review/review-target.ts'
import { ann, ben, Page } from '../support/deciding.ts'
import { connection, endpoint, FakeReview, salesToLake } from '../support/fake-review.ts'
import { brokenInLog } from '../support/life/laws.ts'

const rounds = 1_000
const dayMs = 86_400_000
const rejects: Rule = { ...salesToLake, id: 'brief', effect: 'ask', expiresAfter: 'P2D', atExpiry: 'reject' }
const ask: Rule = { ...rejects, version: 2, atExpiry: 'stay-pending' }

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The same ports, each call of which comes some turns later. */
function slowed(ports: ReviewPorts, turn: () => Promise<void>): ReviewPorts {
  const { ledger, connections, rules, queue } = ports
  const later =
    <Given extends unknown[], T>(call: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      await turn()
      const result = await call(...given)
      await turn()
      return result
    }
  return {
    ...ports,
    ledger: {
      ...ledger,
      read: later((key) => ledger.read(key)),
      write: later((...given) => ledger.write(...given)),
    },
    connections: {
      ...connections,
      list: later((...given) => connections.list(...given)),
      read: later((...given) => connections.read(...given)),
      apply: later((...given) => connections.apply(...given)),
    },
    rules: { load: later(() => rules.load()) },
    queue: { ...queue, enqueue: later((...given) => queue.enqueue(...given)) },
  }
}

const begun = Math.floor(Date.now() / 1000)

it(`two people, an expiry, a withdrawal and another rule at the same instant have one outcome, and one write at most (seeds from ${begun})`, async () => {
  const ends = new Set<string>()
  for (let seed = begun; seed < begun + rounds; seed += 1) {
    const random = randomFrom(seed)
    const turn = async (): Promise<void> => {
      for (let count = Math.floor(random() * 6); count > 0; count -= 1) await Promise.resolve()
    }
    const often = async (): Promise<void> => {
      for (let count = Math.floor(random() * 20); count > 0; count -= 1) await turn()
    }
    const world = new FakeReview()
    const lake = connection('mpe', { endpoint: endpoint('a'), groupIds: ['blob'] })
    world.rules = { complete: true, rules: [rejects], hash: 'list-1' }
    world.live = [lake]
    await world.review()
    const ports = slowed(world.ports, turn)
    const pages = [new Page(ports, lake.id.id), new Page(ports, lake.id.id)] as const
    await Promise.all(pages.map((page) => page.open()))
    world.time += 2 * dayMs - (random() < 0.2 ? 1000 : 0)

    const events: readonly (readonly [number, () => Promise<unknown>])[] = [
      [0.6, () => pages[0].click('approve', ann)],
      [0.6, () => pages[1].click('reject', ben)],
      [0.2, () => Promise.resolve((world.live = []))],
      [
        0.3,
        () => {
          const rule = random() < 0.5 ? ask : salesToLake
          return Promise.resolve((world.rules = { complete: true, rules: [rule], hash: 'list-2' }))
        },
      ],
    ]
    const actors = events.filter(([chance]) => random() < chance).map(([, act]) => act)
    const pass = () => review(ports, world.message()).catch(() => undefined)
    await Promise.all([
      pass(),
      ...actors.map(async (act) => {
        await often()
        await act()
      }),
    ])
    for (let passes = 0; passes < 4; passes += 1) {
      world.time += 61_000
      await world.review()
    }
    const { state } = (await pages[0].open()).record.request
    const at = `seed ${seed}`
    expect(world.writes.length, at).toBeLessThanOrEqual(1)
    expect(brokenInLog(world.log), at).toEqual([])
    const status = world.live[0]?.status
    const outcomes = world.followed.filter(
      ({ kind, expiresAt }) => kind === 'outcome' && expiresAt === undefined,
    )
    expect(outcomes, at).toHaveLength(state.name === 'open' ? 0 : 1)
    if (state.name === 'applied' && status !== undefined)
      expect(status, at).toBe(state.outcome === 'approve' ? 'Approved' : 'Rejected')
    ends.add(
      outcomes[0]?.sentence
        .split(/[ .,:]/)
        .slice(0, 3)
        .join(' ') ?? state.name,
    )
  }
  // Each of them was first at some time.
  const found = [...ends].join('; ')
  for (const end of ['Approved by Ann', 'Rejected by Ben', 'Rejected  as', 'Withdrawn', 'open'])
    expect(found).toContain(end)
})
