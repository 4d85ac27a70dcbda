import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue'
import { messageOf } from '../failure.ts'
import type { QueueFunction } from '../functions.ts'
import type { QueueSettings } from '../host-json.ts'
import type { Invoke } from '../invoker.ts'
import type { Log } from '../logger.ts'
import type { Storage } from '../storage.ts'
import { createBackoff } from './backoff.ts'
import { decodeBody, queueTrigger } from './message.ts'
import { createPause } from './pause.ts'

/** How long a message is hidden during its run; renewed at half time (600 s seen, renewal read in the source). */
export const invisibilitySeconds = 600

export interface QueueListenerOptions {
  definition: QueueFunction
  settings: QueueSettings
  storage: Storage
  invoke: Invoke
  log: Log
  /** For tests: how often the invisibility of a message is renewed. */
  renewalMs?: number
}

export interface QueueListener {
  queueName: string
  /** Polls the queue at once instead of at the end of its pause. */
  notify: () => void
  /** Fetches no more; resolves when the running messages are done. */
  stop: () => Promise<void>
  /** From now on a message whose run ends is left unchanged, hidden until its time is over. */
  abandon: () => void
}

/**
 * Watches a queue and runs the function for each message, as the storage queue extension 5 does. It makes no queue: one
 * that is missing is a warning at each look. A poison queue has no poison queue: what fails there stays, hidden for ten
 * minutes after each try (all seen with host 4.1037).
 */
export function startQueueListener(options: QueueListenerOptions): QueueListener {
  const { definition, settings, log } = options
  const category = `Host.Triggers.Queue.${definition.name}`
  const pause = createPause()
  const backoff = createBackoff(settings.maxPollingIntervalMs)
  const inWork = new Set<Promise<void>>()
  const abandoned = new AbortController()
  let stopping = false

  async function queueClients(): Promise<Queues> {
    const service = await options.storage.queues(definition.connection)
    const isPoison = definition.queueName.endsWith('-poison')
    return {
      queue: service.getQueueClient(definition.queueName),
      poison: isPoison ? undefined : service.getQueueClient(`${definition.queueName}-poison`),
    }
  }

  async function fetchBatch(): Promise<boolean> {
    const { queue, poison } = await queueClients()
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: settings.batchSize,
      visibilityTimeout: invisibilitySeconds,
    })
    for (const item of receivedMessageItems) {
      const work = workOn(item, { queue, poison, abandoned: abandoned.signal }, options).catch(
        (error: unknown) => {
          log('error', category, `Message ${item.messageId}: ${messageOf(error)}`)
        },
      )
      inWork.add(work)
      void work.then(() => inWork.delete(work))
    }
    return receivedMessageItems.length > 0
  }

  async function loop(): Promise<void> {
    let foundSincePause = false
    while (!stopping) {
      let found = false
      try {
        found = await fetchBatch()
      } catch (error) {
        const isMissing = (error as { statusCode?: number }).statusCode === 404
        const from = isMissing ? 'Azure.Core.1' : category
        log('warning', from, `Queue "${definition.queueName}" cannot be read: ${messageOf(error)}`)
      }
      if (found) {
        foundSincePause = true
        while (inWork.size > settings.newBatchThreshold) await Promise.race(inWork)
      } else {
        await pause.wait(backoff.next(foundSincePause))
        foundSincePause = false
      }
    }
  }

  const running = loop()
  return {
    queueName: definition.queueName,
    notify: pause.end,
    stop: async () => {
      stopping = true
      pause.end()
      await running
      await Promise.all(inWork)
    },
    abandon: () => abandoned.abort(),
  }
}

interface Queues {
  queue: QueueClient
  /** undefined: messages of the queue are never moved. */
  poison: QueueClient | undefined
}

async function workOn(
  item: DequeuedMessageItem,
  { queue, poison, abandoned }: Queues & { abandoned: AbortSignal },
  { definition, settings, invoke, log, renewalMs = (invisibilitySeconds / 2) * 1000 }: QueueListenerOptions,
): Promise<void> {
  let { popReceipt } = item
  const text = decodeBody(item.messageText, settings.messageEncoding)

  async function moveTo(poison: QueueClient): Promise<void> {
    await poison.createIfNotExists()
    await poison.sendMessage(item.messageText)
    await queue.deleteMessage(item.messageId, popReceipt)
  }

  // A body that cannot be decoded never will be; a message tried too often gets here after a crash of the host.
  if (poison && (text === undefined || item.dequeueCount > settings.maxDequeueCount)) {
    await moveTo(poison)
    return
  }
  if (text === undefined) {
    const category = `Host.Triggers.Queue.${definition.name}`
    log(
      'warning',
      category,
      `A message in "${definition.queueName}" is not ${settings.messageEncoding}; it stays.`,
    )
    return
  }
  let renewal = Promise.resolve()
  async function renew(): Promise<void> {
    const updated = await queue.updateMessage(item.messageId, popReceipt, undefined, invisibilitySeconds)
    popReceipt = updated.popReceipt ?? popReceipt
  }
  const renewing = setInterval(() => {
    // A renewal that fails is tried again at the next turn; until then the message may show up a second time.
    renewal = renewal.then(renew).catch(() => undefined)
  }, renewalMs)
  const result = await invoke(
    definition,
    queueTrigger(
      {
        text,
        dequeueCount: item.dequeueCount,
        insertedOn: item.insertedOn,
        expiresOn: item.expiresOn,
        nextVisibleOn: item.nextVisibleOn,
        messageId: item.messageId,
        popReceipt: item.popReceipt,
      },
      definition.queueName,
    ),
  )
  clearInterval(renewing)
  await renewal
  if (abandoned.aborted) return
  if (result.error === undefined) await queue.deleteMessage(item.messageId, popReceipt)
  else if (poison && item.dequeueCount >= settings.maxDequeueCount) await moveTo(poison)
  else if (poison) {
    await queue.updateMessage(item.messageId, popReceipt, undefined, Math.round(settings.retryDelayMs / 1000))
  }
}
