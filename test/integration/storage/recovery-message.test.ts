import { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ReviewMessage } from '../../../shared/ports/queue.ts'
import { readReviewMessage, ReviewQueue } from '../../../shared/queue/review-queue.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { until } from '../../support/running-stack.ts'

let azurite: Azurite
let client: QueueClient
let queueCount = 0

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
beforeEach(async () => {
  queueCount += 1
  client = new QueueClient(azurite.connectionString, `reviews-${queueCount}`)
  await client.create()
})

const message = (attempt: number): ReviewMessage => ({
  resourceId: '/subscriptions/x',
  attempt,
  isFollowUp: true,
  isFromEndpoint: false,
  correlationId: undefined,
})

/** What a host takes out of the queue now. */
async function received(): Promise<(ReviewMessage | undefined)[]> {
  const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 32 })
  return receivedMessageItems.map(({ messageText }) =>
    readReviewMessage(JSON.parse(Buffer.from(messageText, 'base64').toString())),
  )
}

async function count(): Promise<number | undefined> {
  return (await client.getProperties()).approximateMessagesCount
}

describe('a recovery message in the queue', () => {
  it('is delivered after its delay, as it was last', async () => {
    const recovery = new ReviewQueue(client).recoveryMessage()
    await recovery.postpone(message(1), 60)
    await recovery.postpone(message(2), 1)
    expect(await received()).toEqual([])
    expect(await until(5, received, ({ length }) => length > 0)).toEqual([message(2)])
  })

  it('is one message, however often and however fast it is postponed', async () => {
    const recovery = new ReviewQueue(client).recoveryMessage()
    await Promise.all([1, 2, 3, 4].map((attempt) => recovery.postpone(message(attempt), 60)))
    expect(await count()).toBe(1)
  })

  it('is not delivered once it is taken back', async () => {
    const recovery = new ReviewQueue(client).recoveryMessage()
    await recovery.postpone(message(1), 60)
    await recovery.cancel()
    expect(await count()).toBe(0)
  })

  it('is sent anew when it was delivered too early, to a host that found its review alive', async () => {
    const recovery = new ReviewQueue(client).recoveryMessage()
    await recovery.postpone(message(1), 0)
    const { receivedMessageItems } = await client.receiveMessages()
    for (const { messageId, popReceipt } of receivedMessageItems)
      await client.deleteMessage(messageId, popReceipt)
    await recovery.postpone(message(1), 60)
    expect(await count()).toBe(1)
    await recovery.cancel()
    expect(await count()).toBe(0)
  })

  it('that was delivered is taken back without an error, and so is one that was never sent', async () => {
    const recovery = new ReviewQueue(client).recoveryMessage()
    await recovery.cancel()
    await recovery.postpone(message(1), 0)
    expect(await received()).toEqual([message(1)])
    await recovery.cancel()
  })
})
