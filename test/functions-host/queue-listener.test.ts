import type { QueueServiceClient } from '@azure/storage-queue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readHostJson } from '../../local/functions-host/host-json.ts'
import { startQueueListener } from '../../local/functions-host/queues/listener.ts'
import type { QueueListener } from '../../local/functions-host/queues/listener.ts'
import type { InvocationResult } from '../../local/functions-host/rpc.ts'

let listener: QueueListener | undefined
afterEach(() => listener?.stop())

type Call = [method: string, ...values: unknown[]]

/** A queue with one message that writes down what is asked of it. */
function recordingQueue(dequeueCount = 1) {
  const calls: Call[] = []
  let receipts = 1
  let polls = 0
  let messages = [
    {
      messageId: 'm',
      popReceipt: 'receipt 1',
      messageText: 'aGVsbG8=',
      dequeueCount,
      insertedOn: new Date(),
      expiresOn: new Date(),
      nextVisibleOn: new Date(),
    },
  ]
  function client(name: string) {
    return {
      createIfNotExists: () => Promise.resolve(),
      receiveMessages: (options: unknown) => {
        polls += 1
        if (messages.length > 0) calls.push(['receive', options])
        const receivedMessageItems = messages
        messages = []
        return Promise.resolve({ receivedMessageItems })
      },
      updateMessage: (_id: string, receipt: string, _text: undefined, seconds: number) => {
        calls.push(['update', receipt, seconds])
        receipts += 1
        return Promise.resolve({ popReceipt: `receipt ${receipts}` })
      },
      deleteMessage: (_id: string, receipt: string) => {
        calls.push(['delete', receipt])
        return Promise.resolve()
      },
      sendMessage: (text: string) => {
        calls.push(['send', name, text])
        return Promise.resolve()
      },
    }
  }
  const service = { getQueueClient: client } as unknown as QueueServiceClient
  return {
    calls,
    polls: () => polls,
    storage: { queues: () => Promise.resolve(service), blobs: () => Promise.resolve(undefined) },
  }
}

function start(
  queue: ReturnType<typeof recordingQueue>,
  options: { run: () => Promise<InvocationResult>; hostJson?: object; renewalMs?: number },
): void {
  listener = startQueueListener({
    definition: {
      kind: 'queue',
      id: 'f',
      name: 'f',
      triggerName: 't',
      queueOutputs: [],
      queueName: 'q',
      connection: '',
    },
    settings: readHostJson({ extensions: { queues: options.hostJson ?? {} } }).queues,
    storage: queue.storage,
    invoke: options.run,
    log: () => undefined,
    ...(options.renewalMs === undefined ? {} : { renewalMs: options.renewalMs }),
  })
}

const good: InvocationResult = { outputData: [] }
const bad: InvocationResult = { error: 'failed', outputData: [] }

describe('what the host asks of the queue', () => {
  it('is sixteen messages at a time, hidden for ten minutes, deleted when the function is done', async () => {
    const queue = recordingQueue()
    start(queue, { run: () => Promise.resolve(good) })
    await expect.poll(() => queue.calls).toHaveLength(2)
    expect(queue.calls).toEqual([
      ['receive', { numberOfMessages: 16, visibilityTimeout: 600 }],
      ['delete', 'receipt 1'],
    ])
  })

  it('is to hide the message for ten more minutes as long as the function runs', async () => {
    const queue = recordingQueue()
    let finish: (result: InvocationResult) => void = () => undefined
    start(queue, { run: () => new Promise((resolve) => (finish = resolve)), renewalMs: 20 })
    await expect.poll(() => queue.calls.length).toBeGreaterThanOrEqual(3)
    finish(good)
    await expect.poll(() => queue.calls.at(-1)?.[0]).toBe('delete')
    expect(queue.calls.slice(1, 3)).toEqual([
      ['update', 'receipt 1', 600],
      ['update', 'receipt 2', 600],
    ])
    const updates = queue.calls.filter(([method]) => method === 'update').length
    expect(queue.calls.at(-1)).toEqual(['delete', `receipt ${updates + 1}`])
  })

  it('is to show a message that failed after visibilityTimeout, by default at once', async () => {
    for (const [hostJson, seconds] of [
      [{}, 0],
      [{ visibilityTimeout: '00:00:30' }, 30],
    ] as const) {
      const queue = recordingQueue(4)
      start(queue, { run: () => Promise.resolve(bad), hostJson })
      await expect.poll(() => queue.calls.at(-1)).toEqual(['update', 'receipt 1', seconds])
      await listener?.stop()
    }
  })

  it('is to move the message to the poison queue, body unchanged, at the fifth failure', async () => {
    const queue = recordingQueue(5)
    start(queue, { run: () => Promise.resolve(bad) })
    await expect.poll(() => queue.calls).toHaveLength(3)
    expect(queue.calls.slice(1)).toEqual([
      ['send', 'q-poison', 'aGVsbG8='],
      ['delete', 'receipt 1'],
    ])
  })

  it('is the same without a run for a message that was tried too often already', async () => {
    const queue = recordingQueue(6)
    start(queue, { run: () => Promise.reject(new Error('it was run')) })
    await expect.poll(() => queue.calls).toHaveLength(3)
    expect(queue.calls[1]).toEqual(['send', 'q-poison', 'aGVsbG8='])
  })

  it('is nothing more for a message in work when the host gave it up', async () => {
    const queue = recordingQueue()
    let finish: (result: InvocationResult) => void = () => undefined
    start(queue, { run: () => new Promise((resolve) => (finish = resolve)) })
    await expect.poll(() => queue.calls).toHaveLength(1)
    listener?.abandon()
    finish(bad)
    await listener?.stop()
    expect(queue.calls).toHaveLength(1)
  })
})

describe('the looks into an empty queue', () => {
  afterEach(() => vi.useRealTimers())

  it('come less and less often, down to one a minute, until the listener is told of a message', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const queue = recordingQueue()
    start(queue, { run: () => Promise.resolve(good) })
    await vi.advanceTimersByTimeAsync(10_000)
    const early = queue.polls()
    await vi.advanceTimersByTimeAsync(300_000)
    const settled = queue.polls()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(early).toBeGreaterThanOrEqual(6)
    expect(queue.polls()).toBe(settled + 1)
    listener?.notify()
    await vi.advanceTimersByTimeAsync(0)
    expect(queue.polls()).toBe(settled + 2)
  })
})
