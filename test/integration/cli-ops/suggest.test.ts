import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foreignSubscription } from '../../../local/azure/well-known.ts'
import { readRuleFile } from '../../../shared/allow-list/file/read.ts'
import { type Place, startPlace, storageAccount } from './place.ts'

let place: Place
let lake: string
let factory: string

interface Json {
  readonly proposals: { rule: Record<string, unknown>; isForeign: boolean; remarks: string[] }[]
  readonly notProposed: { connectionId: string; endpointId: string; kind: string; why: string }[]
  readonly gaps: string[]
}

beforeAll(async () => {
  place = await startPlace()
  lake = await storageAccount(place, 'stlakeops')
  factory = await place.create('Microsoft.DataFactory/factories', 'adf-ops')
  await place.ask(factory, 'mpe-blob', lake, 'blob')
  await place.ask(factory, 'mpe-dfs', lake, 'dfs')
  await place.approveAll(lake, 2)
})
afterAll(() => place.stop())

async function suggested(...args: string[]): Promise<Json> {
  const { out, err } = await place.cli(['allow-list', 'suggest', '--json', ...args])
  expect(err).not.toContain('Stopped')
  return JSON.parse(out) as Json
}

/** An unknown requester's ordinary endpoint that was approved by hand. */
async function approveUnknown(name: string, target: string): Promise<void> {
  const group = `/subscriptions/${foreignSubscription.subscriptionId}/resourceGroups/rg-visitors`
  const id = `${group}/providers/Microsoft.Network/privateEndpoints/${name}`
  const link = { name: 'link', properties: { privateLinkServiceId: target, groupIds: ['blob'] } }
  await place.clients.foreignArm('PUT', id, '2023-09-01', {
    location: 'westeurope',
    properties: {
      subnet: { id: `${group}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/default` },
      manualPrivateLinkServiceConnections: [link],
    },
  })
  await place.approveAll(target)
}

describe('suggest', () => {
  it('proposes one rule for a factory that says itself that the connections are its own', async () => {
    const { proposals, gaps } = await suggested()
    expect(gaps).toEqual([])
    expect(proposals.map(({ rule }) => rule)).toMatchObject([
      {
        id: 'adf-ops-to-stlakeops',
        effect: 'allow',
        target: lake,
        requester: factory,
        groupIds: ['blob', 'dfs'],
      },
    ])
  })

  it('writes a rule file that reads back, into a new file only', async () => {
    const file = join(place.folder, 'rules.yaml')
    const first = await place.cli(['allow-list', 'suggest', '--out', file, '--valid-until', '2099-01-31'])
    expect(first).toMatchObject({ code: 0, out: '' })
    const bytes = await readFile(file)
    const { rules, problems } = readRuleFile(bytes, 'rules.yaml')
    expect(problems).toBeUndefined()
    expect(rules?.map(({ content }) => content.validUntil)).toEqual(['2099-01-31T00:00:00.000Z'])
    expect(bytes.toString()).toContain('  # Data Factory adf-ops is connected to stlakeops by adf-ops.mpe-')
    const again = await place.cli(['allow-list', 'suggest', '--out', file])
    expect(again).toMatchObject({ code: 1 })
    expect(again.err).toContain('rules.yaml is there already')
    expect(await readFile(file)).toEqual(bytes)
  })

  it('leaves out what the table allows, once its own file is applied', async () => {
    const file = join(place.folder, 'applied.yaml')
    await place.cli(['allow-list', 'suggest', '--out', file])
    expect(await place.cli(['allow-list', 'apply', file, '--yes'])).toMatchObject({ code: 0 })
    const { proposals, notProposed } = await suggested()
    expect(proposals).toEqual([])
    expect(notProposed.map(({ kind, why }) => [kind, why])).toEqual([
      ['covered', 'Rule adf-ops-to-stlakeops allows it already.'],
      ['covered', 'Rule adf-ops-to-stlakeops allows it already.'],
    ])
    expect((await suggested('--all')).proposals).toMatchObject([
      { remarks: ['Rule adf-ops-to-stlakeops allows the same already.'] },
    ])
  })

  it('smuggles in no unknown requester: told as foreign, proposed only when wanted, and then marked', async () => {
    const landing = await storageAccount(place, 'stlandingops')
    await approveUnknown('pe-visitor', landing)
    const before = await suggested()
    expect(before.proposals).toEqual([])
    expect(before.notProposed.filter(({ kind }) => kind !== 'covered')).toMatchObject([{ kind: 'foreign' }])
    const { proposals } = await suggested('--include-foreign')
    expect(proposals).toMatchObject([
      {
        isForeign: true,
        rule: { proof: 'platform', target: landing },
        remarks: [/FOREIGN/, /no groups/].map((said) => expect.stringMatching(said) as string),
      },
    ])
    const { out } = await place.cli(['allow-list', 'suggest', '--include-foreign'])
    expect(out).toMatch(/^# 1 rule for FOREIGN tenants, marked below\.$/m)
    expect(out).toMatch(/^ {2}# FOREIGN: the endpoint belongs to tenant/m)
  })

  it('never proposes an unknown requester that is called like an endpoint of ours', async () => {
    const archive = await storageAccount(place, 'starchiveops')
    await approveUnknown('adf-ops.mpe-blob', archive)
    const { proposals, notProposed } = await suggested('--include-foreign')
    expect(proposals.map(({ rule }) => rule['target'])).not.toContain(archive)
    expect(notProposed.filter(({ kind }) => kind === 'look-alike')).toMatchObject([
      {
        endpointId: expect.stringMatching(/adf-ops\.mpe-blob$/) as string,
        why: expect.stringContaining('named as if it belonged to adf-ops') as string,
      },
    ])
  })

  it.each([
    [['--valid-until', '2020-01-01'], /--valid-until is "2020-01-01"; expected: a day or a time/],
    [['--valid-until', '2099-02-30'], /--valid-until is "2099-02-30"; expected: a day or a time/],
    [['--valid-until', '2099-02-30', '--json'], /--valid-until is "2099-02-30"; expected: a day or a time/],
    [['--requester', 'x'], /--requester is "x"; expected: a full id/],
  ])('says what is wrong with %j', async (args, said) => {
    const { code, err, out } = await place.cli(['allow-list', 'suggest', ...args])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(said)
  })

  it('needs no table: then it leaves nothing out, and says so', async () => {
    const args = ['allow-list', 'suggest', '--json']
    const { code, out, err } = await place.cli(args, { AzureWebJobsStorage: '' })
    expect(code).toBe(0)
    expect(err).toContain('Nothing says where the tables are')
    const { proposals } = JSON.parse(out) as Json
    expect(proposals.map(({ rule }) => rule['id'])).toContain('adf-ops-to-stlakeops')
  })

  it('says which target could not be read, and ends with 1', async () => {
    const path = `/storageAccounts/stlakeops/privateEndpointConnections$`
    const fault = { method: 'GET', path, status: 403, code: 'AuthorizationFailed' }
    const { body } = await place.rest.send('POST', '/_simulator/faults', fault)
    const { code, err } = await place.cli(['allow-list', 'suggest'])
    await place.rest.send('DELETE', `/_simulator/faults/${(body as { id: string }).id}`)
    expect(code).toBe(1)
    expect(err).toContain('Not proposed, unreadable: 2 connections')
    expect(err).toContain('Grant the identity of this app')
  })
})
