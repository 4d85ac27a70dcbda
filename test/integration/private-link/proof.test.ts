import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  analytics,
  dataPlatform,
  foreignSubscription,
  foreignTenant,
  managedTenant,
  ownTenant,
} from '../../../local/azure/well-known.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import {
  asOwner,
  askAsFactory,
  askAsWorkspace,
  create,
  idOf,
  onlyPendingOn,
  pendingOn,
  startAzure,
} from './simulated.ts'
import type { Azure, Caller } from './simulated.ts'

const asUnknownTenant: Caller = { tenantId: foreignTenant.tenantId, audience: asOwner.audience }
const approval = { status: 'Approved', description: 'Approved, decision d1' } as const
let azure: Azure

beforeAll(async () => {
  azure = await startAzure()
})
afterAll(async () => {
  await azure.stop()
})

const storageAccount = (name: string): Promise<ResourceId> =>
  create(azure, dataPlatform, 'Microsoft.Storage/storageAccounts', name)
const factoryCalled = (name: string): Promise<ResourceId> =>
  create(azure, analytics, 'Microsoft.DataFactory/factories', name, '2018-06-01')

async function askAsOrdinary(
  subscription: string,
  caller: Caller,
  name: string,
  target: ResourceId,
): Promise<ResourceId> {
  const id = `/subscriptions/${subscription}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/${name}`
  const requestMessage = 'Requested by DataFactory:adf-spoofed, Name:mpe-blob'
  const link = { name, properties: { privateLinkServiceId: target.id, groupIds: ['blob'], requestMessage } }
  const body = { location: 'westeurope', properties: { manualPrivateLinkServiceConnections: [link] } }
  await azure.call('PUT', `${id}?api-version=2025-05-01`, body, caller)
  return idOf(id)
}

async function proveOn(
  target: ResourceId,
  candidates: readonly ResourceId[],
): Promise<{ proof: Proof; connection: Connection }> {
  const connection = await onlyPendingOn(azure, target)
  return {
    connection,
    proof: await azure.privateLink.proofs.forPass([connection]).prove(connection, candidates),
  }
}

const codesOf = (proof: Proof): string[] => proof.refusals.map(({ code }) => code)

describe('a managed endpoint', () => {
  it('of a data factory is confirmed, with the group that the storage account does not show', async () => {
    const [lake, factory] = await Promise.all([storageAccount('lake1'), factoryCalled('ADF-One')])
    await askAsFactory(azure, factory, 'mpe.blob', lake.id, 'blob')
    const { proof, connection } = await proveOn(lake, [factory])
    expect(connection.groupIds).toBeUndefined()
    expect(proof).toEqual({
      level: 'confirmed',
      requester: { kind: 'data-factory', id: factory },
      endpointTenantId: managedTenant.tenantId,
      isManagedTenant: true,
      groupIds: ['blob'],
      refusals: [],
    })
    expect(await azure.privateLink.connections.apply(connection, approval)).toEqual({ kind: 'written' })
    expect(codesOf(await azure.privateLink.proofs.forPass([]).prove(connection, [factory]))).toEqual([
      'managed-endpoint-not-pending',
    ])
  })

  it('of a Synapse workspace is confirmed', async () => {
    const lake = await storageAccount('lake2')
    const workspace = await create(azure, analytics, 'Microsoft.Synapse/workspaces', 'ws-two', '2021-06-01')
    await askAsWorkspace(azure, workspace.name, 'mpe', lake)
    const { proof } = await proveOn(lake, [workspace])
    expect(proof).toMatchObject({
      level: 'confirmed',
      requester: { kind: 'synapse-workspace' },
      groupIds: ['dfs'],
    })
  })

  it('of a Purview account is confirmed, three at once', async () => {
    const account = await create(azure, analytics, 'Microsoft.Purview/accounts', 'pv-three', '2021-12-01')
    const read = await azure.call('GET', `${account.id}?api-version=2021-12-01`)
    const { properties } = read as { properties: { managedResources: { storageAccount: string } } }
    const storage = idOf(properties.managedResources.storageAccount)
    const asPurview = { tenantId: ownTenant.tenantId, audience: 'https://purview.azure.net' }
    const runtime = { name: 'managed', kind: 'Managed', properties: {} }
    await azure.call(
      'PUT',
      '/purview/pv-three/scan/integrationruntimes/managed?api-version=2023-09-01',
      runtime,
      asPurview,
    )
    const all = [...(await pendingOn(azure, account)), ...(await pendingOn(azure, storage, 2))]
    const proofs = await Promise.all(
      all.map((connection) =>
        azure.privateLink.proofs
          .forPass(all.filter(({ target }) => target.key === connection.target.key))
          .prove(connection, [account]),
      ),
    )
    expect(proofs.map(({ level }) => level)).toEqual(['confirmed', 'confirmed', 'confirmed'])
    expect(proofs.flatMap(({ groupIds }) => groupIds ?? []).sort()).toEqual(['account', 'blob', 'queue'])
  })

  it('to the ingestion storage of a newer Purview account is confirmed', async () => {
    const factory = await factoryCalled('adf-four')
    const type = 'Microsoft.Purview/accounts'
    const account = await create(azure, analytics, type, 'pv-four', '2023-05-01-preview')
    const read = await azure.call('GET', `${account.id}?api-version=2023-05-01-preview`)
    const { properties } = read as { properties: { ingestionStorage: { id: string } } }
    await askAsFactory(azure, factory, 'ingest-blob', properties.ingestionStorage.id, 'blob')
    const { proof, connection } = await proveOn(account, [factory])
    expect(connection.list).toBe('ingestion')
    expect(proof).toMatchObject({ level: 'confirmed', groupIds: ['blob'] })
  })

  it('of a factory that was deleted is not confirmed', async () => {
    const [lake, factory] = await Promise.all([storageAccount('lake5'), factoryCalled('adf-five')])
    await askAsFactory(azure, factory, 'mpe', lake.id, 'blob')
    const other = idOf(factory.id.replace('rg-proof', 'rg-elsewhere'))
    const { proof } = await proveOn(lake, [other])
    expect(proof).toMatchObject({ level: 'platform', isManagedTenant: true })
    expect(codesOf(proof)).toEqual(['requester-not-found'])
  })

  it('is not confirmed while the factory answers 403', async () => {
    const [lake, factory] = await Promise.all([storageAccount('lake6'), factoryCalled('adf-six')])
    await askAsFactory(azure, factory, 'mpe', lake.id, 'blob')
    await azure.call('POST', '/_simulator/faults', {
      method: 'GET',
      path: 'adf-six/managedVirtualNetworks',
      when: 'before',
      status: 403,
      code: 'AuthorizationFailed',
      message: 'No.',
    })
    const { proof } = await proveOn(lake, [factory])
    expect(proof.refusals).toMatchObject([
      {
        code: 'could-not-ask',
        sentence: 'Could not ask Data Factory adf-six: 403 AuthorizationFailed ("No.").',
      },
    ])
  })
})

describe('an ordinary endpoint', () => {
  it('in an own subscription is confirmed, and leads to its target', async () => {
    const lake = await storageAccount('lake7')
    const endpoint = await askAsOrdinary(analytics.subscriptionId, asOwner, 'pe-seven', lake)
    const { proof } = await proveOn(lake, [])
    expect(proof).toMatchObject({
      level: 'confirmed',
      requester: { kind: 'private-endpoint', id: { key: endpoint.key } },
      endpointTenantId: ownTenant.tenantId,
      isManagedTenant: false,
      groupIds: ['blob'],
    })
    expect(await azure.privateLink.endpoints.targetsOf(endpoint)).toMatchObject([{ key: lake.key }])
  })

  it('of a foreign tenant that is called like an endpoint of a factory is not that', async () => {
    const [lake, factory] = await Promise.all([storageAccount('lake8'), factoryCalled('adf-spoofed')])
    const endpoint = await askAsOrdinary(
      foreignSubscription.subscriptionId,
      asUnknownTenant,
      'adf-spoofed.mpe-blob',
      lake,
    )
    const { proof } = await proveOn(lake, [factory])
    expect(proof).toMatchObject({
      level: 'platform',
      requester: undefined,
      endpointTenantId: foreignTenant.tenantId,
      isManagedTenant: false,
    })
    expect(codesOf(proof)).toEqual(['tenant-not-managed', 'endpoint-not-readable'])
    expect(await azure.privateLink.endpoints.targetsOf(endpoint)).toEqual([])
  })

  it('that takes the name of a real request makes only itself doubtful', async () => {
    const [lake, factory] = await Promise.all([storageAccount('lake9'), factoryCalled('adf-nine')])
    await askAsOrdinary(foreignSubscription.subscriptionId, asUnknownTenant, 'adf-nine.mpe', lake)
    await askAsFactory(azure, factory, 'mpe', lake.id, 'blob')
    const pending = await pendingOn(azure, lake, 2)
    const levels = async () => {
      const proofs = pending.map((connection) =>
        azure.privateLink.proofs.forPass(pending).prove(connection, [factory]),
      )
      return (await Promise.all(proofs)).map(({ level, isManagedTenant }) => [isManagedTenant, level]).sort()
    }
    // The factory shows its endpoint as Pending a little later than the target.
    await expect.poll(levels, { timeout: 10_000 }).toEqual([
      [false, 'platform'],
      [true, 'confirmed'],
    ])
  })
})

describe('the search for Pending connections', () => {
  it('finds a target with one, and not one without', async () => {
    const [waiting, quiet] = await Promise.all([storageAccount('lake10'), storageAccount('lake11')])
    await askAsOrdinary(analytics.subscriptionId, asOwner, 'pe-ten', waiting)
    await pendingOn(azure, waiting)
    await vi.waitFor(
      async () => {
        const { found } = await azure.privateLink.search.targetsWithPending()
        const keys = found.map(({ target }) => target.key)
        expect(keys).toContain(waiting.key)
        expect(keys).not.toContain(quiet.key)
      },
      { timeout: 5_000, interval: 50 },
    )
  })
})
