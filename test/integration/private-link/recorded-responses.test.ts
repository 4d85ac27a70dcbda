import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataPlatform, foreignSubscription, foreignTenant } from '../../../local/azure/well-known.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { asOwner, idOf, onlyPendingOn, startAzure } from './simulated.ts'
import type { Azure } from './simulated.ts'

const approval = { status: 'Approved', description: 'Approved, decision d1' } as const
const rejection = { status: 'Rejected', description: 'Rejected, decision d2' } as const
let azure: Azure
let asked = 0

beforeAll(async () => {
  azure = await startAzure()
})
afterAll(async () => {
  await azure.stop()
})

/** A new target, with one Pending connection. */
async function waiting(type: string, tag?: string): Promise<Connection> {
  asked += 1
  const name = `recorded${asked}`
  const group = `/subscriptions/${dataPlatform.subscriptionId}/resourceGroups/rg-recorded`
  const target = idOf(`${group}/providers/${type}/${name}`)
  const tags = tag === undefined ? {} : { 'simulated-azure': tag }
  await azure.call('PUT', `${target.id}?api-version=2021-06-01`, { location: 'westeurope', tags })
  const properties = { privateLinkServiceId: target.id, groupIds: ['any'], requestMessage: 'please' }
  const endpoint = `/subscriptions/${foreignSubscription.subscriptionId}/resourceGroups/rg-far/providers/Microsoft.Network/privateEndpoints/${name}`
  await azure.call(
    'PUT',
    `${endpoint}?api-version=2025-05-01`,
    { location: 'westeurope', properties: { manualPrivateLinkServiceConnections: [{ name, properties }] } },
    { tenantId: foreignTenant.tenantId, audience: asOwner.audience },
  )
  return await onlyPendingOn(azure, target)
}

describe('Azure as it was recorded', () => {
  it.each([
    ['Microsoft.Web/sites', rejection],
    ['Microsoft.Web/sites', approval],
    ['Microsoft.Web/staticSites', rejection],
    ['Microsoft.DigitalTwins/digitalTwinsInstances', approval],
    ['Microsoft.DBforPostgreSQL/serverGroupsv2', approval],
    ['Microsoft.ApiManagement/service', approval],
    ['Microsoft.RecoveryServices/vaults', rejection],
  ])('finishes the decision on %s: $status', async (type, write) => {
    const { connections } = azure.privateLink
    const pending = await waiting(type)
    expect(await connections.apply(pending, write)).toEqual({ kind: 'written' })
    const after = await connections.read(pending)
    expect(after?.status).toBe(write.status)
    if (after) expect(connections.progressOf(after)).toBe('finished')
  })

  it('never ends an operation whose connection is done: that is well written', async () => {
    const pending = await waiting('Microsoft.Sql/servers', 'operations-never-end')
    expect(await azure.privateLink.connections.apply(pending, approval)).toEqual({ kind: 'written' })
  }, 30_000)

  it('ends a Location with 200 and Failed: that is a refusal with its words', async () => {
    const pending = await waiting('Microsoft.ApiManagement/service', 'operations-fail-with-200')
    expect(await azure.privateLink.connections.apply(pending, approval)).toMatchObject({
      kind: 'refused',
      code: 'OperationFailed',
      message: 'The target is set to fail.',
    })
  })

  it.each([
    ...['arm', 'capitals', 'flat', 'flat-capitals', 'errorCode', 'error_code', 'odata', 'details', 'oauth'],
    ...['text', 'page'],
  ])('says in the shape %s why a target cannot be read: its words reach the person', async (shape) => {
    const { target } = await waiting('Microsoft.Storage/storageAccounts')
    await azure.call('POST', '/_simulator/faults', {
      path: `${target.name}/privateEndpointConnections$`,
      status: 403,
      code: 'Nope',
      message: 'The words of Azure.',
      shape,
      times: 1,
    })
    await expect(azure.privateLink.connections.list(target)).rejects.toThrow(/Nope.*The words of Azure\./)
  })
})
