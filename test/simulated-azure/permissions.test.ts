import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { covers, operationOf } from '../../local/azure/identity/operations.ts'
import { foreignTenant } from '../../local/azure/well-known.ts'
import { Bench, own, team } from './support.ts'
import type { Json, Reply } from './support.ts'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.start()
})
afterEach(() => bench.stop())

const version = '2022-04-01'
const extension = '/providers/Microsoft.Authorization/permissions'
const group = `${own}/resourceGroups/rg-rights`
const account = `${group}/providers/Microsoft.Storage/storageAccounts/rights`
const storageWrite = 'Microsoft.Storage/storageAccounts/privateEndpointConnections/write'

interface Permission {
  readonly actions: readonly string[]
}

function read(scope: string, who: { tenant?: string } = {}): Promise<Reply> {
  return bench.call('GET', `${scope}${extension}`, undefined, { version, ...who })
}

async function permissionsAt(scope: string): Promise<readonly Permission[]> {
  return (await read(scope)).body['value'] as Permission[]
}

async function actionsAt(scope: string): Promise<readonly string[]> {
  return (await permissionsAt(scope)).flatMap(({ actions }) => actions)
}

function set(body: Json): Promise<Reply> {
  return bench.send('PUT', '/_simulator/permissions', body)
}

describe('Permissions', () => {
  test('are those of a reader and approver at a subscription, a group and a resource', async () => {
    await bench.create(account)
    for (const scope of [own, group, account, account.toUpperCase()]) {
      expect(await permissionsAt(scope)).toEqual([
        { actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] },
        expect.objectContaining({
          actions: expect.arrayContaining([
            storageWrite,
            'Microsoft.Storage/storageAccounts/privateEndpointConnectionsApproval/action',
            'Microsoft.Web/sites/slots/privateEndpointConnections/write',
            'Microsoft.Purview/accounts/ingestionPrivateEndpointConnectionStatus/action',
          ]) as string[],
        }),
      ])
    }
  })

  test('that were taken away are gone at the scope and below, and back after a reset of permissions', async () => {
    await bench.create(account)
    await set({ scope: group, permissions: [{ actions: ['*/read'] }] })
    expect(await actionsAt(account)).toEqual(['*/read'])
    expect(await actionsAt(own)).toContain(storageWrite)
    expect(await actionsAt(team)).toContain(storageWrite)
    expect((await bench.send('DELETE', '/_simulator/permissions')).status).toBe(204)
    expect(await actionsAt(account)).toContain(storageWrite)
  })

  test('are those of the nearest scope, and of the client before those of all', async () => {
    await bench.create(account)
    await set({ permissions: [] })
    await set({ scope: group, permissions: [{ actions: ['*/read'] }] })
    await set({ scope: group, clientId: 'tester', permissions: [{ actions: [storageWrite] }] })
    await set({ scope: group, clientId: 'somebody', permissions: [{ actions: ['*'] }] })
    expect([await actionsAt(own), await actionsAt(account)]).toEqual([[], [storageWrite]])
  })

  test('that a client has not refuse it with 403, which names the operation', async () => {
    await bench.create(account)
    await bench.ask('pe-permissions', account)
    const { id } = await bench.arrived(account, 'pe-permissions')
    await set({ scope: own, permissions: [{ actions: ['*/read'] }] })
    const { status, body } = await bench.decide(id, 'Approved')
    const error = body['error'] as Json
    expect([status, error['code'], error['message']]).toEqual([
      403,
      'AuthorizationFailed',
      expect.stringContaining(`action '${storageWrite}' over scope '${id}'`),
    ])
    await set({ scope: own, permissions: [{ actions: ['*'], notActions: [storageWrite.toUpperCase()] }] })
    expect((await bench.decide(id, 'Approved')).status).toBe(403)
    await set({ scope: own, permissions: [{ actions: ['*/read'] }, { actions: [storageWrite] }] })
    expect((await bench.decide(id, 'Approved')).status).toBe(200)
  })

  test('can be asked for by whoever has none', async () => {
    await set({ permissions: [] })
    expect((await bench.call('GET', own)).status).toBe(403)
    expect(await permissionsAt(own)).toEqual([])
  })

  test.each([
    ['a resource', account, 404],
    ['a group', `${own}/resourceGroups/nowhere`, 404],
    ['a subscription', '/subscriptions/00000000-1111-4222-8333-444444444444', 404],
  ])('of %s that is not there are 404', async (_, scope, status) => {
    expect((await read(scope)).status).toBe(status)
  })

  test('are not for a token of another tenant, and want an api-version that they have', async () => {
    expect((await read(own, { tenant: foreignTenant.tenantId })).status).toBe(401)
    const reply = await bench.call('GET', `${own}${extension}`, undefined, { version: '2021-04-01' })
    expect(reply.status).toBe(400)
  })

  test.each([{}, { permissions: [{ action: ['*'] }] }, { scope: 'x', permissions: [] }])(
    'are not set with what makes no sense: %j',
    async (body) => {
      expect((await set(body)).status).toBe(400)
    },
  )
})

describe('Operations', () => {
  test.each([
    ['GET', account, 'Microsoft.Storage/storageAccounts/read'],
    ['PATCH', `${account}/privateEndpointConnections/x`, storageWrite],
    ['DELETE', group, 'Microsoft.Resources/subscriptions/resourceGroups/delete'],
    ['HEAD', own, 'Microsoft.Resources/subscriptions/read'],
    ['POST', `${group}/providers/A.B/c/d/e`, 'A.B/c/e/action'],
    ['PUT', `${account}/providers/Microsoft.Resources/tags/default`, 'Microsoft.Resources/tags/write'],
  ])('%s %s is %s', (method, path, operation) => {
    expect(operationOf(method, path)).toBe(operation)
  })

  test.each([
    ['*', true],
    ['*/write', true],
    ['microsoft.storage/*/write', true],
    ['Microsoft.Storage/storageAccounts/*', true],
    ['*/read', false],
    ['Microsoft.Storage', false],
    ['Microsoft?Storage/*', false],
  ])('%s covers the write of a connection: %s', (action, expected) => {
    expect(covers(action, storageWrite)).toBe(expected)
  })
})
