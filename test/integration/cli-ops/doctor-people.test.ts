import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { channelSettings, localChannels, routingRows } from '../../../local/channels.ts'
import { type Inbox, startInbox } from '../../../local/inbox/start.ts'
import { joined } from '../../../shared/cases/join.ts'
import type { CaseMember } from '../../../shared/domain/case-member.ts'
import { Cases } from '../../../shared/ledger/cases.ts'
import { StoredKeys } from '../../../shared/links/storage/stored-keys.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { control } from '../../local-inbox/support.ts'
import { sampleNotification } from '../../support/sample-request.ts'
import { group } from '../../unit/cases/given.ts'
import { type Place, startPlace } from './place.ts'

interface Result {
  readonly check: string
  readonly level: string
  readonly subject?: string
  readonly found: string
  readonly fix?: string
}

const { mail, teams, webhook } = localChannels
const tableNamesUsed = ['allowList', 'requests', 'requestIndex', 'links'] as const
const anna = 'b6a5f0de-27a4-4d0f-9a58-2f5f0c1d7a11'

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
  for (const name of tableNamesUsed) await place.table(name).createTable()
})
afterAll(async () => {
  await inbox.stop()
  await place.stop()
})
beforeEach(() => define(...routingRows(inbox)))
afterEach(async () => {
  for (const name of tableNamesUsed)
    for await (const { partitionKey = '', rowKey = '' } of place.table(name).listEntities())
      await place.table(name).deleteEntity(partitionKey, rowKey)
})

async function define(...rows: readonly { rowKey: string; [column: string]: string }[]): Promise<void> {
  for (const row of rows)
    await place.table('allowList').upsertEntity({ partitionKey: 'rule', ...row }, 'Replace')
}

async function examined(change: Record<string, string> = {}): Promise<(check: string) => readonly Result[]> {
  const { out, err } = await place.cli(['doctor', '--json'], { ...settings, ...change })
  expect(err).toBe('')
  expect(out).not.toMatch(/sig=|whsec_[\w+/=]{8}|secret-part/)
  const { results } = JSON.parse(out) as { results: Result[] }
  return (check) => results.filter((result) => result.check === check)
}

const levels = (results: readonly Result[]) => results.map(({ level }) => level)

describe('channels', () => {
  it('that are complete and reached pass, each by its name, and no message is sent', async () => {
    const of = await examined()
    for (const check of ['channels', 'channel-services']) {
      expect(of(check).map(({ subject, level }) => [subject, level])).toEqual(
        [mail, teams, webhook].map((name) => [name, 'pass']),
      )
    }
    expect(of('routes')).toMatchObject([{ level: 'pass' }])
    expect(inbox.messages()).toEqual([])
  })

  it('without their settings fail, with the setting; the others are still checked', async () => {
    const of = await examined({ APPROVERS_TEAMS_URL: '' })
    const failed = of('channels').find(({ subject }) => subject === teams)
    expect(failed).toMatchObject({ level: 'fail' })
    expect(failed?.found).toContain('the setting APPROVERS_TEAMS_URL is not set')
    expect(failed?.fix).toContain('az functionapp config appsettings')
    expect(levels(of('channel-services'))).toEqual(['pass', 'pass'])
    expect(of('routes')).toMatchObject([{ level: 'warn', subject: 'everything' }])
  })

  it('with the URL of a connector fail with the reason, and show nothing of the URL', async () => {
    const of = await examined({ APPROVERS_TEAMS_URL: 'https://x.webhook.office.com/secret-part' })
    const failed = of('channels').find(({ subject }) => subject === teams)
    expect(failed?.found).toContain('which Microsoft has switched off')
  })

  it('whose service is not reached fail, and say that this is seen from here', async () => {
    const of = await examined({ SMTP_PORT: '9' })
    const failed = of('channel-services').find(({ subject }) => subject === mail)
    expect(failed).toMatchObject({ level: 'fail' })
    expect(failed?.found).toContain('was not reached (ECONNREFUSED)')
    expect(failed?.fix).toContain('from the app')
    expect(levels(of('channels'))).toEqual(['pass', 'pass', 'pass'])
  })

  it('whose server refuses to talk fail', async () => {
    await control(inbox, 'POST', 'faults', { method: 'CONNECT', path: '^/smtp$', status: 554, times: 1 })
    const of = await examined()
    expect(of('channel-services').find(({ subject }) => subject === mail)).toMatchObject({ level: 'fail' })
  })

  it('that are not defined are a warning: nobody is notified but by the log', async () => {
    for await (const { partitionKey = '', rowKey = '' } of place.table('allowList').listEntities())
      await place.table('allowList').deleteEntity(partitionKey, rowKey)
    const of = await examined()
    expect(of('channels')).toMatchObject([{ level: 'warn' }])
    expect([...levels(of('channel-services')), ...levels(of('routes'))]).toEqual(['skipped', 'skipped'])
  })
})

describe('routes', () => {
  it('without a default, or with a channel that is gone, fail and stop no rule', async () => {
    await define(
      { rowKey: '~route:urgent', risk: 'high', channels: 'gone' },
      { rowKey: '~route:everything', risk: 'normal', channels: mail },
    )
    const of = await examined()
    const found = of('routes').map((result) => result.found)
    expect(found.some((text) => text.includes('there is no default route'))).toBe(true)
    expect(found.some((text) => text.includes('"gone", which is not a channel'))).toBe(true)
    expect(levels(of('allow-list'))).not.toContain('fail')
  })

  it('of which no channel can be used fail; the default route must have one', async () => {
    await define({ rowKey: '~route:urgent', risk: 'high', channels: teams })
    const of = await examined({ APPROVERS_TEAMS_URL: '' })
    expect(of('routes').find(({ subject }) => subject === 'urgent')).toMatchObject({
      level: 'fail',
      found: expect.stringContaining('the default route is used') as string,
    })
    const none = await examined({
      ...{ APPROVERS_TEAMS_URL: '', APPROVERS_WEBHOOK_SECRET: '', SMTP_HOST: '' },
    })
    expect(none('routes').find(({ subject }) => subject === 'everything')).toMatchObject({
      level: 'fail',
      found: expect.stringContaining('nobody is notified') as string,
    })
  })

  it('a default route that has addresses from tags only is a warning', async () => {
    await define(
      { rowKey: '~channel:owners', kind: 'email', fromTag: 'owner', fromTagDomains: 'contoso.example' },
      { rowKey: '~route:everything', default: 'true', channels: 'owners' },
    )
    const of = await examined()
    expect(of('routes')).toMatchObject([{ level: 'warn', subject: 'everything' }])
    expect(of('routes')[0]?.found).toContain('tag')
  })
})

describe('without the settings of the app', () => {
  const elsewhere = {
    ...{ FUNCTIONS_WORKER_RUNTIME: '', APPROVERS_TEAMS_URL: '', APPROVERS_WEBHOOK_SECRET: '', SMTP_HOST: '' },
    ...{ SIGN_IN_TENANT_ID: '', SIGN_IN_CLIENT_ID: '' },
  }

  it('what is missing is a warning that says whose settings were read, not a failure of the app', async () => {
    const of = await examined(elsewhere)
    expect(levels(of('channels'))).toEqual(['warn', 'warn', 'warn'])
    expect(of('channels')[0]?.found).toContain('neither ACS_ENDPOINT nor SMTP_HOST is set')
    expect(of('sign-in')).toMatchObject([{ level: 'warn' }])
    for (const { fix } of [...of('channels'), ...of('sign-in')]) expect(fix).toContain('--settings')
  })

  it('routes are checked for channels that are defined', async () => {
    await define({ rowKey: '~route:urgent', risk: 'high', channels: teams })
    const of = await examined(elsewhere)
    expect(of('routes')).toMatchObject([{ level: 'pass' }])
    await define({ rowKey: '~route:urgent', risk: 'high', channels: 'gone' })
    const gone = await examined(elsewhere)
    expect(levels(gone('routes'))).toEqual(['fail', 'fail'])
  })

  it('what is wrong is a failure all the same', async () => {
    const of = await examined({ ...elsewhere, APPROVERS_TEAMS_URL: 'https://x.webhook.office.com/a' })
    expect(of('channels').find(({ subject }) => subject === teams)).toMatchObject({ level: 'fail' })
  })
})

describe('messages that reached nobody', () => {
  it('are counted', async () => {
    expect((await examined())('nobody-notified')).toMatchObject([{ level: 'pass' }])
    const table = async (name: 'requests' | 'requestIndex') => {
      const guarded = new GuardedTable(place.table(name))
      await guarded.create()
      return guarded
    }
    const cases = new Cases(await table('requests'), await table('requestIndex'), () => undefined)
    const member: CaseMember = {
      ...{ kind: 'request', id: 'a', risk: 'normal', recordKey: 'r' },
      notification: sampleNotification(),
    }
    const long = new Date(Date.now() - 3_600_000)
    await cases.join(group, member, (head) =>
      joined(head, { group, risk: 'normal' }, long, { windowMs: 1_000 }),
    )
    const [ref = ''] = await cases.due(1)
    const claimed = await cases.claim(ref)
    if (!claimed) throw new Error('The message is not due.')
    await cases.record(claimed, { ...claimed.message, nobodyAt: new Date().toISOString() })
    expect((await examined())('nobody-notified')).toMatchObject([
      {
        level: 'fail',
        found: '1 message has reached nobody.',
        fix: expect.stringContaining('notifications list') as string,
      },
    ])
  })
})

describe('approvers', () => {
  const rule = {
    rowKey: 'lake-ask',
    effect: 'ask',
    target: '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001',
  }

  it('by object id are well; whether they exist is not checked, and why is said', async () => {
    await define({ ...rule, approvers: anna })
    const of = await examined()
    expect(levels(of('approvers'))).toEqual(['pass', 'skipped'])
    const [, notChecked] = of('approvers')
    expect(notChecked?.found).toContain('not checked')
    expect(notChecked?.fix).toContain('az rest --method post')
    expect(notChecked?.fix).toContain(anna)
  })

  it('by sign-in name fail, with the rule and the command that prints the object id', async () => {
    await define({ ...rule, approvers: `${anna}, jo@contoso.example` })
    const [failed] = (await examined())('approvers')
    expect(failed).toMatchObject({ level: 'fail', subject: 'lake-ask' })
    expect(failed?.found).toContain('jo@contoso.example')
    expect(failed?.fix).toBe("az ad user show --id 'jo@contoso.example' --query id")
  })

  it('that no rule names are well', async () => {
    expect(levels((await examined())('approvers'))).toEqual(['pass'])
  })
})

describe('sign-in', () => {
  it('that is complete says how the app proves itself, and whom it asks', async () => {
    const of = await examined()
    expect(of('sign-in')).toMatchObject([{ level: 'pass' }])
    expect(of('sign-in')[0]?.found).toContain('managed identity')
    expect(of('sign-in-tenant')).toMatchObject([{ level: 'pass' }])
    expect(of('sign-in-address')).toMatchObject([{ level: 'warn' }])
    expect(of('sign-in-address')[0]?.found).toContain('/sign-in/callback')
  })

  it('at an https address passes, and says which redirect URI the registration must have', async () => {
    const of = await examined({ PUBLIC_ORIGIN: 'https://approver.contoso.example' })
    expect(of('sign-in-address')).toMatchObject([{ level: 'pass' }])
    expect(of('sign-in-address')[0]?.found).toContain('https://approver.contoso.example/sign-in/callback')
  })

  it('by a secret is a warning that does not show it', async () => {
    const of = await examined({ SIGN_IN_CLIENT_SECRET: 'secret-part' })
    expect(of('sign-in')).toMatchObject([{ level: 'warn' }])
    expect(of('sign-in')[0]?.fix).toContain('federated credential')
  })

  it('by a secret that is an unresolved reference to Key Vault fails', async () => {
    const reference = '@Microsoft.KeyVault(VaultName=v;SecretName=secret-part)'
    const of = await examined({ SIGN_IN_CLIENT_SECRET: reference })
    expect(of('sign-in')).toMatchObject([{ level: 'fail' }])
    expect(of('sign-in')[0]?.found).toContain('a reference to Key Vault that was not resolved')
  })

  it('that is half set up fails, that is not set up is a warning', async () => {
    const half = await examined({ SIGN_IN_CLIENT_ID: '' })
    expect(half('sign-in')).toMatchObject([
      { level: 'fail', found: expect.stringContaining('SIGN_IN_CLIENT_ID') as string },
    ])
    expect(half('sign-in-tenant')).toMatchObject([{ level: 'skipped' }])
    const none = await examined({ SIGN_IN_TENANT_ID: '', SIGN_IN_CLIENT_ID: '', PUBLIC_ORIGIN: '' })
    expect(none('sign-in')).toMatchObject([{ level: 'warn' }])
    expect(levels(none('sign-in-tenant'))).toEqual(['skipped'])
  })

  it('whose tenant does not respond, or is another one, fails with what was seen', async () => {
    const away = await examined({ SIGN_IN_AUTHORITY: 'http://127.0.0.1:9' })
    expect(away('sign-in-tenant')).toMatchObject([{ level: 'fail' }])
    expect(away('sign-in-tenant')[0]?.found).toContain('http://127.0.0.1:9')
    const other = await examined({ SIGN_IN_TENANT_ID: anna })
    expect(other('sign-in-tenant')).toMatchObject([{ level: 'fail' }])
  })
})

describe('the keys of links', () => {
  it('are there after the first start of the app, and are never shown', async () => {
    expect((await examined())('link-keys')).toMatchObject([{ level: 'warn' }])
    await new StoredKeys(
      new GuardedTable(place.table('links')),
      (bytes) => (bytes < 10 ? 'key-1' : 'secret-part'),
      () => new Date('2026-11-21T12:00:00Z'),
    ).load()
    const [found] = (await examined())('link-keys')
    expect(found).toMatchObject({ level: 'pass' })
    expect(found?.found).toContain('key-1 of 2026-11-21')
  })

  it('that cannot be read fail', async () => {
    await place.table('links').createEntity({
      ...{ partitionKey: 'link-keys', rowKey: 'link-keys', currentId: 'x' },
    })
    expect((await examined())('link-keys')).toMatchObject([
      { level: 'fail', found: expect.stringContaining('cannot be read') as string },
    ])
  })
})
