import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { dataPlatform, foreignSubscription, foreignTenant } from '../../../local/azure/well-known.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { writeSupportOf } from '../../../shared/private-link/resource-types/resource-type.ts'
import type { ResourceType } from '../../../shared/private-link/resource-types/resource-type.ts'
import { listOfType, resourceTypes } from '../../../shared/private-link/resource-types/table.ts'
import type { ConnectionWrite, WriteOutcome } from '../../../shared/domain/connection-write.ts'
import { asOwner, create, idOf, onlyPendingOn, pendingOn, startAzure } from './simulated.ts'
import type { Azure } from './simulated.ts'
import { listWhole } from '../../support/whole-list.ts'

const asUnknownTenant = { tenantId: foreignTenant.tenantId, audience: asOwner.audience }
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

/** An unknown requester's manual request; PUT again, it asks anew. */
async function ask(serviceId: string, name: string, groupIds: readonly string[]): Promise<void> {
  const group = `/subscriptions/${foreignSubscription.subscriptionId}/resourceGroups/rg-far`
  const properties = { privateLinkServiceId: serviceId, groupIds, requestMessage: 'please' }
  const body = {
    location: 'westeurope',
    properties: { manualPrivateLinkServiceConnections: [{ name, properties }] },
  }
  const path = `${group}/providers/Microsoft.Network/privateEndpoints/${name}?api-version=2025-05-01`
  await azure.call('PUT', path, body, asUnknownTenant)
}

/** A new target of the row with one Pending connection, asked for by an unknown requester. */
async function askedOf(resourceType: ResourceType, name: string): Promise<Connection> {
  const target = await createOf(resourceType, name)
  const serviceId = resourceType.list === 'ingestion' ? await ingestionStorageOf(target) : target.id
  await ask(serviceId, `pe-${name}`, groupOf(resourceType))
  return await onlyPendingOn(azure, target)
}

async function ingestionStorageOf(account: ResourceId): Promise<string> {
  const body = await azure.call('GET', `${account.id}?api-version=2024-04-01-preview`)
  return (body as { properties: { ingestionStorage: { id: string } } }).properties.ingestionStorage.id
}

/** A resource of the row; its parent first where it is a child. */
async function createOf({ type, list }: ResourceType, name: string): Promise<ResourceId> {
  if (list === 'ingestion') return await createTarget(type, name, '2023-05-01-preview')
  const [namespace = '', parentType = '', childType] = type.split('/')
  if (childType === undefined) return await createTarget(type, name)
  const parent = await createTarget(`${namespace}/${parentType}`, name)
  const id = idOf(`${parent.id}/${childType}/${name}`)
  await azure.call('PUT', `${id.id}?api-version=2021-06-01`, { location: 'westeurope', properties: {} })
  return id
}

/** What an endpoint of the row asks for; what is in braces is named by the target itself. */
function groupOf({ knownGroupIds }: ResourceType): readonly string[] {
  return knownGroupIds.slice(0, 1).map((group) => group.replace(/\{.+\}/, 'any'))
}

const rows = resourceTypes.map((resourceType, index) => ({ resourceType, name: `target${index}` }))
const writable = rows.filter(({ resourceType }) => resourceType.writeForm !== 'none')
const unwritable = rows.filter(({ resourceType }) => resourceType.writeForm === 'none')
const label = ({ type, list }: ResourceType): string => `${type}, list ${list}`

describe('connections of every type', () => {
  it.concurrent.each(writable.map((row) => [label(row.resourceType), row] as const))(
    'of %s are listed, approved, read back, rejected and read back',
    async (_, { resourceType, name }) => {
      const { connections } = azure.privateLink
      const pending = await askedOf(resourceType, name)
      expectListed(pending, resourceType, name)
      for (const write of [approval, rejection]) {
        expect(await applyOnceReady(pending, write)).toEqual({ kind: 'written' })
        const after = await connections.read(pending)
        if (!after) throw new Error('The connection is gone.')
        expect(after).toMatchObject({ status: write.status, endpoint: { key: pending.endpoint?.key } })
        expect(connections.progressOf(after)).toBe('finished')
        const isDescribed = resourceType.description !== 'read-only'
        expect(after.description).toBe(isDescribed ? write.description : pending.description)
      }
    },
  )

  it.concurrent.each(unwritable.map((row) => [label(row.resourceType), row] as const))(
    'of %s are listed and never written',
    async (_, { resourceType, name }) => {
      const { connections } = azure.privateLink
      const pending = await askedOf(resourceType, name)
      expectListed(pending, resourceType, name)
      expect(pending.writeSupport).toBe('no-operation')
      await expect(connections.apply(pending, approval)).rejects.toThrow(/Nothing can apply a decision/)
      const claimed = { ...pending, writeSupport: 'with-description' } as const
      await expect(connections.apply(claimed, approval)).rejects.toThrow(/No operation applies/)
      expect((await connections.read(pending))?.status).toBe('Pending')
    },
  )
})

function expectListed(pending: Connection, resourceType: ResourceType, name: string): void {
  expect(pending).toMatchObject({
    list: resourceType.list,
    writeSupport: writeSupportOf(resourceType),
    endpoint: { name: `pe-${name}` },
    description: 'please',
  })
  const group = groupOf(resourceType)
  const isShown = resourceType.groupIds.startsWith('properties') && group.length > 0
  expect(pending.groupIds).toEqual(isShown ? group : undefined)
}

/** Where no provisioning state is shown, only a refusal tells that the answer before is still being carried out. */
async function applyOnceReady(connection: Connection, write: ConnectionWrite): Promise<WriteOutcome> {
  const { connections } = azure.privateLink
  return await vi.waitFor(
    async () => {
      const now = await connections.read(connection)
      if (!now) throw new Error('The connection is gone.')
      const outcome = await connections.apply(now, write)
      if (outcome.kind === 'retry-after') throw new Error(`Azure is busy: ${outcome.code}.`)
      return outcome
    },
    { timeout: 5_000, interval: 20 },
  )
}

describe('a storage account', () => {
  it('that already approved is an answer well written', async () => {
    const target = await createTarget('Microsoft.Storage/storageAccounts', 'twice')
    await ask(target.id, 'pe-twice', ['blob'])
    const pending = await onlyPendingOn(azure, target)
    const { connections } = azure.privateLink
    expect(await connections.apply(pending, approval)).toEqual({ kind: 'written' })
    expect(await connections.apply(pending, approval)).toEqual({ kind: 'written' })
  })

  it('that is busy is come back to', async () => {
    const target = await createTarget('Microsoft.Storage/storageAccounts', 'busy')
    await ask(target.id, 'pe-busy-1', ['blob'])
    await ask(target.id, 'pe-busy-2', ['dfs'])
    const { connections } = azure.privateLink
    const both = await pendingOn(azure, target, 2)
    const outcomes = await Promise.all(both.map((connection) => connections.apply(connection, approval)))
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['retry-after', 'written'])
    expect(outcomes).toContainEqual(expect.objectContaining({ code: 'StorageAccountOperationInProgress' }))
  })
})

describe('a Cosmos DB account', () => {
  it('cannot approve what it rejected', async () => {
    const target = await createTarget('Microsoft.DocumentDB/databaseAccounts', 'final')
    await ask(target.id, 'pe-final', ['Sql'])
    const pending = await onlyPendingOn(azure, target)
    const { connections } = azure.privateLink
    expect(await connections.apply(pending, rejection)).toEqual({ kind: 'written' })
    expect(await connections.apply(pending, approval)).toMatchObject({ kind: 'refused', code: 'BadRequest' })
    const rejected = { ...pending, status: 'Rejected' }
    expect(await connections.apply(rejected, approval)).toMatchObject({ code: 'RejectionIsFinal' })
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
    await ask(target.id, `pe-lonely-${type.length}`, groupOf(listOfType(type, 'connections')))
    const pending = await onlyPendingOn(azure, target)
    const missing = { ...pending, id: idOf(`${target.id}/privateEndpointConnections/no-such`) }
    const { connections } = azure.privateLink
    expect(await connections.read(missing)).toBeUndefined()
    expect(await connections.apply(missing, approval)).toEqual({ kind: 'gone' })
  })
})

describe('a target', () => {
  it('that does not exist has no connections', async () => {
    const target = idOf(
      `/subscriptions/${dataPlatform.subscriptionId}/resourceGroups/rg-none/providers/Microsoft.Sql/servers/none`,
    )
    expect(await listWhole(azure.privateLink.connections, target)).toEqual([])
  })

  it('in a tenant that is not ours goes to a person', async () => {
    const target = idOf(
      `/subscriptions/${foreignSubscription.subscriptionId}/resourceGroups/rg/providers/Microsoft.Sql/servers/s`,
    )
    await expect(azure.privateLink.connections.list(target)).rejects.toMatchObject({
      name: 'TargetUnreadable',
      message: expect.stringMatching(/responds 401 .*may belong to another tenant/) as string,
    })
  })

  it('in a subscription that nobody knows goes to a person', async () => {
    const target = idOf(
      '/subscriptions/00000000-0000-4000-8000-0000000dead0/resourceGroups/rg/providers/Microsoft.Sql/servers/s',
    )
    await expect(azure.privateLink.connections.list(target)).rejects.toMatchObject({
      name: 'TargetUnreadable',
      message: expect.stringMatching(/is unknown to .*ARM_ENDPOINT/) as string,
    })
  })

  it('of a type that is not in the table is shown, and never written', async () => {
    const target = await createTarget('Contoso.Preview/vaults', 'unlisted', '2026-01-01')
    await ask(target.id, 'pe-unlisted', ['vault'])
    const pending = await onlyPendingOn(azure, target)
    expect(pending).toMatchObject({ writeSupport: 'unlisted-type', status: 'Pending', description: 'please' })
    const { connections } = azure.privateLink
    await expect(connections.apply(pending, approval)).rejects.toThrow(/Nothing can apply a decision/)
    expect((await connections.read(pending))?.status).toBe('Pending')
  })

  it('of a type of which Azure names no list goes to a person', async () => {
    const group = `/subscriptions/${dataPlatform.subscriptionId}/resourceGroups/rg-none`
    const target = idOf(`${group}/providers/Contoso.New/things/one`)
    await expect(azure.privateLink.connections.list(target)).rejects.toMatchObject({
      name: 'TargetUnreadable',
      message: expect.stringMatching(/^contoso.new\/things is not in the table of resource types/) as string,
    })
  })
})
