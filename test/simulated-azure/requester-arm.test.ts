import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignTenant } from '../../local/azure/well-known.ts'
import {
  codeOf,
  lake,
  lakeId,
  managedPlace,
  onlyConnection,
  pagesOf,
  propertiesOf,
  requester,
  shows,
} from './requester-support.ts'
import { Bench } from './support.ts'
import type { Json } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

interface Kind {
  readonly label: string
  readonly type: string
  readonly list: string
  readonly version: string
  readonly created: number
  readonly deleted: number
  readonly wish: (target: string, message: string) => Json
  readonly endpointName: RegExp
  /** Where the own side shows what became of the connection; undefined where it shows nothing of it. */
  readonly status: ((properties: Json) => unknown) | undefined
}

const connectionStatus = (properties: Json) =>
  (properties['connectionState'] as { status: string } | undefined)?.status

const kinds: readonly Kind[] = [
  {
    label: 'Kusto',
    type: 'Microsoft.Kusto/clusters',
    list: 'managedPrivateEndpoints',
    version: '2023-08-15',
    created: 201,
    deleted: 200,
    wish: (privateLinkResourceId, requestMessage) => ({
      properties: { privateLinkResourceId, groupId: 'blob', requestMessage },
    }),
    endpointName: /^[0-9a-f-]{36}-mpe-blob$/,
    status: undefined,
  },
  {
    label: 'Grafana',
    type: 'Microsoft.Dashboard/grafana',
    list: 'managedPrivateEndpoints',
    version: '2024-10-01',
    created: 201,
    deleted: 202,
    wish: (privateLinkResourceId, requestMessage) => ({
      location: 'westeurope',
      properties: { privateLinkResourceId, groupIds: ['blob'], requestMessage },
    }),
    endpointName: /^grafana-requester-grafana-mpe-blob$/,
    status: connectionStatus,
  },
  {
    label: 'Search',
    type: 'Microsoft.Search/searchServices',
    list: 'sharedPrivateLinkResources',
    version: '2023-11-01',
    created: 202,
    deleted: 202,
    wish: (privateLinkResourceId, requestMessage) => ({
      properties: { privateLinkResourceId, groupId: 'blob', requestMessage },
    }),
    endpointName: guid,
    status: (properties) => properties['status'],
  },
]

describe.each(kinds)('$label', (kind) => {
  const name = `requester-${kind.label.toLowerCase()}`
  const { version } = kind
  const requesterPath = () => requester(bench, kind.type, name)

  test('asks for a connection of a name that the notes tell, with the message of its user', async () => {
    const target = await lake(bench, `${kind.label.toLowerCase()}one`)
    const path = `${await requesterPath()}/${kind.list}/mpe-blob`
    const made = await bench.call('PUT', path, kind.wish(target, 'please <b>approve</b>'), { version })
    expect(made.status).toBe(kind.created)
    const { privateEndpoint, privateLinkServiceConnectionState: state } = (
      await onlyConnection(bench, target)
    ).properties
    expect(managedPlace(privateEndpoint.id)?.name).toMatch(kind.endpointName)
    expect(managedPlace(privateEndpoint.id)?.group).toMatch(/^managed-[0-9a-f]{8}-westeurope-rg$/)
    expect([state.status, state.description]).toEqual(['Pending', 'please <b>approve</b>'])
    const again = await bench.call('PUT', path, kind.wish(target, 'again'), { version })
    expect(again.status).toBe(200)
    expect((await bench.connections(target)).length).toBe(1)
  })

  test.each(['Approved', 'Rejected'])('its own side follows the target to %s', async (status) => {
    const target = await lake(bench, `${kind.label.toLowerCase()}${status.toLowerCase()}`)
    const side = { path: `${await requesterPath()}/${kind.list}/${status}`, options: { version } }
    await bench.call('PUT', side.path, kind.wish(target, ''), side.options)
    const connection = await onlyConnection(bench, target)
    const before = await shows(bench, side, (body) => propertiesOf(body)['provisioningState'], 'Succeeded')
    await bench.decide(connection.id, status, 'said so')
    const shown = kind.status
    const after = await shows(
      bench,
      side,
      (body) => (shown === undefined ? status : shown(propertiesOf(body))),
      status,
    )
    if (shown === undefined) expect(after).toEqual(before)
  })

  test('deleting it takes the connection away, and another time there is nothing to delete', async () => {
    const target = await lake(bench, `${kind.label.toLowerCase()}gone`)
    const path = `${await requesterPath()}/${kind.list}/short`
    await bench.call('PUT', path, kind.wish(target, ''), { version })
    await onlyConnection(bench, target)
    expect((await bench.call('DELETE', path, undefined, { version })).status).toBe(kind.deleted)
    expect(await bench.connections(target)).toEqual([])
    expect((await bench.call('GET', path, undefined, { version })).status).toBe(404)
    expect((await bench.call('DELETE', path, undefined, { version })).status).toBe(204)
  })

  test('a target that does not exist fails it', async () => {
    const side = { path: `${await requesterPath()}/${kind.list}/lost`, options: { version } }
    await bench.call('PUT', side.path, kind.wish(lakeId('nowhere'), ''), side.options)
    await shows(bench, side, (body) => propertiesOf(body)['provisioningState'], 'Failed')
  })

  test('an api-version that it does not have, an unknown requester and a requester that is not there are refused', async () => {
    const list = `${await requesterPath()}/${kind.list}`
    const odd = await bench.call('GET', list, undefined, { version: '2019-01-01' })
    expect([odd.status, codeOf(odd)]).toEqual([400, 'NoRegisteredProviderFound'])
    const foreignResponse = await bench.call('GET', list, undefined, {
      version,
      tenant: foreignTenant.tenantId,
    })
    expect([foreignResponse.status, codeOf(foreignResponse)]).toEqual([
      401,
      'InvalidAuthenticationTokenTenant',
    ])
    const missing = await bench.call('GET', list.replace(name, 'nobody'), undefined, { version })
    expect([missing.status, codeOf(missing)]).toEqual([404, 'ResourceNotFound'])
    const empty = await bench.call('PUT', `${list}/x`, { properties: {} }, { version })
    expect([empty.status, codeOf(empty)]).toEqual([400, 'InvalidRequestContent'])
  })
})

describe('The shapes', () => {
  async function made(label: string): Promise<{ id: string; target: string; body: Json }> {
    const kind = kinds.find((row) => row.label === label)
    if (kind === undefined) throw new Error(`There is no kind ${label}.`)
    const id = await requester(bench, kind.type, `Shape-${label}`)
    const target = await lake(bench, `shape${label.toLowerCase()}`)
    const side = { path: `${id}/${kind.list}/mpe`, options: { version: kind.version } }
    await bench.call('PUT', side.path, kind.wish(target, 'hello'), side.options)
    await onlyConnection(bench, target)
    return {
      id,
      target,
      body: await shows(bench, side, (seen) => propertiesOf(seen)['provisioningState'], 'Succeeded'),
    }
  }

  test('Kusto puts the cluster into the name and capitals into the id, and has no status', async () => {
    const { id, target, body } = await made('Kusto')
    expect(body).toEqual({
      id: `${id.replace('/clusters/', '/Clusters/')}/ManagedPrivateEndpoints/mpe`,
      name: 'Shape-Kusto/mpe',
      type: 'Microsoft.Kusto/Clusters/ManagedPrivateEndpoints',
      location: 'DummyLocation',
      properties: {
        privateLinkResourceId: target,
        groupId: 'blob',
        requestMessage: 'hello',
        provisioningState: 'Succeeded',
      },
    })
  })

  test('Grafana has a list of groups, and a type in the singular', async () => {
    const { id, target, body } = await made('Grafana')
    expect(body).toEqual({
      id: `${id}/managedPrivateEndpoints/mpe`,
      name: 'mpe',
      type: 'Microsoft.Dashboard/grafana/managedPrivateEndpoint',
      location: 'West Europe',
      properties: {
        privateLinkResourceId: target,
        groupIds: ['blob'],
        requestMessage: 'hello',
        privateLinkResourceRegion: '',
        provisioningState: 'Succeeded',
        connectionState: { status: 'Pending', description: 'hello' },
      },
    })
  })

  test('Search has its status as a plain word', async () => {
    const { id, target, body } = await made('Search')
    expect(body).toEqual({
      id: `${id}/sharedPrivateLinkResources/mpe`,
      name: 'mpe',
      type: 'Microsoft.Search/searchServices/sharedPrivateLinkResources',
      properties: {
        privateLinkResourceId: target,
        groupId: 'blob',
        requestMessage: 'hello',
        resourceRegion: null,
        status: 'Pending',
        provisioningState: 'Succeeded',
      },
    })
  })
})

describe('Lists', () => {
  test.each([
    ['Kusto', [['a', 'b', 'c', 'd'].map((name) => `lists-kusto/${name}`)]],
    ['Grafana', [['a', 'b', 'c'], ['d']]],
    ['Search', [['a', 'b', 'c'], ['d']]],
  ])('of %s come in pages of %j', async (label, expected) => {
    const kind = kinds.find((row) => row.label === label)
    if (kind === undefined) throw new Error(`There is no kind ${label}.`)
    const list = `${await requester(bench, kind.type, `lists-${label.toLowerCase()}`)}/${kind.list}`
    const target = await lake(bench, `lists${label.toLowerCase()}`)
    for (const name of ['a', 'b', 'c', 'd']) {
      await bench.call('PUT', `${list}/${name}`, kind.wish(target, ''), { version: kind.version })
    }
    const authorization = `Bearer ${await bench.token()}`
    const pages = await pagesOf(async (link) => {
      const path = link?.replace(bench.azure.origin, '') ?? `${list}?api-version=${kind.version}`
      const { body } = await bench.send('GET', path, undefined, { authorization })
      return { items: body['value'] as Json[], next: body['nextLink'] as string | undefined }
    })
    expect(pages).toEqual(expected)
  })
})
