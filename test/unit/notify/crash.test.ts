import { expect, it } from 'vitest'
import { deliverDue, deliverOne } from '../../../shared/notify/deliver.ts'
import type { DeliveryPorts } from '../../../shared/notify/ports.ts'
import { readHint } from '../../../shared/queue/notification-queue.ts'
import { crashEverywhere } from '../../support/crash.ts'
import { FakeDelivery, sampleRoute } from '../../support/fake-delivery.ts'
import { connectionNamed, sampleNotification, stepTo } from '../../support/sample-request.ts'

const minuteMs = 60_000

interface World {
  readonly delivery: FakeDelivery
  readonly memory: FakeDelivery['memory']
  /** Messages by channel, with how many requests each is about. */
  readonly sent: string[]
  readonly logged: string[]
  readonly queue: string[]
}

function newWorld(): World {
  const delivery = new FakeDelivery()
  delivery.routing = {
    channels: [
      { kind: 'email', name: 'mail', to: ['ops@contoso.com'], fromTag: undefined },
      { kind: 'teams', name: 'team', urlSetting: 'TEAM' },
    ],
    routes: [sampleRoute({ channels: ['mail', 'team'] })],
  }
  return { delivery, memory: delivery.memory, sent: [], logged: [], queue: [] }
}

function portsOf({ delivery, sent, logged, queue }: World, point: (call: string) => void): DeliveryPorts {
  for (const channel of ['mail', 'team'])
    delivery.behaviour.set(channel, ({ id, total }) => {
      point('before send')
      sent.push(`${channel} ${id} ${String(total)}`)
      point('after send')
      return { reference: undefined }
    })
  return delivery.ports({
    notificationLog: {
      write: ({ id }) => {
        point('before log')
        logged.push(id)
        point('after log')
        return Promise.resolve()
      },
    },
    hints: {
      hint: (ref) => {
        point('before hint')
        queue.push(ref)
        return Promise.resolve()
      },
    },
  })
}

/** What a host does with requests that open questions: write, hint, deliver on the hint, and send when it is time. */
async function handle(
  world: World,
  names: readonly string[],
  caseId: string | undefined,
  point: (call: string) => void,
): Promise<void> {
  const { memory, delivery } = world
  const ports = portsOf(world, point)
  for (const name of names) {
    const subject = connectionNamed(name)
    if (await memory.ledger.read(subject)) continue
    const id = memory.ledger.nextEntryId(subject, undefined, 1)
    const notification = sampleNotification({ id, decisionId: id, connectionId: subject.id.id, caseId })
    const { notificationRef } = await memory.ledger.write(
      subject,
      undefined,
      openedWith(notification, subject),
    )
    const hint = readHint({ ref: notificationRef })
    if (hint !== undefined) await deliverOne(ports, hint)
  }
  delivery.time += minuteMs
  for (const ref of world.queue.splice(0)) await deliverOne(ports, readHint({ ref }) ?? '')
}

function openedWith(
  notification: ReturnType<typeof sampleNotification>,
  subject: Parameters<typeof stepTo>[2],
) {
  const step = stepTo('open', { notification }, subject)
  const state = { ...step.request.state, notificationId: notification.id } as typeof step.request.state
  return {
    ...step,
    request: { ...step.request, state },
    entry: { ...step.entry, decisionId: notification.id },
  }
}

/** The process starts again: requests are seen again, and the timer runs until claims have run out. */
async function startAgain(world: World, names: readonly string[], caseId: string | undefined): Promise<void> {
  const silent = () => undefined
  await handle(world, names, caseId, silent)
  for (let run = 0; run < 6; run += 1) {
    await deliverDue(portsOf(world, silent))
    world.delivery.time += minuteMs
  }
}

it.each([
  ['requests of one group', undefined],
  ['a burst case', '0123456789abcdef0123.1.1'],
])(
  'whatever call a process dies at, people are notified of %s by each channel, and once if it does not die',
  async (_, caseId) => {
    const names = ['a', 'b']
    const points = await crashEverywhere(
      newWorld,
      (world, point) => handle(world, names, caseId, point),
      async (world, diedAt) => {
        await startAgain(world, names, caseId)
        const { sent, memory, logged } = world
        const ids = names.map((name) => memory.ledger.nextEntryId(connectionNamed(name), undefined, 1))
        expect([...new Set(logged)].toSorted(), diedAt).toEqual(
          caseId === undefined ? ids.toSorted() : [caseId],
        )
        for (const channel of ['mail', 'team']) {
          const ofChannel = [...new Set(sent.filter((text) => text.startsWith(channel)))]
          const counts = ofChannel.map((text) => Number(text.split(' ')[2]))
          const count = counts.reduce((sum, one) => sum + one, 0)
          // What joins a burst case after its message is part of the case only.
          if (caseId === undefined) expect(count, `${diedAt} ${ofChannel.join(', ')}`).toBe(2)
          else expect(ofChannel, diedAt).toHaveLength(1)
        }
        for (const text of sent) {
          const times = sent.filter((other) => other === text).length
          expect(times, `${diedAt} ${text}`).toBeLessThanOrEqual(diedAt === undefined ? 1 : 2)
        }
        const rows = memory.requests.rows()
        expect(rows.filter(({ rowKey }) => rowKey.startsWith('joined:'))).toHaveLength(2)
        expect(rows.filter(({ rowKey }) => rowKey.startsWith('member:'))).toHaveLength(2)
        for (const { rowKey, columns } of rows) {
          if (rowKey.startsWith('outbox:')) expect(columns['deliveredAt']).not.toBe('')
          if (rowKey.startsWith('message:')) expect(columns['state'], diedAt).toBe('sent')
        }
        const due = memory.index.rows().filter(({ partitionKey }) => partitionKey.startsWith('due'))
        const before = sent.length
        world.delivery.time += 11 * minuteMs
        await deliverDue(portsOf(world, () => undefined))
        expect(due.length, diedAt).toBeLessThanOrEqual(1)
        expect(await memory.outbox.due(10)).toEqual([])
        expect(await memory.cases.due(10)).toEqual([])
        expect(sent).toHaveLength(before)
      },
    )
    expect(points).toBeGreaterThan(80)
  },
)
