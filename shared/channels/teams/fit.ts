import type { Message } from '../../domain/message.ts'
import { fitting, noticeOf, type Extent } from '../text/notice.ts'
import { cardOf, payloadOf } from './card.ts'

/** Teams refuses about 28 KB; whether that is 28,000 or 28,672 bytes is not published. */
export const maxPayloadBytes = 28_000

/** Fewer requests, then shorter texts; the last one always fits. */
const extents: readonly [Extent, ...Extent[]] = [
  { requests: 8, text: 400, hasDetails: true },
  ...[6, 4, 3, 2, 1].map((requests) => ({ requests, text: 400, hasDetails: true })),
  { requests: 4, text: 200, hasDetails: false },
  { requests: 1, text: 200, hasDetails: false },
  { requests: 1, text: 80, hasDetails: false },
]

/** The largest rendering of a message that Teams takes, as JSON. */
export function fittingPayload(message: Message): string {
  return fitting(
    extents,
    (extent) => JSON.stringify(payloadOf(cardOf(noticeOf(message, extent)))),
    (payload) => Buffer.byteLength(payload) <= maxPayloadBytes,
  )
}
