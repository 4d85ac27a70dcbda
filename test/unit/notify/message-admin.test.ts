import { beforeEach, describe, expect, it } from 'vitest'
import { MessageAdmin } from '../../../shared/ledger/message-admin.ts'
import { deliverDue } from '../../../shared/notify/deliver.ts'
import { ChannelFailure } from '../../../shared/ports/message-channel.ts'
import { FakeDelivery } from '../../support/fake-delivery.ts'

let delivery: FakeDelivery
let admin: MessageAdmin

beforeEach(() => {
  delivery = new FakeDelivery()
  const { requests, index } = delivery.memory
  admin = new MessageAdmin(requests, index, () => undefined)
})

const changeBy = (action: 'retry' | 'discard') => ({
  ...{ at: delivery.now.toISOString(), by: 'kim', action },
  reason: action === 'discard' ? 'phoned' : undefined,
})
const listed = async (state: 'failed' | 'waiting') =>
  (await Array.fromAsync(admin.list(state))).map(({ id }) => id)

/** A message that no channel took for a week. */
async function failedMessage(): Promise<string> {
  delivery.behaviour.set('mail', () => Promise.reject(new ChannelFailure('refused', 'The address is gone.')))
  await delivery.ask('a')
  await delivery.pass(2)
  for (let hour = 0; hour < 7 * 24 + 2; hour += 1) {
    delivery.time += 3_600_000
    await deliverDue(delivery.ports())
  }
  const [id = ''] = await listed('failed')
  return id
}

describe('a message that failed for good', () => {
  it('is listed with what each channel said, and counts as nobody notified', async () => {
    const id = await failedMessage()
    const [one] = await Array.fromAsync(admin.list('failed'))
    expect(one).toMatchObject({
      ...{ id, case: expect.stringMatching(/-1$/) as string, group: { kind: 'subscription' } },
      message: {
        state: 'failed',
        deliveries: [{ channel: 'mail', state: { problem: 'The address is gone.' } }],
      },
    })
    expect(await listed('waiting')).toEqual([])
    expect(await delivery.memory.cases.nobodyNotified()).toBe(1)
  })

  it('is sent again by retry, which its history keeps', async () => {
    const id = await failedMessage()
    delivery.behaviour.clear()
    const changed = await admin.change(id, changeBy('retry'))
    expect(changed?.message.changes).toEqual([changeBy('retry')])
    expect([await listed('failed'), await listed('waiting')]).toEqual([[], [id]])
    await deliverDue(delivery.ports())
    expect(delivery.sent.map(({ message }) => message.id)).toEqual([id])
    expect([await listed('waiting'), await delivery.memory.cases.nobodyNotified()]).toEqual([[], 0])
  })

  it('is given up by discard, and nothing is sent any more', async () => {
    const id = await failedMessage()
    delivery.behaviour.clear()
    expect((await admin.change(id, changeBy('discard')))?.message).toMatchObject({
      ...{
        state: 'discarded',
        deliveries: [{ state: { name: 'discarded' } }],
        changes: [{ reason: 'phoned' }],
      },
    })
    await delivery.pass(90)
    expect(delivery.sent).toEqual([])
    expect([await listed('failed'), await delivery.memory.cases.nobodyNotified()]).toEqual([[], 0])
  })
})

describe('a message that waits', () => {
  it('and is given up takes no others: the next request has a message of its own', async () => {
    await delivery.ask('a')
    await deliverDue(delivery.ports())
    const [id = ''] = await listed('waiting')
    await admin.change(id, changeBy('discard'))
    await delivery.ask('b')
    await delivery.pass(3)
    expect(delivery.sent.map(({ message }) => [message.id, message.total])).toEqual([
      [id.replace(/1$/, '2'), 1],
    ])
  })

  it('is sent at once by retry', async () => {
    await delivery.ask('a')
    await deliverDue(delivery.ports())
    await admin.change((await listed('waiting'))[0] ?? '', changeBy('retry'))
    await deliverDue(delivery.ports())
    expect(delivery.sent).toHaveLength(1)
  })

  it('and is claimed by a host: what that host records afterwards counts for nothing', async () => {
    await delivery.ask('a')
    await deliverDue(delivery.ports())
    const [id = ''] = await listed('waiting')
    let given: Promise<unknown> | undefined
    delivery.behaviour.set('mail', async () => {
      given ??= admin.change(id, changeBy('discard'))
      await given
      throw new ChannelFailure('failed', 'It is down.')
    })
    await delivery.pass(90)
    expect(delivery.lines.filter(({ facts }) => facts?.['channel'] === 'mail')).toHaveLength(1)
    expect([await listed('waiting'), await listed('failed')]).toEqual([[], []])
  })
})

it('a message that was sent is changed by nobody, and one that there is not is named', async () => {
  await delivery.ask('a')
  await delivery.pass(2)
  const id = delivery.sent[0]?.message.id ?? ''
  await expect(admin.change(id, changeBy('retry'))).rejects.toThrow(`The message ${id} is sent already.`)
  expect(await admin.change(`${'0'.repeat(20)}.1`, changeBy('retry'))).toBeUndefined()
  expect(await admin.change('x', changeBy('retry'))).toBeUndefined()
})
