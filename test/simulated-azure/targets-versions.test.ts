import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, own, team } from './support.ts'
import type { Connection, Json } from './support.ts'
import { published } from './targets-published.ts'

const providers = `${own}/resourceGroups/rg-versions/providers`

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start({ timing: { arrivalMs: [1, 2], writeMs: 1, operationMs: 5 } })
})
afterAll(() => bench.stop())

interface ResourceType {
  readonly resourceType: string
  readonly apiVersions: readonly string[]
}

async function typesOf(namespace: string): Promise<readonly ResourceType[]> {
  const { body } = await bench.call('GET', `${own}/providers/${namespace}`)
  return body['resourceTypes'] as ResourceType[]
}

const refusal = (version: string, type: string) => ({
  code: 'NoRegisteredProviderFound',
  message: expect.stringContaining(`API version '${version}' for type '${type}'`) as string,
})

describe('Api-versions of connections', () => {
  test('every operation refuses one that the type does not have, naming those it has', async () => {
    const target = await bench.create(`${providers}/Microsoft.Storage/storageAccounts/versions`)
    await bench.ask('pe-versions', target)
    const { id } = await bench.arrived(target, 'pe-versions')
    const body = { properties: { privateLinkServiceConnectionState: { status: 'Approved' } } }
    const calls: [string, string, Json?][] = [
      ['GET', `${target}/privateEndpointConnections`],
      ['GET', id],
      ['PUT', id, body],
      ['PATCH', id, body],
      ['DELETE', id],
    ]
    for (const [method, path, sent] of calls) {
      const reply = await bench.call(method, path, sent, { version: '2022-11-01' })
      expect([reply.status, reply.body['error']], method).toEqual([
        400,
        refusal('2022-11-01', 'storageAccounts/privateEndpointConnections'),
      ])
      expect((reply.body['error'] as Json)['message']).toContain("supported api-versions are '2019-06-01, ")
    }
    expect((await bench.settled(id, 'Pending')).id).toBe(id)
  })

  test('the ingestion connections of Purview have versions of their own', async () => {
    const version = '2024-04-01-preview'
    const id = `${providers}/Microsoft.Purview/accounts/versions`
    const account = await bench.create(id, { location: 'westeurope' }, version)
    const list = `${account}/ingestionPrivateEndpointConnections`
    const status = `${account}/ingestionPrivateEndpointConnectionStatus`
    for (const [method, path, body] of [['GET', list] as const, ['POST', status, {}] as const]) {
      const reply = await bench.call(method, path, body, { version: '2021-12-01' })
      expect([reply.status, reply.body['error']]).toEqual([
        400,
        refusal('2021-12-01', 'accounts/ingestionPrivateEndpointConnections'),
      ])
    }
    expect((await bench.call('GET', list, undefined, { version })).status).toBe(200)
  })

  test('a single server has one for itself and another for its connections', async () => {
    const target = await bench.create(
      `${providers}/Microsoft.DBforMySQL/servers/versions`,
      { location: 'westeurope' },
      '2017-12-01',
    )
    const list = `${target}/privateEndpointConnections`
    expect((await bench.call('GET', list, undefined, { version: '2017-12-01' })).status).toBe(400)
    expect((await bench.call('GET', list, undefined, { version: '2018-06-01' })).status).toBe(200)
    expect((await bench.call('GET', target, undefined, { version: '2018-06-01' })).status).toBe(200)
  })

  test('the refusal comes before the question whether the target is there', async () => {
    const list = `${providers}/Microsoft.Sql/servers/none/privateEndpointConnections`
    expect((await bench.call('GET', list, undefined, { version: '2023-01-01' })).status).toBe(400)
    expect((await bench.call('GET', list, undefined, { version: '2021-11-01' })).status).toBe(404)
  })

  test('a version is the same in any case, and only whole', async () => {
    const list = `${providers}/Microsoft.Insights/privateLinkScopes/none/privateEndpointConnections`
    const statusOf = async (version: string) => (await bench.call('GET', list, undefined, { version })).status
    expect(await statusOf('2023-06-01-PREVIEW')).toBe(404)
    expect(await statusOf('2023-06-01')).toBe(400)
  })
})

describe('Providers', () => {
  test('name each type and its connections, with real versions, the newest first', async () => {
    const types = await typesOf('microsoft.dbformysql')
    expect(types.map(({ resourceType }) => resourceType)).toEqual([
      'flexibleServers',
      'flexibleServers/privateEndpointConnections',
      'servers',
      'servers/privateEndpointConnections',
    ])
    expect(types[2]?.apiVersions).toEqual(['2017-12-01-preview', '2017-12-01'])
    expect(types[3]?.apiVersions).toEqual(['2018-06-01'])
  })

  test('name all published types', async () => {
    const { body } = await bench.call('GET', `${own}/providers`)
    const all = (body['value'] as { namespace: string; resourceTypes: ResourceType[] }[]).flatMap(
      ({ namespace, resourceTypes }) =>
        resourceTypes.map(({ resourceType }) => `${namespace}/${resourceType}`),
    )
    const expected = published.flatMap(({ type }) => [type, `${type}/privateEndpointConnections`])
    expect(expected.filter((type) => !all.includes(type))).toEqual([])
  })

  test('name a type that nobody published, which works as the plainest of the others', async () => {
    expect(await typesOf('Contoso.Preview')).toEqual(
      ['vaults', 'vaults/privateEndpointConnections'].map(
        (resourceType) =>
          expect.objectContaining({ resourceType, apiVersions: ['2026-01-01'] }) as ResourceType,
      ),
    )
    const target = await bench.create(`${providers}/Contoso.Preview/vaults/unheard`, {}, '2026-01-01')
    await bench.ask('pe-unheard', target, { group: 'vault' })
    const { id } = await bench.arrived(target, 'pe-unheard')
    expect((await bench.decide(id, 'Approved')).status).toBe(200)
    expect((await bench.settled(id, 'Approved')).properties.provisioningState).toBe('Succeeded')
  })
})

describe('Managed private endpoints', () => {
  test.each(['Microsoft.Devices/iotHubs', 'Microsoft.Web/sites', 'Contoso.Preview/vaults'])(
    'can ask %s',
    async (type) => {
      const name = `managed${type.length}`
      const target = await bench.create(`${providers}/${type}/${name}`)
      const factory = await bench.create(
        `${team}/resourceGroups/rg-team/providers/Microsoft.DataFactory/factories/adf-${name}`,
      )
      const path = `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/ask`
      const body = { properties: { privateLinkResourceId: target, groupId: 'any' } }
      const version = '2018-06-01'
      await bench.call('PUT', path, body, { version })
      await expect
        .poll(async () => {
          const reply = await bench.call('GET', path, undefined, { version })
          return (reply.body['properties'] as { connectionState: Json }).connectionState['status']
        })
        .toBe('Pending')
      const reply = await bench.call('GET', `${target}/privateEndpointConnections`)
      const items = (Array.isArray(reply.body) ? reply.body : reply.body['value']) as Connection[]
      expect(items.map(({ properties }) => properties.privateEndpoint.id)).toEqual([
        expect.stringMatching(new RegExp(`/adf-${name}\\.ask$`)),
      ])
    },
  )
})
