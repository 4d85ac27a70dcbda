import { simpleParser } from 'mailparser'
import type { NewMessage } from '../message.ts'

/** What the SMTP dialogue says of a mail besides its text. */
export interface Envelope {
  readonly from: string
  readonly to: readonly string[]
  readonly isEncrypted: boolean
  readonly sender: string | undefined
}

/** Reads a mail. Its recipients are those of the envelope, hidden ones included. */
export async function readMail(raw: Buffer, envelope: Envelope): Promise<NewMessage> {
  const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true })
  const references = [mail.references ?? []].flat()
  const cc = [mail.cc ?? []].flat().flatMap(({ value }) => value.map(({ address = '' }) => address))
  const { from, to, isEncrypted, sender } = envelope
  return {
    from: mail.from?.text ?? from,
    to,
    title: mail.subject ?? '',
    problems: [],
    key: mail.messageId,
    threadKeys: [mail.messageId, mail.inReplyTo, ...references].filter((id) => id !== undefined),
    content: {
      kind: 'mail',
      via: 'smtp',
      cc,
      text: mail.text,
      html: mail.html === false ? undefined : mail.html,
      headers: headersOf(mail.headerLines),
      attachments: mail.attachments.map(({ filename, contentType }) => filename ?? contentType),
      isEncrypted,
      sender,
      raw: raw.toString('utf8'),
    },
  }
}

function headersOf(
  lines: readonly { readonly key: string; readonly line: string }[],
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const { key, line } of lines) {
    const value = line.slice(line.indexOf(':') + 1).trim()
    headers[key] = key in headers ? `${headers[key] ?? ''}\n${value}` : value
  }
  return headers
}
