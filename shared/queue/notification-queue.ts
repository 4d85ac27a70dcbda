import type { QueueClient } from '@azure/storage-queue'
import { z } from 'zod'
import type { Log } from '../ports/log.ts'
import type { NotificationHintPort, OutboxRef } from '../ports/outbox.ts'

/** Name of the queue that hints wait in. */
export const notificationQueueName = 'notifications'

const schema = z.strictObject({ ref: z.string().regex(/^[a-z0-9:-]{1,200}$/) })

/** Sends hints that a notification waits. */
export class NotificationQueue implements NotificationHintPort {
  readonly #client: Pick<QueueClient, 'sendMessage'>
  readonly #log: Log

  constructor(client: Pick<QueueClient, 'sendMessage'>, log: Log) {
    this.#client = client
    this.#log = log
  }

  /** Never throws: what cannot be hinted at is delivered by the timer. */
  async hint(ref: OutboxRef, afterSeconds?: number): Promise<void> {
    try {
      // The Functions queue trigger reads base64 unless host.json sets another encoding.
      const text = Buffer.from(JSON.stringify({ ref })).toString('base64')
      if (afterSeconds === undefined) await this.#client.sendMessage(text)
      else await this.#client.sendMessage(text, { visibilityTimeout: Math.ceil(afterSeconds) })
    } catch (error) {
      this.#log.warn('A hint at a notification is lost; the timer delivers it.', {
        metric: 'outbox.hint-lost',
        ref,
        error: String(error),
      })
    }
  }
}

/** Undefined for anything that is not a hint. */
export function readHint(value: unknown): OutboxRef | undefined {
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data.ref : undefined
}
