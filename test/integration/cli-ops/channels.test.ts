import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { channelSettings, localApprovers, localChannels, routingRows } from '../../../local/channels.ts'
import { type Inbox, startInbox } from '../../../local/inbox/start.ts'
import { control } from '../../local-inbox/support.ts'
import { type Place, type Ran, startPlace } from './place.ts'

const { mail, teams, webhook } = localChannels
const secretPart = /sig=|whsec_[\w+/=]{8}|AccountKey/

let place: Place
let inbox: Inbox
let settings: Record<string, string>

beforeAll(async () => {
  place = await startPlace()
  inbox = await startInbox({
    ports: { page: 0, receivers: 0, smtp: 0 },
    stateFolder: place.folder,
    persist: false,
  })
  settings = channelSettings(inbox)
  await place.table('allowList').createTable()
})
afterAll(async () => {
  await inbox.stop()
  await place.stop()
})
beforeEach(async () => {
  await control(inbox, 'POST', 'reset')
  const table = place.table('allowList')
  for await (const { partitionKey = '', rowKey = '' } of table.listEntities()) {
    await table.deleteEntity(partitionKey, rowKey)
  }
})

async function define(...rows: readonly Record<string, string>[]): Promise<void> {
  for (const row of rows)
    await place.table('allowList').createEntity({ partitionKey: 'rule', rowKey: randomUUID(), ...row })
}

/** As the operator of what `npm start` runs. */
async function channels(
  args: readonly string[],
  change: Record<string, string> = {},
  columns?: number,
): Promise<Ran> {
  const ran = await place.cli(['channels', ...args], { ...settings, ...change }, columns)
  expect(`${ran.out}${ran.err}`).not.toMatch(secretPart)
  return ran
}

describe('channels list', () => {
  it('shows each channel, the routes that use it, and whether its settings are there', async () => {
    await define(...routingRows(inbox))
    const { code, out, err } = await channels(['list'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /approvers-mail +│ email +│ everything \(default\) +│ SMTP_HOST, MAIL_FROM, SMTP_PORT/,
    )
    expect(out).toMatch(/approvers-teams +│ teams +│ everything \(default\) +│ APPROVERS_TEAMS_URL/)
    expect(out).toMatch(/approvers-webhook +│ webhook +│ everything \(default\) +│ APPROVERS_WEBHOOK_SECRET/)
    expect(out).not.toContain('not set')
  })

  it('says what is missing and which channel no route uses, also as JSON', async () => {
    await define(
      ...routingRows(inbox),
      { rowKey: '~channel:spare', kind: 'teams', urlSetting: 'SPARE_URL' },
      { rowKey: '~route:urgent', risk: 'high', channels: teams, fallback: mail },
    )
    const { out } = await channels(['list', '--json'])
    const listed = JSON.parse(out) as { name: string }[]
    expect(listed.find(({ name }) => name === 'spare')).toEqual({
      name: 'spare',
      kind: 'teams',
      routes: [],
      settings: [
        { name: 'SPARE_URL', isSet: false },
        { name: 'TEAMS_URL_HOSTS', isSet: true },
      ],
      problem: expect.stringContaining('the setting SPARE_URL is not set') as string,
    })
    expect(listed.find(({ name }) => name === mail)).toMatchObject({
      routes: [
        { name: 'everything', isDefault: true, isFallback: false },
        { name: 'urgent', isDefault: false, isFallback: true },
      ],
      settings: expect.arrayContaining([{ name: 'MAIL_FROM', isSet: true }]) as unknown,
    })
    const table = await channels(['list'])
    expect(table.out).toContain('SPARE_URL (not set)')
    expect(table.out).toContain('urgent (fallback)')
    expect(table.err).toContain('The channel spare cannot be used: the setting SPARE_URL is not set')
    expect(table.err).toContain('--settings')
  })

  it('says that there are none, and what to do', async () => {
    expect(await channels(['list'])).toEqual({
      code: 0,
      out: 'No channel is defined. Define channels and routes in the rule file, and apply it.\n',
      err: '',
    })
    expect((await channels(['list', '--json'])).out).toBe('[]\n')
  })

  it('names rows that cannot be used', async () => {
    await define({ rowKey: '~channel:ops', kind: 'pigeon' })
    expect((await channels(['list'])).err).toContain('Row "~channel:ops"')
  })
})

describe('docs/channels.md', () => {
  const page = readFileSync(new URL('../../../docs/channels.md', import.meta.url), 'utf8')
  const printed = [...page.matchAll(/^```text\n(.*?)^```/gms)].map(([, text]) => text)

  it('shows what the commands print', async () => {
    const [email, card, , route] = routingRows(inbox)
    await define(...[email, card, route].flatMap((row) => row ?? []))
    const list = await channels(['list'], { APPROVERS_TEAMS_URL: '' }, 80)
    const test = await channels(['test', teams])
    expect(printed).toEqual([list.out, test.out])
  })
})

describe('channels test', () => {
  beforeEach(() => define(...routingRows(inbox)))

  it('sends a card to Teams, and does not claim that it is shown', async () => {
    const ran = await channels(['test', teams, '--as', 'Robin Admin'])
    expect(ran).toEqual({
      code: 0,
      out: 'The workflow accepted it with status 202. Whether Teams shows it is not known here: check the channel; if nothing appears there, the run history of the workflow says why.\n',
      err: '',
    })
    const card = await inbox.waitFor(({ content }) => content.via === 'teams')
    expect([card.to, card.problems]).toEqual([[teams], []])
    expect(JSON.stringify(card.content)).toContain('Test message; nothing is left to do')
    expect(JSON.stringify(card.content)).toContain('Robin Admin')
  })

  it('sends a mail by SMTP to the recipients of the channel', async () => {
    const { code, out } = await channels(['test', mail])
    expect(code).toBe(0)
    expect(out).toMatch(
      /^The SMTP server 127\.0\.0\.1 accepted it for approvers@contoso\.example with status 250, as message <\S+>\. Whether it arrives is not known here: /,
    )
    const arrived = await inbox.waitFor(({ content }) => content.via === 'smtp')
    expect(arrived.to).toEqual([localApprovers])
    expect(arrived.title).toBe(`Test: Test of the channel "${mail}"`)
    expect(arrived.problems).toEqual([])
  })

  it('sends a mail by Azure Communication Services, and names the operation', async () => {
    const { code, out } = await channels(['test', mail], {
      SMTP_HOST: '',
      ACS_ENDPOINT: inbox.emailService,
    })
    expect(out).toMatch(
      /^Azure Communication Services accepted it for approvers@contoso\.example with status 202, as operation [0-9a-f-]{36}\. /,
    )
    expect(code).toBe(0)
    expect((await inbox.waitFor(({ content }) => content.via === 'email-service')).to).toEqual([
      localApprovers,
    ])
  })

  it('sends a signed webhook', async () => {
    const { code, out } = await channels(['test', webhook])
    expect(out).toMatch(/^The receiver at localhost:\d+ accepted it with status 2\d\d\. /)
    expect(code).toBe(0)
    const hook = await inbox.waitFor(({ content }) => content.via === 'webhook')
    expect([hook.to, hook.problems]).toEqual([[webhook], []])
  })

  it('says the same as JSON', async () => {
    const { code, out } = await channels(['test', teams, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      ...{ channel: teams, kind: 'teams', accepted: true, status: 202 },
      message: expect.stringMatching(/^test-/) as string,
      found: expect.stringContaining('accepted it with status 202') as string,
    })
  })

  it('stores nothing: neither a case, nor a message, nor a count', async () => {
    const before = await tables()
    await channels(['test', teams])
    expect(await tables()).toEqual(before)
  })

  it.each([
    [
      '404',
      { status: 404 },
      'refused',
      /^The channel approvers-teams did not take the message: the workflow responded with status 404 .*switch it on/,
    ],
    [
      '500',
      { status: 500 },
      'failed',
      /the workflow responded with status 500 \(SimulatedFault\)\. Whether it was taken all the same is not known/,
    ],
    [
      '429',
      { status: 429, headers: { 'retry-after': '60' } },
      'busy',
      /it is busy\. Try again in 60 seconds/,
    ],
  ])('says what a %s means, and ends with 1', async (_, fault, reason, said) => {
    const path = `^/teams/${teams}/`
    await control(inbox, 'POST', 'faults', { path, ...fault, times: 2 })
    const { code, out, err } = await channels(['test', teams])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(said)
    const json = await channels(['test', teams, '--json'])
    expect([json.code, JSON.parse(json.out)]).toMatchObject([1, { accepted: false, reason }])
  })

  it('says that some recipients were refused, and ends with 1', async () => {
    await place.table('allowList').updateEntity(
      {
        partitionKey: 'rule',
        rowKey: `~channel:${mail}`,
        kind: 'email',
        to: `${localApprovers}, gone@contoso.example`,
      },
      'Replace',
    )
    await control(inbox, 'POST', 'faults', {
      ...{ method: 'RCPT', path: '^/smtp/gone@contoso\\.example$', status: 550 },
    })
    const { code, out, err } = await channels(['test', mail])
    expect(code).toBe(1)
    expect(`${out}${err}`).toContain('It refused gone@contoso.example')
  })

  it.each([
    [
      'a channel that is not defined',
      'ops',
      {},
      1,
      'There is no channel "ops"; the channels are approvers-mail, approvers-teams, approvers-webhook.',
    ],
    [
      'a setting that is missing',
      teams,
      { APPROVERS_TEAMS_URL: '' },
      1,
      'The channel approvers-teams cannot be used: the setting APPROVERS_TEAMS_URL is not set',
    ],
    [
      'the URL of a connector',
      teams,
      { APPROVERS_TEAMS_URL: 'https://x.webhook.office.com/y?sig=z' },
      1,
      'is the URL of an Office 365 connector, which Microsoft has switched off',
    ],
    [
      'a secret that signs nothing',
      webhook,
      { APPROVERS_WEBHOOK_SECRET: 'whsec' },
      1,
      'the setting APPROVERS_WEBHOOK_SECRET must hold',
    ],
  ])('names %s and the next step', async (_, name, change, exitCode, said) => {
    const { code, out, err } = await channels(['test', name], change)
    expect([code, out]).toEqual([exitCode, ''])
    expect(err).toContain(said)
    if (name !== 'ops') expect(err).toContain('--settings')
  })

  it('of a channel that has its addresses from tags takes one, in a listed domain only', async () => {
    await define({
      ...{
        rowKey: '~channel:owners',
        kind: 'email',
        fromTag: 'owner-mail',
        fromTagDomains: 'contoso.example',
      },
    })
    const without = await channels(['test', 'owners'])
    expect(without.code).toBe(2)
    expect(without.err).toContain('--tag-address')
    const foreign = await channels(['test', 'owners', '--tag-address', 'jo@evil.example'])
    expect([foreign.code, foreign.err]).toEqual([2, expect.stringContaining('contoso.example')])
    const listed = await channels(['test', 'owners', '--tag-address', 'jo@contoso.example'])
    expect(listed.code).toBe(0)
    expect((await inbox.waitFor(({ content }) => content.via === 'smtp')).to).toEqual(['jo@contoso.example'])
    const other = await channels(['test', teams, '--tag-address', 'jo@contoso.example'])
    expect(other.code).toBe(2)
  })

  it('where nothing is defined says what to do', async () => {
    const table = place.table('allowList')
    for await (const { partitionKey = '', rowKey = '' } of table.listEntities())
      await table.deleteEntity(partitionKey, rowKey)
    expect(await channels(['test', teams])).toEqual({
      code: 1,
      out: '',
      err: 'No channel is defined. Define channels and routes in the rule file, and apply it.\n',
    })
  })
})

/** The rows of the tables that sending could write to. */
async function tables(): Promise<unknown> {
  const names = ['allowList', 'requests', 'requestIndex', 'limits', 'links'] as const
  return await Promise.all(
    names.map((name) => Array.fromAsync(place.table(name).listEntities()).catch(() => 'no table')),
  )
}
