import { describe, expect, it } from 'vitest'
import { readReviewMessage } from '../../../shared/queue/review-queue.ts'

const message = {
  resourceId: '/subscriptions/x',
  attempt: 0,
  isFollowUp: false,
  isFromEndpoint: true,
}

const correlationId = '6a1c3c6e-2a29-4b2e-9b5a-0c1d2e3f4a5b'

describe('a message on the review queue', () => {
  it('keeps a correlation id that is a GUID', () => {
    expect(readReviewMessage({ ...message, correlationId })).toEqual({ ...message, correlationId })
  })

  it.each([
    ['text', 'Ada asked for it'],
    ['a log line', `${correlationId}\nERROR approved`],
    ['markup', '<img src=x>'],
    ['a GUID in braces', `{${correlationId}}`],
    ['a number', 7],
    ['null', null],
  ])('is read without a correlation id that is %s', (_, text) => {
    expect(readReviewMessage({ ...message, correlationId: text })).toEqual({
      ...message,
      correlationId: undefined,
    })
  })

  it('is read as it was sent', () => {
    expect(readReviewMessage(message)).toEqual({ ...message, correlationId: undefined })
  })

  it.each([
    ['text', 'hello'],
    ['nothing', undefined],
    ['another shape', { target: 'x' }],
    ['a field more', { ...message, verdict: 'approve' }],
    ['a negative attempt', { ...message, attempt: -1 }],
    ['an id that is too long', { ...message, resourceId: 'x'.repeat(1025) }],
    ['more passes than any series has', { ...message, attempt: 100 }],
    ['a pass and a half', { ...message, attempt: 1.5 }],
    ['a pass without end', { ...message, attempt: Infinity }],
    ['a time that nobody reads', { ...message, seenAt: '9999-12-31T23:59:59.000Z' }],
    ['an id that is an object', { ...message, resourceId: { id: '/subscriptions/x' } }],
    ['a flag that is text', { ...message, isFromEndpoint: 'false' }],
  ])('is left out when it is %s', (_, value) => {
    expect(readReviewMessage(value)).toBeUndefined()
  })
})
