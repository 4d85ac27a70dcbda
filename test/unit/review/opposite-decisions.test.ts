import { setTimeout } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { RuleSet } from '../../../shared/domain/rule.ts'
import type { ReviewPorts } from '../../../shared/review/ports.ts'
import { review } from '../../../shared/review/review-target.ts'
import { connection, endpoint, FakeReview, salesToLake, target } from '../../support/fake-review.ts'

const allowing: RuleSet = { complete: true, rules: [salesToLake], hash: 'allow' }
const denying: RuleSet = {
  complete: true,
  rules: [{ ...salesToLake, id: 'no', effect: 'deny', requester: undefined }],
  hash: 'deny',
}
const busy = { kind: 'retry-after', afterSeconds: 5, code: 'Conflict', message: 'Busy.' } as const
const refused = { kind: 'refused', code: 'ScopeLocked', message: 'A lock.', passes: true } as const
const unseen = { kind: 'unanswered', afterSeconds: 0, code: 'ECONNRESET', message: 'No response.' } as const

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.rules = allowing
  world.live = [connection('mpe')]
})

const statuses = () => world.writes.map(({ write: { status } }) => status)

/** The host dies while the decision is written: Azure may have it, and may carry it out later. */
async function dieWhileWriting(): Promise<void> {
  world.outcomes = [new Error('The host died.')]
  await expect(world.review()).rejects.toThrow('The host died.')
}

/** One review at its time. */
async function reviewAfter(seconds: number): Promise<void> {
  world.time += seconds * 1000
  await world.review()
}

/** Reviews as often as a request that waits has them, until the seconds are over. */
async function reviewFor(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 30) await reviewAfter(30)
}

/** What happens to the connection while nobody looks. */
const meanwhile: Readonly<Record<string, () => Promise<void> | void>> = {
  nothing: () => undefined,
  'another endpoint takes its place': () => world.set('mpe', { endpoint: endpoint('adf-sales.other') }),
  'it is gone and asks again': async () => {
    const { live } = world
    world.live = []
    await reviewAfter(30)
    world.live = live
  },
  'it is disconnected and asks again': async () => {
    const [before] = world.live as [Connection]
    world.set('mpe', { status: 'Disconnected' })
    await reviewAfter(30)
    world.live = [before]
  },
  'nothing allows it for a while': async () => {
    world.rules = { complete: true, rules: [], hash: 'none' }
    await reviewAfter(30)
  },
}

describe.each(Object.entries(meanwhile))('while a host may have sent a decision, and %s,', (_, happens) => {
  it('the opposite is not sent for ten minutes, when the host died during its first write', async () => {
    await dieWhileWriting()
    await happens()
    world.rules = denying
    await reviewFor(510)
    expect(statuses()).toEqual(['Approved'])
    await reviewFor(120)
    expect(statuses()).toEqual(['Approved', 'Rejected'])
  })

  it('the opposite is not sent for ten minutes, when the host died during a later write', async () => {
    world.outcomes = [busy, busy, busy]
    await world.review()
    await reviewAfter(15)
    await reviewAfter(105)
    world.time += 480_000
    await dieWhileWriting()
    await happens()
    world.rules = denying
    await reviewFor(510)
    expect(statuses().slice(4)).toEqual([])
    await reviewFor(120)
    expect(statuses().slice(4)).toEqual(['Rejected'])
  })

  it('the opposite is not sent for ten minutes, when its lease was lost before the write', async () => {
    world.isLeaseLost = true
    await expect(world.review()).rejects.toThrow()
    world.isLeaseLost = false
    world.isBusy = false
    await happens()
    world.rules = denying
    await reviewFor(510)
    expect(statuses()).toEqual([])
    await reviewFor(120)
    expect(statuses()).toEqual(['Rejected'])
  })
})

/** The ports of a review at whose calls something happens, before and after each. */
function portsAround(happens: () => Promise<void>): ReviewPorts {
  const { connections, ledger, rules } = world.ports
  const around = async <T>(call: () => Promise<T>): Promise<T> => {
    await happens()
    const result = await call()
    await happens()
    return result
  }
  return {
    ...world.ports,
    connections: {
      ...connections,
      list: (of) => around(() => connections.list(of)),
      read: (one) => around(() => connections.read(one)),
      apply: (one, write) => around(() => connections.apply(one, write)),
    },
    ledger: {
      ...ledger,
      read: (key) => around(() => ledger.read(key)),
      write: (key, before, change) => around(() => ledger.write(key, before, change)),
      unfinishedOn: (of) => around(() => ledger.unfinishedOn(of)),
    },
    rules: { load: () => around(() => rules.load()) },
  }
}

it('at whichever call a review loses its lease to one with another list, opposites are ten minutes apart', async () => {
  let isLost = true
  let sentBoth = 0
  for (let at = 0; isLost; at += 1) {
    world = new FakeReview()
    world.rules = allowing
    world.live = [connection('mpe')]
    world.outcomes = [unseen, unseen, unseen, unseen]
    const sent: { readonly status: string; readonly at: number }[] = []
    const { connections } = world.ports
    const apply = connections.apply.bind(connections)
    connections.apply = (live, write) => {
      sent.push({ status: write.status, at: world.time })
      return apply(live, write)
    }
    let calls = 0
    isLost = false
    const loseLease = async () => {
      if (calls++ !== at) return
      isLost = true
      world.work.arrange(target, undefined)
      world.rules = denying
      world.time += 30_000
      await world.review()
      await setTimeout(5)
    }
    await review(portsAround(loseLease), world.message()).catch(() => undefined)
    world.rules = denying
    await reviewFor(900)
    expect(sent.at(-1)?.status).toBe('Rejected')
    const turn = sent.findIndex(({ status }) => status === 'Rejected')
    expect(sent.slice(turn).map(({ status }) => status)).not.toContain('Approved')
    const before = sent[turn - 1]
    if (!before) continue
    sentBoth += 1
    expect((sent[turn]?.at ?? 0) - before.at, `call ${at}`).toBeGreaterThanOrEqual(600_000)
  }
  expect(sentBoth).toBeGreaterThan(3)
})

it('a busy second try says nothing of a first one whose end nobody saw', async () => {
  world.outcomes = [unseen, busy]
  await world.review()
  await reviewAfter(15)
  world.rules = denying
  await reviewFor(540)
  expect(statuses()).toEqual(['Approved', 'Approved'])
  await reviewFor(90)
  expect(statuses()).toEqual(['Approved', 'Approved', 'Rejected'])
})

it('a busy try says nothing of one during which a host died', async () => {
  await dieWhileWriting()
  world.outcomes = [busy]
  await reviewAfter(30)
  world.rules = denying
  await reviewFor(510)
  expect(statuses()).toEqual(['Approved', 'Approved'])
})

it('an attempt that may be carried out is not forgotten for many that were not', async () => {
  await dieWhileWriting()
  for (let version = 4; version < 14; version += 1) {
    world.rules = { complete: true, rules: [{ ...salesToLake, version }], hash: `allow-${version}` }
    world.outcomes = [refused]
    await reviewAfter(15)
  }
  world.rules = denying
  await reviewFor(390)
  expect(statuses()).toEqual(Array.from({ length: 11 }, () => 'Approved'))
})

describe('the opposite is sent at once', () => {
  it.each([
    ['was busy', busy],
    ['has refused', refused],
    ['knew of no such connection', { kind: 'gone' }],
  ] as const)('where Azure %s', async (_, outcome) => {
    world.outcomes = [outcome]
    await world.review()
    world.rules = denying
    await reviewAfter(15)
    expect(statuses()).toEqual(['Approved', 'Rejected'])
  })

  it.each<[string, () => void]>([
    ['the allow-list', () => (world.rules = denying)],
    ['the endpoint', () => world.set('mpe', { endpoint: endpoint('adf-sales.other') })],
    ['the group ids', () => world.set('mpe', { groupIds: ['dfs'] })],
    ['nothing but that the endpoint was hidden', () => world.set('mpe', { endpoint: undefined })],
    ['the decision of a person', () => world.set('mpe', { status: 'Rejected', description: 'By hand.' })],
    ['everything: it was gone', () => (world.live = [])],
  ])('where nothing was sent, as the last read showed a change of %s', async (_, change) => {
    world.set('mpe', { groupIds: ['blob'] })
    const { live } = world
    world.beforeRead = () => {
      change()
      world.beforeRead = () => undefined
    }
    await world.review()
    expect(statuses()).toEqual([])
    world.rules = denying
    await reviewAfter(1)
    world.live = live
    await reviewAfter(15)
    expect(new Set(statuses())).toEqual(new Set(['Rejected']))
  })

  it('where Azure showed the decision, and the same connection asks again', async () => {
    await world.review()
    world.rules = denying
    world.set('mpe', { status: 'Pending', description: 'Once more.' })
    await reviewAfter(61)
    expect(statuses()).toEqual(['Approved', 'Rejected'])
  })
})

it('a changed allow-list is no try of Azure: after an hour away, the decision of the new list is sent', async () => {
  await dieWhileWriting()
  world.time += 3_600_000
  world.beforeRead = () => {
    world.rules = { ...allowing, hash: 'allow-2' }
    world.beforeRead = () => undefined
  }
  await world.review()
  await reviewAfter(1)
  expect(statuses()).toEqual(['Approved', 'Approved'])
  expect(world.story().at(-1)).toBe('result:applied approve')
})

it('each time that a decision is sent, its intent was written in the same pass', async () => {
  world.outcomes = [busy, unseen, busy]
  await world.review()
  for (const seconds of [15, 105, 480]) await reviewAfter(seconds)
  const kinds = world.log.map(({ kind }) => kind)
  expect(kinds).toEqual([
    ...['intent', 'deferred', 'intent', 'deferred', 'intent', 'deferred', 'intent', 'result'],
  ])
  expect(new Set(world.log.map(({ decisionId }) => decisionId)).size).toBe(1)
  expect(statuses()).toHaveLength(4)
})
