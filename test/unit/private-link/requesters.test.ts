import { describe, expect, it } from 'vitest'
import { createArmClient } from '../../../shared/private-link/arm/client.ts'
import { dataFactory } from '../../../shared/private-link/requesters/data-factory.ts'
import { purviewAccount } from '../../../shared/private-link/requesters/purview-account.ts'
import {
  DataPlaneRefused,
  type RequesterApi,
  RequesterNotFound,
} from '../../../shared/private-link/requesters/requester-api.ts'
import { synapseWorkspace } from '../../../shared/private-link/requesters/synapse-workspace.ts'
import {
  arm,
  clientOf,
  credential,
  failure,
  type FakeAzure,
  fakeAzure,
  now,
  type Reply,
} from './fake-azure.ts'
import { endpointIn, managedSubscription, targetOf } from './ids.ts'

const target = targetOf('Microsoft.Storage/storageAccounts', 'lake')

function listed(name: string, properties: object = {}): object {
  const connectionState = { status: 'Pending', description: '', actionsRequired: 'None' }
  return {
    name,
    properties: {
      privateLinkResourceId: target.id,
      groupId: 'blob',
      provisioningState: 'Succeeded',
      connectionState,
      ...properties,
    },
  }
}

function page(...value: unknown[]): Reply {
  return { status: 200, body: { value } }
}

function dataPlaneOf(fake: FakeAzure, scope: string) {
  return (endpoint: string) =>
    createArmClient({ endpoint, credential, scope, userAgent: 'test', now, httpClient: fake.httpClient })
}

describe('a data factory', () => {
  const factory = targetOf('Microsoft.DataFactory/factories', 'adf-prod')
  const networks = `GET ${factory.id}/managedVirtualNetworks`
  const exists = {
    [`GET ${factory.id}`]: { status: 200, body: { properties: { provisioningState: 'Succeeded' } } },
  }

  it('is asked for the endpoints of all its networks, page by page', async () => {
    const fake = fakeAzure({
      ...exists,
      [networks]: page({ name: 'default' }, { name: 'second' }),
      [`${networks}/default/managedPrivateEndpoints`]: {
        status: 200,
        body: { value: [listed('a')], nextLink: `${arm}/next` },
      },
      'GET /next': page(listed('b')),
      [`${networks}/second/managedPrivateEndpoints`]: page(listed('c')),
    })
    const endpoints = await dataFactory(clientOf(fake)).managedEndpoints(factory)
    expect(endpoints.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(endpoints[0]?.endpointName).toBe('adf-prod.a')
    expect(endpoints[0]).toMatchObject({
      targetId: { key: target.key },
      groupIds: ['blob'],
      status: 'Pending',
    })
    expect(fake.calls[0]?.url.search).toBe('?api-version=2018-06-01')
  })

  it('has no endpoints when it has no network', async () => {
    expect(
      await dataFactory(clientOf(fakeAzure({ ...exists, [networks]: page() }))).managedEndpoints(factory),
    ).toEqual([])
  })

  it('shows an empty status while it provisions', async () => {
    const beingMade = listed('a', { provisioningState: 'Provisioning', connectionState: { status: '' } })
    const fake = fakeAzure({
      ...exists,
      [networks]: page({ name: 'default' }),
      [`${networks}/default/managedPrivateEndpoints`]: page(beingMade),
    })
    const [endpoint] = await dataFactory(clientOf(fake)).managedEndpoints(factory)
    expect(endpoint).toMatchObject({ status: '', provisioningState: 'Provisioning', endpointId: undefined })
  })

  it('is gone when ARM answers 404', async () => {
    const fake = fakeAzure({ ...exists, [networks]: failure(404, 'ResourceNotFound') })
    await expect(dataFactory(clientOf(fake)).managedEndpoints(factory)).rejects.toThrow(RequesterNotFound)
  })

  it.each([{}, { name: 'a' }, { name: 'a', properties: { groupId: 7 } }, null])(
    'is not believed when it lists %j',
    async (odd) => {
      const fake = fakeAzure({
        ...exists,
        [networks]: page({ name: 'default' }),
        [`${networks}/default/managedPrivateEndpoints`]: page(listed('a'), odd),
      })
      await expect(dataFactory(clientOf(fake)).managedEndpoints(factory)).rejects.toMatchObject({
        code: 'UnreadableResponse',
      })
    },
  )

  it('is not led to another place by the name of a network', async () => {
    const fake = fakeAzure({ ...exists, [networks]: page({ name: '../../x' }) })
    await expect(dataFactory(clientOf(fake)).managedEndpoints(factory)).rejects.toThrow()
    expect(fake.calls).toHaveLength(2)
  })
})

interface DataPlaneCase {
  readonly title: string
  readonly type: string
  readonly make: (fake: FakeAzure) => RequesterApi
  readonly host: string
  readonly path: string
}

const dataPlanes: DataPlaneCase[] = [
  {
    title: 'a Synapse workspace',
    type: 'Microsoft.Synapse/workspaces',
    make: (fake) =>
      synapseWorkspace(clientOf(fake), dataPlaneOf(fake, 'synapse'), 'https://{workspace}.dev.synapse.test'),
    host: 'ws-1.dev.synapse.test',
    path: '/managedVirtualNetworks/default/managedPrivateEndpoints',
  },
  {
    title: 'a Purview account',
    type: 'Microsoft.Purview/accounts',
    make: (fake) =>
      purviewAccount(clientOf(fake), dataPlaneOf(fake, 'purview'), 'https://{account}.purview.test'),
    host: 'ws-1.purview.test',
    path: '/scan/managedvirtualnetworks/defaultv2/managedprivateendpoints',
  },
]

describe.each(dataPlanes)('$title', ({ title, type, make, host, path }) => {
  const id = targetOf(type, 'WS-1')
  const exists = {
    [`GET ${id.id}`]: { status: 200, body: { properties: { provisioningState: 'Succeeded' } } },
  }
  const resourceId = endpointIn(managedSubscription, 'ws-1.a').id

  it('is asked at its own address with the token for it, after ARM said that it is there', async () => {
    const fake = fakeAzure({ ...exists, [`GET ${path}`]: page(listed('a', { resourceId })) })
    const [endpoint] = await make(fake).managedEndpoints(id)
    expect(endpoint).toMatchObject({ name: 'a', endpointName: 'WS-1.a', endpointId: resourceId })
    expect(fake.calls.map(({ url, token }) => `${url.host} ${token ?? ''}`)).toEqual([
      `arm.test Bearer for ${arm}/.default`,
      `${host} Bearer for ${title.includes('Synapse') ? 'synapse' : 'purview'}`,
    ])
  })

  it('shows an empty state while it provisions', async () => {
    const fake = fakeAzure({ ...exists, [`GET ${path}`]: page(listed('a', { connectionState: {} })) })
    expect(await make(fake).managedEndpoints(id)).toMatchObject([{ status: '' }])
  })

  it('is not asked when ARM says it is gone: its name may belong to somebody else', async () => {
    const fake = fakeAzure({ [`GET ${id.id}`]: failure(404, 'ResourceNotFound') })
    await expect(make(fake).managedEndpoints(id)).rejects.toThrow(RequesterNotFound)
    expect(fake.calls).toHaveLength(1)
  })

  it('has no endpoints when it has no managed network', async () => {
    const fake = fakeAzure({ ...exists, [`GET ${path}`]: failure(404, 'NotFound') })
    expect(await make(fake).managedEndpoints(id)).toEqual([])
  })

  it.each([401, 403])(
    'is not taken to have none when its firewall or its roles say no: %d',
    async (status) => {
      const fake = fakeAzure({ ...exists, [`GET ${path}`]: failure(status, 'ClientIpAddressNotAuthorized') })
      await expect(make(fake).managedEndpoints(id)).rejects.toThrow(DataPlaneRefused)
    },
  )

  it('is not said to refuse by itself what ARM refuses', async () => {
    const fake = fakeAzure({ [`GET ${id.id}`]: failure(403, 'AuthorizationFailed') })
    await expect(make(fake).managedEndpoints(id)).rejects.toMatchObject({ name: 'ArmError', status: 403 })
  })

  it('does not take its token to a next page elsewhere', async () => {
    const body = { value: [], nextLink: `https://elsewhere.test${path}` }
    const fake = fakeAzure({ ...exists, [`GET ${path}`]: { status: 200, body } })
    await expect(make(fake).managedEndpoints(id)).rejects.toMatchObject({ code: 'ForeignLink' })
    expect(fake.calls).toHaveLength(2)
  })

  it.each(['ws.elsewhere', 'w_s', 'ws(1)', 'w\u212A'])('is not asked by the name %s', async (name) => {
    const fake = fakeAzure({})
    await expect(make(fake).managedEndpoints(targetOf(type, name))).rejects.toMatchObject({
      code: 'NameNotUsable',
    })
    expect(fake.calls).toEqual([])
  })
})

describe('an endpoint template', () => {
  it.each([
    'https://dev.synapse.test',
    'https://{workspace}.{workspace}.test',
    'http://{workspace}.test',
    '{workspace}',
  ])('like %s is refused at the start', (template) => {
    const fake = fakeAzure({})
    expect(() => synapseWorkspace(clientOf(fake), dataPlaneOf(fake, 's'), template)).toThrow(/endpoint/)
  })
})
