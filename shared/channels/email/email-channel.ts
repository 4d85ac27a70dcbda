import { quote } from '../../domain/quote.ts'
import type { Message } from '../../domain/message.ts'
import { type Accepted, ChannelFailure, type CheckableChannel } from '../../ports/message-channel.ts'
import { mailOf } from './mail.ts'
import { addressForm, type MailSender } from './mail-sender.ts'

/** Sends a message as one mail to all of its recipients: each sees who else was asked. */
export class EmailChannel implements CheckableChannel {
  readonly kind = 'email'
  readonly name: string
  readonly #sender: MailSender

  constructor(name: string, sender: MailSender) {
    this.name = name
    this.#sender = sender
  }

  get limits() {
    return this.#sender.limits
  }

  get limitKey() {
    return this.#sender.limitKey
  }

  async send(message: Message, recipients: readonly string[], signal: AbortSignal): Promise<Accepted> {
    const { from, maxRecipients } = this.#sender
    const wrong = recipients.find((recipient) => !addressForm.test(recipient))
    if (recipients.length === 0)
      throw new ChannelFailure('refused', 'there are no recipients: name them in the channel, or in the tag')
    if (wrong !== undefined)
      throw new ChannelFailure('refused', `${quote(wrong)} is not a mail address: correct it where it stands`)
    if (recipients.length > maxRecipients)
      throw new ChannelFailure(
        'refused',
        `there are ${recipients.length} recipients, at most ${maxRecipients} are possible: use a distribution list`,
      )
    const domain = from.slice(from.lastIndexOf('@') + 1)
    return this.#sender.send(mailOf(message, domain), recipients, message.id, signal)
  }

  check(signal: AbortSignal): Promise<string> {
    return this.#sender.check(signal)
  }
}
