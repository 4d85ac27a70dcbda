import type { QueueServiceClient } from '@azure/storage-queue'
import { describe, expect, it } from 'vitest'
import { createBackoff } from '../../local/functions-host/queues/backoff.ts'
import { decodeBody } from '../../local/functions-host/queues/message.ts'
import { createQueueSender, messageBodies } from '../../local/functions-host/queues/output.ts'
import { createPause } from '../../local/functions-host/queues/pause.ts'

describe('the pause between looks into a queue', () => {
  it('begins at 100 ms after a message and doubles up to the maximum', () => {
    const backoff = createBackoff(1000, () => 0.5)
    const waits = [true, false, false, false, false, false].map((found) => backoff.next(found))
    expect(waits).toEqual([100, 200, 300, 500, 900, 1000])
    expect(backoff.next(true)).toBe(100)
  })

  it('varies by a fifth to either side', () => {
    for (const [random, expected] of [
      [0, 180],
      [1, 220],
    ] as const) {
      const backoff = createBackoff(1000, () => random)
      backoff.next(true)
      expect(backoff.next(false)).toBeCloseTo(expected)
    }
  })

  it('ends at once when told, also when told before it begins', async () => {
    const pause = createPause()
    pause.end()
    await pause.wait(60_000)
    const waiting = pause.wait(60_000)
    pause.end()
    await waiting
  })
})

describe('a queue output', () => {
  it('tells who listens to its queue, after the message is there', async () => {
    const order: string[] = []
    const queue = {
      createIfNotExists: () => Promise.resolve(),
      sendMessage: (body: string) => Promise.resolve(order.push(`sent ${body}`)),
    }
    const service = { getQueueClient: () => queue } as unknown as QueueServiceClient
    const send = createQueueSender({
      storage: { queues: () => Promise.resolve(service), blobs: () => Promise.resolve(undefined) },
      encoding: 'none',
      onEnqueued: (name) => order.push(`told ${name}`),
    })
    const output = { bindingName: 'out', queueName: 'q', connection: '' }
    const definition = { kind: 'eventGrid', id: 'f', name: 'f', triggerName: 't', many: false } as const
    await send(
      { ...definition, queueOutputs: [output] },
      { outputData: [{ name: 'out', data: { string: 'x' } }] },
    )
    expect(order).toEqual(['sent x', 'told q'])
  })
})

describe('message bodies', () => {
  it('are base64 unless the app says otherwise', () => {
    expect(decodeBody('4oKs', 'base64')).toBe('€')
    expect(decodeBody('€', 'base64')).toBeUndefined()
    expect(decodeBody('€', 'none')).toBe('€')
  })

  it('are made of strings, bytes, numbers and the elements of an array', () => {
    expect(messageBodies({ string: 'text' })).toEqual(['text'])
    expect(messageBodies({ bytes: Buffer.from('bytes') })).toEqual([Buffer.from('bytes')])
    expect(messageBodies({ int: 7 })).toEqual(['7'])
    expect(messageBodies({ json: '[{"a":1},"b",[2]]' })).toEqual(['{"a":1}', 'b', '[2]'])
    expect(messageBodies({ string: '[no json' })).toEqual(['[no json'])
  })
})
