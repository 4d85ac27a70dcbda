import type { TokenCredential } from '@azure/core-auth'
import type { ChannelDefinition } from '../domain/route.ts'
import type { CheckableChannel } from '../ports/message-channel.ts'
import { type ChannelSetting, type ReadSetting, valueOf } from './channel-settings.ts'
import { AcsSender } from './email/acs-sender.ts'
import { EmailChannel } from './email/email-channel.ts'
import { addressForm, type MailSender } from './email/mail-sender.ts'
import { readMailService } from './email/read-mail-service.ts'
import { SmtpSender } from './email/smtp-sender.ts'
import { publicLookup } from './http/public-address.ts'
import { TeamsChannel } from './teams/teams-channel.ts'
import { readWorkflowUrl } from './teams/workflow-url.ts'
import { readWebhookSecrets, readWebhookUrl } from './webhook/read-webhook.ts'
import { WebhookChannel } from './webhook/webhook-channel.ts'

/** For one message through one channel, in milliseconds. */
export const sendMs = 15_000

/** What channels need besides definitions and settings. */
export interface MessageChannelOptions {
  /** Identity of the app, for Azure Communication Services. */
  readonly credential: TokenCredential
  readonly now: () => Date
  /** For one message, all in all. */
  readonly timeoutMs: number
}

/** The channels that can be used, and why the others cannot. */
export interface BuiltChannels {
  readonly channels: readonly CheckableChannel[]
  /** One sentence each, without secrets: channel, setting, what is expected, what to do. */
  readonly problems: readonly { readonly channel: string; readonly problem: string }[]
}

/**
 * Makes the channels of a rule file.
 * @param setting reads a setting of the app.
 */
export function createMessageChannels(
  definitions: readonly ChannelDefinition[],
  setting: ReadSetting,
  options: MessageChannelOptions,
): BuiltChannels {
  const read = (name: string) => valueOf(setting(name))
  const built = definitions.map((definition) => ({ definition, channel: build(definition, read, options) }))
  return {
    channels: built.flatMap(({ channel }) => (typeof channel === 'string' ? [] : [channel])),
    problems: built.flatMap(({ definition, channel }) =>
      typeof channel === 'string'
        ? [
            {
              channel: definition.name,
              problem: `The channel ${definition.name} cannot be used: ${channel}.`,
            },
          ]
        : [],
    ),
  }
}

function build(
  definition: ChannelDefinition,
  read: ReadSetting,
  options: MessageChannelOptions,
): CheckableChannel | string {
  switch (definition.kind) {
    case 'teams':
      return teams(definition, read, options)
    case 'email':
      return email(definition, read, options)
    case 'webhook':
      return webhook(definition, read, options)
  }
}

function teams(
  { name, urlSetting }: Extract<ChannelDefinition, { kind: 'teams' }>,
  read: ReadSetting,
  { timeoutMs }: MessageChannelOptions,
): CheckableChannel | string {
  const text = read(urlSetting)
  if (text === undefined) return missing(urlSetting, 'the URL of a Workflows webhook')
  const hosts = (own(read, 'TEAMS_URL_HOSTS') ?? '')
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '')
  const url = readWorkflowUrl(text, hosts)
  return typeof url === 'string' ? `the setting ${urlSetting} ${url}` : new TeamsChannel(name, url, timeoutMs)
}

function email(
  { name, to }: Extract<ChannelDefinition, { kind: 'email' }>,
  read: ReadSetting,
  options: MessageChannelOptions,
): CheckableChannel | string {
  const service = readMailService((setting) => own(read, setting))
  if (typeof service === 'string') return service
  const { credential, timeoutMs } = options
  const sender: MailSender =
    service.kind === 'acs'
      ? new AcsSender({ ...service, credential, timeoutMs })
      : new SmtpSender({ ...service, timeoutMs })
  if (!to.every((address) => addressForm.test(address)))
    return 'one of its addresses in "to" is not a mail address: correct it in the rule file'
  if (to.length > sender.maxRecipients)
    return `it has ${to.length} addresses in "to", at most ${sender.maxRecipients} are possible: use a distribution list`
  return new EmailChannel(name, sender)
}

function webhook(
  { name, url: text, secretSetting }: Extract<ChannelDefinition, { kind: 'webhook' }>,
  read: ReadSetting,
  { timeoutMs, now }: MessageChannelOptions,
): CheckableChannel | string {
  const allowPrivate = own(read, 'WEBHOOK_ALLOW_PRIVATE') === 'true'
  const url = readWebhookUrl(text, allowPrivate)
  if (typeof url === 'string') return `its url ${url}`
  const secret = read(secretSetting)
  if (secret === undefined) return missing(secretSetting, 'the secret that signs, beginning with whsec_')
  const signers = readWebhookSecrets(secret)
  if (typeof signers === 'string') return `the setting ${secretSetting} ${signers}`
  const lookup = allowPrivate ? undefined : publicLookup()
  return new WebhookChannel(name, { url, signers, lookup, timeoutMs, now })
}

function own(read: ReadSetting, name: ChannelSetting): string | undefined {
  return read(name)
}

function missing(setting: string, expected: string): string {
  return `the setting ${setting} is not set, which holds ${expected}: set it, or refer to a secret in Key Vault (a reference that was not resolved counts as not set)`
}
