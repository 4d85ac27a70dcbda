import type { Message, RequestInMessage } from '../../domain/message.ts'
import { idShown } from '../text/foreign.ts'
import { webLink } from '../text/links.ts'
import { fitting, noticeOf, type Extent } from '../text/notice.ts'
import { plainText } from '../text/plain-text.ts'

/** What CloudEvents asks every receiver to take. */
export const maxEventBytes = 65_536

const extents: readonly [Extent, ...Extent[]] = [
  { requests: 20, text: 400, hasDetails: true },
  ...[8, 3, 1].map((requests) => ({ requests, text: 400, hasDetails: true })),
  { requests: 1, text: 80, hasDetails: false },
]

/** A message as a CloudEvent 1.0 in JSON, of at most 64 KB. */
export function cloudEvent(message: Message): string {
  return fitting(
    extents,
    (extent) => JSON.stringify(eventOf(message, extent)),
    (event) => Buffer.byteLength(event) <= maxEventBytes,
  )
}

function eventOf(message: Message, extent: Extent) {
  return {
    specversion: '1.0',
    id: message.id,
    source: 'urn:private-endpoint-approver',
    type: `private-endpoint-approver.message.${message.kind}`,
    subject: message.case.id,
    time: message.at,
    datacontenttype: 'application/json',
    data: dataOf(message, extent),
  }
}

function dataOf(message: Message, extent: Extent) {
  const notice = noticeOf(message, extent)
  const { kind, risk, inReplyTo, total, hasExpired } = message
  return {
    ...{ kind, risk, case: message.case, inReplyTo },
    headline: notice.headline,
    title: notice.title,
    summary: notice.summary,
    nextStep: notice.nextStep,
    text: plainText(notice),
    reviewLink: notice.reviewLink,
    ...{ total, hasExpired, ...expiryData(message) },
    requests: message.requests
      .slice(0, extent.requests)
      .map((request) => requestData(request, extent.hasDetails ? 500 : extent.text)),
  }
}

function expiryData({
  expiresAt,
  atExpiry = 'stay-pending',
}: Pick<RequestInMessage, 'atExpiry'> & { readonly expiresAt?: string | undefined }) {
  return expiresAt === undefined ? {} : { expiresAt, atExpiry }
}

/** Fields for programs: exact where they are short and visible, never interpreted by this app. */
function requestData(request: RequestInMessage, max: number) {
  const shown = (text: string | undefined) => (text === undefined ? undefined : idShown(text, max))
  return {
    decisionId: shown(request.decisionId),
    connectionId: shown(request.connectionId),
    connectionName: shown(request.connectionName),
    targetId: shown(request.targetId),
    targetName: shown(request.targetName),
    targetType: shown(request.targetType),
    groupIds: request.groupIds?.slice(0, 20).map((group) => shown(group)),
    requester: shown(request.requester),
    endpointId: shown(request.endpointId),
    proof: shown(request.proof),
    reason: shown(request.reason),
    requesterSaid: shown(request.requesterSaid),
    outcome: shown(request.outcome),
    flags: request.flags.slice(0, 20).map((flag) => shown(flag)),
    since: request.since,
    ...expiryData(request),
    portalLink: webLink(request.portalLink),
  }
}
