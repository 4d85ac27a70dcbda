import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { managedSubscriptions } from '../../local/azure/well-known.ts'
import { Bench, eventually, own, team } from './support.ts'
import type { Connection, Json } from './support.ts'

interface Managed extends Json {
  id: string
  name: string
  properties: {
    provisioningState: string
    privateLinkResourceId: string
    groupId: string
    resourceId?: string
    connectionState: { status?: string; description?: string }
  }
}

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

const target = (name: string) =>
  bench.create(`${own}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/${name}`)
const requester = (type: string, name: string, version = '2021-06-01') =>
  bench.create(
    `${team}/resourceGroups/rg-team/providers/${type}/${name}`,
    { location: 'North Europe', properties: {} },
    version,
  )
const wish = (privateLinkResourceId: string, groupId = 'blob') => ({
  properties: { privateLinkResourceId, groupId },
})

function follow(
  path: string,
  status: string,
  options: { audience?: string; version?: string } = {},
): Promise<Managed> {
  return eventually(async () => {
    const managed = (await bench.call('GET', path, undefined, options)).body as Managed
    return managed.properties.connectionState.status === status ? managed : undefined
  })
}

describe('Data Factory', () => {
  const version = '2018-06-01'
  const endpointsOf = (factory: string) => `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints`

  test('a managed endpoint goes from Provisioning over Pending to Approved, as its target does', async () => {
    const lake = await target('adflake')
    const factory = await requester('Microsoft.DataFactory/factories', 'ADF-Orders')
    const path = `${endpointsOf(factory)}/mpe.Blob`
    const made = (await bench.call('PUT', path, wish(lake), { version })).body as Managed
    expect(made.properties.provisioningState).toBe('Provisioning')
    expect(made.properties.connectionState.status).toBe('')
    expect(made.id).toBe(`${factory}/managedvirtualnetworks/default/managedprivateendpoints/mpe.Blob`)

    const connection = await bench.arrived(lake, 'adf-orders.mpe.Blob')
    const { privateEndpoint, privateLinkServiceConnectionState: state } = connection.properties
    expect(state.description).toBe('Requested by DataFactory:ADF-Orders, Name:mpe.Blob')
    const home = managedSubscriptions[1]?.subscriptionId ?? ''
    expect(privateEndpoint.id).toMatch(
      new RegExp(
        `^/subscriptions/${home}/resourceGroups/vnet-${home.slice(0, 8)}-northeurope-\\d+-rg/providers/Microsoft.Network/privateEndpoints/adf-orders.mpe.Blob$`,
      ),
    )
    expect((await follow(path, 'Pending', { version })).properties.provisioningState).toBe('Succeeded')
    await bench.decide(connection.id, 'Approved', 'welcome')
    const approved = await follow(path, 'Approved', { version })
    expect(approved.properties.connectionState.description).toBe('welcome')
    expect(JSON.stringify(approved)).not.toContain('Microsoft.Network/privateEndpoints')
  })

  test('networks and endpoints are listed', async () => {
    const lake = await target('adflist')
    const factory = await requester('Microsoft.DataFactory/factories', 'adf-list')
    await Promise.all(
      ['one', 'two'].map((name) =>
        bench.call('PUT', `${endpointsOf(factory)}/${name}`, wish(lake), { version }),
      ),
    )
    const networks = (await bench.call('GET', `${factory}/managedVirtualNetworks`, undefined, { version }))
      .body
    expect(
      (networks['value'] as Json[]).map((row) => [row['name'], (row['properties'] as Json)['alias']]),
    ).toEqual([['default', 'adf-list']])
    const listed = (await bench.call('GET', endpointsOf(factory), undefined, { version })).body
    expect((listed['value'] as Managed[]).map(({ name }) => name)).toEqual(['one', 'two'])
  })

  test('a target that does not exist fails the provisioning', async () => {
    const factory = await requester('Microsoft.DataFactory/factories', 'adf-nowhere')
    const path = `${endpointsOf(factory)}/lost`
    await bench.call(
      'PUT',
      path,
      wish(`${own}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/nowhere`),
      { version },
    )
    const failed = await eventually(async () => {
      const managed = (await bench.call('GET', path, undefined, { version })).body as Managed
      return managed.properties.provisioningState === 'Failed' ? managed : undefined
    })
    expect(failed.properties.connectionState.status).toBe('')
  })

  test('deleting the managed endpoint takes the connection away', async () => {
    const lake = await target('adfgone')
    const factory = await requester('Microsoft.DataFactory/factories', 'adf-gone')
    const path = `${endpointsOf(factory)}/short`
    await bench.call('PUT', path, wish(lake), { version })
    await bench.arrived(lake, 'adf-gone.short')
    expect((await bench.call('DELETE', path, undefined, { version })).status).toBe(200)
    expect(await bench.connections(lake)).toEqual([])
    expect((await bench.call('GET', path, undefined, { version })).status).toBe(404)
  })

  test('a connection deleted by the owner of the target shows as Disconnected', async () => {
    const lake = await target('adfcut')
    const factory = await requester('Microsoft.DataFactory/factories', 'adf-cut')
    const path = `${endpointsOf(factory)}/cut`
    await bench.call('PUT', path, wish(lake), { version })
    await bench.call('DELETE', (await bench.arrived(lake, 'adf-cut.cut')).id)
    await follow(path, 'Disconnected', { version })
  })

  test('a factory that does not exist is not found, and a factory name is unique in all of Azure', async () => {
    const missing = `${team}/resourceGroups/rg-team/providers/Microsoft.DataFactory/factories/nobody`
    expect((await bench.call('PUT', `${endpointsOf(missing)}/x`, wish('/x'), { version })).status).toBe(404)
    await requester('Microsoft.DataFactory/factories', 'adf-unique')
    const twin = await bench.call(
      'PUT',
      `${own}/resourceGroups/rg/providers/Microsoft.DataFactory/factories/ADF-unique`,
      { location: 'westeurope' },
    )
    expect(twin.status).toBe(409)
  })
})

describe('Synapse', () => {
  const audience = 'https://dev.azuresynapse.net'
  const version = '2020-12-01'
  const endpointsOf = (name: string) =>
    `/synapse/${name}/managedVirtualNetworks/default/managedPrivateEndpoints`

  test('a managed endpoint shows the endpoint behind it in 2020-12-01 only, and no state while provisioning', async () => {
    const lake = await target('synlake')
    await requester('Microsoft.Synapse/workspaces', 'syn-graph')
    const path = `${endpointsOf('syn-graph')}/mpe-lake`
    const made = (await bench.call('PUT', path, wish(lake, 'dfs'), { audience, version })).body as Managed
    expect(made.properties.connectionState).toEqual({})
    const connection = await bench.arrived(lake, 'syn-graph.mpe-lake')
    expect(connection.properties.privateLinkServiceConnectionState.description).toBe('')
    const pending = await follow(path, 'Pending', { audience, version })
    expect(pending.properties.resourceId).toBe(connection.properties.privateEndpoint.id)
    const older = (await bench.call('GET', path, undefined, { audience, version: '2019-06-01-preview' }))
      .body as Managed
    expect(older.properties.resourceId).toBeUndefined()
    await bench.decide(connection.id, 'Approved')
    await follow(path, 'Approved', { audience, version })
  })

  test('a token for Resource Manager is refused on the data plane, and a missing endpoint is an UnknownError', async () => {
    await requester('Microsoft.Synapse/workspaces', 'syn-door')
    expect((await bench.call('GET', endpointsOf('syn-door'), undefined, { version })).status).toBe(401)
    const { body } = await bench.call('GET', `${endpointsOf('syn-door')}/none`, undefined, {
      audience,
      version,
    })
    expect(body['error']).toMatchObject({
      code: 'UnknownError',
      message: expect.stringContaining('404') as string,
    })
  })

  test('endpoints are listed and deleted', async () => {
    const lake = await target('synlist')
    await requester('Microsoft.Synapse/workspaces', 'syn-list')
    await bench.call('PUT', `${endpointsOf('syn-list')}/a`, wish(lake), { audience, version })
    await bench.arrived(lake, 'syn-list.a')
    expect(
      (
        (await bench.call('GET', endpointsOf('syn-list'), undefined, { audience, version })).body[
          'value'
        ] as Managed[]
      ).length,
    ).toBe(1)
    expect(
      (await bench.call('DELETE', `${endpointsOf('syn-list')}/a`, undefined, { audience, version })).status,
    ).toBe(202)
    expect(await bench.connections(lake)).toEqual([])
  })
})

describe('Purview', () => {
  const audience = 'https://purview.azure.net'
  const version = '2023-09-01'
  const scan = (account: string) => `/purview/${account}/scan`
  const runtime = { kind: 'Managed', properties: {} }

  test('a classic account has managed resources; its first runtime asks for account, blob and queue', async () => {
    const account = await requester('Microsoft.Purview/accounts', 'pv-classic', '2021-12-01')
    const { body } = await bench.call('GET', account)
    const managed = (body['properties'] as { managedResources: Record<string, string> }).managedResources
    await bench.call('PUT', `${scan('pv-classic')}/integrationruntimes/first`, runtime, { audience, version })
    await bench.arrived(account, 'pv-classic.pv-classic-account')
    await bench.arrived(managed['storageAccount'] ?? '', 'pv-classic.pv-classic-blob')
    await bench.arrived(managed['storageAccount'] ?? '', 'pv-classic.pv-classic-queue')
    expect((await bench.call('GET', managed['eventHubNamespace'] ?? '')).status).toBe(200)
    const list = `${scan('pv-classic')}/managedvirtualnetworks/defaultv2/managedprivateendpoints`
    const listed = (await bench.call('GET', list, undefined, { audience, version })).body[
      'value'
    ] as Managed[]
    expect(listed.map(({ properties }) => properties.groupId)).toEqual(['account', 'blob', 'queue'])
    await bench.call('PUT', `${scan('pv-classic')}/integrationruntimes/second`, runtime, {
      audience,
      version,
    })
    expect((await bench.connections(account)).length).toBe(1)
  })

  test('an account of the newer kind keeps ingestion connections of its own, approved by POST', async () => {
    const account = await requester('Microsoft.Purview/accounts', 'pv-new', '2023-05-01-preview')
    const { body } = await bench.call('GET', account)
    const storage = (body['properties'] as { ingestionStorage: { id: string } }).ingestionStorage.id
    const factory = await requester('Microsoft.DataFactory/factories', 'adf-ingest')
    const path = `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/ingest-blob`
    await bench.call('PUT', path, wish(storage), { version: '2018-06-01' })
    const preview = { version: '2024-04-01-preview' }
    const list = `${account}/ingestionPrivateEndpointConnections`
    const [waiting] = await eventually(async () => {
      const value = (await bench.call('GET', list, undefined, preview)).body['value'] as Connection[]
      return value.length > 0 ? value : undefined
    })
    expect(waiting?.properties.privateLinkServiceConnectionState.status).toBe('Pending')
    expect(await bench.connections(account)).toEqual([])
    const decision = { privateEndpointId: waiting?.properties.privateEndpoint.id, status: 'Approved' }
    const response = await bench.call(
      'POST',
      `${account}/ingestionPrivateEndpointConnectionStatus`,
      decision,
      preview,
    )
    expect([response.status, response.body]).toEqual([200, decision])
    await follow(path, 'Approved', { version: '2018-06-01' })
  })

  test('ingestion connections are not there in version 2021-12-01, nor on a classic account', async () => {
    const account = await requester('Microsoft.Purview/accounts', 'pv-old', '2021-12-01')
    const list = `${account}/ingestionPrivateEndpointConnections`
    expect((await bench.call('GET', list, undefined, { version: '2021-12-01' })).status).toBe(400)
    expect((await bench.call('GET', list, undefined, { version: '2024-04-01-preview' })).status).toBe(404)
  })

  test('the network is defaultv2 and no other', async () => {
    await requester('Microsoft.Purview/accounts', 'pv-net', '2021-12-01')
    const networks = (
      await bench.call('GET', `${scan('pv-net')}/managedvirtualnetworks`, undefined, { audience, version })
    ).body
    expect((networks['value'] as Json[]).map((row) => row['name'])).toEqual(['defaultv2'])
    expect(
      (await bench.call('PUT', `${scan('pv-net')}/managedvirtualnetworks/other`, {}, { audience, version }))
        .status,
    ).toBe(404)
  })
})
