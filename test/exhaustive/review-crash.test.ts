import { expect, it } from 'vitest'
import { deliverDue, type DeliveryPorts } from '../../shared/notify/deliver.ts'
import type { RuleSet } from '../../shared/domain/rule.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import { review } from '../../shared/review/review-target.ts'
import { crashEverywhere } from '../support/crash.ts'
import { connection, FakeReview, salesToLake } from '../support/fake-review.ts'
import { brokenInLog } from '../support/life/laws.ts'
import { MemoryLedger } from '../support/memory-ledger.ts'

const day = '2026-11-21'

interface World {
  readonly fake: FakeReview
  readonly memory: MemoryLedger
  /** Decision ids of what was sent to people. */
  readonly sent: string[]
}

function worldWith(rules: RuleSet, names: readonly string[]): World {
  const fake = new FakeReview()
  fake.rules = rules
  fake.live = names.map((name) => connection(name))
  return { fake, memory: new MemoryLedger(() => new Date(fake.time)), sent: [] }
}

/** Carries out a call in whose course the process may die, before or after it. */
function dyingAt(point: (call: string) => void) {
  return async <T>(call: string, carryOut: () => Promise<T>): Promise<T> => {
    point(`before ${call}`)
    const result = await carryOut()
    point(`after ${call}`)
    return result
  }
}

/** The ports of a process that may die before and after each call to Azure, storage or a queue. */
function portsOf({ fake, memory }: World, point: (call: string) => void): ReviewPorts {
  const { connections } = fake.ports
  const around = dyingAt(point)
  return {
    ...fake.ports,
    ledger: memory.ledger,
    hints: { hint: () => around('hint', () => Promise.resolve()) },
    connections: {
      ...connections,
      list: (target) => around('list', () => connections.list(target)),
      read: (one) => around('read', () => connections.read(one)),
      apply: (one, write) => around('PUT', () => connections.apply(one, write)),
    },
  }
}

function deliveryOf({ memory, sent }: World): DeliveryPorts {
  const silent = () => undefined
  return {
    outbox: memory.anotherHost().outbox,
    channels: [{ name: 'log', send: ({ id }) => Promise.resolve(void sent.push(id)) }],
    log: { info: silent, warn: silent, error: silent },
    random: () => 0,
  }
}

/** The process starts again: the target is reviewed once more, and the timer delivers what is due. */
async function startAgain(world: World): Promise<void> {
  world.fake.time += 61_000
  await review(
    portsOf(world, () => undefined),
    world.fake.message(),
  )
  await deliverDue(deliveryOf(world))
}

async function entriesOf({ memory }: World) {
  await memory.ledger.repairIndexes(new Date(0))
  const entries = []
  for await (const { entry } of memory.ledger.entries(day, day)) entries.push(entry)
  return entries.sort((a, b) => a.sequence - b.sequence)
}

const allowed: RuleSet = { complete: true, rules: [salesToLake], hash: 'list-1' }
const nothing: RuleSet = { complete: true, rules: [], hash: 'list-2' }

it('wherever a review dies, an approval is written to Azure once and logged once', async () => {
  const points = await crashEverywhere(
    () => worldWith(allowed, ['mpe']),
    (world, point) => review(portsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      await startAgain(world)
      const entries = await entriesOf(world)
      expect(
        entries.map(({ kind, state }) => `${kind}:${state}`),
        diedAt,
      ).toEqual(['intent:applying', 'result:applied'])
      expect(world.fake.writes, diedAt).toHaveLength(1)
      expect(brokenInLog(entries)).toEqual([])
      expect(world.sent).toEqual([])
    },
  )
  expect(points).toBeGreaterThan(25)
})

/** The ports of a process whose lease and recovery message die with it, and which renews neither before. */
function mortalPortsOf(world: World, point: (call: string) => void): ReviewPorts {
  const ports = portsOf(world, point)
  const { work, queue, timings } = ports
  const around = dyingAt(point)
  const recovery = queue.recoveryMessage()
  return {
    ...ports,
    timings: { ...timings, renewSeconds: 3600 },
    work: {
      ...work,
      list: () => work.list(),
      change: (id, decide) => around('lease', () => work.change(id, decide)),
    },
    queue: {
      ...queue,
      recoveryMessage: () => ({
        postpone: (message, delay) => around('recovery', () => recovery.postpone(message, delay)),
        cancel: () => around('end of recovery', () => recovery.cancel()),
      }),
    },
  }
}

it('wherever a review dies after its intent, the message that it left in the queue finishes it, without a timer', async () => {
  let recovered = 0
  await crashEverywhere(
    () => worldWith(allowed, ['mpe']),
    (world, point) => review(mortalPortsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      const { fake } = world
      const before = await entriesOf(world)
      fake.time += fake.ports.timings.leaseSeconds * 1000
      if (fake.recovery)
        await review(
          portsOf(world, () => undefined),
          fake.recovery.message,
        )
      const story = (await entriesOf(world)).map(({ kind, state }) => `${kind}:${state}`)
      if (before.length === 0 && !fake.recovery) return
      expect(story, diedAt).toEqual(['intent:applying', 'result:applied'])
      expect(fake.writes, diedAt).toHaveLength(1)
      if (before.length === 1) recovered += 1
    },
  )
  expect(recovered).toBeGreaterThan(10)
})

it('wherever a review dies, people are notified of each open request, once', async () => {
  const points = await crashEverywhere(
    () => worldWith(nothing, ['a', 'b']),
    (world, point) => review(portsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      await startAgain(world)
      const entries = await entriesOf(world)
      expect(
        entries.map(({ kind, state }) => `${kind}:${state}`),
        diedAt,
      ).toEqual(['escalated:open', 'escalated:open'])
      expect([...world.sent].sort(), diedAt).toEqual(entries.map(({ decisionId }) => decisionId).sort())
      expect(world.fake.writes).toEqual([])
    },
  )
  expect(points).toBeGreaterThan(25)
})

it('wherever a review dies, people are notified when Azure refuses a decision', async () => {
  await crashEverywhere(
    () => {
      const world = worldWith(allowed, ['mpe'])
      const refused = { kind: 'refused', code: 'RequestDisallowedByPolicy', message: 'No.' } as const
      world.fake.outcomes = [refused, refused]
      return world
    },
    (world, point) => review(portsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      await startAgain(world)
      await startAgain(world)
      const entries = await entriesOf(world)
      expect(
        entries.map(({ kind, state }) => `${kind}:${state}`),
        diedAt,
      ).toEqual(['intent:applying', 'result:open'])
      expect(world.sent, diedAt).toHaveLength(1)
    },
  )
})

it('wherever a review dies, people are notified of a burst case, once, whichever request is left of it', async () => {
  await crashEverywhere(
    () => {
      const world = worldWith(allowed, ['a', 'b', 'c'])
      world.fake.burstLimits.perRequester = 1
      return world
    },
    (world, point) => review(portsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      // The request that opened the case is taken back before anybody was notified.
      const opened = diedAt === undefined ? undefined : 'b'
      world.fake.live = world.fake.live.filter(({ id: { name } }) => name !== opened)
      await startAgain(world)
      const entries = await entriesOf(world)
      const cases = new Set(entries.flatMap(({ caseId }) => caseId ?? []))
      expect(cases.size, diedAt).toBe(1)
      expect(world.sent, diedAt).toEqual([...cases])
    },
  )
})
