import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lintList } from '../../../cli/allow-list/lint-list.ts'
import { contentOf } from '../../../cli/allow-list/read-rules.ts'
import { templates } from '../../../cli/allow-list/templates.ts'
import { readCasesFile } from '../../../cli/what-if/cases-file.ts'
import { asRules } from '../../../cli/what-if/rules.ts'
import { readRuleFile } from '../../../shared/allow-list/file/read.ts'
import { contentFieldNames } from '../../../shared/allow-list/rule/fields.ts'
import { fileFields } from '../../../shared/allow-list/rule/form.ts'
import { forms } from '../../../shared/allow-list/routing/forms.ts'
import { columnsOf } from '../../../shared/allow-list/table/columns.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { parseResourceId, type ResourceId } from '../../../shared/domain/resource-id.ts'
import type { RuleContent } from '../../../shared/domain/rule.ts'
import type { Context } from '../../../shared/domain/verdict.ts'
import { lintRules } from '../../../shared/lint/index.ts'
import { evaluate, prepareRules } from '../../../shared/policy/index.ts'
import { evaluateCases } from '../../../shared/what-if/cases.ts'
import { around, run } from '../../support/command-line.ts'
import { ruleFromRow } from './given.ts'

const page = readFileSync(new URL('../../../docs/allow-list.md', import.meta.url), 'utf8')
const ruleFiles = blocks('yaml').filter((text) => /^(#.*\n)?rules:\n/.test(text))
const casesFiles = blocks('yaml').filter((text) => !ruleFiles.includes(text))
const rules = asRules(ruleFiles.flatMap(readExample))

function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text)
}

function readExample(text: string): readonly RuleContent[] {
  const read = readRuleFile(Buffer.from(text), 'an example')
  if (read.problems) throw new Error(JSON.stringify(read.problems))
  return read.rules.map(({ content }) => content)
}

/** A target in no management group and with no tags or connections. */
const plainContext: Context = {
  targetTags: [],
  targetGroups: { names: [], isWhole: true },
  endpointGroups: { names: [], isWhole: true },
  requesterGroups: { names: [], isWhole: true },
  approved: [],
}

const dataPlatform = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups'
const analytics = '/subscriptions/0a5e6f10-2222-4a6b-8c2d-a4a191c50002/resourceGroups'
const team = `${analytics}/rg-analytics/providers`
const managedGroup = '/subscriptions/10e72cf9-4444-4b2c-8d3e-1f2a3b4c5d01/resourceGroups/vnet-1/providers'

function id(text: string): ResourceId {
  const parsed = parseResourceId(text)
  if (parsed === undefined) throw new Error(`not a resource id: ${text}`)
  return parsed
}

function confirmed(
  kind: 'data-factory' | 'synapse-workspace' | 'purview-account',
  requester: string,
  groupId: string,
): Proof {
  return {
    level: 'confirmed',
    requester: { kind, id: id(requester) },
    endpointTenantId: '33c0ffee-5d2e-4b1a-8f44-6e0a9d3b7c21',
    isManagedTenant: true,
    groupIds: [groupId],
    refusals: [],
  }
}

function platform(endpointTenantId: string): Proof {
  return {
    level: 'platform',
    requester: undefined,
    endpointTenantId,
    isManagedTenant: false,
    groupIds: undefined,
    refusals: [],
  }
}

const ownTenant = platform('7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10')
const factory = `${team}/Microsoft.DataFactory/factories/adf-sales`
const workspace = `${team}/Microsoft.Synapse/workspaces/syn-graph`
const account = `${team}/Microsoft.Purview/accounts/pview-scan`

/** Target, endpoint, proof, and what all the examples together decide. */
const requests: readonly [string, string, string, Proof, string][] = [
  [
    'sales-to-lake',
    `${dataPlatform}/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake`,
    `${managedGroup}/Microsoft.Network/privateEndpoints/adf-sales.mpe`,
    confirmed('data-factory', factory, 'dfs'),
    'approve',
  ],
  [
    'nothing',
    `${dataPlatform}/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake`,
    `${managedGroup}/Microsoft.Network/privateEndpoints/adf-sales.mpe`,
    confirmed('data-factory', factory, 'file'),
    'escalate',
  ],
  [
    'sales-to-sql',
    `${dataPlatform}/rg-lake/providers/Microsoft.Sql/servers/sql-orders-2`,
    `${managedGroup}/Microsoft.Network/privateEndpoints/adf-sales.sql`,
    confirmed('data-factory', factory, 'sqlServer'),
    'approve',
  ],
  [
    'graph-connect',
    `${dataPlatform}/rg-lake/providers/Microsoft.Storage/storageAccounts/stgraph`,
    `${managedGroup}/Microsoft.Network/privateEndpoints/syn-graph.gdc-export`,
    confirmed('synapse-workspace', workspace, 'blob'),
    'approve',
  ],
  [
    'purview-managed-storage',
    `${analytics}/managed-rg-pview-scan/providers/Microsoft.Storage/storageAccounts/scan1`,
    `${managedGroup}/Microsoft.Network/privateEndpoints/pview-scan.queue`,
    confirmed('purview-account', account, 'queue'),
    'approve',
  ],
  [
    'apps-to-vaults',
    `${dataPlatform}/rg-lake/providers/Microsoft.KeyVault/vaults/kv`,
    `${analytics}/rg-app-web/providers/Microsoft.Network/privateEndpoints/pe`,
    ownTenant,
    'approve',
  ],
  [
    'partner-asks',
    `${dataPlatform}/rg-lake/providers/Microsoft.KeyVault/vaults/kv`,
    '/subscriptions/bad0cafe-3333-4d5e-9f6a-7b8c9d0e1f23/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe',
    platform('e15e0000-9b7a-4c3d-a1f2-5c6d7e8f9a32'),
    'escalate',
  ],
  [
    'payroll-stays-private',
    `${dataPlatform}/rg-payroll/providers/Microsoft.KeyVault/vaults/kv`,
    `${analytics}/rg-app-web/providers/Microsoft.Network/privateEndpoints/pe`,
    ownTenant,
    'reject',
  ],
]

describe('the page about the allow-list', () => {
  it('has an example of every field, and no id twice', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
    const shown = ruleFiles.join('')
    expect(contentFieldNames.filter((field) => !shown.includes(`${field}: `))).toEqual([])
  })

  it('has no example that the linter calls an error', () => {
    const errors = lintRules(rules, new Date('2026-11-21T12:00:00Z')).filter(
      ({ severity }) => severity === 'error',
    )
    expect(errors).toEqual([])
  })

  it('says the same in JSON as in YAML', () => {
    const [json = ''] = blocks('json')
    const [rule] = readExample(json)
    expect(asRules(rule ? [rule] : [])[0]).toEqual(rules.find(({ id }) => id === rule?.id))
  })

  it('has cases that hold', () => {
    const cases = casesFiles.flatMap((text) => readCasesFile(Buffer.from(text)).file?.cases ?? [])
    const { results } = evaluateCases(cases, rules, new Date('2026-11-21T12:00:00Z'))
    expect(results.map(({ case: { name }, failures }) => [name, failures])).toEqual(
      results.map(({ case: { name } }) => [name, []]),
    )
    expect(results).toHaveLength(3)
  })

  it('shows what the program says of its first rule', async () => {
    const [first = ''] = ruleFiles
    const [, call = ''] = /explain (--rules [^`]*)```/.exec(page) ?? []
    const args = call.replaceAll('\\\n', ' ').trim().split(/\s+/)
    const context = around()
    context.stdin.end(first)
    const { out } = await run(['allow-list', 'explain', ...args.with(1, '-'), '--at', '2026-11-21'], context)
    expect(blocks('text')).toContain(out)
  })

  it('lists every template', () => {
    const table = page.slice(page.indexOf('## Cookbook'))
    const listed = [...table.matchAll(/^\| \[`([a-z-]+)`\]/gm)].map(([, name]) => name)
    expect(listed).toEqual(templates().map(({ name }) => name))
  })

  it.each(requests)('lets %s decide a request to %s', (ruleId, target, endpoint, proof, outcome) => {
    const connection = {
      id: id(`${target}/privateEndpointConnections/c`),
      target: id(target),
      list: 'connections',
      writeSupport: 'with-description',
      etag: undefined,
      status: 'Pending',
      description: '',
      endpoint: id(endpoint),
      groupIds: undefined,
      provisioningState: undefined,
    } as const
    const prepared = prepareRules({ complete: true, rules, hash: '' })
    const verdict = evaluate(
      { connection, proof, context: plainContext },
      prepared,
      new Date('2026-11-21T12:00:00Z'),
    )
    expect([verdict.outcome, verdict.decidedBy?.ruleId ?? 'nothing']).toEqual([outcome, ruleId])
  })

  it('lists every field of a file', () => {
    const table = page.slice(page.indexOf('## Fields'), page.indexOf('### Where'))
    const listed = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    )
    expect(listed.toSorted()).toEqual(contentFieldNames.toSorted())
  })

  it.each([forms.channels, forms.routes])(
    'lists every field of a $one, and shows it in an example',
    (form) => {
      const [table = ''] = new RegExp(`\\| field of a ${form.one} \\|.*?\n\n`, 's').exec(page) ?? []
      const listed = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = '']) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
      )
      expect(listed).toEqual(fileFields(form))
      const example = ruleFiles.find((text) => text.includes(`\n${form.list}:\n`)) ?? ''
      expect(fileFields(form).filter((field) => !example.includes(`${field}: `))).toEqual([])
    },
  )

  it('has no example of channels and routes of which the linter says anything', () => {
    const contents = ruleFiles.map((text) => readRuleFile(Buffer.from(text), 'an example'))
    const findings = contents.flatMap((read) =>
      read.problems === undefined ? lintList(contentOf(read), new Date('2026-11-21T12:00:00Z')) : [],
    )
    expect(findings.filter(({ ruleId }) => ruleId.includes(':'))).toEqual([])
  })

  it('lists every column, and none that does not exist', () => {
    const table = page.slice(page.indexOf('### Columns'), page.indexOf('### Half-read tables'))
    const listed = [...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, column]) => column)
    expect(listed.sort()).toEqual([...columnsOf.rules.keys()].sort())
  })

  it('shows a command line whose row is a rule', () => {
    const [, command = ''] = /```bash\n(.*?)```/s.exec(page) ?? []
    const [, entity = ''] = /--entity \\\n(.*)/s.exec(command) ?? []
    const words = [...entity.replaceAll('\\\n', ' ').matchAll(/"([^"]+)"|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    )
    const row = Object.fromEntries(
      words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
    )
    expect(ruleFromRow(row)).toMatchObject({ rule: { id: 'sales-to-lake', groupIds: ['blob', 'dfs'] } })
  })
})
