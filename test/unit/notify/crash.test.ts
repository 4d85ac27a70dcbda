import { expect, it } from 'vitest'
import { deliverDue, deliverOne, type DeliveryPorts } from '../../../shared/notify/deliver.ts'
import type { OutboxPort, OutboxRef } from '../../../shared/ports/outbox.ts'
import { readHint } from '../../../shared/queue/notification-queue.ts'
import { crashEverywhere } from '../../support/crash.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { connectionNamed, sampleNotification, stepTo } from '../../support/sample-request.ts'

const start = Date.parse('2026-11-21T08:00:00.000Z')
const minuteMs = 60_000

interface World {
  readonly memory: MemoryLedger
  readonly queue: OutboxRef[]
  readonly sent: string[]
  time: number
}

function newWorld(): World {
  const world = { time: start, queue: [], sent: [], memory: undefined as unknown as MemoryLedger }
  return Object.assign(world, { memory: new MemoryLedger(() => new Date(world.time)) })
}

function portsOf({ sent }: World, outbox: OutboxPort, point: (call: string) => void): DeliveryPorts {
  const silent = () => undefined
  return {
    outbox,
    channels: [
      {
        name: 'log',
        send: ({ id }) => {
          point('before send')
          sent.push(id)
          point('after send')
          return Promise.resolve()
        },
      },
    ],
    log: { info: silent, warn: silent, error: silent },
    random: () => 0,
  }
}

/** What a host does with a request that opens a question: write, hint, and deliver on the hint. */
async function handle(
  world: World,
  name: string,
  caseId: string | undefined,
  point: (call: string) => void,
): Promise<void> {
  const subject = connectionNamed(name)
  const { memory, queue } = world
  if (!(await memory.ledger.read(subject))) {
    const notification = sampleNotification({ id: name, decisionId: name, caseId })
    const { notificationRef } = await memory.ledger.write(
      subject,
      undefined,
      stepTo('open', { notification }, subject),
    )
    point('before hint')
    if (notificationRef !== undefined) queue.push(notificationRef)
    point('after hint')
  }
  const hint = readHint({ ref: queue.at(-1) })
  if (hint !== undefined) await deliverOne(portsOf(world, memory.outbox, point), hint)
}

/** The process starts again: the request is seen again, the timer runs, now and when claims have run out. */
async function startAgain(world: World, name: string, caseId: string | undefined): Promise<void> {
  const silent = () => undefined
  await handle(world, name, caseId, silent)
  for (let run = 0; run < 3; run += 1) {
    await deliverDue(portsOf(world, world.memory.anotherHost().outbox, silent))
    world.time += minuteMs
  }
}

it.each([
  ['a request', undefined, 'a'],
  ['a burst case', '0123456789abcdef0123.1.1', '0123456789abcdef0123.1.1'],
])(
  'whatever call a process dies at, %s is notified of, and once if it does not die',
  async (_, caseId, id) => {
    const points = await crashEverywhere(
      newWorld,
      (world, point) => handle(world, 'a', caseId, point),
      async (world, diedAt) => {
        await startAgain(world, 'a', caseId)
        const { sent, memory } = world
        expect([...new Set(sent)]).toEqual([id])
        const maySendTwice =
          diedAt === 'after send' || /requests\.replace|index\.removeDerived/.test(diedAt ?? '')
        expect(sent.length).toBeLessThanOrEqual(maySendTwice ? 2 : 1)
        const rows = memory.requests.rows().filter(({ rowKey }) => rowKey.startsWith('outbox:'))
        expect(rows.every(({ columns }) => columns['deliveredAt'] !== '')).toBe(true)
        expect(await memory.outbox.due(10)).toEqual([])
        expect(memory.index.rows().filter(({ partitionKey }) => partitionKey === 'due')).toEqual([])
      },
    )
    expect(points).toBeGreaterThan(caseId === undefined ? 20 : 30)
  },
)
