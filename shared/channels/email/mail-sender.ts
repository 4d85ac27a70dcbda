import type { Accepted, RateLimit } from '../../ports/message-channel.ts'
import type { Mail } from './mail.ts'

/** A service that sends mail. */
export interface MailSender {
  readonly limits: readonly RateLimit[]
  readonly limitKey: string
  readonly from: string
  readonly maxRecipients: number
  /**
   * Sends one mail to all recipients.
   * @param messageId the same id to the same recipients is the same mail.
   * @throws ChannelFailure
   */
  send(mail: Mail, recipients: readonly string[], messageId: string, signal: AbortSignal): Promise<Accepted>
  /** Reaches the service, and sends nothing: see `CheckableChannel`. @throws ChannelFailure */
  check(signal: AbortSignal): Promise<string>
}

/** An address without display name, comment or line end: it stands in a header. */
export const addressForm = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/
