import { describe, expect, it } from 'vitest'
import { createMessageChannels } from '../../../shared/channels/create-message-channels.ts'
import type { ChannelDefinition } from '../../../shared/domain/route.ts'

const secretPart = 'sig=Zm9vYmFyYmF6'
const workflow = `https://prod-12.westeurope.logic.azure.com:443/workflows/0af1/triggers/manual/paths/invoke?api-version=2016-06-01&${secretPart}`
const whsec = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const teams: ChannelDefinition = { kind: 'teams', name: 'ops', urlSetting: 'OPS_URL' }
const email: ChannelDefinition = {
  kind: 'email',
  name: 'owners',
  to: ['kim@contoso.com'],
  fromTag: undefined,
}
const hook: ChannelDefinition = {
  kind: 'webhook',
  name: 'pager',
  url: 'https://hooks.example/in',
  secretSetting: 'PAGER_SECRET',
}
const acs = { ACS_ENDPOINT: 'https://contoso.communication.azure.com', MAIL_FROM: 'a@contoso.com' }
const smtp = { SMTP_HOST: 'mail.contoso.com', MAIL_FROM: 'a@contoso.com' }

function create(definition: ChannelDefinition, settings: Readonly<Record<string, string>>) {
  return createMessageChannels([definition], (name) => settings[name], {
    credential: { getToken: () => Promise.resolve(null) },
    now: () => new Date(0),
    timeoutMs: 1_000,
  })
}

describe('a channel', () => {
  it.each([
    ['a workflow', teams, { OPS_URL: workflow }],
    [
      'a workflow of the new kind',
      teams,
      { OPS_URL: `https://default0.12.environment.api.powerplatform.com/x?${secretPart}` },
    ],
    [
      'a host that a setting allows',
      teams,
      { OPS_URL: 'https://flow.contoso.com/x', TEAMS_URL_HOSTS: 'a.example, contoso.com' },
    ],
    ['a local receiver', teams, { OPS_URL: 'http://localhost:7480/teams', TEAMS_URL_HOSTS: 'localhost' }],
    ['a setting with a line end', teams, { OPS_URL: `${workflow}\n` }],
    ['Azure Communication Services', email, acs],
    ['an SMTP server', email, smtp],
    ['a webhook', hook, { PAGER_SECRET: whsec }],
    ['a webhook while its secret is replaced', hook, { PAGER_SECRET: `${whsec} ${whsec}` }],
    [
      'a webhook of a local receiver',
      { ...hook, url: 'http://127.0.0.1:9/x' },
      { PAGER_SECRET: whsec, WEBHOOK_ALLOW_PRIVATE: 'true' },
    ],
  ] as const)('is made for %s', (_, definition, settings) => {
    const { channels, problems } = create(definition, settings)
    expect(problems).toEqual([])
    expect(channels.map(({ name, kind }) => [name, kind])).toEqual([[definition.name, definition.kind]])
  })

  it.each([
    ['no URL', teams, {}, /the setting OPS_URL is not set/],
    ['an empty URL', teams, { OPS_URL: ' ' }, /the setting OPS_URL is not set/],
    [
      'a reference to Key Vault that was not resolved',
      teams,
      { OPS_URL: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/url)' },
      /the setting OPS_URL is not set.*Key Vault.*not resolved/,
    ],
    [
      'a password that is a reference to Key Vault which was not resolved',
      email,
      { ...smtp, SMTP_USER: 'me', SMTP_PASSWORD: '@Microsoft.KeyVault(VaultName=v;SecretName=s)' },
      /only one is set/,
    ],
    ['no URL at all', teams, { OPS_URL: 'x' }, /OPS_URL is not a URL/],
    [
      'an Office 365 connector',
      teams,
      { OPS_URL: `https://contoso.webhook.office.com/webhookb2/x?${secretPart}` },
      /OPS_URL is the URL of an Office 365 connector/,
    ],
    ['http', teams, { OPS_URL: workflow.replace('https', 'http') }, /does not begin with https/],
    [
      'another host',
      teams,
      { OPS_URL: `https://evil.example/x?${secretPart}` },
      /name the host in TEAMS_URL_HOSTS/,
    ],
    [
      'a host that only ends alike',
      teams,
      { OPS_URL: `https://evil-logic.azure.com/x?${secretPart}` },
      /another host/,
    ],
    [
      'a host that only begins alike',
      teams,
      { OPS_URL: `https://logic.azure.com.evil.example/?${secretPart}` },
      /another host/,
    ],
    [
      'http to this machine, not allowed',
      teams,
      { OPS_URL: 'http://localhost:7480/teams' },
      /does not begin with https/,
    ],
    ['a user name', teams, { OPS_URL: workflow.replace('https://', 'https://me:pw@') }, /holds a user name/],
    ['no mail service', email, { MAIL_FROM: 'a@contoso.com' }, /neither ACS_ENDPOINT nor SMTP_HOST is set/],
    ['two mail services', email, { ...acs, ...smtp }, /both set/],
    ['no sender', email, { SMTP_HOST: 'mail.contoso.com' }, /MAIL_FROM is not set/],
    [
      'a sender with a header in it',
      email,
      { ...smtp, MAIL_FROM: 'a@c.com\r\nBcc: x@y.z' },
      /MAIL_FROM is not a mail address/,
    ],
    [
      'an endpoint with a key in it',
      email,
      { ...acs, ACS_ENDPOINT: 'endpoint=https://x.com/;accesskey=abc' },
      /ACS_ENDPOINT is not an https address/,
    ],
    [
      'an endpoint over http',
      email,
      { ...acs, ACS_ENDPOINT: 'http://x.com' },
      /ACS_ENDPOINT is not an https address/,
    ],
    ['an unknown kind of domain', email, { ...acs, ACS_DOMAIN: 'mine' }, /ACS_DOMAIN is neither/],
    ['a port that is none', email, { ...smtp, SMTP_PORT: '70000' }, /SMTP_PORT is not a number/],
    ['a host that is none', email, { ...smtp, SMTP_HOST: 'smtp://x' }, /SMTP_HOST is not a host name/],
    ['a user without password', email, { ...smtp, SMTP_USER: 'me' }, /only one is set/],
    ['a recipient that is none', { ...email, to: ['Kim <kim@c.com>'] }, smtp, /"to" is not a mail address/],
    [
      'too many recipients',
      { ...email, to: Array.from({ length: 51 }, (_, index) => `a${index}@c.com`) },
      smtp,
      /51 addresses/,
    ],
    ['no secret', hook, {}, /the setting PAGER_SECRET is not set/],
    ['a short secret', hook, { PAGER_SECRET: 'whsec_c2hvcnQ=' }, /PAGER_SECRET must hold whsec_/],
    [
      'a secret without its beginning',
      hook,
      { PAGER_SECRET: whsec.slice(6) },
      /PAGER_SECRET must hold whsec_/,
    ],
    [
      'one good and one bad secret',
      hook,
      { PAGER_SECRET: `${whsec} whsec_x` },
      /PAGER_SECRET must hold whsec_/,
    ],
    [
      'a webhook over http',
      { ...hook, url: 'http://hooks.example/in' },
      { PAGER_SECRET: whsec },
      /its url does not begin with https/,
    ],
    [
      'a webhook to a private address',
      { ...hook, url: 'https://10.0.0.1/in' },
      { PAGER_SECRET: whsec },
      /its url is not a public address/,
    ],
    [
      'a webhook to this machine, written otherwise',
      { ...hook, url: 'https://0x7f000001/in' },
      { PAGER_SECRET: whsec },
      /its url is not a public address/,
    ],
    [
      'a webhook with a password',
      { ...hook, url: 'https://a:b@hooks.example/' },
      { PAGER_SECRET: whsec },
      /holds a user name/,
    ],
    ['a webhook with no URL', { ...hook, url: 'hooks' }, { PAGER_SECRET: whsec }, /its url is not a URL/],
  ] as const)('is not made for %s, and the reason names it', (_, definition, settings, reason) => {
    const { channels, problems } = create(definition, settings)
    expect(channels).toEqual([])
    const [{ channel, problem } = { channel: '', problem: '' }] = problems
    expect(channel).toBe(definition.name)
    expect(problem).toMatch(new RegExp(`^The channel ${definition.name} cannot be used: .*\\.$`))
    expect(problem).toMatch(reason)
  })

  it('that cannot be used leaves the others', () => {
    const { channels, problems } = createMessageChannels(
      [teams, hook],
      (name) => (name === 'PAGER_SECRET' ? whsec : undefined),
      { credential: { getToken: () => Promise.resolve(null) }, now: () => new Date(0), timeoutMs: 1 },
    )
    expect(channels.map(({ name }) => name)).toEqual(['pager'])
    expect(problems.map(({ channel }) => channel)).toEqual(['ops'])
  })

  it.each([
    ['a workflow', teams, { OPS_URL: `https://evil.example/a/secret-path?${secretPart}` }],
    ['a connector', teams, { OPS_URL: `https://x.webhook.office.com/a/secret-path?${secretPart}` }],
    ['nonsense', teams, { OPS_URL: `://secret-path ${secretPart}` }],
    ['a signing secret', hook, { PAGER_SECRET: `whsec_${secretPart}secret-path` }],
    ['a password', email, { ...smtp, SMTP_PASSWORD: `${secretPart} secret-path` }],
    ['a connection string', email, { ...acs, ACS_ENDPOINT: `endpoint=x;accesskey=${secretPart}secret-path` }],
  ] as const)('shows no secret in its reason: %s', (_, definition, settings) => {
    const { problems } = create(definition, settings)
    expect(problems).toHaveLength(1)
    expect(JSON.stringify(problems)).not.toMatch(/secret-path|Zm9vYmFyYmF6/)
  })
})

describe('limits', () => {
  it('of an Azure-managed domain are those of Azure, and of an own one wider', () => {
    const limitsOf = (settings: Record<string, string>) => create(email, settings).channels[0]?.limits
    const managed = [
      { max: 5, seconds: 60 },
      { max: 10, seconds: 3_600 },
    ]
    expect(limitsOf({ ...acs, MAIL_FROM: 'DoNotReply@0af1.azurecomm.net' })).toEqual(managed)
    expect(limitsOf({ ...acs, ACS_DOMAIN: 'azure-managed' })).toEqual(managed)
    expect(limitsOf(acs)).toEqual([
      { max: 30, seconds: 60 },
      { max: 100, seconds: 3_600 },
    ])
  })

  it('are shared by channels of one address, and their key shows no secret', () => {
    const keyOf = (name: string, url: string) =>
      create({ ...teams, name }, { OPS_URL: url }).channels[0]?.limitKey
    expect(keyOf('a', workflow)).toBe(keyOf('b', workflow))
    expect(keyOf('a', workflow)).not.toBe(keyOf('a', `${workflow}2`))
    expect(keyOf('a', workflow)).toMatch(/^teams-[0-9a-f]{32}$/)
    const [owners] = create(email, acs).channels
    const [others] = create({ ...email, name: 'others' }, acs).channels
    expect(owners?.limitKey).toBe(others?.limitKey)
  })

  it('of a workflow are one card in five seconds', () => {
    expect(create(teams, { OPS_URL: workflow }).channels[0]?.limits).toContainEqual({ max: 1, seconds: 5 })
  })
})
