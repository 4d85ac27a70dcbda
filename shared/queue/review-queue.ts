import type { QueueClient } from '@azure/storage-queue'
import { z } from 'zod'
import type { ReviewMessage, ReviewQueuePort } from '../ports/queue.ts'

/** Name of the queue that reviews wait in; its poison queue has `-poison` behind it. */
export const reviewQueueName = 'reviews'

/** More passes than any series has. */
const maxAttempt = 99

/** The queue is input of strangers: no field holds more than a review needs. */
const schema = z.strictObject({
  resourceId: z.string().max(1024),
  attempt: z.int().min(0).max(maxAttempt),
  isFollowUp: z.boolean(),
  isFromEndpoint: z.boolean(),
  correlationId: z.guid().optional().catch(undefined),
})

/** Sends reviews; the delay is the queue's own visibility time-out. */
export class ReviewQueue implements ReviewQueuePort {
  readonly #client: QueueClient

  constructor(client: QueueClient) {
    this.#client = client
  }

  /** Puts a message where the `review` function finds it after `delaySeconds`. */
  async enqueue(message: ReviewMessage, delaySeconds = 0): Promise<void> {
    // The Functions queue trigger reads base64 unless host.json sets another encoding.
    const text = Buffer.from(JSON.stringify(message)).toString('base64')
    await this.#client.sendMessage(text, { visibilityTimeout: Math.ceil(delaySeconds) })
  }
}

/** Undefined for anything that is not a review message. */
export function readReviewMessage(value: unknown): ReviewMessage | undefined {
  const parsed = schema.safeParse(value)
  return parsed.success ? { correlationId: undefined, ...parsed.data } : undefined
}
