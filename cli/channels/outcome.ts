import { type ReadSetting, valueOf } from '../../shared/channels/channel-settings.ts'
import { printable, visible } from '../../shared/domain/printable.ts'
import type { ChannelDefinition } from '../../shared/domain/route.ts'
import type { Accepted, ChannelFailure } from '../../shared/ports/message-channel.ts'

interface Words {
  /** Who accepted it, as it begins a sentence. */
  readonly service: string
  /** What the service calls the message. */
  readonly reference: string
  /** What is not known, and where to find it out. */
  readonly then: string
}

/** What a service said that took the message, and what that does not mean. */
export function acceptedSentence(
  definition: ChannelDefinition,
  { status, reference, refusedRecipients = [] }: Accepted,
  recipients: readonly string[],
  setting: ReadSetting,
): string {
  const words = wordsOf(definition, setting)
  const taken = recipients.filter((one) => !refusedRecipients.includes(one)).map((one) => printable(one))
  const forWhom = taken.length === 0 ? '' : ` for ${taken.join(', ')}`
  const withStatus = status === undefined ? '' : ` with status ${status}`
  const as = reference === undefined ? '' : `, as ${words.reference} ${visible(reference)}`
  const refused =
    refusedRecipients.length === 0
      ? ''
      : ` It refused ${refusedRecipients.map((one) => printable(one)).join(', ')}: correct or remove these addresses.`
  return `${words.service} accepted it${forWhom}${withStatus}${as}.${refused} ${words.then}`
}

/** Why a channel did not take the message, and what to do next. */
export function failedSentence(name: string, { message, kind, retryAfterSeconds }: ChannelFailure): string {
  const wait = retryAfterSeconds === undefined ? 'later' : `in ${Math.ceil(retryAfterSeconds)} seconds`
  const next = {
    busy: ` Try again ${wait}.`,
    failed: ' Whether it was taken all the same is not known.',
    refused: '',
  }[kind]
  return `The channel ${name} did not take the message: ${visible(message)}.${next}`
}

function wordsOf(definition: ChannelDefinition, setting: ReadSetting): Words {
  switch (definition.kind) {
    case 'teams':
      return {
        service: 'The workflow',
        reference: 'message',
        then: 'Whether Teams shows it is not known here: check the channel; if nothing appears there, the run history of the workflow says why.',
      }
    case 'webhook':
      return {
        service: `The receiver at ${new URL(definition.url).host}`,
        reference: 'message',
        then: 'What it does with it is not known here.',
      }
    case 'email':
      return mailWords(setting)
  }
}

function mailWords(setting: ReadSetting): Words {
  const arrival = 'Whether it arrives is not known here: check the mailbox; if nothing arrives,'
  return valueOf(setting('ACS_ENDPOINT')) === undefined
    ? {
        service: `The SMTP server ${valueOf(setting('SMTP_HOST')) ?? ''}`,
        reference: 'message',
        then: `${arrival} the log of the server has this id.`,
      }
    : {
        service: 'Azure Communication Services',
        reference: 'operation',
        then: `${arrival} the delivery reports of the Communication Service have this id.`,
      }
}
