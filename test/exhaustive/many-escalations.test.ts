import { expect, it } from 'vitest'
import { deliverDue } from '../../shared/notify/deliver.ts'
import { FakeDelivery, sampleRoute } from '../support/fake-delivery.ts'
import { connectionNamed, sampleNotification } from '../support/sample-request.ts'
import { confirmed } from '../unit/cases/given.ts'

const hourMs = 3_600_000
const minuteMs = 60_000

/** Requests of that many requesters at once; the notifications of one minute. */
async function askedBy(delivery: FakeDelivery, count: number, requesters: number): Promise<void> {
  const proof = confirmed()
  if (!proof.requester) throw new Error('Nobody is confirmed.')
  for (let number = 0; number < count; number += 1) {
    const name = `adf-${number % requesters}`
    const id = { ...proof.requester.id, id: proof.requester.id.id.replace('adf-prod', name), name }
    const subject = connectionNamed(`n${number}`)
    await delivery.ask(
      `n${number}`,
      { connectionId: subject.id.id, targetId: sampleNotification().targetId },
      { proof: { ...proof, requester: { ...proof.requester, id } } },
    )
  }
}

it('10,000 escalations of 500 requesters at once: all are gathered, no limit is broken, none is lost', async () => {
  const [count, requesters] = [10_000, 500]
  const delivery = new FakeDelivery()
  delivery.routing = {
    channels: [
      { kind: 'email', name: 'mail', to: ['ops@contoso.com'], fromTag: undefined },
      { kind: 'teams', name: 'team', urlSetting: 'TEAM' },
    ],
    routes: [sampleRoute({ channels: ['mail', 'team'] })],
  }
  delivery.limits.set('mail', [
    { max: 5, seconds: 60 },
    { max: 10, seconds: 3600 },
  ])
  delivery.limits.set('team', [{ max: 1, seconds: 5 }])
  await askedBy(delivery, count, requesters)
  const host = delivery.ports()
  for (let minute = 0; minute < 130; minute += 1) {
    await deliverDue(host)
    delivery.time += minute < 5 ? minuteMs / 2 : minuteMs
  }

  expect(new Set(delivery.logged.map(({ id }) => id)).size).toBe(count)
  const rows = delivery.memory.requests.rows()
  const messages = rows.flatMap(({ rowKey, columns }) => (rowKey.startsWith('message:') ? [columns] : []))
  expect(messages.filter(({ kind }) => kind === 'question')).toHaveLength(requesters)
  expect([...new Set(messages.map(({ state }) => state))]).toEqual(['sent'])
  for (const channel of ['mail', 'team']) {
    const sent = delivery.sent.filter((one) => one.channel === channel)
    // Each request is counted in one message of each channel: a question, or a digest.
    expect(sent.reduce((sum, { message }) => sum + message.total, 0)).toBe(count)
    for (const { at } of sent) {
      const within = sent.filter((one) => one.at >= at && one.at < at + hourMs)
      expect(within.length).toBeLessThanOrEqual(10)
      expect(within.filter(({ message }) => message.kind === 'digest').length).toBeLessThanOrEqual(1)
    }
  }
  for (const { at } of delivery.sent.filter(({ channel }) => channel === 'mail'))
    expect(
      delivery.sent.filter((one) => one.channel === 'mail' && one.at >= at && one.at < at + minuteMs).length,
    ).toBeLessThanOrEqual(5)
  expect(delivery.lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(await delivery.memory.cases.due(1)).toEqual([])
  expect(delivery.memory.index.rows().filter(({ partitionKey }) => partitionKey.startsWith('due'))).toEqual(
    [],
  )
})
