import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ruleFromRow } from '../../../shared/allow-list/index.ts'
import { wantedInField } from '../../../shared/allow-list/wanted.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { parseResourceId, type ResourceId } from '../../../shared/domain/resource-id.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { nothingKnown } from '../../../shared/domain/verdict.ts'
import { evaluate, prepareRules } from '../../../shared/policy/index.ts'

const page = readFileSync(new URL('../../../docs/allow-list.md', import.meta.url), 'utf8')
const rules = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => readExample(json))

const dataPlatform = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups'
const analytics = '/subscriptions/0a5e6f10-2222-4a6b-8c2d-a4a191c50002/resourceGroups'
const team = `${analytics}/rg-analytics/providers`
const managedGroup = '/subscriptions/10e72cf9-4444-4b2c-8d3e-1f2a3b4c5d01/resourceGroups/vnet-1/providers'

function readExample(json: string): Rule {
  const { rule, problem } = ruleFromRow(JSON.parse(json) as Record<string, unknown>)
  if (rule === undefined) throw new Error(problem)
  return rule
}

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
  it('has seven examples, each with an id of its own', () => {
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(7)
  })

  it.each(requests)('lets %s decide a request to %s', (ruleId, target, endpoint, proof, outcome) => {
    const connection = {
      id: id(`${target}/privateEndpointConnections/c`),
      target: id(target),
      list: 'connections',
      answering: 'with-description',
      etag: undefined,
      status: 'Pending',
      description: '',
      endpoint: id(endpoint),
      groupIds: undefined,
      provisioningState: undefined,
    } as const
    const prepared = prepareRules({ complete: true, rules, hash: '' })
    const verdict = evaluate(
      { connection, proof, surroundings: nothingKnown },
      prepared,
      new Date('2026-11-21T12:00:00Z'),
    )
    expect([verdict.outcome, verdict.decidedBy?.ruleId ?? 'nothing']).toEqual([outcome, ruleId])
  })

  it('lists every column, and none that does not exist', () => {
    const table = page.slice(page.indexOf('## Columns'), page.indexOf('### Forms'))
    const listed = [...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, column]) => column)
    expect(listed.sort()).toEqual(Object.keys(wantedInField).sort())
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
