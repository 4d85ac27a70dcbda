import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import { listOfType } from '../../../shared/private-link/resource-types/table.ts'
import type { ConnectionWrite } from '../../../shared/domain/connection-write.ts'
import { failure } from './fake-azure.ts'
import type { Replies, Reply } from './fake-azure.ts'
import { targetOf } from './ids.ts'
import { item, listCall, listReply, onlyOne, setting } from './setting.ts'
import type { Setting } from './setting.ts'

const approval: ConnectionWrite = { status: 'Approved', description: 'Approved, decision d1' }

/** One connection of a target of the type, as its list shows it. */
async function listed(
  type: string,
  body: (id: string) => unknown,
  more: (id: string) => Replies = () => ({}),
): Promise<Setting & { readonly connection: Connection }> {
  const row = listOfType(type, 'connections')
  const target = targetOf(type)
  const id = `${target.id}/privateEndpointConnections/c1`
  const made = setting({ [listCall(row, target)]: listReply(row, [body(id)]), ...more(id) })
  return { ...made, connection: await onlyOne(made.connections, target) }
}

const ok = (body: unknown): Reply => ({ status: 200, body })
const withEtag = (id: string, status: string, etag: unknown) => ({ ...item(id, status), etag })

describe.each([
  ['Microsoft.Batch/batchAccounts', 'PATCH'],
  ['Microsoft.DataFactory/factories', 'PUT'],
])('an answer to %s', (type, verb) => {
  it(`is a ${verb} with the etag that was read last`, async () => {
    const { connections, connection, fake } = await listed(
      type,
      (id) => withEtag(id, 'Pending', '"e1"'),
      (id) => ({
        [`GET ${id}`]: [ok(withEtag(id, 'Pending', '"e2"')), ok(withEtag(id, 'Approved', '"e3"'))],
        [`${verb} ${id}`]: ok({}),
      }),
    )
    expect(connection.etag).toBe('"e1"')
    const now = await connections.read(connection)
    if (!now) throw new Error('The connection is gone.')
    expect(await connections.apply(now, approval)).toEqual({ kind: 'written' })
    const writes = fake.calls.filter(({ method }) => method !== 'GET')
    expect(writes.map(({ method, ifMatch }) => [method, ifMatch])).toEqual([[verb, '"e2"']])
  })

  it('that meets another state than was read is no answer: it is looked at again', async () => {
    const { connections, connection, fake } = await listed(
      type,
      (id) => withEtag(id, 'Pending', '"e1"'),
      (id) => ({ [`${verb} ${id}`]: failure(412, 'PreconditionFailed') }),
    )
    expect(await connections.apply(connection, approval)).toEqual({
      kind: 'retry-after',
      afterSeconds: 5,
      code: 'PreconditionFailed',
      message: '412 PreconditionFailed',
      isOwn: true,
    })
    expect(fake.calls.filter(({ method }) => method !== 'GET')).toHaveLength(1)
  })

  it.each([undefined, null, '', 7, '"a"\r\nx-evil: 1', '"\u00e9"'])(
    'goes without an etag where the connection shows none that fits a header: %j',
    async (etag) => {
      const { connections, connection, fake } = await listed(
        type,
        (id) => withEtag(id, 'Pending', etag),
        (id) => ({ [`GET ${id}`]: ok(item(id, 'Approved')), [`${verb} ${id}`]: ok({}) }),
      )
      expect(await connections.apply(connection, approval)).toEqual({ kind: 'written' })
      expect(fake.calls.find(({ method }) => method === verb)?.ifMatch).toBeUndefined()
    },
  )
})

describe.each(['Microsoft.KeyVault/vaults', 'Microsoft.Network/privateLinkServices'])('%s', (type) => {
  it('shows etags and takes none', async () => {
    const { connections, connection, fake } = await listed(
      type,
      (id) => withEtag(id, 'Pending', '"e1"'),
      (id) => ({ [`GET ${id}`]: ok(item(id, 'Approved')), [`PUT ${id}`]: ok({}) }),
    )
    expect(connection.etag).toBeUndefined()
    await connections.apply(connection, approval)
    expect(fake.calls.find(({ method }) => method === 'PUT')?.ifMatch).toBeUndefined()
  })
})

describe('a status', () => {
  it.each([
    ['Microsoft.HDInsight/clusters', 'Removed', 'Disconnected'],
    ['Microsoft.HDInsight/clusters', 'removed', 'Disconnected'],
    ['Microsoft.HDInsight/clusters', 'Pending', 'Pending'],
    ['Microsoft.PowerBI/privateLinkServicesForPowerBI', 'Approved ', 'Approved'],
    ['Microsoft.PowerBI/privateLinkServicesForPowerBI', 'Pending ', 'Pending'],
    ['Microsoft.Purview/accounts', 'Unknown', 'Unknown'],
    ['Microsoft.MachineLearningServices/workspaces', 'Timeout', 'Timeout'],
    ['Microsoft.ElasticSan/elasticSans', 'Failed', 'Failed'],
    ['Microsoft.Storage/storageAccounts', 'Removed', 'Removed'],
    ['Microsoft.Storage/storageAccounts', ' ', ''],
  ])('of %s that is shown as "%s" is "%s"', async (type, shown, status) => {
    const ingestion = `GET ${targetOf(type).id}/ingestionPrivateEndpointConnections`
    const { connection } = await listed(
      type,
      (id) => item(id, shown),
      () => ({ [ingestion]: ok({ value: [] }) }),
    )
    expect(connection.status).toBe(status)
  })
})

describe('a provisioning state', () => {
  it.each([
    ['Microsoft.Sql/servers', 'Ready', 'finished'],
    ['Microsoft.DBforMySQL/flexibleServers', 'Ready', 'finished'],
    ['Microsoft.Storage/storageAccounts', 'Ready', 'unknown'],
    ['Microsoft.DigitalTwins/digitalTwinsInstances', 'Approved', 'finished'],
    ['Microsoft.DigitalTwins/digitalTwinsInstances', 'Rejected', 'finished'],
    ['Microsoft.DigitalTwins/digitalTwinsInstances', 'Pending', 'under-way'],
    ['Microsoft.DigitalTwins/digitalTwinsInstances', 'Succeeded', 'finished'],
    ['Microsoft.DBforPostgreSQL/serverGroupsv2', 'Ready', 'finished'],
    ['Microsoft.DBforPostgreSQL/serverGroupsv2', 'Succeeded', 'finished'],
    ['Microsoft.Web/sites', 'Pending', 'finished'],
    ['Microsoft.Web/sites/slots', 'Pending', 'finished'],
    ['Microsoft.Web/staticSites', 'Pending', 'finished'],
    ['Microsoft.Web/hostingEnvironments', 'Pending', 'finished'],
    ['Microsoft.Web/sites', 'Updating', 'under-way'],
    ['Microsoft.OffAzure/masterSites', 'Updated', 'finished'],
    ['Microsoft.OffAzure/masterSites', 'Completed', 'finished'],
    ['Microsoft.ElasticSan/elasticSans', 'Deleted', 'failed'],
    ['Microsoft.ElasticSan/elasticSans', 'Invalid', 'failed'],
    ['Microsoft.Devices/iotHubs', undefined, 'finished'],
    ['Microsoft.Automation/automationAccounts', 'Whatever', 'finished'],
    ['Microsoft.Batch/batchAccounts', 'Cancelled', 'failed'],
    ['Microsoft.App/managedEnvironments', 'Canceled', 'failed'],
    ['Microsoft.Search/searchServices', 'Incomplete', 'failed'],
    ['Microsoft.HardwareSecurityModules/cloudHsmClusters', 'InternalError', 'failed'],
    ['Microsoft.KeyVault/managedHSMs', 'Disconnected', 'failed'],
    ['Microsoft.NotificationHubs/namespaces', 'UpdatingByProxy', 'under-way'],
    ['Microsoft.RecoveryServices/vaults', 'Pending', 'under-way'],
  ])('of %s that is %s is %s', async (type, provisioningState, progress) => {
    const { connections, connection } = await listed(type, (id) =>
      item(id, 'Approved', { provisioningState }),
    )
    expect(connections.progressOf(connection)).toBe(progress)
  })
})

describe('a description', () => {
  it('is read-only for Notification Hubs, so none is sent', async () => {
    const { connections, connection, fake } = await listed(
      'Microsoft.NotificationHubs/namespaces',
      (id) => item(id, 'Pending'),
      (id) => ({ [`PUT ${id}`]: ok({}), [`GET ${id}`]: ok(item(id, 'Approved')) }),
    )
    expect(connection.writeSupport).toBe('without-description')
    await connections.apply(connection, approval)
    expect(fake.calls.find(({ method }) => method === 'PUT')?.body).toMatchObject({
      properties: { privateLinkServiceConnectionState: { status: 'Approved' } },
    })
    expect(JSON.stringify(fake.calls)).not.toContain(approval.description)
  })
})

describe('a machine learning registry', () => {
  const type = 'Microsoft.MachineLearningServices/registries'
  const target = targetOf(type)
  const state = 'registryPrivateLinkServiceConnectionState'

  it.each(['registryPrivateEndpointConnections', 'privateEndpointConnections'])(
    'shows its connections, whose ids may have the child type %s, and reads them again from there',
    async (childType) => {
      const id = `${target.id}/${childType}/c1`
      const holding = (status: string) =>
        ok({
          properties: {
            registryPrivateEndpointConnections: [item(id, status, { groupIds: ['amlregistry'] }, state)],
          },
        })
      const { connections, fake } = setting({
        [`GET ${target.id}`]: [holding('Pending'), holding('Approved')],
      })
      const connection = await onlyOne(connections, target)
      expect(connection).toMatchObject({
        writeSupport: 'no-operation',
        status: 'Pending',
        description: 'please',
        groupIds: ['amlregistry'],
      })
      expect((await connections.read(connection))?.status).toBe('Approved')
      expect(fake.calls.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
        `GET ${target.id}`,
        `GET ${target.id}`,
      ])
    },
  )
})

describe('the version', () => {
  it.each([
    ['Microsoft.DBforMySQL/servers', '2018-06-01', '2017-12-01'],
    ['Microsoft.DBforPostgreSQL/servers', '2018-06-01', '2017-12-01'],
    ['Microsoft.Monitor/accounts', '2021-06-03-preview', '2025-10-03'],
  ])('of the connections of %s is %s, that of the target itself %s', (type, apiVersion, parentApiVersion) => {
    expect(listOfType(type, 'connections')).toMatchObject({ apiVersion, parentApiVersion })
  })

  it('is the one of the target where its connections are read in it, and theirs where they are written', async () => {
    const { connections, connection, fake } = await listed(
      'Microsoft.Monitor/accounts',
      (id) => item(id, 'Pending'),
      (id) => ({ [`PUT ${id}`]: ok({}), [`GET ${id}`]: ok(item(id, 'Approved')) }),
    )
    await connections.apply(connection, approval)
    expect(fake.calls.map(({ method, url }) => [method, url.searchParams.get('api-version')])).toEqual([
      ['GET', '2025-10-03'],
      ['PUT', '2021-06-03-preview'],
      ['GET', '2021-06-03-preview'],
    ])
  })
})

describe('an address', () => {
  it('of the list of a factory has a capital P in the middle, that of a connection has not', async () => {
    const { connections, connection, fake } = await listed(
      'Microsoft.DataFactory/factories',
      (id) => item(id, 'Pending'),
      (id) => ({ [`PUT ${id}`]: ok({}), [`GET ${id}`]: ok(item(id, 'Approved')) }),
    )
    await connections.apply(connection, approval)
    expect(fake.calls.map(({ url }) => url.pathname.split('/').slice(9).join('/'))).toEqual([
      'privateEndPointConnections',
      'privateEndpointConnections/c1',
      'privateEndpointConnections/c1',
    ])
  })

  it('of a slot goes through its site', async () => {
    const { fake } = await listed('Microsoft.Web/sites/slots', (id) => item(id, 'Pending'))
    expect(fake.calls[0]?.url.pathname).toMatch(
      /\/Microsoft\.Web\/sites\/parent\/slots\/target\/privateEndpointConnections$/,
    )
  })
})

describe('what an item calls itself', () => {
  it.each([
    [
      'Microsoft.ContainerService/managedClusters',
      { type: 'Microsoft.Network/privateLinkServices/privateEndpointConnections' },
    ],
    ['Microsoft.EventHub/namespaces', { type: 'Microsoft.EventHub/Namespaces/PrivateEndpointConnections' }],
    ['Microsoft.Synapse/workspaces', { name: 'sql' }],
    ['Microsoft.Web/staticSites', { name: undefined, type: undefined }],
  ])('counts for nothing, its id does: %s', async (type, odd) => {
    const { connection } = await listed(type, (id) => ({ ...item(id, 'Pending'), ...odd }))
    expect(connection.id.name).toBe('c1')
    expect(connection.target.type).toBe(type)
  })
})
