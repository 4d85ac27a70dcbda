import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignSubscription, foreignTenant } from '../../local/azure/well-known.ts'
import { lake, managedPlace, onlyConnection, requester } from './requester-support.ts'
import { Bench, eventually, own, team } from './support.ts'
import type { Json } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

const theirs = `/subscriptions/${foreignSubscription.subscriptionId}`
const tenant = foreignTenant.tenantId

/** Creates a resource in the foreign tenant, by that tenant's own token; returns its id. */
async function foreignRequester(type: string, name: string): Promise<string> {
  const id = `${theirs}/resourceGroups/rg-attack/providers/${type}/${name}`
  const body = { location: 'westeurope', properties: {} }
  const made = await bench.call('PUT', id, body, { tenant, version: '2021-06-01' })
  expect(made.status).toBeLessThan(300)
  return id
}

function twoConnections(target: string) {
  return eventually(async () => {
    const all = await bench.connections(target)
    return all.length === 2 ? all : undefined
  })
}

const wish = (privateLinkResourceId: string) => ({
  properties: { privateLinkResourceId, groupId: 'blob', groupIds: ['blob'], requestMessage: 'hello' },
})

interface RequesterCase {
  readonly type: string
  readonly below: string
  readonly version: string
  /** The path in front of `below` where that is not the id of the requester. */
  readonly host?: string
  readonly audience?: string
  readonly body?: (target: string) => Json
}

const requesterCases: readonly RequesterCase[] = [
  {
    type: 'Microsoft.DataFactory/factories',
    below: 'managedVirtualNetworks/default/managedPrivateEndpoints/mpe',
    version: '2018-06-01',
  },
  {
    type: 'Microsoft.Synapse/workspaces',
    host: '/synapse',
    audience: 'https://dev.azuresynapse.net',
    below: 'managedVirtualNetworks/default/managedPrivateEndpoints/mpe',
    version: '2020-12-01',
  },
  {
    type: 'Microsoft.Purview/accounts',
    host: '/purview',
    audience: 'https://purview.azure.net',
    below: 'scan/managedvirtualnetworks/defaultv2/managedprivateendpoints/mpe',
    version: '2023-09-01',
  },
  { type: 'Microsoft.Kusto/clusters', below: 'managedPrivateEndpoints/mpe', version: '2023-08-15' },
  { type: 'Microsoft.Dashboard/grafana', below: 'managedPrivateEndpoints/mpe', version: '2023-09-01' },
  {
    type: 'Microsoft.Search/searchServices',
    below: 'sharedPrivateLinkResources/mpe',
    version: '2023-11-01',
  },
]

/** Asks as the requester does; by default from the own tenant. */
async function ask(requesterCase: RequesterCase, id: string, target: string, who: { tenant?: string } = {}) {
  const base = requesterCase.host === undefined ? id : `${requesterCase.host}/${id.split('/').at(-1) ?? ''}`
  const { audience, version } = requesterCase
  const options = { version, ...who, ...(audience === undefined ? {} : { audience }) }
  const made = await bench.call('PUT', `${base}/${requesterCase.below}`, wish(target), options)
  expect(made.status).toBeLessThan(300)
}

describe('A foreign customer', () => {
  test.each(requesterCases)(
    'asks with $type from the managed subscription that ours ask from',
    async (requesterCase) => {
      const short = requesterCase.type.split('/')[1]?.toLowerCase() ?? ''
      const target = await lake(bench, `foreign${short}`)
      await ask(requesterCase, await requester(bench, requesterCase.type, `ours-${short}`), target)
      await ask(requesterCase, await foreignRequester(requesterCase.type, `theirs-${short}`), target, {
        tenant,
      })
      const ids = (await twoConnections(target)).map(({ properties }) => properties.privateEndpoint.id)
      expect(ids.map((id) => managedPlace(id) !== undefined)).toEqual([true, true])
      expect(new Set(ids.map((id) => id.split('/')[2])).size).toBe(1)
    },
  )

  test('asks with a Grafana and an origin, named as ours are', async () => {
    const target = await lake(bench, 'foreigntwins')
    const grafana = requesterCases.find(({ type }) => type.endsWith('grafana'))
    if (grafana === undefined) throw new Error('There is no Grafana among the requesters.')
    await ask(grafana, await requester(bench, grafana.type, 'twin'), target)
    await ask(grafana, await foreignRequester(grafana.type, 'twin'), target, { tenant })
    const ids = (await twoConnections(target)).map(({ properties }) => properties.privateEndpoint.id)
    expect(ids.map((id) => managedPlace(id)?.name)).toEqual(['grafana-twin-mpe', 'grafana-twin-mpe'])
    expect(new Set(ids).size).toBe(2)
  })

  test('has origins behind the same group of the platform as ours', async () => {
    const target = await lake(bench, 'foreignedge')
    for (const [id, who] of [
      [await requester(bench, 'Microsoft.Cdn/profiles', 'edge'), {}],
      [await foreignRequester('Microsoft.Cdn/profiles', 'edge'), { tenant }],
    ] as const) {
      const options = { version: '2025-04-15', ...who }
      await bench.call('PUT', `${id}/originGroups/g`, { properties: {} }, options)
      const shared = { privateLink: { id: target }, privateLinkLocation: 'westeurope', groupId: 'blob' }
      const body = { properties: { hostName: 'h', sharedPrivateLinkResource: shared } }
      await bench.call('PUT', `${id}/originGroups/g/origins/o`, body, options)
    }
    const ids = (await twoConnections(target)).map(({ properties }) => properties.privateEndpoint.id)
    expect(ids.map((id) => managedPlace(id)?.group)).toEqual(['eafd-Prod-westeurope', 'eafd-Prod-westeurope'])
  })

  test('cannot take the name of a factory while it is there, and has all its looks when it is gone', async () => {
    const [requesterCase] = requesterCases
    if (requesterCase === undefined) throw new Error('There are no requesters.')
    const [target, again] = await Promise.all([lake(bench, 'heirone'), lake(bench, 'heirtwo')])
    const ours = await requester(bench, requesterCase.type, 'ADF-Heir')
    await ask(requesterCase, ours, target)
    const first = (await onlyConnection(bench, target)).properties
    const taken = `${theirs}/resourceGroups/rg/providers/${requesterCase.type}/ADF-Heir`
    expect((await bench.call('PUT', taken, { location: 'westeurope' }, { tenant })).status).toBe(409)

    await bench.call('DELETE', ours)
    await ask(requesterCase, await foreignRequester(requesterCase.type, 'ADF-Heir'), again, { tenant })
    const second = (await onlyConnection(bench, again)).properties
    expect(second.privateEndpoint.id).toBe(first.privateEndpoint.id)
    expect(second.privateLinkServiceConnectionState.description).toBe(
      first.privateLinkServiceConnectionState.description,
    )
  })
})

describe('A managed endpoint made anew under an approved name', () => {
  const factoryEndpoint = (factory: string) =>
    `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/mpe`
  const version = '2018-06-01'

  async function replay(target: string, name: string): Promise<void> {
    const path = factoryEndpoint(await requester(bench, 'Microsoft.DataFactory/factories', name))
    await bench.call('PUT', path, wish(target), { version })
    await bench.decide((await onlyConnection(bench, target)).id, 'Approved')
    await bench.call('DELETE', path, undefined, { version })
    await bench.call('PUT', path, wish(target), { version })
  }

  test('waits under the endpoint id that was approved, as another connection', async () => {
    const target = await lake(bench, 'replayed')
    await replay(target, 'adf-replay')
    const { properties } = await onlyConnection(bench, target)
    expect(managedPlace(properties.privateEndpoint.id)?.name).toBe('adf-replay.mpe')
    expect(properties.privateLinkServiceConnectionState.status).toBe('Pending')
  })

  test('leaves a connection that ended as Disconnected as it is', async () => {
    const target = await bench.create(
      `${own}/resourceGroups/rg-data/providers/Microsoft.KeyVault/vaults/replayed`,
    )
    await replay(target, 'adf-replay-vault')
    const statuses = async () =>
      (await bench.connections(target)).map(
        ({ properties }) => properties.privateLinkServiceConnectionState.status,
      )
    await expect.poll(statuses, { timeout: 5000, interval: 5 }).toEqual(['Disconnected', 'Pending'])
    const [ended, waiting] = await bench.connections(target)
    expect(ended?.properties.privateEndpoint.id).toBe(waiting?.properties.privateEndpoint.id)
    await bench.call('DELETE', ended?.id ?? '')
    await bench.decide(waiting?.id ?? '', 'Approved')
    const factory = `${team}/resourceGroups/rg-team/providers/Microsoft.DataFactory/factories/adf-replay-vault`
    await eventually(async () => {
      const { body } = await bench.call('GET', factoryEndpoint(factory), undefined, { version })
      return JSON.stringify(body).includes('"Approved"') ? true : undefined
    })
  })
})

describe('After a restart', () => {
  test('a connection that ended stays ended when its endpoint is made anew', async () => {
    let life = await Bench.start({ persist: true })
    const vault = await life.create(
      `${own}/resourceGroups/rg-data/providers/Microsoft.KeyVault/vaults/restarted`,
    )
    const endpoint = await life.ask('pe-again', vault)
    await onlyConnection(life, vault)
    await life.call('DELETE', endpoint)
    await life.stop({ keepFolder: true })
    life = await Bench.start({ persist: true, stateFolder: life.folder })
    await life.ask('pe-again', vault)
    await eventually(async () => ((await life.connections(vault)).length === 2 ? true : undefined))
    await life.stop()
  })
})
