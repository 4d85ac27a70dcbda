import { expect, it } from 'vitest'
import { deliverDue, deliverOne } from '../../../shared/notify/deliver.ts'
import type { DeliveryPorts } from '../../../shared/notify/ports.ts'
import { crashEverywhere } from '../../support/crash.ts'
import { FakeDelivery, sampleRoute } from '../../support/fake-delivery.ts'
import { connectionNamed, sampleNotification, stepTo } from '../../support/sample-request.ts'

const minuteMs = 60_000
const subject = connectionNamed('a')

interface World {
  readonly delivery: FakeDelivery
  readonly memory: FakeDelivery['memory']
  /** Channel and kind of each message. */
  readonly sent: string[]
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
  return { delivery, memory: delivery.memory, sent: [], queue: [] }
}

function portsOf({ delivery, sent, queue }: World, point: (call: string) => void): DeliveryPorts {
  for (const channel of ['mail', 'team'])
    delivery.behaviour.set(channel, ({ kind }) => {
      point('before send')
      sent.push(`${channel} ${kind}`)
      point('after send')
      return { reference: undefined }
    })
  const hint = (ref: string) => {
    point('before hint')
    queue.push(ref)
    return Promise.resolve()
  }
  return delivery.ports({ hints: { hint } })
}

const idOf = ({ memory }: World, sequence: number) =>
  memory.ledger.nextEntryId(subject, undefined, 1).replace(/1$/, String(sequence))

/** A request opens a question, waits, and ends; each step is written once, whoever writes it. */
async function handle(world: World, point: (call: string) => void): Promise<void> {
  const { memory, delivery } = world
  const ports = portsOf(world, point)
  const asked = idOf(world, 1)
  const steps = [
    ['open', sampleNotification({ id: asked, decisionId: asked, connectionId: subject.id.id })],
    ['withdrawn', sampleNotification({ id: idOf(world, 2), kind: 'outcome', about: [asked] })],
  ] as const
  for (const [name, notification] of steps) {
    const record = await memory.ledger.read(subject)
    if (record && (name === 'open' || record.request.state.name !== 'open')) continue
    const step = stepTo(name, { notification, entry: { decisionId: asked } }, subject)
    const { state } = step.request
    const request = {
      ...step.request,
      state: state.name === 'open' ? { ...state, notificationId: asked } : state,
    }
    const { notificationRef = '' } = await memory.ledger.write(subject, record, { ...step, request })
    await deliverOne(ports, notificationRef)
    delivery.time += 2 * minuteMs
    for (const ref of world.queue.splice(0)) await deliverOne(ports, ref)
  }
}

function isInDoubt({ requests }: FakeDelivery['memory']): boolean {
  const question = requests.rows().find(({ rowKey }) => rowKey === 'message:000001')?.columns
  return question?.['deliveries'] === '[]' && Number(question['attempts']) > 1
}

it('whatever call a process dies at, people learn of the outcome where they learned of the question, or may have', async () => {
  const points = await crashEverywhere(newWorld, handle, async (world, diedAt) => {
    const silent = () => undefined
    const { sent, memory } = world
    await handle(world, silent)
    for (let run = 0; run < 8; run += 1) {
      await deliverDue(portsOf(world, silent))
      world.delivery.time += minuteMs
    }
    for (const channel of ['mail', 'team']) {
      const times = (kind: string) => sent.filter((text) => text === `${channel} ${kind}`).length
      const maxTimes = diedAt === undefined ? 1 : 2
      expect(times('question'), diedAt).toBeLessThanOrEqual(maxTimes)
      expect(times('outcome'), diedAt).toBeLessThanOrEqual(maxTimes)
      // Where a host died while it was sending, nobody knows whether the question was sent.
      const isAsked = sent.some((text) => text.endsWith(' question')) || isInDoubt(memory)
      expect(times('outcome') > 0, diedAt).toBe(isAsked)
      if (diedAt === undefined) expect([times('question'), times('outcome')]).toEqual([1, 1])
    }
    const rows = memory.requests.rows()
    for (const { rowKey, columns } of rows) {
      if (rowKey.startsWith('outbox:')) expect(columns['deliveredAt'], diedAt).not.toBe('')
      if (rowKey.startsWith('message:')) expect(columns['state'], diedAt).toMatch(/^(sent|dropped)$/)
    }
    expect(await memory.outbox.due(10)).toEqual([])
    expect(await memory.cases.due(10)).toEqual([])
  })
  expect(points).toBeGreaterThan(60)
})
