import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../../local/azure/identity/people/directory.ts'
import {
  analytics,
  dataPlatform,
  foreignSubscription,
  foreignTenant,
} from '../../../local/azure/well-known.ts'
import type { Askers } from '../../../shared/domain/askers.ts'
import type { RequesterId } from '../../../shared/domain/requester-id.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import {
  asOwner,
  askAsFactory,
  askAsWorkspace,
  type Azure,
  type Caller,
  create,
  idOf,
  onlyPendingOn,
  startAzure,
} from './simulated.ts'

const endpoints = 'Microsoft.Network/privateEndpoints'
const [ann, ben] = people
const asAnn: Caller = { ...asOwner, userName: ann?.userName ?? '' }
const asBen: Caller = { ...asOwner, userName: ben?.userName ?? '' }
const asForeign: Caller = { tenantId: foreignTenant.tenantId, audience: asOwner.audience }

let azure: Azure
beforeAll(async () => {
  azure = await startAzure()
})
afterAll(() => azure.stop())

const lake = (name: string) => create(azure, dataPlatform, 'Microsoft.Storage/storageAccounts', name)

async function ask(
  target: ResourceId,
  name: string,
  caller: Caller,
  subscriptionId = analytics.subscriptionId,
) {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/rg-net/providers/${endpoints}/${name}`
  const properties = { privateLinkServiceId: target.id, groupIds: ['blob'], requestMessage: 'please' }
  const body = {
    location: 'westeurope',
    properties: { manualPrivateLinkServiceConnections: [{ name, properties }] },
  }
  await azure.call('PUT', `${id}?api-version=2024-01-01`, body, caller)
}

/** Who is behind the one Pending connection of a target. */
async function askersOn(target: ResourceId, candidates: readonly RequesterId[] = []): Promise<Askers> {
  const connection = await onlyPendingOn(azure, target)
  const { proofs, askers } = azure.privateLink
  const proof = await proofs.forPass([connection]).prove(connection, candidates)
  return await askers.askersOf(connection, proof)
}

describe('who asks', () => {
  it('is the person who created the ordinary endpoint', async () => {
    const target = await lake('stasker1')
    await ask(target, 'pe-Ann', asAnn)
    expect(await askersOn(target)).toEqual({ kind: 'known', people: [ann?.objectId] })
  })

  it('is also who wrote it later', async () => {
    const target = await lake('stasker2')
    await ask(target, 'pe-both', asAnn)
    await ask(target, 'pe-both', asBen)
    expect(await askersOn(target)).toEqual({ kind: 'known', people: [ann?.objectId, ben?.objectId] })
  })

  it('is unknown where a program created it', async () => {
    const target = await lake('stasker3')
    await ask(target, 'pe-program', asOwner)
    expect(await askersOn(target)).toEqual({
      kind: 'unknown',
      why: 'The Activity Log shows only applications that wrote pe-program, and no person.',
    })
  })

  it('is the person who created the managed endpoint at the factory', async () => {
    const [target, factory] = await Promise.all([
      lake('stasker4'),
      create(azure, analytics, 'Microsoft.DataFactory/factories', 'adf-askers'),
    ])
    await askAsFactory(azure, factory, 'mpe.lake', target.id, 'blob', asBen)
    expect(await askersOn(target, [factory])).toEqual({ kind: 'known', people: [ben?.objectId] })
  })

  it('is unknown at a Synapse workspace, whose own service makes its endpoints', async () => {
    const [target, workspace] = await Promise.all([
      lake('stasker5'),
      create(azure, analytics, 'Microsoft.Synapse/workspaces', 'syn-askers'),
    ])
    await askAsWorkspace(azure, workspace.name, 'mpe', target)
    expect(await askersOn(target, [workspace])).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('Synapse') as string,
    })
  })

  it('is unknown in a foreign tenant', async () => {
    const target = await lake('stasker6')
    await ask(target, 'pe-foreign', asForeign, foreignSubscription.subscriptionId)
    const said = await askersOn(target)
    expect(said).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('cannot be read: 401') as string,
    })
  })

  it('is nobody where the name of the endpoint has quotes that would widen the filter', async () => {
    const target = await lake('stasker8')
    await ask(target, 'pe-quoted', asAnn)
    const connection = await onlyPendingOn(azure, target)
    const endpoint = idOf(connection.endpoint?.id ?? '')
    const { proofs, askers } = azure.privateLink
    const proof = await proofs.forPass([connection]).prove(connection, [])
    const quoting = { ...endpoint, id: `${endpoint.id}x' or resourceUri eq '${endpoint.id}` }
    expect(await askers.askersOf({ ...connection, endpoint: quoting }, proof)).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('shows nobody yet') as string,
    })
  })

  it('is unknown without the permission, which is named', async () => {
    const target = await lake('stasker7')
    await ask(target, 'pe-hidden', asAnn)
    const notActions = ['Microsoft.Insights/eventtypes/values/read']
    await azure.call('PUT', '/_simulator/permissions', { permissions: [{ actions: ['*/read'], notActions }] })
    const said = await askersOn(target)
    await azure.call('DELETE', '/_simulator/permissions')
    expect(said).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining(notActions[0] ?? '') as string,
    })
  })
})
