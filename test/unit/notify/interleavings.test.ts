import { expect, it } from 'vitest'
import fc from 'fast-check'
import { deliverDue, deliverOne } from '../../../shared/notify/deliver.ts'
import { ChannelFailure } from '../../../shared/ports/message-channel.ts'
import { FakeDelivery } from '../../support/fake-delivery.ts'
import { unproven } from '../cases/given.ts'

/** Whole numbers below `max`, the same for the same seed. */
function randomFrom(seed: number): (max: number) => number {
  let state = seed >>> 0
  return (max) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * max)
  }
}

it('however hosts meet, each request is part of one message, and each message is sent once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
      const random = randomFrom(seed)
      const delivery = new FakeDelivery()
      const refs: string[] = []
      for (let count = 0; count < 12; count += 1) {
        const isHigh = random(4) === 0
        refs.push(
          await delivery.ask(
            `n${count}`,
            {},
            { proof: unproven(isHigh ? 'tenant-unknown' : 'no-endpoint-id') },
          ),
        )
      }
      let fails = 2
      delivery.behaviour.set('mail', () => {
        if (random(3) > 0 || fails === 0) return { reference: undefined }
        fails -= 1
        throw new ChannelFailure('busy', 'It is busy.')
      })
      // Every call to storage takes another while.
      delivery.memory.hook = async () => {
        for (let turns = random(8); turns > 0; turns -= 1) await Promise.resolve()
      }
      const hosts = Array.from({ length: 3 }, () => delivery.ports())
      const hostOf = () => hosts[random(3)] ?? delivery.ports()
      await Promise.all(refs.map((ref) => deliverOne(hostOf(), ref)))
      delivery.time += 61_000
      await Promise.all([
        ...hosts.map((host) => deliverDue(host)),
        ...delivery.hinted.map(({ ref }) => deliverOne(hostOf(), ref)),
      ])
      delivery.memory.hook = () => undefined
      for (let run = 0; run < 70; run += 1) {
        delivery.time += 61_000
        await deliverDue(hostOf())
      }
      const shown = delivery.sent.flatMap(({ message }) =>
        message.requests.map(({ decisionId }) => decisionId),
      )
      expect(shown.toSorted()).toEqual(delivery.logged.map(({ id }) => id).toSorted())
      expect(new Set(shown).size).toBe(12)
      expect(new Set(delivery.sent.map(({ message }) => message.id)).size).toBe(delivery.sent.length)
      expect(await delivery.memory.cases.due(10)).toEqual([])
      const rows = delivery.memory.requests.rows().filter(({ rowKey }) => rowKey.startsWith('message:'))
      expect(rows.every(({ columns }) => columns['state'] === 'sent')).toBe(true)
    }),
    { numRuns: 60 },
  )
})
