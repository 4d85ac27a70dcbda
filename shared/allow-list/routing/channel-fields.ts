import { z } from 'zod'
import type { Field } from '../rule/field.ts'
import { schemasOf } from '../rule/form.ts'
import { list, maxTagName, tagName, together } from '../rule/values.ts'
import type { ChannelContent } from './content.ts'
import { addresses, domainForm, nameExpected, nameForm, publicUrl, settingName } from './values.ts'

/** The fields of a channel, one row for each, in the order in which they are written. */
const table = {
  name: {
    kind: 'text',
    schema: z.string().regex(nameForm),
    expected: `the name of the channel: ${nameExpected}`,
    expectedInColumn: `~channel: and the name of the channel: ${nameExpected}`,
    purpose: 'What routes and the log call the channel. No other channel may have it.',
    examples: ['data-platform'],
  },
  kind: {
    kind: 'text',
    schema: z.enum(['teams', 'email', 'webhook']),
    expected: 'teams, email or webhook',
    purpose: 'How it reaches people: a Teams channel by a Workflows webhook, mail, or a signed webhook.',
  },
  urlSetting: {
    ...settingName,
    purpose: 'the setting that holds the URL of the Workflows webhook.',
    examples: ['TEAMS_DATA_PLATFORM_URL'],
    onlyFor: { variant: 'teams', does: 'posts to the URL in a setting' },
  },
  to: {
    ...addresses,
    purpose: 'who gets the mail.',
    examples: [['approvers@contoso.example']],
    onlyFor: { variant: 'email', does: 'sends to addresses' },
  },
  fromTag: {
    kind: 'text',
    schema: tagName.exactOptional(),
    expected: `the name of a tag: at most ${maxTagName} characters without <>%&\\?/`,
    purpose:
      'a tag of the target that holds one more address; it counts only where it lies in fromTagDomains, because whoever writes tags must not choose who gets mail.',
    examples: ['owner-mail'],
    onlyFor: { variant: 'email', does: 'sends to addresses' },
  },
  fromTagDomains: {
    ...list(domainForm),
    expected: `a list of domains such as contoso.example, ${together}`,
    expectedInColumn: `domains such as contoso.example separated by commas, ${together}`,
    purpose: 'the domains in which an address from the tag must lie.',
    examples: [['contoso.example']],
    onlyFor: { variant: 'email', does: 'sends to addresses' },
  },
  url: {
    ...publicUrl,
    purpose: 'where messages are posted.',
    examples: ['https://hooks.contoso.example/private-endpoints'],
    onlyFor: { variant: 'webhook', does: 'posts to a URL of the file' },
  },
  secretSetting: {
    ...settingName,
    purpose: 'the setting that holds the secret with which messages are signed.',
    examples: ['ON_CALL_WEBHOOK_SECRET'],
    onlyFor: { variant: 'webhook', does: 'signs messages' },
  },
} as const satisfies Readonly<Record<keyof ChannelContent, Field>>

export const channelFields: Readonly<Record<keyof ChannelContent, Field>> = table

/** Checks a channel field by field. */
export const channelSchema = z.strictObject(schemasOf(table))

export type CheckedChannel = z.output<typeof channelSchema>
