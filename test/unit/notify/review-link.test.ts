import { describe, expect, it } from 'vitest'
import type { Group } from '../../../shared/domain/group.ts'
import { withReviewLink } from '../../../shared/notify/review-link.ts'
import type { ReviewLinksPort } from '../../../shared/ports/review-links.ts'
import { sampleMessage, sampleRequestInMessage } from '../../support/sample-message.ts'

const links: ReviewLinksPort = {
  linkTo: ({ place, channel }) => Promise.resolve(`https://app/${place.kind}/${place.id}/${channel}`),
}
const group = (kind: Group['kind'], name = 'name'): Group => ({
  ...{ kind, name, source: 'source' },
  to: { kind: 'route', name: undefined, tags: [] },
})
const single = sampleMessage({ total: 1, requests: [sampleRequestInMessage()], reviewLink: undefined })
const several = sampleMessage({ total: 4, reviewLink: undefined })

describe('the review link of a message', () => {
  it('finds its one request, from each channel by a link of its own', async () => {
    const { reviewLink } = await withReviewLink(links, group('subscription'), single, 'ops')
    expect(reviewLink).toBe(`https://app/request/${single.requests[0]?.decisionId}/ops`)
  })

  it('finds the case of a burst', async () => {
    const { reviewLink } = await withReviewLink(links, group('burst', 'case-1'), several, 'ops')
    expect(reviewLink).toBe('https://app/case/case-1/ops')
  })

  it.each(['requester', 'subscription', 'competing-claims', 'target'] as const)(
    'finds the case of several requests: %s',
    async (kind) => {
      const { reviewLink } = await withReviewLink(links, group(kind), several, 'ops')
      expect(reviewLink).toBe(`https://app/case/${several.case.id}/ops`)
    },
  )

  it('finds the case of competing claims where the message shows one of them only', async () => {
    const { reviewLink } = await withReviewLink(links, group('competing-claims'), single, 'ops')
    expect(reviewLink).toBe(`https://app/case/${single.case.id}/ops`)
  })

  it('is left out where requests of several cases are beyond a limit', async () => {
    expect(await withReviewLink(links, group('recipient'), several, 'ops')).toEqual(several)
  })

  it('is left out where people cannot sign in', async () => {
    expect(await withReviewLink(undefined, group('subscription'), single, 'ops')).toEqual(single)
  })
})
