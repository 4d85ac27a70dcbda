import { describe, expect, it } from 'vitest'
import { readReviewMessage } from '../../../shared/queue/review-queue.ts'

const message = {
  resourceId: '/subscriptions/x',
  attempt: 0,
  isFollowUp: false,
  isFromEndpoint: true,
  seenAt: '2026-11-21T08:00:00.000Z',
}

describe('a message on the review queue', () => {
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
    ['a time that is none', { ...message, seenAt: 'yesterday' }],
  ])('is left out when it is %s', (_, value) => {
    expect(readReviewMessage(value)).toBeUndefined()
  })
})
