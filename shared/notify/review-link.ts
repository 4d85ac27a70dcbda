import type { Group } from '../domain/group.ts'
import type { Message } from '../domain/message.ts'
import type { ReviewLinksPort } from '../ports/review-links.ts'

/** As long as a case is worth a look without another message. */
const linkMs = 30 * 24 * 3_600_000

type Place = Parameters<ReviewLinksPort['linkTo']>[0]['place']

/**
 * The message with the link that finds its request, or its case, from this channel. Unchanged where people cannot sign
 * in, and where the message is about requests of several cases.
 */
export async function withReviewLink(
  links: ReviewLinksPort | undefined,
  group: Group,
  message: Message,
  channel: string,
): Promise<Message> {
  const place = placeOf(group, message)
  if (!links || !place) return message
  const expiresAt = new Date(Date.parse(message.at) + linkMs)
  const reviewLink = await links.linkTo({ place, messageId: message.id, channel, expiresAt })
  return { ...message, reviewLink }
}

function placeOf({ kind, name }: Group, { total, requests, case: { id } }: Message): Place | undefined {
  if (kind === 'recipient') return undefined
  if (kind === 'burst') return { kind: 'case', id: name }
  const [only] = requests
  // Of competing claims, one that was asked about before may be in the messages of its requester.
  const isOne = total === 1 && only !== undefined && kind !== 'competing-claims'
  return isOne ? { kind: 'request', id: only.decisionId } : { kind: 'case', id }
}
