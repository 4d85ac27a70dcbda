import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tableNames } from '../../shared/config/table-names.ts'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import { call, type CallOptions, type Ended } from '../support/built-command-line.ts'
import { around, run } from '../support/command-line.ts'

const subscription = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001'
const factory = `${subscription}/resourceGroups/rg-a/providers/Microsoft.DataFactory/factories/adf-sales`

const lake = `  - id: sales-to-lake
    effect: allow
    target: ${subscription}/resourceGroups/rg-lake
    groupIds: [blob, dfs]
    requester: ${factory}
    validUntil: 2099-01-01
    owner: data-platform@contoso.example
`
const payroll = `  - id: payroll
    effect: deny
    target: ${subscription}/resourceGroups/rg-payroll
    validUntil: 2099-01-01
    owner: hr-it@contoso.example
`
const both = `rules:\n${lake}${payroll}`
const fileOf = (count: number) =>
  `rules:\n${Array.from({ length: count }, (_, at) => payroll.replace('payroll', `deny-${at}`)).join('')}`

let azurite: Azurite
let folder: string
let table: TableClient

beforeAll(async () => {
  azurite = await startAzurite()
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(async () => {
  await azurite.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  table = TableClient.fromConnectionString(azurite.connectionString, tableNames.allowList, {
    allowInsecureConnection: true,
  })
  await table.deleteTable()
})

const storage = () => ({ AzureWebJobsStorage: azurite.connectionString })

function allowList(command: string, options: CallOptions = {}): Promise<Ended> {
  return call(['allow-list', ...command.split(' ')], { env: storage(), ...options })
}

async function file(text: string | Uint8Array, name = 'rules.yaml'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

async function standing(): Promise<string> {
  return (await allowList('export')).out
}

describe('a rule file', () => {
  it('is planned, applied, and applied again without a change', async () => {
    const rules = await file(both)
    const planned = await allowList(`plan ${rules}`)
    expect(planned).toMatchObject({ code: 0, err: '' })
    expect(planned.out).toContain('There is no table allowlist in ')
    expect(planned.out).toMatch(
      /\n\+ sales-to-lake {2}allow\n.*\n2 added, 0 changed, 0 removed, 0 unchanged in /s,
    )
    expect(await allowList(`plan ${rules} --fail-on-change`)).toMatchObject({ code: 1 })

    const applied = await allowList(`apply ${rules} --yes --as Jo`)
    expect(applied).toMatchObject({ code: 0, err: '' })
    expect(applied.out).toMatch(
      /\nWritten by Jo at \d{4}-\d\d-\d\d \d\d:\d\d UTC from .*rules\.yaml \(SHA-256 [0-9a-f]{12}…\): 2 added, 0 changed, 0 removed, 0 unchanged\.\nThe list is now version 1\. Open requests are evaluated again within a minute\.\n$/,
    )
    const again = await allowList(`apply ${rules}`)
    expect(again).toMatchObject({ code: 0, err: '' })
    expect(again.out).toMatch(/^Nothing to change: the 2 rules in \S+ are as \S+rules\.yaml says\.\n$/)
    expect(await allowList(`plan ${rules} --fail-on-change`)).toMatchObject({ code: 0 })
  })

  it('changes what it changes, and the history tells who did what', async () => {
    await allowList('apply - --yes --as Jo', { input: both })
    const changed = await allowList('apply - --yes --as Kim', {
      input: `rules:\n${lake.replace('blob, dfs', 'blob')}`,
    })
    expect(changed.out).toMatch(/^~ sales-to-lake\n {4}groupIds {11}blob, dfs → blob\n- payroll {2}deny\n/)
    const { out, code } = await allowList('history --verify')
    expect(code).toBe(0)
    expect(out).toMatch(
      /~ sales-to-lake changed \(version 2\)\n {4}\S+ \S+ UTC by Kim from standard input \(SHA-256 [0-9a-f]{12}…\), change \d\n {4}groupIds {11}blob, dfs → blob\n/,
    )
    expect(out).toContain('- payroll removed (version 1)\n')
    expect(out).toMatch(/\nThe chain of all 4 changes holds\.\n$/)
    const one = await allowList('history payroll --json')
    const { entries } = JSON.parse(one.out) as { entries: { action: string; who: string }[] }
    expect(entries.map(({ action, who }) => `${action} by ${who}`)).toEqual(['removed by Kim', 'added by Jo'])
    expect((await allowList('history nobody')).out).toBe('No change of "nobody" is on record.\n')
  })

  it('comes back out of the table as it went in', async () => {
    await allowList('apply - --yes', { input: both })
    const out = join(folder, 'exported.yaml')
    await rm(out, { force: true })
    expect(await allowList(`export --out ${out}`)).toEqual({
      code: 0,
      out: '',
      err: `2 rules written to ${out}.\n`,
    })
    expect((await allowList(`plan ${out} --fail-on-change`)).code).toBe(0)
    const refused = await allowList(`export --out ${out}`)
    expect(refused).toEqual({ code: 1, out: '', err: `${out} is there already; --force replaces it.\n` })
    expect((await allowList(`export --out ${out} --force`)).code).toBe(0)
    expect(await readFile(out, 'utf8')).toBe(await standing())
    const json = await allowList('export --json')
    expect((JSON.parse(json.out) as { rules: unknown[] }).rules).toHaveLength(2)
    expect((await allowList('plan - --fail-on-change', { input: json.out })).code).toBe(0)
  })
})

describe('nothing is written', () => {
  it('without a terminal and without --yes', async () => {
    const { code, err } = await allowList(`apply ${await file(both)} --as Jo`)
    expect(code).toBe(2)
    expect(err).toMatch(
      /^Write this to \S+ as Jo\? There is no terminal to ask at: confirm beforehand with --yes\.\n$/,
    )
    expect((await allowList('export')).code).toBe(1)
  })

  it.each<[string, string | Uint8Array, RegExp]>([
    ['an id twice', `rules:\n${lake}${lake}`, /:9:\d+ .*sales-to-lake/],
    ['an unknown field', `rules:\n${lake}    sope: all\n`, /:9:5 .*"sope" is not a field/],
    ['a wrong type', `rules:\n${lake}    maxConnections: many\n`, /:9:\d+ .*maxConnections/],
    ['no YAML', 'rules:\n  - id: [a\n', /:\d+:\d+ /],
    [
      'a YAML bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nrules: [*c,*c,*c,*c]\n`,
      /:\d+:\d+ /,
    ],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(both), Buffer.from([0xff, 0xfe])]),
      /:\d+:\d+ .*UTF-8/,
    ],
    [
      '50 MB',
      Buffer.alloc(50_000_000, '# long\n'),
      /^:1:1 {2}The file is longer than 20 MiB, which is the most that is read\.\n/,
    ],
    ['nothing', '', /:1:1 /],
  ])('of a file with %s', async (_, text, problem) => {
    await allowList('apply - --yes', { input: both })
    const before = await standing()
    const broken = await file(text, 'broken.yaml')
    const { code, out, err } = await allowList(`apply ${broken} --yes`)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err.replaceAll(broken, '')).toMatch(problem)
    expect(err.split('\n').length).toBeLessThan(25)
    expect(await standing()).toBe(before)
  })

  it('of a file that is not there', async () => {
    expect(await allowList('plan /nowhere/rules.yaml')).toEqual({
      code: 2,
      out: '',
      err: '/nowhere/rules.yaml cannot be read: there is no such file.\n',
    })
  })

  it('of a file that lost its rules, unless so many removals are allowed', async () => {
    await allowList('apply - --yes', { input: fileOf(20) })
    const empty = await allowList('apply - --yes', { input: 'rules: []\n' })
    expect(empty).toMatchObject({
      code: 1,
      err: 'standard input has no rules: all 20 rules would be removed. If that is meant, say --allow-removals 20. Nothing was written.\n',
    })
    const half = await allowList('apply - --yes', { input: fileOf(10) })
    expect(half).toMatchObject({
      code: 1,
      err: '10 of 20 rules would be removed. If that is meant, say --allow-removals 10. Nothing was written.\n',
    })
    const fewer = await allowList('apply - --yes --allow-removals 9', { input: fileOf(10) })
    expect(fewer).toMatchObject({
      code: 1,
      err: '10 rules would be removed, and --allow-removals says 9. If that is meant, say --allow-removals 10. Nothing was written.\n',
    })
    expect((await allowList('apply - --yes --allow-removals 10', { input: fileOf(10) })).code).toBe(0)
    expect((await allowList('apply - --yes --allow-removals 10', { input: 'rules: []\n' })).code).toBe(0)
    expect(await allowList('check')).toMatchObject({ code: 0 })
  })

  it('of a rule that can never do what it says, unless that is meant', async () => {
    const scope = `${subscription}/resourceGroups/rg-a/providers/Microsoft.Network/privateEndpoints/pe-a*`
    const input = `rules:\n${payroll}    requester: ${scope}\n    endpointName: pe-b*\n`
    const refused = await allowList('apply - --yes', { input })
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.out).toMatch(/error {2}standard input:\d+ {2}payroll: /)
    expect(refused.err).toMatch(
      /^1 rule can never do what it says .*--despite-errors\. Nothing was written\.\n$/,
    )
    const asJson = await allowList('apply - --yes --json', { input })
    expect(asJson).toMatchObject({ code: 1, out: '' })
    expect(asJson.err).toMatch(
      /error {2}standard input:\d+ {2}payroll: .*\n1 rule can never do .*see the errors above/s,
    )
    expect((await allowList('apply - --yes --despite-errors', { input })).code).toBe(0)
  })
})

describe('a person at a terminal', () => {
  it('sees the plan and the place, is asked, and may say no', async () => {
    const terminal = around({ isTerminal: true, env: storage() })
    terminal.stdin.write('n\n')
    const { code, out, err } = await run(['allow-list', 'apply', await file(both), '--as', 'Jo'], terminal)
    expect(code).toBe(1)
    expect(out).toContain('\u001b[32m+ sales-to-lake  allow\u001b[0m')
    expect(err).toMatch(
      /Write this to 127\.0\.0\.1:\d+\/devstoreaccount1 as Jo\? \[y\/N\] Nothing was written\.\n$/,
    )
    expect((await allowList('export')).code).toBe(1)
  })

  it('sees the plan with --json, too: on standard error, before the question', async () => {
    const terminal = around({ isTerminal: true, env: storage() })
    terminal.stdin.write('y\n')
    const args = ['allow-list', 'apply', await file(both), '--as', 'Jo', '--json']
    const { code, out, err } = await run(args, terminal)
    expect(code).toBe(0)
    expect(err).toMatch(/\+ sales-to-lake {2}allow.*2 added, .*Write this to .*\? \[y\/N\] /s)
    expect(JSON.parse(out)).toMatchObject({ changes: true, applied: { who: 'Jo' } })
  })

  it('types how many rules go when many go', async () => {
    await allowList('apply - --yes', { input: fileOf(20) })
    const terminal = around({ isTerminal: true, env: storage() })
    terminal.stdin.write('10\n')
    const { code, err } = await run(['allow-list', 'apply', await file(fileOf(10))], terminal)
    expect(err).toMatch(/\? Type 10 to go on: /)
    expect(code).toBe(0)
  })

  it('is told when somebody else changes a rule while they think', async () => {
    await allowList('apply - --yes', { input: both })
    const terminal = around({ isTerminal: true, env: storage() })
    const applied = run(
      ['allow-list', 'apply', await file(`rules:\n${lake.replace('blob, dfs', 'blob')}${payroll}`)],
      terminal,
    )
    await expect.poll(terminal.err, { timeout: 10_000 }).toMatch(/\[y\/N\]/)
    await table.updateEntity({ partitionKey: 'rule', rowKey: 'sales-to-lake', ticket: 'CHG-1' }, 'Merge')
    terminal.stdin.write('y\n')
    const { code } = await applied
    expect(code).toBe(1)
    expect(terminal.err()).toMatch(
      /Rule "sales-to-lake" was changed meanwhile by somebody else\. Nothing was written\./,
    )
    expect(await standing()).toMatch(/ticket: CHG-1/)
  })

  it('is shown what was changed by hand', async () => {
    await allowList('apply - --yes', { input: both })
    await table.updateEntity({ partitionKey: 'rule', rowKey: 'payroll', effect: 'ask' }, 'Merge')
    const { out } = await allowList(`plan ${await file(both)}`)
    expect(out).toMatch(
      /^changed by hand {2}payroll\n\n~ payroll\n {4}effect {13}ask → deny\n\n0 added, 1 changed/,
    )
  })

  it('is shown nothing of rows that were there before and stand as the file says', async () => {
    const { out: exported } = await allowList('export')
    await allowList('apply - --yes', { input: both })
    await table.updateEntity({ partitionKey: 'rule', rowKey: 'payroll', effect: 'ask' }, 'Merge')
    const { out } = await allowList('export')
    expect(out).not.toBe(exported)
    expect((await allowList(`plan ${await file(out)}`)).out).toMatch(/^Nothing to change/)
  })
})

describe('rows that are no rules', () => {
  beforeEach(async () => {
    await allowList('apply - --yes', { input: both })
    await table.createEntity({ partitionKey: 'rule', rowKey: 'odd', effect: 'perhaps' })
  })

  it('fail a check and an export, which name them', async () => {
    const checked = await allowList('check')
    expect(checked.code).toBe(1)
    expect(checked.out).toMatch(/^error {2}Row "odd": /)
    const exported = await allowList('export')
    expect(exported.code).toBe(1)
    expect(exported.err).toMatch(/^left out {2}Row "odd": .*\n1 row of the table left out: /)
    expect(exported.out).toContain('id: payroll')
  })

  it('go with the next apply, which shows them before', async () => {
    const applied = await allowList('apply - --yes', { input: both })
    expect(applied).toMatchObject({ code: 0 })
    expect(applied.out).toMatch(/- removed {2}Row "odd": /)
    expect(await allowList('check')).toMatchObject({ code: 0 })
  })
})

describe('other programs', () => {
  it.each(['check', 'plan -', 'apply - --yes', 'export', 'history --verify', 'schema'])(
    'get one JSON value from %s --json',
    async (command) => {
      await allowList('apply - --yes', { input: both })
      const { out, err, code } = await allowList(`${command} --json`, { input: both })
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(JSON.parse(out)).toEqual(expect.any(Object) as object)
    },
  )

  it('get what is wrong with a file as JSON, too', async () => {
    const { out, code } = await allowList('plan - --json', { input: 'rules:\n  - id: a\n' })
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      file: 'standard input',
      problems: expect.arrayContaining([expect.objectContaining({ line: 2, column: 5 })]) as unknown,
    })
  })

  it('may stop reading', async () => {
    await allowList('apply - --yes', { input: fileOf(20) })
    const { code, err } = await allowList('export', { onStart: ({ stdout }) => stdout?.destroy() })
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })
})

describe('a check', () => {
  it('fails by warnings with --strict only, and needs no Azure', async () => {
    const input = `rules:\n${lake.replace(/ {4}owner.*\n/, '')}`
    const options = { input, env: {} }
    const lax = await allowList('check -', options)
    expect(lax.code).toBe(0)
    expect(lax.out).toMatch(/warning {2}standard input:2 {2}sales-to-lake: .* \(no-owner\)\n/)
    expect(lax.out).toMatch(/\nstandard input: 1 rule, 1 warning.*\.\n$/)
    expect((await allowList('check - --strict', options)).code).toBe(1)
  })
})
