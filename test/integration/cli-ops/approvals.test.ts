import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCommand, quotedForShell } from '../../../cli/approvals/approvals-view.ts'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import { Ledger } from '../../../shared/ledger/ledger.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import type { ApprovalFinding } from '../../../shared/what-if/approvals.ts'
import { startAzurite } from '../../support/azurite.ts'
import { sampleEntry, sampleRequest } from '../../support/sample-request.ts'
import { type Place, startPlace, storageAccount } from './place.ts'

const run = promisify(execFile)
let place: Place
let lake: string
let factory: string
let byApp: string
let byHand: string

beforeAll(async () => {
  place = await startPlace()
  lake = await storageAccount(place, 'stapproved')
  factory = await place.create('Microsoft.DataFactory/factories', 'adf-app')
  await place.ask(factory, 'mpe', lake, 'blob')
  ;[byApp = ''] = await place.approveAll(lake)
  await place.ask(factory, 'by-hand', lake, 'dfs')
  ;[byHand = ''] = await place.approveAll(lake)
  const requests = new GuardedTable(place.table('requests'))
  const index = new GuardedTable(place.table('requestIndex'))
  await Promise.all([requests.create(), index.create(), place.table('allowList').createTable()])
  await recordApproval(
    new Ledger(requests, index, (problem) => {
      throw problem
    }),
  )
})
afterAll(() => place.stop())

/** As the app would have written it, had it approved the first of the two. */
async function recordApproval(ledger: Ledger): Promise<void> {
  const id = parseResourceId(byApp)
  const { body } = await place.clients.arm('GET', byApp, '2023-01-01')
  const endpointId = (body as { properties: { privateEndpoint: { id: string } } }).properties.privateEndpoint
    .id
  const requester = parseResourceId(factory)
  if (!id || !requester) throw new Error('The connection or the factory has no id.')
  const at = '2026-11-01T08:00:00.000Z'
  const request = sampleRequest('applied', {
    subject: { kind: 'connection', connectionId: byApp, targetId: lake, endpointId },
    decisionId: 'd.1.1',
    firstSeenAt: at,
    reason: { code: 'allowed-by-rule', sentence: 'Rule app allows this request.' },
  })
  const entry = sampleEntry(request, {
    kind: 'result',
    basis: 'follow-up',
    at,
    outcome: 'approve',
    proof: {
      level: 'confirmed',
      requester: { kind: 'data-factory', id: requester },
      endpointTenantId: undefined,
      isManagedTenant: true,
      groupIds: ['blob'],
      refusals: [],
    },
    requesterSaid: '',
    decidedBy: {
      ruleId: 'app',
      ruleVersion: 1,
      effect: 'allow',
      mode: 'enforce',
      match: 'yes',
      conditions: [],
    },
  })
  await ledger.write({ kind: 'connection', id }, undefined, { request, entry, notification: undefined })
}

async function listed(...args: string[]): Promise<{ code: number; approvals: ApprovalFinding[] }> {
  const { code, out, err } = await place.cli(['approvals', '--json', ...args])
  expect(err).toBe('')
  return { code, ...(JSON.parse(out) as { approvals: ApprovalFinding[] }) }
}

describe('approvals', () => {
  it('tells what no rule supports from what somebody approved by hand', async () => {
    const { code, approvals } = await listed()
    expect(code).toBe(0)
    expect(approvals).toMatchObject([
      { standing: 'unsupported', connectionId: byApp, why: 'Rule app, which approved it, is removed.' },
      { standing: 'outside', connectionId: byHand },
    ])
    expect(approvals[0]).toHaveProperty(
      'endCommand',
      `az network private-endpoint-connection reject --id '${byApp}' --description 'No rule of the allow-list supports it.'`,
    )
    expect(approvals[1]).not.toHaveProperty('endCommand')
  })

  it('ends with 1 only where that is wanted, and can leave the others out', async () => {
    const { code, approvals } = await listed('--unsupported', '--fail-on-unsupported')
    expect(code).toBe(1)
    expect(approvals.map(({ connectionId }) => connectionId)).toEqual([byApp])
  })

  it('ends nothing', async () => {
    await place.cli(['approvals'])
    const { body } = await place.clients.arm('GET', byApp, '2023-01-01')
    expect(body).toMatchObject({
      properties: { privateLinkServiceConnectionState: { status: 'Approved' } },
    })
  })

  it('shows the command to copy for people, and a supported one without', async () => {
    const before = await place.cli(['approvals'])
    expect(before.out).toContain('No rule of today supports: 1 approval')
    expect(before.out).toContain(`reject --id '${byApp}'`)
    await place.table('allowList').createEntity({
      partitionKey: 'rule',
      rowKey: 'app',
      effect: 'allow',
      target: lake,
      requester: factory,
    })
    const { out } = await place.cli(['approvals'])
    expect(out).toContain('Supported by a rule of today: 1 approval\n  stapproved (blob) from adf-app.mpe')
    expect(out).not.toContain('reject')
  })

  it('says nothing of approvals while the allow-list cannot be used', async () => {
    await place.table('allowList').createEntity({ partitionKey: 'rule', rowKey: 'broken', effect: 'maybe' })
    const { code, out, err } = await place.cli(['approvals'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('The allow-list cannot be used as it is. 1 of 2 rows cannot be used. Row "broken"')
    await place.table('allowList').deleteEntity('rule', 'broken')
  })
})

describe('without tables', () => {
  it('approvals counts list and ledger as empty, and says both', async () => {
    const elsewhere = await startAzurite()
    const { code, out, err } = await place
      .cli(['approvals', '--json'], { AzureWebJobsStorage: elsewhere.connectionString })
      .finally(() => elsewhere.stop())
    expect(code).toBe(0)
    const { approvals } = JSON.parse(out) as { approvals: ApprovalFinding[] }
    expect(approvals.map(({ standing }) => standing)).toEqual(['outside', 'outside'])
    expect(out).not.toContain('null')
    expect(err).toMatch(/^There is no table \w+ in \S+ yet: .* It counts as an empty list\.$/m)
    expect(err).toContain('There is no ledger yet')
  })

  it('explain evaluates by an empty list, and says so', async () => {
    const elsewhere = await startAzurite()
    const { code, out, err } = await place
      .cli(['allow-list', 'explain', '--target', lake, '--requester', factory], {
        AzureWebJobsStorage: elsewhere.connectionString,
      })
      .finally(() => elsewhere.stop())
    expect(code).toBe(0)
    expect(out).not.toContain('cannot be read')
    expect(err).toContain('It counts as an empty list.')
  })
})

describe('a command to copy', () => {
  it.each(["a'b", '$(touch x)', '`id`', '"; rm -rf /', "';id;'", 'a\\'])(
    'holds %j as one word',
    async (text) => {
      const { stdout } = await run('sh', ['-c', `printf %s ${quotedForShell(text)}`])
      expect(stdout).toBe(text)
    },
  )

  it('holds no line feed', () => {
    const command = endCommand({ connectionId: 'a\nrm -rf /' } as ApprovalFinding)
    expect(command).not.toContain('\n')
  })
})
