import { expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { listOfType } from '../../../shared/private-link/resource-types/table.ts'
import { arm } from './fake-azure.ts'
import type { Replies, Reply } from './fake-azure.ts'
import { targetOf } from './ids.ts'
import { item, listCall, listReply, onlyOne, otherLists, setting } from './setting.ts'
import type { Setting } from './setting.ts'

const approval = { status: 'Approved', description: 'Approved, decision d1' } as const
const operation = `${arm}/operations/1`
const ok = (body: unknown): Reply => ({ status: 200, body })

interface Waiting extends Setting {
  readonly target: ResourceId
  readonly connection: Connection
}

/** One Pending connection of a target of the type. */
async function waiting(
  type: string,
  state: object = {},
  more: (id: string) => Replies = () => ({}),
): Promise<Waiting> {
  const row = listOfType(type, 'connections')
  const target = targetOf(type)
  const id = `${target.id}/privateEndpointConnections/c1`
  const shown = { privateLinkServiceConnectionState: { status: 'Pending', description: 'please', ...state } }
  const made = setting({
    ...otherLists(target, row),
    [listCall(row, target)]: listReply(row, [item(id, 'Pending', shown)]),
    ...more(id),
  })
  return { ...made, target, connection: await onlyOne(made.connections, target) }
}

const operations: readonly [type: string, quirk: string, put: Reply, replies: readonly Reply[]][] = [
  [
    'Microsoft.ApiManagement/service',
    'names its operation in the Location of a 202, which is followed to its end',
    { status: 202, headers: { location: operation } },
    [{ status: 202 }, ok({})],
  ],
  [
    'Microsoft.IoTCentral/iotApps',
    'answers 200 with an operation, which is followed to its end',
    { status: 200, body: {}, headers: { 'azure-asyncoperation': operation } },
    [ok({ status: 'InProgress' }), ok({ status: 'Succeeded' })],
  ],
  [
    'Microsoft.Purview/accounts',
    'names an operation that is no address, so the connection is asked instead',
    { status: 202, headers: { 'azure-asyncoperation': 'https//arm.test/operations/1' } },
    [],
  ],
]

it.each(operations)('%s %s', async (type, _quirk, put, replies) => {
  const { connections, connection, fake } = await waiting(type, {}, (id) => ({
    [`PUT ${id}`]: put,
    'GET /operations/1': replies,
    [`GET ${id}`]: ok(item(id, 'Approved')),
  }))
  const listing = fake.calls.length
  expect(await connections.apply(connection, approval)).toEqual({ kind: 'written' })
  expect(fake.calls.slice(listing).map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
    `PUT ${connection.id.id}`,
    ...replies.map(() => 'GET /operations/1'),
    `GET ${connection.id.id}`,
  ])
})

it.each([
  ['Microsoft.ContainerRegistry/registries', 'actionsRequired Recreate'],
  ['Microsoft.AppConfiguration/configurationStores', 'actionsRequired Recreate'],
])('%s may show %s, which is no part of our answer', async (type) => {
  const { connections, connection, fake } = await waiting(type, { actionsRequired: 'Recreate' }, (id) => ({
    [`PUT ${id}`]: ok({}),
    [`GET ${id}`]: ok(item(id, 'Approved')),
  }))
  expect(connection).toMatchObject({ status: 'Pending', description: 'please' })
  expect(await connections.apply(connection, approval)).toEqual({ kind: 'written' })
  expect(fake.calls.find(({ method }) => method === 'PUT')?.body).toEqual({
    properties: {
      privateEndpoint: { id: connection.endpoint?.id },
      privateLinkServiceConnectionState: approval,
    },
  })
})

it.each([
  ['Microsoft.FileShares/fileShares', 'inside the share'],
  ['Microsoft.Discovery/bookshelves', 'inside the bookshelf'],
  ['Microsoft.Discovery/workspaces', 'inside the workspace'],
  ['Microsoft.Security/privateLinks', 'inside the private link'],
  ['Microsoft.DataReplication/replicationVaults', 'inside the vault'],
])('%s has no list: its connections are read %s', async (type) => {
  const { target } = await waiting(type)
  const id = `${target.id}/privateEndpointConnections/c1`
  const { connections, fake } = setting({
    [`GET ${target.id}`]: ok({ properties: { privateEndpointConnections: [item(id, 'Pending')] } }),
  })
  expect((await onlyOne(connections, target)).id.id).toBe(id)
  expect(fake.calls.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([`GET ${target.id}`])
})
