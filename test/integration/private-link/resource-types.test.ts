import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataPlatform, foreignSubscription, foreignTenant } from '../../../local/azure/well-known.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { resourceTypes } from '../../../shared/private-link/resource-types/table.ts'
import { asOwner, create, idOf, onlyPendingOn, pendingOn, startAzure } from './simulated.ts'
import type { Azure } from './simulated.ts'

const asStranger = { tenantId: foreignTenant.tenantId, audience: asOwner.audience }
const approval = { status: 'Approved', description: 'Approved, decision d1' } as const
const rejection = { status: 'Rejected', description: 'Rejected, decision d2' } as const
let azure: Azure

beforeAll(async () => {
  azure = await startAzure()
})
afterAll(async () => {
  await azure.stop()
})

const createTarget = (type: string, name: string, apiVersion?: string): Promise<ResourceId> =>
  create(azure, dataPlatform, type, name, apiVersion)

/** A stranger's manual request; PUT again, it asks anew. */
async function ask(serviceId: string, name: string, groupIds: readonly string[]): Promise<void> {
  const group = `/subscriptions/${foreignSubscription.subscriptionId}/resourceGroups/rg-far`
  const properties = { privateLinkServiceId: serviceId, groupIds, requestMessage: 'please' }
  const body = {
    location: 'westeurope',
    properties: { manualPrivateLinkServiceConnections: [{ name, properties }] },
  }
  const path = `${group}/providers/Microsoft.Network/privateEndpoints/${name}?api-version=2025-05-01`
  await azure.call('PUT', path, body, asStranger)
}

async function ingestionStorageOf(account: ResourceId): Promise<string> {
  const body = await azure.call('GET', `${account.id}?api-version=2024-04-01-preview`)
  return (body as { properties: { ingestionStorage: { id: string } } }).properties.ingestionStorage.id
}

const groups: Record<string, string> = {
  'Microsoft.DataFactory/factories': 'dataFactory',
  'Microsoft.DBforMySQL/flexibleServers': 'mysqlServer',
  'Microsoft.DBforMySQL/servers': 'mysqlServer',
  'Microsoft.DBforPostgreSQL/flexibleServers': 'postgresqlServer',
  'Microsoft.DBforPostgreSQL/servers': 'postgresqlServer',
  'Microsoft.DocumentDB/databaseAccounts': 'Sql',
  'Microsoft.EventHub/namespaces': 'namespace',
  'Microsoft.KeyVault/vaults': 'vault',
  'Microsoft.Purview/accounts': 'account',
  'Microsoft.Sql/managedInstances': 'managedInstance',
  'Microsoft.Sql/servers': 'sqlServer',
  'Microsoft.Storage/storageAccounts': 'blob',
  'Microsoft.Synapse/workspaces': 'Dev',
}

describe.concurrent.each(resourceTypes.map((row, index) => ({ ...row, name: `target${index}` })))(
  '$type, list $list',
  ({ type, list, name, groupIds, answer }) => {
    const isIngestion = list === 'ingestion'

    it('is listed, approved, read back, rejected and read back', async ({ expect }) => {
      const { connections } = azure.privateLink
      const target = await createTarget(type, name, isIngestion ? '2023-05-01-preview' : undefined)
      const serviceId = isIngestion ? await ingestionStorageOf(target) : target.id
      const group = isIngestion ? 'blob' : groups[type]
      await ask(serviceId, `pe-${name}`, group ? [group] : [])

      const pending = await onlyPendingOn(azure, target)
      expect(pending).toMatchObject({ list, endpoint: { name: `pe-${name}` }, description: 'please' })
      expect(pending.groupIds).toEqual(groupIds === 'absent' ? undefined : [group])

      expect(await connections.answer(pending, approval)).toEqual({ kind: 'written' })
      const approved = await connections.read(pending)
      if (!approved) throw new Error('The connection is gone.')
      expect(approved).toMatchObject({ status: 'Approved', endpoint: { name: `pe-${name}` } })
      expect(connections.progressOf(approved)).toBe('finished')
      if (answer === 'put-connection') expect(approved.description).toBe(approval.description)

      expect(await connections.answer(approved, rejection)).toEqual({ kind: 'written' })
      expect((await connections.read(pending))?.status).toBe('Rejected')
    })
  },
)

describe('a storage account', () => {
  it('that already approved is an answer well written', async () => {
    const target = await createTarget('Microsoft.Storage/storageAccounts', 'twice')
    await ask(target.id, 'pe-twice', ['blob'])
    const pending = await onlyPendingOn(azure, target)
    const { connections } = azure.privateLink
    expect(await connections.answer(pending, approval)).toEqual({ kind: 'written' })
    expect(await connections.answer(pending, approval)).toEqual({ kind: 'written' })
  })

  it('that is busy is come back to', async () => {
    const target = await createTarget('Microsoft.Storage/storageAccounts', 'busy')
    await ask(target.id, 'pe-busy-1', ['blob'])
    await ask(target.id, 'pe-busy-2', ['dfs'])
    const { connections } = azure.privateLink
    const both = await pendingOn(azure, target, 2)
    const outcomes = await Promise.all(both.map((connection) => connections.answer(connection, approval)))
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['come-back', 'written'])
    expect(outcomes).toContainEqual(expect.objectContaining({ code: 'StorageAccountOperationInProgress' }))
  })
})

describe('a Cosmos DB account', () => {
  it('cannot approve what it rejected', async () => {
    const target = await createTarget('Microsoft.DocumentDB/databaseAccounts', 'final')
    await ask(target.id, 'pe-final', ['Sql'])
    const pending = await onlyPendingOn(azure, target)
    const { connections } = azure.privateLink
    expect(await connections.answer(pending, rejection)).toEqual({ kind: 'written' })
    expect(await connections.answer(pending, approval)).toMatchObject({ kind: 'refused', code: 'BadRequest' })
    const rejected = { ...pending, status: 'Rejected' }
    expect(await connections.answer(rejected, approval)).toMatchObject({ code: 'RejectionIsFinal' })
  })
})

describe('a key vault', () => {
  it('shows the connections of all its pages', async () => {
    const target = await createTarget('Microsoft.KeyVault/vaults', 'paged')
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => ask(target.id, `pe-paged-${n}`, ['vault'])))
    expect(await pendingOn(azure, target, 7)).toHaveLength(7)
  })
})

describe('a connection that is not there', () => {
  it.each([
    'Microsoft.Network/privateLinkServices',
    'Microsoft.Storage/storageAccounts',
    'Microsoft.KeyVault/vaults',
  ])('is gone for %s, to be read and to be answered', async (type) => {
    const target = await createTarget(type, 'lonely')
    await ask(target.id, `pe-lonely-${type.length}`, groups[type] ? [groups[type]] : [])
    const pending = await onlyPendingOn(azure, target)
    const missing = { ...pending, id: idOf(`${target.id}/privateEndpointConnections/no-such`) }
    const { connections } = azure.privateLink
    expect(await connections.read(missing)).toBeUndefined()
    expect(await connections.answer(missing, approval)).toEqual({ kind: 'gone' })
  })
})

describe('a target', () => {
  it('that does not exist has no connections', async () => {
    const target = idOf(
      `/subscriptions/${dataPlatform.subscriptionId}/resourceGroups/rg-none/providers/Microsoft.Sql/servers/none`,
    )
    expect(await azure.privateLink.connections.list(target)).toEqual([])
  })

  it('in a tenant that is not ours cannot be listed', async () => {
    const target = idOf(
      `/subscriptions/${foreignSubscription.subscriptionId}/resourceGroups/rg/providers/Microsoft.Sql/servers/s`,
    )
    await expect(azure.privateLink.connections.list(target)).rejects.toMatchObject({ status: 401 })
  })
})
