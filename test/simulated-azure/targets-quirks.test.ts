import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, decisionOn, eventually, own, team } from './support.ts'
import type { Connection, Json, Reply } from './support.ts'

const providers = `${own}/resourceGroups/rg-odd/providers`
const endpoints = `${team}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints`

let bench: Bench
let number = 0
beforeAll(async () => {
  bench = await Bench.start({ timing: { arrivalMs: [1, 2], writeMs: 1, operationMs: 30 } })
})
afterAll(() => bench.stop())

interface Asked {
  readonly target: string
  readonly endpoint: string
  /** Id of the connection. */
  readonly id: string
}

/** A target of a type with one Pending connection, found inside the target or in its list. */
async function asked(type: string, body: Json = { location: 'westeurope' }, group = 'any'): Promise<Asked> {
  number += 1
  const target = await bench.create(`${providers}/${type}/odd${number}`, body)
  const endpoint = await bench.ask(`pe-odd${number}`, target, { group })
  await bench.settledEndpoint(endpoint)
  const [embedded] = await embeddedIn(target)
  const found = (embedded as Connection | undefined) ?? (await listed(target))[0]
  return { target, endpoint, id: found?.id ?? '' }
}

async function listed(target: string): Promise<Connection[]> {
  const { body } = await bench.call('GET', `${target}/privateEndpointConnections`)
  return body['value'] as Connection[]
}

async function embeddedIn(target: string, version = '2030-01-01'): Promise<unknown[]> {
  const { body } = await bench.call('GET', target, undefined, { version })
  const properties = body['properties'] as Record<string, unknown[] | undefined>
  return properties['privateEndpointConnections'] ?? []
}

function write(verb: string, id: string, state: Json, more: Json = {}): Promise<Reply> {
  return bench.call(verb, id, decisionOn(id, state, more))
}

async function read(id: string): Promise<Connection> {
  return (await bench.call('GET', id)).body as Connection
}

async function statusOf(id: string): Promise<string> {
  return (await read(id)).properties.privateLinkServiceConnectionState.status
}

const approved = { status: 'Approved', description: 'welcome' }

describe('Lists', () => {
  test.each(['Microsoft.Devices/iotHubs', 'Microsoft.Devices/provisioningServices'])(
    '%s answers a bare array',
    async (type) => {
      const { target, id } = await asked(type)
      const { body } = await bench.call('GET', `${target}/privateEndpointConnections`)
      expect((body as unknown as Connection[]).map((item) => item.id)).toEqual([id])
    },
  )

  test('Recovery Services has no list operation; its vault shows the connections', async () => {
    const { target, id } = await asked('Microsoft.RecoveryServices/vaults')
    expect((await bench.call('GET', `${target}/privateEndpointConnections`)).status).toBe(405)
    expect((await bench.call('GET', id)).status).toBe(200)
  })

  test('a list that nobody published is an unknown path', async () => {
    const { target, id } = await asked('Microsoft.DurableTask/schedulers')
    const { status, body } = await bench.call('GET', `${target}/privateEndpointConnections`)
    expect([status, (body['error'] as Json)['code']]).toEqual([404, 'NotFound'])
    expect((await bench.call('GET', id)).status).toBe(200)
  })

  test('items of static sites have no name and no type, those of private link services no type', async () => {
    const site = await asked('Microsoft.Web/staticSites')
    expect((await listed(site.target)).map((item) => Object.keys(item).sort())).toEqual([
      ['id', 'properties'],
    ])
    const service = await asked('Microsoft.Network/privateLinkServices')
    expect((await listed(service.target)).map((item) => Object.keys(item).sort())).toEqual([
      ['etag', 'id', 'name', 'properties'],
    ])
  })

  test('an SQL server lists a connection under the name of its endpoint', async () => {
    const { target, id, endpoint } = await asked('Microsoft.Sql/servers')
    expect((await listed(target)).map(({ name }) => name)).toEqual([endpoint.split('/').at(-1)])
    expect(id.split('/').at(-1)).not.toBe(endpoint.split('/').at(-1))
    expect((await read(id)).name).toBe(id.split('/').at(-1))
  })

  test('a Synapse workspace names a connection by its group', async () => {
    const { id } = await asked('Microsoft.Synapse/workspaces', undefined, 'SqlOnDemand')
    expect((await read(id)).name).toBe('sqlondemand')
  })

  test.each([
    ['Microsoft.ContainerService/managedClusters', 'Microsoft.Network/privateLinkServices'],
    ['Microsoft.EventHub/namespaces', 'Microsoft.EventHub/Namespaces'],
    ['Microsoft.ServiceBus/namespaces', 'Microsoft.ServiceBus/Namespaces'],
    ['Microsoft.Relay/namespaces', 'Microsoft.Relay/Namespaces'],
    ['Microsoft.DocumentDB/databaseAccounts', 'Microsoft.DocumentDb/databaseAccounts'],
  ])('an item of %s says it is of %s', async (type, shown) => {
    const { id } = await asked(type)
    expect(String((await read(id))['type']).toLowerCase()).toBe(
      `${shown}/privateEndpointConnections`.toLowerCase(),
    )
    expect(String((await read(id))['type']).startsWith(`${shown}/`)).toBe(true)
  })
})

describe('Connections inside their target', () => {
  test('Resource Manager private links list plain ids', async () => {
    const type = 'Microsoft.Authorization/resourceManagementPrivateLinks'
    const target = await bench.create(`${providers}/${type}/odd-ids`)
    await bench.settledEndpoint(await bench.ask('pe-odd-ids', target))
    expect(await embeddedIn(target)).toEqual((await listed(target)).map(({ id }) => id))
  })

  test('machine learning registries have members with names of their own, and nobody may write them', async () => {
    const target = await bench.create(`${providers}/Microsoft.MachineLearningServices/registries/odd-reg`)
    const endpoint = await bench.ask('pe-odd-reg', target, { group: 'amlregistry' })
    await bench.settledEndpoint(endpoint)
    const version = '2026-05-01'
    const { properties } = (await bench.call('GET', target, undefined, { version })).body as {
      properties: Record<string, Connection[]>
    }
    expect(properties['registryPrivateEndpointConnections']).toEqual([
      {
        id: expect.stringContaining(`${target}/privateEndpointConnections/`) as string,
        location: 'westeurope',
        properties: {
          privateEndpoint: { id: endpoint },
          groupIds: ['amlregistry'],
          provisioningState: 'Succeeded',
          registryPrivateLinkServiceConnectionState: {
            status: 'Pending',
            description: 'please',
            actionsRequired: 'None',
          },
        },
      },
    ])
    const { body } = await bench.call('PUT', target, {
      properties: { registryPrivateEndpointConnections: [] },
    })
    expect((body['properties'] as Json)['registryPrivateEndpointConnections']).toHaveLength(1)
  })

  test('they show from the first version on that has them', async () => {
    const { target } = await asked('Microsoft.Storage/storageAccounts')
    expect(await embeddedIn(target, '2019-04-01')).toEqual([])
    expect(await embeddedIn(target, '2019-06-01')).toHaveLength(1)
    expect(await embeddedIn(target, '2029-12-31')).toHaveLength(1)
  })

  test('a MySQL single server shows them in 2017-12-01, though they are themselves of 2018-06-01', async () => {
    const { target } = await asked('Microsoft.DBforMySQL/servers')
    expect(await embeddedIn(target, '2017-12-01')).toHaveLength(1)
  })
})

describe('Verbs', () => {
  test('Batch takes PATCH and no PUT', async () => {
    const { id } = await asked('Microsoft.Batch/batchAccounts')
    expect((await write('PUT', id, approved)).status).toBe(405)
    expect((await write('PATCH', id, approved)).status).toBe(202)
    expect((await bench.settled(id, 'Approved')).id).toBe(id)
  })

  test.each(['Microsoft.Batch/batchAccounts', 'Microsoft.DataFactory/factories'])(
    '%s refuses an If-Match that is not the etag',
    async (type) => {
      const { id } = await asked(type)
      const verb = type.includes('Batch') ? 'PATCH' : 'PUT'
      const body = decisionOn(id, approved)
      const send = (etag: string) => bench.call(verb, id, body, { headers: { 'if-match': etag } })
      expect((await send('W/"stale"')).status).toBe(412)
      expect((await send(String((await read(id))['etag']))).status).toBeLessThan(300)
    },
  )

  test('an etag of Key Vault is no condition', async () => {
    const { id } = await asked('Microsoft.KeyVault/vaults')
    const body = { properties: { privateLinkServiceConnectionState: approved } }
    expect((await bench.call('PUT', id, body, { headers: { 'if-match': 'W/"stale"' } })).status).toBe(200)
  })

  test.each(['MySQL', 'PostgreSQL', 'MariaDB'])(
    'PATCH on a %s single server changes only tags',
    async (kind) => {
      const { id } = await asked(`Microsoft.DBfor${kind}/servers`)
      const body = { tags: { team: 'a' }, properties: { privateLinkServiceConnectionState: approved } }
      const patched = await bench.call('PATCH', id, body)
      expect([patched.status, patched.body['tags']]).toEqual([200, { team: 'a' }])
      expect(await statusOf(id)).toBe('Pending')
    },
  )

  test('PATCH is no verb elsewhere', async () => {
    const { id } = await asked('Microsoft.Storage/storageAccounts')
    expect((await write('PATCH', id, approved)).status).toBe(405)
  })

  test.each(['Microsoft.Chaos/privateAccesses', 'Microsoft.Synapse/privateLinkHubs'])(
    '%s has no verb that answers',
    async (type) => {
      const { id } = await asked(type)
      expect((await write('PUT', id, approved)).status).toBe(405)
      expect((await write('PATCH', id, approved)).status).toBe(405)
      expect(await statusOf(id)).toBe('Pending')
    },
  )
})

describe('Bodies', () => {
  test.each(['Microsoft.Kusto/clusters', 'Microsoft.HybridCompute/privateLinkScopes'])(
    '%s refuses read-only members that come back',
    async (type) => {
      const { id } = await asked(type)
      const refusal = { code: 'InvalidResource', message: 'Property set method not found.' }
      const echoes = [
        await write('PUT', id, { ...approved, actionsRequired: 'None' }),
        await write('PUT', id, approved, { provisioningState: 'Succeeded' }),
      ]
      expect(echoes.map(({ status, body }) => [status, body['error']])).toEqual([
        [400, refusal],
        [400, refusal],
      ])
      expect(await statusOf(id)).toBe('Pending')
    },
  )

  test.each([
    'Microsoft.Sql/servers',
    'Microsoft.DocumentDB/databaseAccounts',
    'Microsoft.Synapse/workspaces',
  ])('%s takes them, as the Azure CLI sends them', async (type) => {
    const { id } = await asked(type)
    const { properties } = await read(id)
    const state = { ...properties.privateLinkServiceConnectionState, ...approved }
    expect((await write('PUT', id, state, { provisioningState: 'Ready' })).status).toBeLessThan(300)
  })

  test.each([
    'Microsoft.Devices/iotHubs',
    'Microsoft.Devices/provisioningServices',
    'Microsoft.DigitalTwins/digitalTwinsInstances',
    'Microsoft.HybridCompute/privateLinkScopes',
    'Microsoft.DBforMariaDB/servers',
  ])('%s wants a description', async (type) => {
    const { id } = await asked(type)
    for (const description of [undefined, null, '', ' ']) {
      expect((await write('PUT', id, { status: 'Approved', description })).status).toBe(400)
    }
    expect(await statusOf(id)).toBe('Pending')
  })

  test('Notification Hubs refuses a description and keeps the one it has', async () => {
    const { id } = await asked('Microsoft.NotificationHubs/namespaces')
    expect((await write('PUT', id, approved)).status).toBe(400)
    expect((await write('PUT', id, { status: 'Approved' })).status).toBe(201)
    const { properties } = await bench.settled(id, 'Approved')
    expect(properties.privateLinkServiceConnectionState.description).toBe('please')
  })
})

describe('States', () => {
  test.each(['Microsoft.Devices/iotHubs', 'Microsoft.Automation/automationAccounts'])(
    '%s has no provisioning state',
    async (type) => {
      const target = await bench.create(`${providers}/${type}/odd-stateless`)
      await bench.settledEndpoint(await bench.ask(`pe-stateless-${type.length}`, target))
      const [item] = (await embeddedIn(target)) as [Connection]
      expect(Object.keys(item.properties)).not.toContain('provisioningState')
      expect(Object.keys((await read(item.id)).properties)).not.toContain('provisioningState')
    },
  )

  test('HDInsight says Removed where others say Disconnected', async () => {
    const { id, endpoint } = await asked('Microsoft.HDInsight/clusters')
    await bench.call('DELETE', endpoint)
    expect(await statusOf(id)).toBe('Removed')
  })

  test('Power BI ends the status of an approved connection with a blank, and takes it so', async () => {
    const { id } = await asked('Microsoft.PowerBI/privateLinkServicesForPowerBI')
    expect((await write('PUT', id, { status: 'Approved ', description: '' })).status).toBe(200)
    expect(await statusOf(id)).toBe('Approved ')
  })

  test.each([
    ['Microsoft.Batch/batchAccounts', 'PATCH', 'Cancelled'],
    ['Microsoft.Search/searchServices', 'PUT', 'Incomplete'],
    ['Microsoft.Kusto/clusters', 'PUT', 'Failed'],
    ['Microsoft.Network/applicationGateways', 'PUT', 'Canceled'],
  ])('a write that fails on %s (%s) ends as %s and changes no status', async (type, verb, word) => {
    const { id } = await asked(type, { location: 'westeurope', tags: { 'simulated-azure': 'writes-fail' } })
    const { headers } = await write(verb, id, approved)
    const ended = await eventually(async () => {
      const { properties } = await read(id)
      return ['Succeeded', 'Updating'].includes(properties.provisioningState) ? undefined : properties
    })
    expect(ended.provisioningState).toBe(word)
    expect(ended.privateLinkServiceConnectionState.status).toBe('Pending')
    const link = headers['azure-asyncoperation']
    if (link === undefined) return
    const path = String(link).slice(bench.azure.origin.length).replace(/\?.*/, '')
    expect((await bench.call('GET', path)).body['status']).toBe('Failed')
  })
})

describe('Connections that are not there', () => {
  test.each([
    ['Microsoft.KeyVault/vaults', 204, 204],
    ['Microsoft.Search/searchServices', 404, 404],
    ['Microsoft.Storage/storageAccounts', 404, 204],
  ])('%s answers GET with %i and DELETE with %i', async (type, get, remove) => {
    const { target } = await asked(type)
    const missing = `${target}/privateEndpointConnections/none`
    expect((await bench.call('GET', missing)).status).toBe(get)
    expect((await bench.call('DELETE', missing)).status).toBe(remove)
  })
})

describe('Nested types', () => {
  test('a slot needs its site, and goes away with it; its requester sees Disconnected', async () => {
    const site = `${providers}/Microsoft.Web/sites/odd-site`
    const lost = await bench.call('PUT', `${site}/slots/staging`, { location: 'westeurope' })
    expect([lost.status, (lost.body['error'] as Json)['code']]).toEqual([404, 'ParentResourceNotFound'])
    await bench.create(site)
    const slot = await bench.create(`${site}/slots/staging`)
    expect((await bench.call('GET', slot)).body).toMatchObject({
      id: slot,
      name: 'odd-site/staging',
      type: 'Microsoft.Web/sites/slots',
    })
    const slots = (await bench.call('GET', `${site}/slots`)).body['value'] as Json[]
    expect(slots.map(({ id }) => id)).toEqual([slot])
    const groups = (await bench.call('GET', `${slot}/privateLinkResources`)).body['value'] as Json[]
    expect(groups.map(({ name }) => name)).toEqual(['sites-staging'])

    const endpoint = await bench.ask('pe-odd-slot', slot, { group: 'sites-staging' })
    await bench.settledEndpoint(endpoint)
    expect(await listed(site)).toEqual([])
    expect(await listed(slot)).toHaveLength(1)
    expect((await bench.call('DELETE', site)).status).toBe(200)
    expect((await bench.call('GET', slot)).status).toBe(404)
    const { body } = await bench.call('GET', `${endpoints}/pe-odd-slot`)
    expect(JSON.stringify(body)).toContain('"status":"Disconnected"')
  })
})
