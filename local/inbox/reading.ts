import { AzureError } from '../azure/http/exchange.ts'
import type { Message } from './message.ts'
import type { Messages } from './messages.ts'

/** Whether a message was sent to this address, channel or receiver. */
export function isTo({ to }: Message, recipient: string): boolean {
  return to.some((one) => one.toLowerCase() === recipient.toLowerCase())
}

/** Throws 404 when there is no such message. */
export function findMessage(messages: Messages, id: string): Message {
  const message = messages.get(id)
  if (message === undefined) throw new AzureError(404, 'NotFound', `There is no message ${id}.`)
  return message
}
