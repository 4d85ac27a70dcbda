import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { MailContent, Message } from '../../local/inbox/message.ts'
import { type Inbox, type InboxOptions, startInbox } from '../../local/inbox/start.ts'

/** An inbox on free ports. */
export function openInbox(options: Partial<InboxOptions> = {}): Promise<Inbox> {
  return startInbox({ ports: { page: 0, receivers: 0, smtp: 0 }, persist: false, ...options })
}

/** An inbox on free ports, whose certificate is the one that this process trusts from now on. */
export async function openTrustedInbox(options: Partial<InboxOptions> = {}): Promise<Inbox> {
  const inbox = await openInbox(options)
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(inbox.caFile, 'utf8')])
  return inbox
}

/** Calls the inbox's control interface. */
export async function control(inbox: Inbox, method: string, name: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${inbox.origin}/_simulator/${name}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${name}: ${response.status} ${await response.text()}`)
  const text = await response.text()
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

/** The calls that reached the receivers: method and status. */
export async function received(inbox: Inbox, path: string): Promise<readonly (readonly [string, number])[]> {
  const { value } = (await control(inbox, 'GET', `requests?path=${encodeURIComponent(path)}`)) as {
    value: { method: string; status: number }[]
  }
  return value.map(({ method, status }) => [method, status] as const)
}

/** The content of a message that must be a mail. */
export function mailOf({ content }: Message): MailContent {
  if (content.kind !== 'mail') throw new Error(`The message is a ${content.kind}; expected: a mail.`)
  return content
}

/** The path of the page of the only message. */
export function pathOfOnly(inbox: Inbox): string {
  const [message, ...others] = inbox.messages()
  if (message === undefined || others.length > 0) {
    throw new Error(`There are ${inbox.messages().length} messages; expected: one.`)
  }
  return `/messages/${message.id}`
}
