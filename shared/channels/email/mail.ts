import { createHash } from 'node:crypto'
import { visible } from '../../domain/printable.ts'
import type { Message } from '../../domain/message.ts'
import { fitting, noticeOf, type Extent, type Notice } from '../text/notice.ts'
import { plainText } from '../text/plain-text.ts'
import { htmlOf } from './html.ts'

/** A mail as both services send it. */
export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Headers that make a thread, and keep automatic replies away. */
  readonly headers: Readonly<Record<string, string>>
}

/** Gmail shows the first 102 KB of a mail. */
export const maxHtmlBytes = 95_000
const extents: readonly [Extent, ...Extent[]] = [
  { requests: 10, text: 500, hasDetails: true },
  { requests: 5, text: 400, hasDetails: true },
  { requests: 5, text: 300, hasDetails: false },
  { requests: 1, text: 200, hasDetails: false },
]
const maxSubject = 120

/** Writes the mail of a message. @param domain of the sender's address: message ids are made in it. */
export function mailOf(message: Message, domain: string): Mail {
  const { notice, html } = fitting(
    extents,
    (extent) => withHtml(noticeOf(message, extent)),
    (rendering) => Buffer.byteLength(rendering.html) <= maxHtmlBytes,
  )
  return {
    subject: subjectOf(notice),
    text: plainText(notice),
    html,
    headers: {
      'Message-ID': internetMessageId(message.id, domain),
      ...(message.inReplyTo !== undefined && {
        'In-Reply-To': internetMessageId(message.inReplyTo, domain),
        References: internetMessageId(message.inReplyTo, domain),
      }),
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(notice.isUrgent && { Importance: 'high' }),
    },
  }
}

function withHtml(notice: Notice) {
  return { notice, html: htmlOf(notice) }
}

function subjectOf({ label, title }: Notice): string {
  const subject = Array.from(visible(`${label}: ${title}`))
  return subject.length > maxSubject ? `${subject.slice(0, maxSubject - 1).join('')}…` : subject.join('')
}

/** The same message has the same id, whoever sends it when. */
function internetMessageId(id: string, domain: string): string {
  return `<${createHash('sha256').update(id).digest('hex').slice(0, 40)}@${domain}>`
}
