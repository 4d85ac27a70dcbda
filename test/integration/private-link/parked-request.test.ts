import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  analytics,
  dataPlatform,
  foreignSubscription,
  foreignTenant,
} from '../../../local/azure/well-known.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import {
  asOwner,
  askAsFactory,
  askAsWorkspace,
  create,
  onlyPendingOn,
  pendingOn,
  startAzure,
} from './simulated.ts'
import type { Azure } from './simulated.ts'

const asUnknownTenant = { tenantId: foreignTenant.tenantId, audience: asOwner.audience }
let azure: Azure

beforeAll(async () => {
  azure = await startAzure(1_000)
})
afterAll(async () => {
  await azure.stop()
})

describe('an unknown requester who owns a workspace called like our factory', () => {
  it('gets nothing by asking beforehand and waiting until the factory asks', async () => {
    const home = { ...foreignSubscription, caller: asUnknownTenant }
    const lake = await create(azure, dataPlatform, 'Microsoft.Storage/storageAccounts', 'lake')
    const factory = await create(
      azure,
      analytics,
      'Microsoft.DataFactory/factories',
      'adf-prod',
      '2018-06-01',
    )
    await create(azure, home, 'Microsoft.Synapse/workspaces', 'adf-prod')
    await askAsWorkspace(azure, 'adf-prod', 'mpe-blob', lake, foreignTenant.tenantId)
    const parked = await onlyPendingOn(azure, lake)
    expect(parked.endpoint?.name).toBe('adf-prod.mpe-blob')
    const refusals = async (siblings: readonly Connection[]): Promise<string[]> => {
      const proof = await azure.privateLink.proofs.forPass(siblings).prove(parked, [factory])
      expect(proof).toMatchObject({ level: 'platform', isManagedTenant: true, requester: undefined })
      return proof.refusals.map(({ code }) => code)
    }
    expect(await refusals([parked])).toEqual(['no-such-managed-endpoint'])

    await askAsFactory(azure, factory, 'mpe-blob', lake.id, 'blob')
    expect(await refusals([parked])).toEqual(['managed-endpoint-not-ready'])

    await pendingOn(azure, lake, 2)
    // The list that the review began with is older than the factory's own request.
    expect(await refusals([parked])).toEqual(['competing-claim'])
  })
})
