import { readFileSync } from 'node:fs'
import { NetworkManagementClient } from '@azure/arm-network'
import { ClientSecretCredential } from '@azure/identity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignSubscription, foreignTenant, ownTenant } from '../../local/azure/well-known.ts'
import { Bench, eventually, own, team } from './support.ts'
import type { Connection, Json } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

const storage = (name: string) =>
  bench.create(`${own}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/${name}`)
const foreign = {
  subscription: `/subscriptions/${foreignSubscription.subscriptionId}`,
  tenant: foreignTenant.tenantId,
}
const endpointId = (name: string, subscription = team) =>
  `${subscription}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/${name}`
const automatic = (target: string) => ({
  location: 'westeurope',
  properties: {
    privateLinkServiceConnections: [
      { name: 'auto', properties: { privateLinkServiceId: target, groupIds: ['blob'] } },
    ],
  },
})

function stateOf(endpoint: Json): { status: string; description: string } {
  const properties = endpoint['properties'] as Record<string, { properties: Json }[]>
  const item = [
    ...(properties['manualPrivateLinkServiceConnections'] ?? []),
    ...(properties['privateLinkServiceConnections'] ?? []),
  ][0]
  return item?.properties['privateLinkServiceConnectionState'] as { status: string; description: string }
}

describe('Ordinary private endpoints', () => {
  test('anybody in any tenant can put a Pending connection on a target they know the id of', async () => {
    const target = await storage('anybody')
    const name = 'adf-prod.mpe-blob'
    await bench.ask(name, target, { ...foreign, message: 'Requested by DataFactory:adf-prod, Name:mpe-blob' })
    const { properties } = await bench.arrived(target, name)
    expect(properties.privateLinkServiceConnectionState.status).toBe('Pending')
    expect(properties.privateEndpoint.id).toBe(endpointId(name, foreign.subscription))
    const reply = await bench.call('GET', properties.privateEndpoint.id)
    expect(reply.status).toBe(401)
    expect(reply.headers['www-authenticate']).toContain(foreignTenant.tenantId)
  })

  test('nobody writes into a subscription of another tenant', async () => {
    const target = await storage('guarded')
    const reply = await bench.call('PUT', endpointId('x', foreign.subscription), automatic(target))
    expect(reply.status).toBe(401)
  })

  test('approval at birth needs the right on the target', async () => {
    const target = await storage('birthright')
    const foreignResponse = await bench.call(
      'PUT',
      endpointId('thief', foreign.subscription),
      automatic(target),
      foreign,
    )
    expect([foreignResponse.status, foreignResponse.body['error']]).toEqual([
      403,
      expect.objectContaining({ code: 'LinkedAuthorizationFailed' }),
    ])
    expect((await bench.call('PUT', endpointId('owner'), automatic(target))).status).toBe(201)
    const connection = await bench.arrived(target, 'owner')
    expect(connection.properties.privateLinkServiceConnectionState).toMatchObject({
      status: 'Approved',
      description: 'Auto-Approved',
    })
  })

  test('a request again after a rejection turns the same connection Pending', async () => {
    const target = await storage('comeback')
    const id = await bench.ask('pe-comeback', target)
    const first = await bench.arrived(target, 'pe-comeback')
    await bench.decide(first.id, 'Rejected', 'no')
    expect(stateOf((await bench.call('GET', id)).body)).toMatchObject({
      status: 'Rejected',
      description: 'no',
    })
    await bench.ask('pe-comeback', target)
    const second = await bench.settled(first.id, 'Pending')
    expect(second.properties.privateLinkServiceConnectionState.description).toBe('please')
    expect((await bench.connections(target)).map((held) => held.id)).toEqual([first.id])
  })

  test('a request again while Pending or Approved changes nothing', async () => {
    const target = await storage('noreset')
    await bench.ask('pe-noreset', target)
    const { id } = await bench.arrived(target, 'pe-noreset')
    await bench.decide(id, 'Approved')
    await bench.ask('pe-noreset', target)
    expect((await bench.settled(id, 'Approved')).id).toBe(id)
  })

  test('an endpoint cannot be turned to another target', async () => {
    const [one, two] = [await storage('turnone'), await storage('turntwo')]
    await bench.ask('pe-turn', one)
    await expect(bench.ask('pe-turn', two)).rejects.toThrow('CannotChangePrivateLinkConnection')
  })

  test('a target that does not exist is refused at once', async () => {
    await expect(
      bench.ask('pe-lost', `${own}/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/no`),
    ).rejects.toThrow('InvalidResourceReference')
  })

  test('deleting the endpoint removes a storage connection and leaves a Key Vault one Disconnected', async () => {
    const account = await storage('forgotten')
    const vault = await bench.create(
      `${own}/resourceGroups/rg-data/providers/Microsoft.KeyVault/vaults/forgotten`,
    )
    const [one, two] = [await bench.ask('pe-f1', account), await bench.ask('pe-f2', vault)]
    await bench.arrived(account, 'pe-f1')
    const kept = await bench.arrived(vault, 'pe-f2')
    await Promise.all([one, two].map((id) => bench.call('DELETE', id)))
    expect(await bench.connections(account)).toEqual([])
    await bench.settled(kept.id, 'Disconnected')
    expect((await bench.decide(kept.id, 'Approved')).status).toBe(400)
  })

  test('deleting the target leaves the endpoint Disconnected', async () => {
    const target = await storage('vanished')
    const id = await bench.ask('pe-vanished', target)
    await bench.arrived(target, 'pe-vanished')
    await bench.call('DELETE', target)
    expect(stateOf((await bench.call('GET', id)).body).status).toBe('Disconnected')
  })
})

describe('What a write of a connection may and may not say', () => {
  test("the endpoint id is the platform's: left out it stays, another one is refused", async () => {
    const target = await storage('platform')
    await bench.ask('pe-platform', target)
    const { id, properties } = await bench.arrived(target, 'pe-platform')
    const state = { privateLinkServiceConnectionState: { status: 'Approved', description: 'x' } }
    const other = { privateEndpoint: { id: endpointId('other') }, ...state }
    expect((await bench.call('PUT', id, { properties: other })).status).toBe(404)
    expect((await bench.call('PUT', id, { properties: { privateEndpoint: {}, ...state } })).status).toBe(200)
    expect((await bench.settled(id, 'Approved')).properties.privateEndpoint.id).toBe(
      properties.privateEndpoint.id,
    )
  })

  test('a status other than Approved and Rejected is refused, and so is a body without one', async () => {
    const target = await storage('wrongwords')
    await bench.ask('pe-wrong', target)
    const { id } = await bench.arrived(target, 'pe-wrong')
    for (const status of ['Pending', 'approved', 'Disconnected', '']) {
      expect((await bench.decide(id, status)).status).toBe(400)
    }
    expect((await bench.call('PUT', id, { properties: {} })).status).toBe(400)
    expect((await bench.call('PUT', id, 'not json')).status).toBe(400)
    await bench.settled(id, 'Pending')
  })

  test("an asynchronous write is followed by Azure-AsyncOperation and by Location on the caller's origin", async () => {
    const target = await bench.create(
      `${own}/resourceGroups/rg-data/providers/Microsoft.Sql/servers/followed`,
    )
    await bench.ask('pe-followed', target)
    const { id } = await bench.arrived(target, 'pe-followed')
    const { headers } = await bench.decide(id, 'Approved')
    const [status, result] = [headers['azure-asyncoperation'], headers.location].map((link) => {
      expect(String(link).startsWith(`${bench.azure.origin}/subscriptions/`)).toBe(true)
      return String(link).slice(bench.azure.origin.length).replace(/\?.*/, '')
    })
    expect(headers['retry-after']).toBe('1')
    expect((await bench.call('GET', status ?? '')).body['status']).toBe('InProgress')
    expect((await bench.call('GET', result ?? '')).status).toBe(202)
    await eventually(async () =>
      (await bench.call('GET', status ?? '')).body['status'] === 'Succeeded' ? true : undefined,
    )
    const done = (await bench.call('GET', result ?? '')).body as Connection
    expect(done.properties.privateLinkServiceConnectionState.status).toBe('Approved')
  })
})

describe('@azure/arm-network', () => {
  const client = () =>
    new NetworkManagementClient(
      new ClientSecretCredential(ownTenant.tenantId, 'sdk', 'secret', {
        authorityHost: bench.azure.origin,
        disableInstanceDiscovery: true,
        tlsOptions: { ca: readFileSync(bench.azure.caFile, 'utf8') },
      }),
      own.split('/')[2] ?? '',
      {
        endpoint: bench.azure.origin,
        tlsOptions: { ca: readFileSync(bench.azure.caFile, 'utf8') },
      },
    )

  test('creates an endpoint, follows it to its end, lists and deletes it', async () => {
    const target = await storage('sdkstore')
    const made = await client().privateEndpoints.createOrUpdate('rg-sdk', 'pe-sdk', {
      location: 'westeurope',
      subnet: { id: `${own}/resourceGroups/rg-sdk/providers/Microsoft.Network/virtualNetworks/v/subnets/s` },
      manualPrivateLinkServiceConnections: [
        { name: 'pe-sdk', privateLinkServiceId: target, groupIds: ['blob'] },
      ],
    })
    expect(made.provisioningState).toBe('Succeeded')
    expect(made.manualPrivateLinkServiceConnections?.[0]?.privateLinkServiceConnectionState?.status).toBe(
      'Pending',
    )
    const names: (string | undefined)[] = []
    for await (const held of client().privateEndpoints.list('rg-sdk')) names.push(held.name)
    expect(names).toEqual(['pe-sdk'])
    await client().privateEndpoints.delete('rg-sdk', 'pe-sdk')
    expect(await bench.connections(target)).toEqual([])
  })

  test('creates a virtual network and a subnet in it', async () => {
    await client().virtualNetworks.createOrUpdate('rg-sdk', 'vnet-sdk', {
      location: 'westeurope',
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'first', addressPrefix: '10.0.0.0/24' }],
    })
    await client().subnets.createOrUpdate('rg-sdk', 'vnet-sdk', 'second', { addressPrefix: '10.0.1.0/24' })
    const names: (string | undefined)[] = []
    for await (const subnet of client().subnets.list('rg-sdk', 'vnet-sdk')) names.push(subnet.name)
    expect(names).toEqual(['first', 'second'])
    expect((await client().subnets.get('rg-sdk', 'vnet-sdk', 'first')).id).toMatch(
      /vnet-sdk\/subnets\/first$/,
    )
  })

  test('lists and approves the connections of a private link service', async () => {
    const target = await bench.create(
      `${own}/resourceGroups/rg-sdk/providers/Microsoft.Network/privateLinkServices/pls-sdk`,
    )
    await bench.ask('pe-pls', target)
    await bench.arrived(target, 'pe-pls')
    const services = client().privateLinkServices
    const found = []
    for await (const held of services.listPrivateEndpointConnections('rg-sdk', 'pls-sdk')) found.push(held)
    expect(found[0]?.privateEndpoint?.id).toBe(endpointId('pe-pls'))
    const approved = await services.updatePrivateEndpointConnection(
      'rg-sdk',
      'pls-sdk',
      found[0]?.name ?? '',
      {
        name: found[0]?.name ?? '',
        privateLinkServiceConnectionState: { status: 'Approved', description: 'by the SDK' },
      },
    )
    expect(approved.privateLinkServiceConnectionState?.status).toBe('Approved')
  })
})
