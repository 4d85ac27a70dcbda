import { describe, expect, it } from 'vitest'
import { createBackoff } from '../../local/functions-host/queues/backoff.ts'
import { decodeBody } from '../../local/functions-host/queues/message.ts'
import { messageBodies } from '../../local/functions-host/queues/output.ts'
import { createPause } from '../../local/functions-host/queues/pause.ts'

describe('the pause between looks into a queue', () => {
  it('begins at 100 ms after a message and doubles up to the maximum', () => {
    const backoff = createBackoff(1000, () => 0.5)
    const waits = [true, false, false, false, false, false].map((found) => backoff.next(found))
    expect(waits).toEqual([100, 200, 300, 500, 900, 1000])
    expect(backoff.next(true)).toBe(100)
  })

  it('varies by a fifth to either side', () => {
    for (const [random, wanted] of [
      [0, 180],
      [1, 220],
    ] as const) {
      const backoff = createBackoff(1000, () => random)
      backoff.next(true)
      expect(backoff.next(false)).toBeCloseTo(wanted)
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
