import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import { createConnections } from '../../../shared/private-link/connections.ts'
import { resourceTypes } from '../../../shared/private-link/resource-types/table.ts'
import type { ResourceType } from '../../../shared/private-link/resource-types/resource-type.ts'
import type { ConnectionsPort } from '../../../shared/review/ports.ts'
import { arm, clientOf, failure, fakeAzure, fakeClock, fakeLog } from './fake-azure.ts'
import type { FakeAzure, FakeClock, FakeLog, Replies } from './fake-azure.ts'
import { endpointIn, managedSubscription, targetOf } from './ids.ts'

const endpoint = endpointIn(managedSubscription, 'adf-prod.mpe')
const approval = { status: 'Approved', description: 'Approved, decision d1' } as const

interface Setting {
  readonly fake: FakeAzure
  readonly log: FakeLog
  readonly clock: FakeClock
  readonly connections: ConnectionsPort
}

function setting(replies: Replies): Setting {
  const fake = fakeAzure(replies)
  const log = fakeLog()
  const clock = fakeClock()
  return { fake, log, clock, connections: createConnections({ arm: clientOf(fake), log, clock }) }
}

/** A connection as ARM shows it. */
function item(id: string, status: string, more: object = {}): object {
  const state = { status, description: 'please' }
  const properties = {
    privateEndpoint: { id: endpoint.id },
    privateLinkServiceConnectionState: state,
    ...more,
  }
  return { id, name: 'not-the-name', properties }
}

const storage = targetOf('Microsoft.Storage/storageAccounts')
const storageConnection = `${storage.id}/privateEndpointConnections/c1`

async function firstOf(list: object): Promise<Connection> {
  const { connections } = setting({
    [`GET ${storage.id}/privateEndpointConnections`]: { status: 200, body: { value: [list] } },
  })
  const [connection] = await connections.list(storage)
  if (!connection) throw new Error('The list is empty.')
  return connection
}

/** The lists of the same target that the row is not about, empty. */
function otherLists(target: { type: string; id: string }, resourceType: ResourceType): Replies {
  const others = resourceTypes.filter(({ type, list }) => type === target.type && list !== resourceType.list)
  return Object.fromEntries(
    others.map(({ listPath }) => [`GET ${target.id}/${listPath}`, { status: 200, body: { value: [] } }]),
  )
}

describe.each(resourceTypes)('$type, list $list', (resourceType) => {
  const target = targetOf(resourceType.type)
  const id = `${target.id}/${resourceType.childType}/c1`
  const listUrl = `GET ${target.id}/${resourceType.listPath}`
  const done = { provisioningState: resourceType.doneStates[0] }

  it('is listed, answered and read back', async () => {
    const answered = { status: 200, body: item(id, 'Approved', done) }
    const isIngestion = resourceType.answer === 'post-ingestion-status'
    const write = isIngestion ? `POST ${target.id}/ingestionPrivateEndpointConnectionStatus` : `PUT ${id}`
    const { connections, fake } = setting({
      ...otherLists(target, resourceType),
      [listUrl]: [
        { status: 200, body: { value: [item(id, 'Pending', { ...done, groupIds: ['g'], groupId: 'g' })] } },
        { status: 200, body: { value: [item(id, 'Approved', done)] } },
      ],
      [write]: answered,
      [`GET ${id}`]: answered,
    })
    const [connection] = await connections.list(target)
    if (!connection) throw new Error('The list is empty.')
    expect(connection).toMatchObject({
      status: 'Pending',
      list: resourceType.list,
      endpoint: { key: endpoint.key },
    })
    expect(connection.groupIds).toEqual(resourceType.groupIds === 'absent' ? undefined : ['g'])

    expect(await connections.answer(connection, approval)).toEqual({ kind: 'written' })
    expect((await connections.read(connection))?.status).toBe('Approved')

    const sent = fake.calls.find(({ method }) => method !== 'GET')
    expect(sent?.url.searchParams.get('api-version')).toBe(resourceType.apiVersion)
    expect(sent?.body).toEqual(
      isIngestion
        ? { privateEndpointId: endpoint.id, status: 'Approved' }
        : {
            properties: { privateEndpoint: { id: endpoint.id }, privateLinkServiceConnectionState: approval },
          },
    )
  })

  it('is finished in its end states only', async () => {
    const { connections } = setting({
      ...otherLists(target, resourceType),
      [listUrl]: { status: 200, body: { value: [item(id, 'Approved')] } },
    })
    const [connection] = await connections.list(target)
    if (!connection) throw new Error('The list is empty.')
    const progressOf = (provisioningState?: string) =>
      connections.progressOf({ ...connection, provisioningState })
    expect(resourceType.doneStates.map(progressOf)).toEqual(resourceType.doneStates.map(() => 'finished'))
    expect(resourceType.failureStates.map(progressOf)).toEqual(resourceType.failureStates.map(() => 'failed'))
    expect(progressOf(resourceType.doneStates[0]?.toUpperCase())).toBe('finished')
    expect(progressOf(undefined)).toBe('finished')
    expect(new Set(['Updating', 'Approving', 'Creating', ''].map(progressOf))).toEqual(new Set(['under-way']))
  })
})

describe('the list of a target', () => {
  it('is refused for a type that is not in the table', async () => {
    const { connections } = setting({})
    const target = targetOf('Microsoft.Batch/batchAccounts')
    await expect(connections.list(target)).rejects.toThrow(/not in the table/)
  })

  it('is found in whatever case the type is written', async () => {
    const target = targetOf('MICROSOFT.storage/STORAGEACCOUNTS')
    const { connections } = setting({
      [`GET ${target.id}/privateEndpointConnections`]: { status: 200, body: { value: [] } },
    })
    expect(await connections.list(target)).toEqual([])
  })

  it.each(['ResourceNotFound', 'ResourceGroupNotFound'])('is empty when ARM answers 404 %s', async (code) => {
    const { connections } = setting({ [`GET ${storage.id}/privateEndpointConnections`]: failure(404, code) })
    expect(await connections.list(storage)).toEqual([])
  })

  it.each([
    [404, 'InvalidResourceType'],
    [404, 'SubscriptionNotFound'],
    [403, 'AuthorizationFailed'],
    [500, 'InternalServerError'],
  ])('is not taken for empty when ARM answers %d %s', async (status, code) => {
    const { connections } = setting({
      [`GET ${storage.id}/privateEndpointConnections`]: failure(status, code),
    })
    await expect(connections.list(storage)).rejects.toMatchObject({ status, code })
  })

  it.each([
    ['in half a minute when ARM does not say when', {}, 30],
    ['when ARM says', { 'retry-after': '17' }, 17],
    ['not at once although ARM asks for no wait', { 'retry-after': '0' }, 5],
  ])('is asked for again when ARM is throttling, %s', async (_, headers, afterSeconds) => {
    const { connections } = setting({
      [`GET ${storage.id}/privateEndpointConnections`]: failure(429, 'TooManyRequests', 'x', headers),
    })
    await expect(connections.list(storage)).rejects.toMatchObject({ name: 'AzureBusy', afterSeconds })
  })

  it.each([
    [
      'of another target',
      `${targetOf('Microsoft.Storage/storageAccounts', 'target2').id}/privateEndpointConnections/c`,
    ],
    ['of another kind', `${storage.id}/privateEndpointConnectionProxies/c`],
    ['below a connection', `${storage.id}/privateEndpointConnections/c/x/y`],
    ['with climbing segments', `${storage.id}/privateEndpointConnections/..`],
    ['with an escaped slash', `${storage.id}/privateEndpointConnections/a%2Fb`],
    ['with a query', `${storage.id}/privateEndpointConnections/a?x=`],
    ['on another host', `https://elsewhere.test${storage.id}/privateEndpointConnections/c`],
    ['of the target itself', storage.id],
    ['with a Kelvin sign', storageConnection.replace('rg-data', 'rg-data\u212A')],
    ['that is empty', ''],
  ])('cannot be relied on when an item has an id %s', async (_, id) => {
    await expect(firstOf(item(id, 'Pending'))).rejects.toThrow(/has an item whose id is/)
  })

  it.each([null, 'text', [], {}, { id: 7 }])('cannot be relied on when an item is %j', async (odd) => {
    await expect(firstOf(odd as object)).rejects.toThrow(/has an item whose id is/)
  })

  it('takes names from ids and ids in any case', async () => {
    const id = storageConnection
      .replace('privateEndpointConnections', 'PrivateEndpointConnections')
      .replace('/c1', '/C1')
    expect((await firstOf(item(id, 'Pending'))).id).toMatchObject({ id, name: 'C1' })
  })

  it.each([
    {},
    { properties: null },
    { properties: {} },
    { properties: { privateLinkServiceConnectionState: 'x' } },
  ])('shows a connection of which hardly anything is known: %j', async (more) => {
    const connection = await firstOf({ id: storageConnection, ...more })
    expect(connection).toMatchObject({
      status: '',
      description: '',
      endpoint: undefined,
      groupIds: undefined,
    })
  })

  it.each([
    null,
    7,
    'not-an-id',
    'https://elsewhere.test/x',
    `${endpoint.id}/../x`,
    `${endpoint.id}?x=1`,
    endpoint.id.replace('/Microsoft', '%2FMicrosoft'),
  ])('has no endpoint when its id is %j', async (id) => {
    expect(
      (await firstOf(item(storageConnection, 'Pending', { privateEndpoint: { id } }))).endpoint,
    ).toBeUndefined()
  })

  it('keeps an unknown status as it is', async () => {
    expect((await firstOf(item(storageConnection, 'Timeout'))).status).toBe('Timeout')
  })
})

describe('an account of Purview', () => {
  const account = targetOf('Microsoft.Purview/accounts', 'pv')
  const list = `GET ${account.id}/privateEndpointConnections`
  const ingestion = `GET ${account.id}/ingestionPrivateEndpointConnections`
  const plain = {
    status: 200,
    body: { value: [item(`${account.id}/privateEndpointConnections/a`, 'Pending')] },
  }

  it('shows the connections of both its lists', async () => {
    const second = item(`${account.id}/ingestionPrivateEndpointConnections/b`, 'Pending')
    const { connections } = setting({
      [list]: plain,
      [ingestion]: { status: 200, body: { value: [second] } },
    })
    const seen = await connections.list(account)
    expect(seen.map((connection) => [connection.list, connection.id.name])).toEqual([
      ['connections', 'a'],
      ['ingestion', 'b'],
    ])
  })

  it.each([400, 404])('has no ingestion list when that answers %d, as older accounts do', async (status) => {
    const { connections, log } = setting({ [list]: plain, [ingestion]: failure(status, 'BadRequest') })
    expect(await connections.list(account)).toHaveLength(1)
    expect(log.lines[0]?.message).toMatch(/no such list/)
  })

  it.each([401, 403, 409, 500])('is not half listed when the ingestion list answers %d', async (status) => {
    const { connections } = setting({ [list]: plain, [ingestion]: failure(status, 'Code') })
    await expect(connections.list(account)).rejects.toMatchObject({ status })
  })
})

describe('one connection', () => {
  const vault = targetOf('Microsoft.KeyVault/vaults')
  const id = `${vault.id}/privateEndpointConnections/c1`

  async function readAfterListing(reply: Replies[string]): Promise<Connection | undefined> {
    const { connections } = setting({
      [`GET ${vault.id}/privateEndpointConnections`]: { status: 200, body: { value: [item(id, 'Pending')] } },
      [`GET ${id}`]: reply,
    })
    const [connection] = await connections.list(vault)
    if (!connection) throw new Error('The list is empty.')
    return connections.read(connection)
  }

  it.each([{ status: 204 }, failure(404, 'NotFound')])('is gone when ARM answers $status', async (reply) => {
    expect(await readAfterListing(reply)).toBeUndefined()
  })

  it('is not taken for gone when it may not be read', async () => {
    await expect(readAfterListing(failure(403, 'AuthorizationFailed'))).rejects.toMatchObject({ status: 403 })
  })

  it('keeps the id it was asked for', async () => {
    const connection = await readAfterListing({ status: 200, body: item(`${arm}/odd`, 'Approved') })
    expect(connection?.id.id).toBe(id)
  })
})
