import { expect, it } from 'vitest'
import { deliverDue } from '../../shared/notify/deliver.ts'
import type { DeliveryPorts } from '../../shared/notify/ports.ts'
import type { Notification } from '../../shared/domain/notification.ts'
import type { Rule, RuleSet } from '../../shared/domain/rule.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import { review } from '../../shared/review/review-target.ts'
import { crashEverywhere } from '../support/crash.ts'
import { dyingAt, entriesOf, portsOf, storyOf, type World, worldWith } from '../support/crash-review.ts'
import { FakeDelivery } from '../support/fake-delivery.ts'
import { connection, endpoint, id, salesToLake } from '../support/fake-review.ts'
import { brokenInLog } from '../support/life/laws.ts'

function deliveryOf({ fake, memory, sent }: World): DeliveryPorts {
  const delivery = new FakeDelivery(memory)
  delivery.time = fake.time
  return delivery.ports({
    notificationLog: { write: ({ id }) => Promise.resolve(void sent.push(id)) },
  })
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

const allowed: RuleSet = { complete: true, rules: [salesToLake], hash: 'list-1' }
const nothing: RuleSet = { complete: true, rules: [], hash: 'list-2' }

it('wherever a review dies, an approval is written to Azure once and logged once', async () => {
  const points = await crashEverywhere(
    () => worldWith(allowed, ['mpe']),
    (world, point) => review(portsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      await startAgain(world)
      expect(await storyOf(world), diedAt).toEqual(['intent:applying', 'result:applied'])
      expect(world.fake.writes, diedAt).toHaveLength(1)
      expect(brokenInLog(await entriesOf(world))).toEqual([])
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
      if (before.length === 0 && !fake.recovery) return
      expect(await storyOf(world), diedAt).toEqual(['intent:applying', 'result:applied'])
      expect(fake.writes, diedAt).toHaveLength(1)
      if (before.length === 1) recovered += 1
    },
  )
  expect(recovered).toBeGreaterThan(10)
})

it('wherever a review or the next one dies, the opposite of what it may have sent is not sent for ten minutes', async () => {
  const deny = { ...salesToLake, id: 'no', effect: 'deny', requester: undefined } as const
  let held = 0
  const points = await crashEverywhere(
    () => {
      const world = worldWith(allowed, ['mpe'])
      world.fake.outcomes = [
        { kind: 'retry-after', afterSeconds: 5, code: 'Conflict', message: 'Busy.' },
        { kind: 'unanswered', afterSeconds: 0, code: 'ECONNRESET', message: 'No response.' },
      ]
      return world
    },
    async (world, point) => {
      await review(portsOf(world, point), world.fake.message())
      world.fake.time += 15_000
      await review(portsOf(world, point), world.fake.message())
    },
    async (world, diedAt) => {
      const { fake } = world
      const { writes } = fake
      const isEndUnknown = writes.length === 1 && (await entriesOf(world)).at(-1)?.kind === 'intent'
      const mayLand = writes.length === 2 || isEndUnknown
      fake.rules = { complete: true, rules: [deny], hash: 'list-3' }
      fake.outcomes = []
      const sentAt = fake.time
      const rejected = () => writes.some(({ write }) => write.status === 'Rejected')
      while (!rejected() && fake.time < sentAt + 900_000) await startAgain(world)
      expect(rejected(), diedAt).toBe(true)
      if (!mayLand) return
      expect(fake.time - sentAt, diedAt).toBeGreaterThanOrEqual(600_000)
      held += 1
    },
  )
  expect(points).toBeGreaterThan(40)
  expect(held).toBeGreaterThan(10)
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

const hourMs = 3_600_000
const brief: Rule = { ...salesToLake, id: 'brief', effect: 'ask', expiresAfter: 'PT6H' }

it.each([
  ['is reminded of', brief, 4, ['reminded:open'], ['reminder'], 0],
  ['expires, and stays Pending', brief, 6, ['expired:open'], ['outcome'], 0],
  [
    'expires, and is rejected',
    { ...brief, atExpiry: 'reject' } as const,
    6,
    ['expired:open', 'intent:applying', 'result:applied'],
    ['outcome'],
    1,
  ],
])(
  'wherever a review dies, a question that %s is said to be so once, and written once',
  async (_, rule, hours, story, kinds, writes) => {
    const points = await crashEverywhere(
      async () => {
        const world = worldWith({ complete: true, rules: [rule], hash: 'list-1' }, ['mpe'])
        await startAgain(world)
        world.fake.time += hours * hourMs
        return world
      },
      (world, point) => review(portsOf(world, point), world.fake.message()),
      async (world, diedAt) => {
        await startAgain(world)
        await startAgain(world)
        expect(await storyOf(world), diedAt).toEqual(['escalated:open', ...story])
        expect(world.fake.writes, diedAt).toHaveLength(writes)
        const rows = world.memory.requests.rows().filter(({ rowKey }) => rowKey.startsWith('outbox:'))
        const said = rows.map(({ columns }) => {
          const { id, kind } = JSON.parse(String(columns['notification'])) as Notification
          expect(
            world.sent.filter((sent) => sent === id),
            diedAt,
          ).toHaveLength(1)
          return kind
        })
        expect(said, diedAt).toEqual(['question', ...kinds])
      },
    )
    expect(points).toBeGreaterThan(15)
  },
)

it('wherever a review dies, people are notified when Azure refuses a decision, and not again after a retry', async () => {
  await crashEverywhere(
    () => {
      const world = worldWith(allowed, ['mpe'])
      const refused = {
        kind: 'refused',
        code: 'RequestDisallowedByPolicy',
        message: 'No.',
        passes: true,
      } as const
      world.fake.outcomes = [refused, refused, refused]
      return world
    },
    (world, point) => review(portsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      await startAgain(world)
      await startAgain(world)
      expect(await storyOf(world), diedAt).toEqual([
        ...['intent:applying', 'result:open', 'intent:applying', 'result:open'],
      ])
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

it('wherever a review dies, the claims to a name that it saw are remembered', async () => {
  const elsewhere = id(endpoint('adf-sales.mpe').id.replace('-1-rg', '-2-rg'))
  const points = await crashEverywhere(
    () => {
      const world = worldWith(nothing, ['mpe'])
      world.fake.live.push(connection('other', { endpoint: elsewhere }))
      return world
    },
    (world, point) => review(portsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      await startAgain(world)
      world.fake.rules = allowed
      world.fake.live = world.fake.live.filter(({ id: { name } }) => name === 'other')
      await startAgain(world)
      expect(world.fake.writes, diedAt).toEqual([])
      const codes = (await entriesOf(world)).map(({ reason }) => reason.code)
      expect(codes, diedAt).toContain('competing-claim-before')
    },
  )
  expect(points).toBeGreaterThan(25)
})

it('wherever a review dies, the “no” of a person that it saw is remembered', async () => {
  await crashEverywhere(
    async () => {
      const world = worldWith(nothing, ['mpe'])
      await startAgain(world)
      world.fake.set('mpe', { status: 'Rejected', description: 'No.' })
      return world
    },
    (world, point) => review(portsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      await startAgain(world)
      world.fake.set('mpe', { status: 'Pending', description: 'Again.' })
      world.fake.rules = allowed
      await startAgain(world)
      // A rule that is new since a person rejected it decides; the one that was known then does not.
      expect(world.fake.writes, diedAt).toHaveLength(1)
      world.fake.set('mpe', { status: 'Rejected', description: 'No, again.' })
      await startAgain(world)
      world.fake.set('mpe', { status: 'Pending', description: 'Once more.' })
      await startAgain(world)
      expect(world.fake.writes, diedAt).toHaveLength(1)
    },
  )
})

it('wherever a review dies that puts a claim on hold, people are notified once, and a new version releases it', async () => {
  const elsewhere = id(endpoint('adf-sales.mpe').id.replace('-1-rg', '-2-rg'))
  await crashEverywhere(
    async () => {
      const world = worldWith(allowed, [])
      world.fake.live = [connection('other', { endpoint: elsewhere, status: 'Disconnected' })]
      await startAgain(world)
      world.fake.live = [connection('mpe')]
      return world
    },
    (world, point) => review(portsOf(world, point), world.fake.message()),
    async (world, diedAt) => {
      await startAgain(world)
      expect(world.sent, diedAt).toHaveLength(1)
      expect(world.fake.writes, diedAt).toEqual([])
      world.fake.rules = { complete: true, rules: [{ ...salesToLake, version: 4 }], hash: 'list-3' }
      await startAgain(world)
      expect(world.fake.writes, diedAt).toHaveLength(1)
    },
  )
})
