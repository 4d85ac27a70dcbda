/** A mail, by SMTP or by the email service. `raw` is what came over the wire. */
export interface MailContent {
  readonly kind: 'mail'
  readonly via: 'smtp' | 'email-service'
  readonly cc: readonly string[]
  /** The parts of the mail; undefined if it has no such part. */
  readonly text: string | undefined
  readonly html: string | undefined
  /** By lower-case name. A repeated header has its values joined by a line feed. */
  readonly headers: Readonly<Record<string, string>>
  readonly attachments: readonly string[]
  readonly isEncrypted: boolean
  /** Who signed in to send it. */
  readonly sender: string | undefined
  readonly raw: string
}

/** What was posted to a channel in Teams. */
export interface CardContent {
  readonly kind: 'card'
  readonly via: 'teams'
  readonly bytes: number
  /** The first Adaptive Card of the message; undefined if there is none. */
  readonly card: unknown
  readonly raw: string
}

/** A webhook; `problem` is why its signature is not valid, undefined if it is. */
export interface WebhookContent {
  readonly kind: 'webhook'
  readonly via: 'webhook'
  readonly problem: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly raw: string
}

export type MessageContent = MailContent | CardContent | WebhookContent

/** How a message can come. */
export type Via = MessageContent['via']

/** A message before the inbox has taken it. */
export interface NewMessage {
  readonly from: string
  /** Addresses of a mail, the channel in Teams, or the name of the webhook's receiver. */
  readonly to: readonly string[]
  readonly title: string
  /** What the sender was not told: why it would not be shown as it was sent. */
  readonly problems: readonly string[]
  /** What the sender calls this message: Message-ID, operation id, webhook id. */
  readonly key: string | undefined
  /** Messages with a common key belong to one thread. */
  readonly threadKeys: readonly string[]
  readonly content: MessageContent
}

/** A message in the inbox. */
export interface Message extends NewMessage {
  readonly id: string
  readonly receivedAt: string
  /** The id of an earlier message with the same key. */
  readonly repeatOf: string | undefined
}
