import { describe, expect, it } from 'vitest'
import type { ArmClient } from '../../../shared/private-link/arm/client.ts'
import { frontDoor } from '../../../shared/private-link/requesters/front-door.ts'
import { grafana } from '../../../shared/private-link/requesters/grafana.ts'
import { kustoCluster } from '../../../shared/private-link/requesters/kusto-cluster.ts'
import {
  type RequesterApi,
  RequesterNotFound,
} from '../../../shared/private-link/requesters/requester-api.ts'
import { searchService } from '../../../shared/private-link/requesters/search-service.ts'
import { arm, clientOf, failure, fakeAzure, type Reply } from './fake-azure.ts'
import { targetOf } from './ids.ts'

const target = targetOf('Microsoft.Storage/storageAccounts', 'lake')

function page(...value: unknown[]): Reply {
  return { status: 200, body: { value } }
}

interface ArmCase {
  readonly title: string
  readonly make: (client: ArmClient) => RequesterApi
  readonly type: string
  readonly child: string
  readonly apiVersion: string
  /** As Microsoft's documentation or specification shows one. */
  readonly item: object
  readonly read: object
}

const shared = { privateLinkResourceId: target.id, requestMessage: 'please' }
const cases: readonly ArmCase[] = [
  {
    title: 'a Data Explorer cluster',
    make: kustoCluster,
    type: 'Microsoft.Kusto/clusters',
    child: 'managedPrivateEndpoints',
    apiVersion: '2023-08-15',
    item: {
      name: 'adx/mpe-1',
      location: 'DummyLocation',
      properties: { ...shared, groupId: 'blob', provisioningState: 'Succeeded' },
    },
    read: { name: 'mpe-1', groupIds: ['blob'], status: undefined, provisioningState: 'Succeeded' },
  },
  {
    title: 'a Grafana workspace',
    make: grafana,
    type: 'Microsoft.Dashboard/grafana',
    child: 'managedPrivateEndpoints',
    apiVersion: '2023-09-01',
    item: {
      name: 'mpe-1',
      properties: {
        ...shared,
        groupIds: ['blob', 'dfs'],
        connectionState: { status: 'Pending', description: '' },
        provisioningState: 'Succeeded',
      },
    },
    read: { name: 'mpe-1', groupIds: ['blob', 'dfs'], status: 'Pending', provisioningState: 'Succeeded' },
  },
  {
    title: 'a search service',
    make: searchService,
    type: 'Microsoft.Search/searchServices',
    child: 'sharedPrivateLinkResources',
    apiVersion: '2023-11-01',
    item: {
      name: 'mpe-1',
      properties: {
        ...shared,
        groupId: 'blob',
        status: 'Pending',
        resourceRegion: null,
        provisioningState: 'Updating',
      },
    },
    read: { name: 'mpe-1', groupIds: ['blob'], status: 'Pending', provisioningState: 'Updating' },
  },
]

describe.each(cases)('$title', ({ make, type, child, apiVersion, item, read }) => {
  const id = targetOf(type, 'ADX')
  const list = `GET ${id.id}/${child}`

  it('is asked through ARM, page by page, and tells no name of an endpoint', async () => {
    const first = { value: [item], nextLink: `${arm}/next` }
    const fake = fakeAzure({ [list]: { status: 200, body: first }, 'GET /next': page(item) })
    const endpoints = await make(clientOf(fake)).managedEndpoints(id)
    expect(endpoints).toHaveLength(2)
    expect(endpoints[0]).toMatchObject({ ...read, targetId: { key: target.key } })
    expect(endpoints[0]).toMatchObject({ endpointName: undefined, endpointId: undefined })
    expect(fake.calls[0]?.url.search).toBe(`?api-version=${apiVersion}`)
  })

  it('is gone when ARM answers 404', async () => {
    const fake = fakeAzure({ [list]: failure(404, 'ResourceNotFound') })
    await expect(make(clientOf(fake)).managedEndpoints(id)).rejects.toThrow(RequesterNotFound)
  })

  it('is not taken to have none when ARM answers 403', async () => {
    const fake = fakeAzure({ [list]: failure(403, 'AuthorizationFailed') })
    await expect(make(clientOf(fake)).managedEndpoints(id)).rejects.toMatchObject({ status: 403 })
  })

  it.each([
    null,
    'mpe',
    {},
    { name: 7, properties: {} },
    { name: 'a' },
    { name: 'a', properties: { privateLinkResourceId: [] } },
    { name: 'a', properties: { provisioningState: {} } },
  ])('is not believed when it lists %j', async (odd) => {
    const fake = fakeAzure({ [list]: page(item, odd) })
    await expect(make(clientOf(fake)).managedEndpoints(id)).rejects.toMatchObject({
      code: 'UnreadableResponse',
    })
  })

  it('may have items of which most is missing', async () => {
    const fake = fakeAzure({ [list]: page({ name: 'a', properties: {} }) })
    expect(await make(clientOf(fake)).managedEndpoints(id)).toMatchObject([
      { name: 'a', targetId: undefined, groupIds: undefined },
    ])
  })
})

describe('a Front Door profile', () => {
  const profile = targetOf('Microsoft.Cdn/profiles', 'afd')
  const groups = `GET ${profile.id}/originGroups`
  const originsOf = (group: string): string => `${groups}/${group}/origins`
  const link = { privateLink: { id: target.id }, groupId: 'blob', requestMessage: 'x', status: 'Pending' }
  const origin = (name: string, sharedPrivateLinkResource: unknown): object => ({
    name,
    properties: { hostName: 'x', sharedPrivateLinkResource },
  })
  const ask = (replies: Record<string, Reply>) =>
    frontDoor(clientOf(fakeAzure(replies))).managedEndpoints(profile)

  it('is asked for the origins of all its groups, of which those with a private link count', async () => {
    const endpoints = await ask({
      [groups]: page({ name: 'g1' }, { name: 'g2' }),
      [originsOf('g1')]: page(origin('plain', null), origin('a', link)),
      [originsOf('g2')]: page(origin('b', { ...link, status: undefined }), { name: 'c', properties: {} }),
    })
    expect(endpoints).toMatchObject([
      { name: 'a', status: 'Pending', groupIds: ['blob'], targetId: { key: target.key } },
      { name: 'b', status: undefined },
    ])
    expect(endpoints.map(({ endpointName }) => endpointName)).toEqual([undefined, undefined])
  })

  it('is gone when ARM answers 404', async () => {
    await expect(ask({ [groups]: failure(404, 'ResourceNotFound') })).rejects.toThrow(RequesterNotFound)
  })

  it('is not read in part when one group cannot be read', async () => {
    const replies = {
      [groups]: page({ name: 'g1' }, { name: 'g2' }),
      [originsOf('g1')]: page(),
      [originsOf('g2')]: failure(404, 'NotFound'),
    }
    await expect(ask(replies)).rejects.toMatchObject({ status: 404 })
  })

  it('is not led to another place by the name of a group', async () => {
    await expect(ask({ [groups]: page({ name: '../../x' }) })).rejects.toThrow(/dot segments/)
  })

  it.each([{ name: 1 }, {}, null])('is not believed when it lists the group %j', async (odd) => {
    await expect(ask({ [groups]: page(odd) })).rejects.toMatchObject({ code: 'UnreadableResponse' })
  })
})
