import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tableNames } from '../../../shared/config/table-names.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { around, type Ended, run } from '../../support/command-line.ts'

const rules = `rules:
  - id: ledgers-ask
    effect: ask
    target: /subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001
    owner: finance-it@contoso.example
`
const file = `${rules}
channels:
  - name: ops
    kind: email
    to: [approvers@contoso.example]

  - name: platform
    kind: teams
    urlSetting: TEAMS_URL

routes:
  - name: urgent
    risk: high
    channels: [platform, ops]

  - name: rest
    default: true
    channels: [ops]
    fallback: [platform]
`

let azurite: Azurite
let table: TableClient
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
beforeEach(async () => {
  table = TableClient.fromConnectionString(azurite.connectionString, tableNames.allowList, {
    allowInsecureConnection: true,
  })
  await table.deleteTable()
})

function allowList(command: string, input = ''): Promise<Ended> {
  const streams = around({ env: { AzureWebJobsStorage: azurite.connectionString } })
  streams.stdin.end(input)
  return run(['allow-list', ...command.split(' ')], streams)
}

async function apply(text: string, options = ''): Promise<Ended> {
  return allowList(`apply - --yes --as jo${options}`, text)
}

describe('allow-list with channels and routes', () => {
  it('check counts them, and shows what the linter says of them with their line', async () => {
    expect(await allowList('check -', file)).toMatchObject({
      code: 0,
      out: 'standard input: 1 rule, 2 channels, 2 routes, nothing found.\n',
    })
    const unused = file
      .replace('    channels: [platform, ops]\n', '    channels: [ops]\n')
      .replace('    fallback: [platform]\n', '')
    expect((await allowList('check - --strict', unused)).out).toBe(
      'warning  standard input:12  channel:platform: no route names this channel, so it is never notified. Name it in a route, or remove it. (channel-unused)\n' +
        'standard input: 1 rule, 2 channels, 2 routes, 1 warning.\n',
    )
    expect(JSON.parse((await allowList('check - --json', unused)).out)).toMatchObject({
      ...{ rules: 1, channels: 2, routes: 2 },
      findings: [{ line: 12, ruleId: 'channel:platform', code: 'channel-unused' }],
    })
  })

  it('check refuses a sign-in name with the command that prints the object id', async () => {
    const { code, err } = await allowList(
      'check -',
      rules.replace('    owner', '    approvers: [anna@contoso.example]\n    owner'),
    )
    expect(code).toBe(2)
    expect(err).toContain('az ad user show --id NAME --query id')
  })

  it('plan shows them field by field, and apply writes what plan shows', async () => {
    const { out } = await allowList('plan -', file)
    expect(out).toContain(`+ channel:ops  email
    to                 approvers@contoso.example
+ channel:platform  teams
    urlSetting         TEAMS_URL`)
    expect(out).toContain(`+ route:rest
    default            true
    position           2
    channels           ops
    fallback           platform`)
    const counts =
      '1 added, 0 changed, 0 removed, 0 unchanged; channels: 2 added, 0 changed, 0 removed, 0 unchanged; routes: 2 added, 0 changed, 0 removed, 0 unchanged'
    expect(out).toContain(`${counts} in 127.0.0.1`)
    expect((await apply(file)).out).toContain(`: ${counts}.\nThe list is now version 1.`)
    expect((await allowList('plan -', file)).out).toContain(
      'Nothing to change: the 1 rule, 2 channels and 2 routes in ',
    )
  })

  it('plan has them in JSON beside the rules', async () => {
    await apply(file)
    const changed = file.replace('TEAMS_URL', 'OTHER_URL')
    expect(JSON.parse((await allowList('plan - --json', changed)).out)).toMatchObject({
      ...{ changes: true, added: [], changed: [], unchanged: 1 },
      channels: {
        changed: [{ name: 'platform', fields: { urlSetting: { before: 'TEAMS_URL', after: 'OTHER_URL' } } }],
        unchanged: 1,
      },
      routes: { added: [], unchanged: 2 },
    })
  })

  it('export gives the file back, in YAML and in JSON', async () => {
    await apply(file)
    const { out } = await allowList('export')
    expect(out.trim()).toBe(file.trim())
    const json = (await allowList('export --json')).out
    expect((await allowList('plan - --fail-on-change', json)).code).toBe(0)
  })

  it('history shows those of one channel or route by name', async () => {
    await apply(file)
    await apply(file.replace('TEAMS_URL', 'OTHER_URL'))
    const { out } = await allowList('history channel:platform')
    expect(out).toContain('~ channel:platform changed (version 2)\n')
    expect(out).toContain('    urlSetting         TEAMS_URL → OTHER_URL\n')
    expect(out.match(/^[~+-] /gm)).toHaveLength(2)
    expect((await allowList('history route:rest')).out).toContain('+ route:rest added (version 1)')
    expect((await allowList('history --verify')).out).toContain('The chain of all 6 changes holds.')
  })

  it('a file without channels and routes is refused where there are some, unless that is allowed', async () => {
    await apply(file)
    expect(await apply(rules)).toMatchObject({
      code: 1,
      err: 'standard input has no channels and routes: all 4 channels and routes would be removed. If that is meant, say --allow-removals 4. Nothing was written.\n',
    })
    expect((await apply(rules, ' --allow-removals 4')).code).toBe(0)
    expect((await allowList('export')).out.trim()).toBe(rules.trim())
  })

  it('neither the default route nor a channel that is in use can be removed', async () => {
    await apply(file)
    const { code, err } = await apply(file.replace('    default: true\n', '    risk: normal\n'))
    expect([code, err]).toEqual([2, expect.stringContaining('Channel "ops": there is no default route; ')])
    const without = await apply(file.replace(/ {2}- name: platform\n.*\n.*\n/, ''))
    expect(without.err).toContain(
      'Route "urgent": channels has "platform", which is not a channel; the channels are ops.',
    )
  })

  it('a row that cannot be used is named by check and fixed by apply', async () => {
    await apply(file)
    await table.upsertEntity({ partitionKey: 'rule', rowKey: '~route:rest', channels: 'Ops' }, 'Replace')
    const checked = await allowList('check')
    expect(checked.code).toBe(1)
    expect(checked.out).toContain(
      'error  Row "~route:rest": channels is "Ops"; it must be names of channels separated by commas',
    )
    expect(checked.out).toContain('error  Channel "ops": there is no default route; ')
    const { out } = await apply(file)
    expect(out).toContain('~ fixed  Row "~route:rest": channels is "Ops"')
    expect(out).toContain(', 1 fixed in ')
    expect((await allowList('check')).code).toBe(0)
  })
})
