import type { QueueClient } from '@azure/storage-queue'
import { z } from 'zod'
import type { RecoveryMessage, ReviewMessage, ReviewQueuePort } from '../ports/queue.ts'

/** Name of the queue that reviews wait in. */
export const reviewQueueName = 'reviews'

/** More passes than any series has. */
const maxAttempt = 99

/** The queue is input from outside: no field holds more than a review needs. */
const schema = z.strictObject({
  resourceId: z.string().max(1024),
  attempt: z.int().min(0).max(maxAttempt),
  isFollowUp: z.boolean(),
  passNumber: z.int().min(0).optional(),
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
    await this.#client.sendMessage(textOf(message), { visibilityTimeout: Math.ceil(delaySeconds) })
  }

  recoveryMessage(): RecoveryMessage {
    return new QueuedRecovery(this.#client)
  }
}

/** One message of the queue. Its calls run one after the other, as each makes the receipt of the one before invalid. */
class QueuedRecovery implements RecoveryMessage {
  readonly #client: QueueClient
  #sent: { readonly messageId: string; readonly popReceipt: string } | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(client: QueueClient) {
    this.#client = client
  }

  postpone(message: ReviewMessage, delaySeconds: number): Promise<void> {
    const text = textOf(message)
    const visibilityTimeout = Math.ceil(delaySeconds)
    return this.#inTurn(async () => {
      const sent = this.#sent
      const updated =
        sent &&
        (await unlessDelivered(
          this.#client.updateMessage(sent.messageId, sent.popReceipt, text, visibilityTimeout),
        ))
      this.#sent = updated
        ? { ...sent, popReceipt: updated.popReceipt ?? sent.popReceipt }
        : await this.#client.sendMessage(text, { visibilityTimeout })
    })
  }

  cancel(): Promise<void> {
    return this.#inTurn(async () => {
      const sent = this.#sent
      this.#sent = undefined
      if (sent) await unlessDelivered(this.#client.deleteMessage(sent.messageId, sent.popReceipt))
    })
  }

  #inTurn(call: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(call)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

const deliveredCodes: ReadonlySet<string> = new Set(['MessageNotFound', 'PopReceiptMismatch'])

/** Undefined when a host has taken the message out of the queue meanwhile. */
async function unlessDelivered<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (deliveredCodes.has((error as { code?: string }).code ?? '')) return undefined
    throw error
  }
}

function textOf(message: ReviewMessage): string {
  // The Functions queue trigger reads base64 unless host.json sets another encoding.
  return Buffer.from(JSON.stringify(message)).toString('base64')
}

/** Undefined for anything that is not a review message. */
export function readReviewMessage(value: unknown): ReviewMessage | undefined {
  const parsed = schema.safeParse(value)
  return parsed.success ? { correlationId: undefined, ...parsed.data } : undefined
}
