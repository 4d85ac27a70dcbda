import { describe, expect, it } from 'vitest'
import { NotificationQueue, readHint } from '../../../shared/queue/notification-queue.ts'

const ref = `${'0a'.repeat(32)}:outbox:000001`
const lines: unknown[] = []
const line = (message: string, facts?: Record<string, unknown>) => void lines.push([message, facts])
const log = { info: line, warn: line, error: line }

describe('a hint', () => {
  it('is sent so that the trigger reads it', async () => {
    const sent: string[] = []
    const client = { sendMessage: (text: string) => Promise.resolve(void sent.push(text)) }
    await new NotificationQueue(client as never, log).hint(ref)
    expect(sent.map((text) => JSON.parse(Buffer.from(text, 'base64').toString()) as unknown)).toEqual([
      { ref },
    ])
    expect(readHint({ ref })).toBe(ref)
    expect(readHint({ ref: `case-${ref}` })).toBe(`case-${ref}`)
  })

  it('that is lost is noted, and stops nobody', async () => {
    const client = { sendMessage: () => Promise.reject(new Error('unplugged')) }
    await new NotificationQueue(client, log).hint(ref)
    expect(lines).toEqual([
      [
        'A hint at a notification is lost; the timer delivers it.',
        { metric: 'outbox.hint-lost', ref, error: 'Error: unplugged' },
      ],
    ])
  })

  it.each([
    ['text', ref],
    ['nothing', undefined],
    ['another shape', { id: ref }],
    ['a field more', { ref, sentence: 'x' }],
    ['an empty name', { ref: '' }],
    ['a name that is too long', { ref: 'a'.repeat(201) }],
    ['a name with a slash', { ref: 'a/b' }],
    ['a name with a line feed', { ref: `${ref}\n` }],
  ])('is left out when it is %s', (_, value) => {
    expect(readHint(value)).toBeUndefined()
  })
})
