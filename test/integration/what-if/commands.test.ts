import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tableNames } from '../../../shared/config/table-names.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import type { Facts } from '../../../shared/domain/verdict.ts'
import { Ledger } from '../../../shared/ledger/ledger.ts'
import type { SubjectKey } from '../../../shared/ports/ledger.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { run } from '../../support/command-line.ts'
import { sampleRequest } from '../../support/sample-request.ts'
import {
  confirmed,
  facts,
  factoryId,
  verdictOf,
  platform,
  provenFactory,
  rule,
  storageId,
} from '../../unit/policy/given.ts'
import { entryOf } from '../../unit/what-if/given.ts'

let azurite: Azurite
let folder: string
let storage: readonly string[]
let ledger: Ledger
const unasked = facts({ ...platform('managed'), refusals: [] })
const allow = rule({ groupIds: ['blob'] })

const allowed = `rules:
  - id: the-rule
    effect: allow
    target: ${storageId}
    groupIds: [blob, file]
    requester: ${factoryId}
  - id: elsewhere
    effect: deny
    target: /subscriptions/99999999-9999-9999-9999-999999999999
`

beforeAll(async () => {
  azurite = await startAzurite()
  storage = ['--storage', azurite.connectionString]
  folder = mkdtempSync(join(tmpdir(), 'what-if-'))
  const table = async (name: string): Promise<GuardedTable> => {
    const guarded = new GuardedTable(
      TableClient.fromConnectionString(azurite.connectionString, name, { allowInsecureConnection: true }),
    )
    await guarded.create()
    return guarded
  }
  ledger = new Ledger(await table(tableNames.requests), await table(tableNames.requestIndex), (problem) => {
    throw problem
  })
  await table(tableNames.allowList)
  await decided('blob', provenFactory, [allow])
  await decided('file', facts(confirmed(factoryId, 'data-factory', ['file'])), [allow])
  await decided('unasked', unasked, [])
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await azurite.stop()
})

const decisionIds: Record<string, string> = {}

/** Writes what the app would have decided today, by these rules. */
async function decided(name: string, about: Facts, then: readonly Rule[]): Promise<void> {
  const connectionId = parseResourceId(`${storageId}/privateEndpointConnections/${name}`)
  if (!connectionId) throw new Error('no id')
  const at = new Date().toISOString()
  const key: SubjectKey = { kind: 'connection', id: connectionId }
  const decisionId = ledger.nextEntryId(key, undefined, 1)
  const recorded = entryOf(about, verdictOf(then, about))
  const subject = { ...recorded.subject, connectionId: connectionId.id }
  const entry: LogEntry = { ...recorded, subject, at, firstSeenAt: at, decisionId }
  const { state, reason, groupIds } = entry
  const request = sampleRequest(state, { subject, groupIds, reason, decisionId, firstSeenAt: at })
  await ledger.write(key, undefined, { request, entry, notification: undefined })
  decisionIds[name] = decisionId
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('simulate', () => {
  it('says which requests of the log would end otherwise, those that let somebody in first', async () => {
    const { code, out, err } = await run(['simulate', file('new.yaml', allowed), ...storage])
    expect([code, err]).toEqual([0, ''])
    const newly = out.indexOf('Newly approved (1)')
    const maybe = out.indexOf('Maybe newly approved')
    expect([newly, maybe > newly, out.indexOf('No longer')]).toEqual([0, true, -1])
    expect(out.replaceAll(/\s+/g, ' ')).toContain('→ approve')
    expect(out).toContain('3 requests in 30 days; 1 would end as they did.')
    expect(out).toContain('1 rule would have decided nothing: elsewhere')
  })

  it('tells programs everything', async () => {
    const { out } = await run(['simulate', file('new.yaml', allowed), '--days', '2', '--json', ...storage])
    expect(JSON.parse(out)).toMatchObject({
      days: 2,
      requests: 3,
      counts: { 'newly-approved': 1, 'maybe-approved': 1, same: 1 },
      changes: [
        { kind: 'newly-approved', decisionId: decisionIds['file'], was: 'escalate', would: 'approve' },
        { kind: 'maybe-approved', missing: ['what Data Factory adf-prod would say'] },
      ],
      idleRules: ['elsewhere'],
    })
  })

  it.each([
    ['newly-approved', allowed, 1],
    ['no-longer-approved', allowed, 0],
    ['no-longer-approved', 'rules: []', 1],
    ['newly-approved', 'rules: []', 0],
    ['any', 'rules: []', 1],
  ])('with --fail-on %s ends by what was found: %#', async (kinds, text, code) => {
    const path = file('failing.yaml', text)
    expect((await run(['simulate', path, '--fail-on', kinds, ...storage])).code).toBe(code)
  })

  it('with --fail-on newly-approved also ends with 1 at what only may be', async () => {
    const path = file('maybe.yaml', allowed.replace(', file', ''))
    const { code, out } = await run(['simulate', path, '--fail-on', 'newly-approved', ...storage])
    expect([code, out.includes('Newly approved')]).toEqual([1, false])
  })

  it('compares with the table, if told to', async () => {
    const path = file('new.yaml', allowed)
    const { out } = await run(['simulate', path, '--against', 'table', '--json', ...storage])
    expect(JSON.parse(out)).toMatchObject({ counts: { 'newly-approved': 2 } })
  })

  it.each([
    [
      ['--days', '401'],
      "Option '--days <number>' argument '401' is invalid. Expected: a whole number from 1 to 400.",
    ],
    [['--fail-on', 'approved'], '--fail-on names "approved"; expected: any, or some of newly-approved, '],
  ])('refuses %j', async (args, sentence) => {
    const { code, err } = await run(['simulate', file('new.yaml', allowed), ...args, ...storage])
    expect(code).toBe(2)
    expect(err).toContain(sentence)
  })
})

describe('allow-list explain', () => {
  const madeUp = ['allow-list', 'explain', '--target', storageId, '--requester', factoryId]

  it('explains a made-up request by a file, without Azure', async () => {
    const path = file('new.yaml', allowed)
    const { code, out, err } = await run([...madeUp, '--group', 'blob', '--rules', path])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^approve \(allowed-by-rule\)\nRule the-rule \(version 1\) allows this request\./)
    expect(out).toContain('\n1 rule was not evaluated: it applies to other targets.\n')
  })

  it('explains it by the table', async () => {
    const { out } = await run([...madeUp, '--json', ...storage])
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'escalate',
      reason: { code: 'no-rule-matched' },
      explanation: [],
    })
  })

  it('explains what was decided, by other rules', async () => {
    const path = file('new.yaml', allowed)
    const decision = ['--decision', decisionIds['file'] ?? '', '--rules', path]
    const { code, out } = await run(['allow-list', 'explain', ...decision, ...storage])
    expect(code).toBe(0)
    expect(out).toMatch(/^Decided on .* UTC: escalate \(no-rule-matched\)\. By these rules:\n\napprove/)
  })

  it('says what the log does not hold', async () => {
    const decision = ['--decision', decisionIds['unasked'] ?? '', '--rules', file('new.yaml', allowed)]
    const { err } = await run(['allow-list', 'explain', ...decision, ...storage])
    expect(err.replaceAll(/\s+/g, ' ')).toContain(
      'The log does not hold what Data Factory adf-prod would say: with that, rule the-rule might match.',
    )
  })

  it('reads every option of a made-up request', async () => {
    const options = ['--group', 'blob', '--group', 'dfs', '--proof', 'confirmed', '--managed-tenant', 'true']
    const tags = ['--tag', 'environment=prod', '--tag', 'note=a=b']
    const around = ['--management-group', 'corp', '--requester-management-group', 'corp', '--approved', '1']
    const path = file(
      'full.yaml',
      `rules:
  - id: full
    effect: allow
    target: /providers/Microsoft.Management/managementGroups/corp
    targetTags: { environment: prod, note: a=b }
    groupIds: [blob, dfs]
    requester: ${factoryId}
    endpointName: adf-prod.*
    maxConnections: 2
    validFrom: 2027-01-01
`,
    )
    const args = [...madeUp, ...options, ...tags, ...around, '--at', '2027-02-01', '--rules', path]
    expect((await run(args)).out).toMatch(/^approve /)
    expect((await run(args.map((arg) => (arg === '1' ? '2' : arg)))).out).toMatch(/^escalate /)
  })

  it.each([
    [['--target', 'x'], '--target is "x"; expected: the full id of a resource.'],
    [['--requester', factoryId], '--target is missing'],
    [['--target', storageId, '--tag', 'x'], '--tag is "x"; expected: names and values'],
    [['--target', storageId, '--approved', 'many'], '--approved is "many"; expected: a whole number'],
    [['--target', storageId, '--at', 'soon'], '--at is "soon"; expected'],
    [
      ['--target', storageId, '--managed-tenant', 'toString'],
      '--managed-tenant is "toString"; expected: true or false',
    ],
    [['--decision', 'x'], '--decision is "x"; expected: an id such as'],
    [[], 'Say which request'],
    [['--target', storageId, '--decision', 'x'], 'Say which request'],
  ])('refuses %j', async (args, sentence) => {
    const { code, err } = await run(['allow-list', 'explain', ...args, ...storage])
    expect(code).toBe(2)
    expect(err).toContain(sentence)
  })

  it('says that the log has no such decision', async () => {
    const decision = ['--decision', '0123456789abcdef0123.1.1']
    const { code, err } = await run(['allow-list', 'explain', ...decision, ...storage])
    expect([code, err]).toEqual([
      1,
      'The log has no decision 0123456789abcdef0123.1.1: is it the right storage account, and the id as the log shows it?\n',
    ])
  })

  it('explains a case of a file', async () => {
    const cases = file(
      'cases.yaml',
      `cases:\n  - name: blob\n    expect: approve\n    request: { target: ${storageId} }\n`,
    )
    const call = ['allow-list', 'explain', '--cases', cases, '--rules', file('new.yaml', allowed)]
    expect((await run([...call, '--case', 'blob'])).out).toMatch(/^escalate \(unproven-requester\)/)
    expect((await run([...call, '--case', 'dfs'])).err).toBe('--case is "dfs"; there are: "blob".\n')
  })
})
