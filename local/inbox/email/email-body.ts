import { z } from 'zod'
import type { NewMessage } from '../message.ts'

const addresses = z.array(z.object({ address: z.email(), displayName: z.string().optional() })).default([])

/** The body of a call that sends a mail, as the service's API describes it. */
export const emailBody = z.object({
  senderAddress: z.email(),
  headers: z.record(z.string(), z.string()).default({}),
  content: z
    .object({ subject: z.string().min(1), plainText: z.string().optional(), html: z.string().optional() })
    .refine(({ plainText, html }) => Boolean(plainText) || Boolean(html), 'needs plainText or html'),
  recipients: z
    .object({ to: addresses, cc: addresses, bcc: addresses })
    .refine(({ to, cc, bcc }) => to.length + cc.length + bcc.length > 0, 'names nobody')
    .refine(({ to, cc, bcc }) => to.length + cc.length + bcc.length <= 50, 'names more than 50 recipients'),
  replyTo: addresses,
  attachments: z
    .array(z.object({ name: z.string(), contentType: z.string(), contentInBase64: z.string() }))
    .default([]),
  userEngagementTrackingDisabled: z.boolean().optional(),
})

const messageId = /<[^<>\s]+>/g

/** The mail that the service sends. It chooses the Message-ID itself, and the sender never learns it. */
export function mailOf(
  body: z.infer<typeof emailBody>,
  operationId: string,
  clientId: string,
  raw: string,
): NewMessage {
  const { senderAddress, content, recipients } = body
  const headers = Object.fromEntries(
    Object.entries(body.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const named = [headers['in-reply-to'], headers['references']].flatMap(
    (text) => text?.match(messageId) ?? [],
  )
  const { to, cc, bcc } = recipients
  return {
    from: senderAddress,
    to: [...to, ...cc, ...bcc].map(({ address }) => address),
    title: content.subject,
    problems: [],
    key: operationId,
    threadKeys: [`<${operationId}@email-service.localhost>`, ...named],
    content: {
      kind: 'mail',
      via: 'email-service',
      cc: cc.map(({ address }) => address),
      text: content.plainText,
      html: content.html,
      headers,
      attachments: body.attachments.map(({ name }) => name),
      isEncrypted: true,
      sender: clientId,
      raw,
    },
  }
}
