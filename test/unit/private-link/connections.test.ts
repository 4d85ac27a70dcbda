import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import { arm, failure } from './fake-azure.ts'
import type { Reply } from './fake-azure.ts'
import { targetOf } from './ids.ts'
import { endpoint, item, setting } from './setting.ts'
import { listWhole } from '../../support/whole-list.ts'

const storage = targetOf('Microsoft.Storage/storageAccounts')
const storageConnection = `${storage.id}/privateEndpointConnections/c1`

async function firstOf(list: object): Promise<Connection> {
  const { connections } = setting({
    [`GET ${storage.id}/privateEndpointConnections`]: { status: 200, body: { value: [list] } },
  })
  const [connection] = await listWhole(connections, storage)
  if (!connection) throw new Error('The list is empty.')
  return connection
}

describe('the list of a target', () => {
  it('is found in whatever case the type is written', async () => {
    const target = targetOf('MICROSOFT.storage/STORAGEACCOUNTS')
    const { connections } = setting({
      [`GET ${target.id}/privateEndpointConnections`]: { status: 200, body: { value: [] } },
    })
    expect(await listWhole(connections, target)).toEqual([])
  })

  it.each(['ResourceNotFound', 'ResourceGroupNotFound'])('is empty when ARM answers 404 %s', async (code) => {
    const { connections } = setting({ [`GET ${storage.id}/privateEndpointConnections`]: failure(404, code) })
    expect(await listWhole(connections, storage)).toEqual([])
  })

  it.each([
    [409, 'Conflict'],
    [408, 'RequestTimeout'],
    [401, 'ExpiredAuthenticationToken'],
    [500, 'InternalServerError'],
    [503, 'ServiceUnavailable'],
  ])('is a failure that may pass when ARM answers %d %s', async (status, code) => {
    const { connections } = setting({
      [`GET ${storage.id}/privateEndpointConnections`]: failure(status, code),
    })
    const message = `${status} ${code}`
    await expect(connections.list(storage)).rejects.toMatchObject({
      name: 'AzureFailed',
      words: { code, message },
    })
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
    const seen = await listWhole(connections, account)
    expect(seen.map((connection) => [connection.list, connection.id.name])).toEqual([
      ['connections', 'a'],
      ['ingestion', 'b'],
    ])
  })

  it.each([400, 404])('has no ingestion list when that answers %d, as older accounts do', async (status) => {
    const { connections, log } = setting({ [list]: plain, [ingestion]: failure(status, 'BadRequest') })
    expect(await listWhole(connections, account)).toHaveLength(1)
    expect(log.lines[0]?.message).toMatch(/no such list/)
  })

  it('goes to a person when the ingestion list says that the subscription is unknown', async () => {
    const { connections } = setting({ [list]: plain, [ingestion]: failure(404, 'SubscriptionNotFound') })
    await expect(connections.list(account)).rejects.toThrow(/unknown to/)
  })

  it.each([409, 500])('is not half listed when the ingestion list answers %d', async (status) => {
    const { connections } = setting({ [list]: plain, [ingestion]: failure(status, 'Code') })
    await expect(connections.list(account)).rejects.toMatchObject({
      name: 'AzureFailed',
      words: { message: `${status} Code` },
    })
  })

  it.each([401, 403])('goes to a person when the ingestion list answers %d', async (status) => {
    const { connections } = setting({ [list]: plain, [ingestion]: failure(status, 'Code') })
    await expect(connections.list(account)).rejects.toMatchObject({ name: 'TargetUnreadable' })
  })

  it('is told of by its first list when both may not be read', async () => {
    const forbidden = failure(403, 'AuthorizationFailed')
    const { connections } = setting({
      [list]: { status: 200, body: { value: [], nextLink: `${arm}/second-page` } },
      'GET /second-page': forbidden,
      [ingestion]: forbidden,
    })
    await expect(connections.list(account)).rejects.toThrow(/pv\/privateEndpointConnections in api-version/)
  })

  it('is tried again when one list may not be read and the other has no time', async () => {
    const busy = failure(429, 'TooManyRequests')
    const { connections } = setting({ [list]: failure(403, 'AuthorizationFailed'), [ingestion]: busy })
    await expect(connections.list(account)).rejects.toMatchObject({ name: 'AzureBusy' })
  })
})

describe('one connection', () => {
  const vault = targetOf('Microsoft.KeyVault/vaults')
  const id = `${vault.id}/privateEndpointConnections/c1`

  async function readAfterListing(reply: Reply): Promise<Connection | undefined> {
    const { connections } = setting({
      [`GET ${vault.id}/privateEndpointConnections`]: { status: 200, body: { value: [item(id, 'Pending')] } },
      [`GET ${id}`]: reply,
    })
    const [connection] = await listWhole(connections, vault)
    if (!connection) throw new Error('The list is empty.')
    return connections.read(connection)
  }

  it.each([{ status: 204 }, failure(404, 'NotFound')])('is gone when ARM answers $status', async (reply) => {
    expect(await readAfterListing(reply)).toBeUndefined()
  })

  it.each([
    [400, 'BadRequest'],
    [403, 'AuthorizationFailed'],
    [410, 'Gone'],
  ])("is not taken for gone when ARM answers %d, and the words are Azure's", async (status, code) => {
    await expect(readAfterListing(failure(status, code, 'The words.'))).rejects.toMatchObject({
      name: 'AzureFailed',
      words: { code, message: 'The words.' },
    })
  })

  it.each([200, 202])('is not taken for gone when ARM answers %d and nothing else', async (status) => {
    await expect(readAfterListing({ status })).rejects.toMatchObject({
      name: 'AzureFailed',
      words: { code: 'UnreadableResponse' },
    })
  })

  it('is asked for again after five minutes at most, however long Azure asks to wait', async () => {
    const busy = failure(429, 'TooManyRequests', 'x', { 'retry-after': '3600' })
    await expect(readAfterListing(busy)).rejects.toMatchObject({ name: 'AzureBusy', afterSeconds: 300 })
  })

  it('keeps the id it was asked for', async () => {
    const connection = await readAfterListing({ status: 200, body: item(`${arm}/odd`, 'Approved') })
    expect(connection?.id.id).toBe(id)
  })
})
