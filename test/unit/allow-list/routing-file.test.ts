import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FileContent, readRuleFile } from '../../../shared/allow-list/file/read.ts'
import { writeRuleFile } from '../../../shared/allow-list/file/write.ts'
import { subscription } from './given.ts'
import { anyRouting, inOrder, mail, route, teams, webhook } from './given-routing.ts'

const scope = `/subscriptions/${subscription}`
const head = `rules:
  - id: a
    effect: ask
    target: ${scope}
`
const ops = `channels:
  - name: ops
    kind: email
    to: [approvers@contoso.example]
`
const usual = `routes:
  - name: rest
    default: true
    channels: [ops]
`

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function contentOf(text: string) {
  const read = readRuleFile(bytesOf(text), 'rules.yaml')
  if (read.problems !== undefined)
    return read.problems.map(({ line, column, sentence }) => `${line}:${column} ${sentence}`)
  return {
    rules: read.rules.map(({ content: { id } }) => id),
    channels: read.channels.map(({ content }) => content),
    routes: read.routes.map(({ content }) => content),
  }
}

/** What is wrong with one channel that is stated in JSON. */
function refusal(channel: object): string {
  return JSON.stringify(
    contentOf(JSON.stringify({ rules: [], channels: [{ name: 'ops', ...channel }], routes: [] })),
  )
}

/** What is wrong with one route, beside a channel `ops` and a default route. */
function routeRefusal(change: object): unknown {
  const channels = [{ name: 'ops', kind: 'teams', urlSetting: 'X_URL' }]
  const routes = [
    { name: 'one', channels: ['ops'], ...change },
    { name: 'rest', default: true, channels: ['ops'] },
  ]
  return contentOf(JSON.stringify({ rules: [], channels, routes }))
}

describe('channels and routes of a file', () => {
  const whole = `${head}
channels: # all of them
  - name: ops
    kind: email
    to: [approvers@contoso.example]
    fromTag: owner-mail
    fromTagDomains:
      - contoso.example
  # the next
  - name: platform
    kind: teams
    urlSetting: TEAMS_URL
  - { name: on-call, kind: webhook, url: "https://hooks.contoso.example/x", secretSetting: WEBHOOK_SECRET }

routes:
  - name: urgent
    risk: high
    channels: [on-call, ops]
  - name: finance
    rules: [a]
    scopes: [${scope}]
    targetTags: { environment: prod }
    channels: [ops]
    fallback: [platform, on-call]
  - name: rest
    default: true
    channels: [platform]
`
  const expected = {
    rules: ['a'],
    channels: [
      mail('ops', { fromTag: 'owner-mail', fromTagDomains: ['contoso.example'] }),
      teams('platform'),
      webhook('on-call'),
    ],
    routes: inOrder(
      route('urgent', { risk: 'high', channels: ['on-call', 'ops'] }),
      route('finance', {
        rules: ['a'],
        scopes: [scope],
        targetTags: [{ name: 'environment', value: 'prod' }],
        fallback: ['platform', 'on-call'],
      }),
      route('rest', { default: true, channels: ['platform'] }),
    ),
  }

  it('may say all that they can say, and have the line in which they begin', () => {
    expect(contentOf(whole)).toEqual(expected)
    const { channels, routes } = readRuleFile(bytesOf(whole), 'x') as FileContent
    expect([...channels, ...routes].map(({ line }) => line)).toEqual([7, 14, 17, 20, 23, 29])
  })

  it('may stand before the rules', () => {
    expect(contentOf(whole.slice(head.length) + head)).toEqual(expected)
  })

  it('are the same in JSON', () => {
    const { channels, routes } = expected
    const file = { rules: [{ id: 'a', effect: 'ask', target: scope }], channels, routes }
    const text = JSON.stringify(file, (name, value: unknown) => {
      if (name === 'position') return undefined
      if (name === 'targetTags') return (value as object[]).length === 0 ? undefined : { environment: 'prod' }
      return Array.isArray(value) && value.length === 0 ? undefined : value
    })
    expect(contentOf(text)).toEqual(expected)
  })

  it.each([
    ['', { rules: ['a'], channels: [], routes: [] }],
    ['channels: []\nroutes: []\n', { rules: ['a'], channels: [], routes: [] }],
  ])('may be none: %j', (text, none) => {
    expect(contentOf(head + text)).toEqual(none)
  })

  it('are read in a file that is too long to be parsed at once', () => {
    const rules = Array.from(
      { length: 2000 },
      (_, at) => `  - id: r${at}\n    effect: ask\n    target: ${scope}\n`,
    )
    const read = readRuleFile(bytesOf(`rules:\n${rules.join('')}${ops}${usual}`), 'x')
    expect([read.rules?.length, read.problems]).toEqual([2000, undefined])
    expect(read).toMatchObject({ channels: [{ line: 6003 }], routes: [{ line: 6007 }] })
  })

  it('read back as they were written, whatever they say', () => {
    fc.assert(
      fc.property(anyRouting, ({ channels, routes }) => {
        expect(contentOf(writeRuleFile({ rules: [], channels, routes }))).toEqual({
          rules: [],
          channels,
          routes,
        })
      }),
      { numRuns: 500 },
    )
  })

  it('are written after the rules, and left out where there are none', () => {
    expect(
      writeRuleFile({
        rules: [],
        channels: [mail('ops')],
        routes: inOrder(route('rest', { default: true })),
      }),
    ).toBe(`rules: []\n\n${ops}\n${usual}`)
    expect(writeRuleFile({ rules: [], channels: [], routes: [] })).toBe('rules: []\n')
  })
})

describe('a file is refused with line and column', () => {
  it.each<[string, string, ...string[]]>([
    [
      'a field that there is not',
      `${head}${ops}    address: x\n${usual}`,
      '9:5 Channel "ops": "address" is not a field of a channel; the fields are name, kind, urlSetting, to, fromTag, fromTagDomains, url, secretSetting.',
    ],
    [
      'a mistyped field',
      `${head}${ops}${usual}    chanels: [x]\n`,
      '13:5 Route "rest": "chanels" is not a field of a route; did you mean channels?',
    ],
    [
      'a position',
      `${head}${ops}${usual}    position: 1\n`,
      '13:5 Route "rest": position is not a field of a route in a file: the place in the file gives it.',
    ],
    [
      'a kind that there is not',
      `${head}${ops.replace('email', 'sms')}${usual}`,
      '7:11 Channel "ops": kind is "sms"; it must be teams, email or webhook.',
    ],
    [
      'a name twice',
      `${head}${ops}${ops.slice(10)}${usual}`,
      '9:11 Channel "ops": name is also that of the channel in line 6; each channel needs one of its own.',
    ],
    [
      'a channel that there is not',
      `${head}${ops}${usual}    fallback: [nobody]\n`,
      '13:16 Route "rest": fallback has "nobody", which is not a channel; the channels are ops.',
    ],
    [
      'routes without channels',
      `${head}${usual}`,
      '8:16 Route "rest": channels has "ops", which is not a channel; there are none.',
    ],
    [
      'channels without a default route',
      `${head}${ops}${usual.replace('default', 'risk').replace('true', 'high')}`,
      '6:11 Channel "ops": there is no default route; where there are channels, one route must have default: true, so that somebody is notified of whatever no other route takes.',
    ],
    [
      'two default routes',
      `${head}${ops}${usual}${usual.slice(8).replace('rest', 'other')}`,
      '14:14 Route "other": default is true, as it is of the route rest; only one route takes what no other takes.',
    ],
    [
      'a default in quotes',
      `${head}${ops}${usual.replace('true', '"true"')}`,
      '11:14 Route "rest": default is "true"; it must be true or false (or left out for false), without quotes.',
    ],
    [
      'channels twice',
      `${head}${ops}${ops}${usual}`,
      '9:1 channels is here for the second time; write all channels under one.',
    ],
    [
      'channels without any',
      `${head}channels:\n${usual}`,
      '5:1 channels is empty; beside "rules:" a rule file may have "channels:" and "routes:", and under each one "- name: …" for each (or "channels: []" for none).',
    ],
    [
      'only channels',
      `${ops}${usual}`,
      '1:1 rules is missing; a rule file is "rules:" and under it one "- id: …" for each rule.',
    ],
  ])('%s', (_, text, ...problems) => {
    expect(contentOf(text)).toEqual(problems)
  })

  it('a file with more channels than there may be', () => {
    const channels = Array.from(
      { length: 101 },
      (_, at) => `  - { name: c${at}, kind: teams, urlSetting: URL }\n`,
    )
    expect(contentOf(`${head}channels:\n${channels.join('')}${usual}`)).toEqual([
      '106:1 Here begins a channel beyond the 100 that a file may have; say more with each, by wider scopes and lists.',
    ])
  })

  it.each<[object, string]>([
    [
      { name: 'Ops', kind: 'teams', urlSetting: 'X_URL' },
      'name is \\"Ops\\"; it must be the name of the channel: 1 to 50 of a-z, 0-9 and hyphen, beginning with a letter',
    ],
    [
      { kind: 'teams' },
      'urlSetting is missing; a channel of kind teams needs it, and it must be the name of a setting',
    ],
    [{ kind: 'email' }, 'to is missing; a channel of kind email needs addresses, or fromTag'],
    [{ kind: 'webhook', secretSetting: 'X_SECRET' }, 'url is missing; a channel of kind webhook needs it'],
    [
      { kind: 'webhook', url: 'https://a.example/' },
      'secretSetting is missing; a channel of kind webhook needs it',
    ],
    [
      { kind: 'teams', urlSetting: 'X_URL', to: ['a@b.example'] },
      'to is stated; only a channel of kind email sends to addresses, so leave it out of one of kind teams',
    ],
    [
      { kind: 'email', fromTag: 'owner' },
      'fromTag is stated without fromTagDomains; list the domains in which such an address must lie',
    ],
    [
      { kind: 'email', to: ['a@b.example'], fromTagDomains: ['b.example'] },
      'fromTagDomains is stated without fromTag',
    ],
    [
      { kind: 'email', fromTag: 'owner', fromTagDomains: ['*.example'] },
      'fromTagDomains has \\"*.example\\"; it must be a list of domains',
    ],
    [{ kind: 'email', to: ['a@b.example', 'A@b.example'] }, 'to has \\"A@b.example\\" twice'],
    [
      { kind: 'email', to: Array.from({ length: 51 }, (_, at) => `a${at}@b.example`) },
      'to is a list of 51; it must be a list of 1 to 50 mail addresses',
    ],
  ])('the channel %j', (channel, sentence) => {
    expect(refusal(channel)).toContain(
      `Channel \\"${(channel as { name?: string }).name ?? 'ops'}\\": ${sentence}`,
    )
  })

  it.each([
    'anna',
    'anna@',
    '@contoso.example',
    'anna@contoso',
    'anna@contoso.example,ben@contoso.example',
    'Anna <anna@contoso.example>',
    'anna@contoso.example\r\nBcc: x@y.example',
    'anna@contoso..example',
    '.anna@contoso.example',
    'anna@-contoso.example',
    `${'a'.repeat(245)}@b.example`,
    'änna@contoso.example',
  ])('the address %j', (address) => {
    expect(refusal({ kind: 'email', to: [address] })).toContain('to has ')
  })

  it.each([
    'http://hooks.contoso.example/x',
    'https://hooks.contoso.example/a b',
    'https://',
    'ftp://a.example',
    'javascript:alert(1)',
    `https://a.example/${'x'.repeat(1000)}`,
  ])('the url %j, which it does not show', (url) => {
    const sentence = refusal({ kind: 'webhook', url, secretSetting: 'X_SECRET' })
    expect(sentence).toContain('url is something else, which is not shown here; it must be an https URL')
  })

  it.each<[object, string]>([
    [
      { default: true, name: 'one', risk: 'high' },
      'risk is stated; the default route takes whatever no other route takes, so leave it out.',
    ],
    [
      { channels: [] },
      'channels is an empty list; it must be a list of names of channels, at most 2000 characters together.',
    ],
    [
      { channels: undefined },
      'channels is missing; it must be a list of names of channels, at most 2000 characters together.',
    ],
    [{ channels: ['ops', 'ops'] }, 'channels has "ops" twice.'],
    [{ fallback: ['ops'] }, 'fallback has "ops", which channels has as well; use another one.'],
    [{ risk: 'low' }, 'risk is "low"; it must be normal or high (or left out for both).'],
    [
      { rules: ['a b'] },
      'rules has "a b"; it must be a list of ids of rules, at most 2000 characters together.',
    ],
    [
      { scopes: ['rg-finance'] },
      'scopes has "rg-finance"; it must be a list of management groups, subscriptions, resource groups or resources, each in the form of a rule\'s target, at most 10000 characters together.',
    ],
  ])('the route %j', (change, sentence) => {
    expect(routeRefusal(change)).toEqual([expect.stringContaining(`Route "one": ${sentence}`)])
  })
})

describe('a secret in a file is refused, with the reason and without being shown', () => {
  const workflow =
    'https://prod-01.westeurope.logic.azure.com:443/workflows/f00/triggers/manual/paths/invoke?sp=%2F&sig=TOPSECRET'
  it.each<[string, object, string]>([
    ['a Workflows address', { kind: 'teams', urlSetting: workflow }, 'secrets stay in settings'],
    [
      'an address without a signature',
      { kind: 'teams', urlSetting: 'https://TOPSECRET.example' },
      'secrets stay in settings',
    ],
    [
      'a signing secret',
      { kind: 'webhook', url: 'https://a.example/', secretSetting: 'whsec_TOPSECRET' },
      'secrets stay in settings',
    ],
    [
      'a bare secret',
      { kind: 'webhook', url: 'https://a.example/', secretSetting: 'TOPSECRET/+abc=' },
      'it must be the name of a setting',
    ],
    [
      'a connection string',
      { kind: 'teams', urlSetting: 'Endpoint=x;AccountKey=TOPSECRET' },
      'secrets stay in settings',
    ],
    [
      'a reference to Key Vault',
      { kind: 'teams', urlSetting: '@Microsoft.KeyVault(SecretUri=https://TOPSECRET/)' },
      'settings',
    ],
    [
      'a password in a url',
      { kind: 'webhook', url: 'https://me:TOPSECRET@a.example/', secretSetting: 'X' },
      'leave user name and password out',
    ],
    [
      'a key in a url',
      { kind: 'webhook', url: 'https://a.example/?code=TOPSECRET', secretSetting: 'XX' },
      'secrets stay in settings',
    ],
    [
      'a Workflows address as url',
      { kind: 'webhook', url: workflow, secretSetting: 'XX' },
      'secrets stay in settings',
    ],
    [
      'the new host of Workflows',
      { kind: 'webhook', url: 'https://x.api.powerplatform.com/TOPSECRET', secretSetting: 'XX' },
      'use a channel of kind teams',
    ],
    [
      'an Office 365 connector',
      { kind: 'webhook', url: 'https://x.webhook.office.com/TOPSECRET', secretSetting: 'XX' },
      'use a channel of kind teams',
    ],
    [
      'a Slack address',
      { kind: 'webhook', url: 'https://hooks.slack.com/services/TOPSECRET', secretSetting: 'XX' },
      'secrets stay in settings',
    ],
    [
      'a url of another kind',
      { kind: 'teams', urlSetting: 'X_URL', url: 'https://a.example/TOPSECRET' },
      'url is stated; only a channel of kind webhook',
    ],
  ])('%s', (_, channel, reason) => {
    const sentence = refusal(channel)
    expect(sentence).toContain(reason)
    expect(sentence).not.toContain('TOPSECRET')
  })
})

describe('approvers of a file', () => {
  const ask = (approvers: string) => `${head}    approvers: [${approvers}]\n`

  it('are object ids; a sign-in name is refused with the command that prints the id', () => {
    expect(contentOf(ask('anna@contoso.example'))).toEqual([
      '5:17 Rule "a": approvers has "anna@contoso.example"; it must be a list of object ids (GUIDs) of users or groups, at most 2000 characters together; sign-in names change and are given away again, so write the object id that az ad user show --id NAME --query id prints (of a group: az ad group show --group NAME --query id).',
    ])
    expect(contentOf(ask(subscription))).toMatchObject({ rules: ['a'] })
  })

  it('may be fewer than the approvals, because one of them may be a group', () => {
    expect(contentOf(`${ask(subscription)}    requiredApprovals: 3\n`)).toMatchObject({ rules: ['a'] })
  })
})
