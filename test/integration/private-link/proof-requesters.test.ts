import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { analytics, dataPlatform, foreignTenant, ownTenant } from '../../../local/azure/well-known.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { parseRequesterId, type RequesterId } from '../../../shared/domain/requester-id.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { create, onlyPendingOn, startAzure } from './simulated.ts'
import type { Azure } from './simulated.ts'

let azure: Azure

beforeAll(async () => {
  azure = await startAzure()
})
afterAll(async () => {
  await azure.stop()
})

const storageAccount = (name: string): Promise<ResourceId> =>
  create(azure, dataPlatform, 'Microsoft.Storage/storageAccounts', name)

function requesterId(text: string): RequesterId {
  const id = parseRequesterId(text)
  if (!id) throw new Error(`The test uses "${text}", which is no requester id.`)
  return id
}

async function fabricWorkspace(tenantId: string = ownTenant.tenantId): Promise<RequesterId> {
  const id = randomUUID()
  await azure.call('PUT', `/_simulator/fabric/workspaces/${id}`, { tenantId })
  return requesterId(`/fabric/workspaces/${id}`)
}

async function askAsFabric(
  { name: workspace }: RequesterId,
  name: string,
  target: ResourceId,
  tenantId: string = ownTenant.tenantId,
): Promise<void> {
  const path = `/fabric/v1/workspaces/${workspace}/managedPrivateEndpoints`
  const body = { name, targetPrivateLinkResourceId: target.id, targetSubresourceType: 'blob' }
  await azure.call('POST', path, body, { tenantId, audience: 'https://api.fabric.microsoft.com' })
}

const asDatabricks = { tenantId: ownTenant.tenantId, audience: '2ff814a6-3304-4ab8-87cf-cb0e6f879c1d' }
const configBody = z.object({ network_connectivity_config_id: z.string() })

/** An account with one configuration. */
async function databricksNetwork(): Promise<RequesterId> {
  const account = randomUUID()
  await azure.call('PUT', `/_simulator/databricks/accounts/${account}`, {})
  const path = `/databricks/api/2.0/accounts/${account}/network-connectivity-configs`
  const made = await azure.call('POST', path, { name: 'ncc', region: 'westeurope' }, asDatabricks)
  const config = configBody.parse(made).network_connectivity_config_id
  return requesterId(`/databricks/accounts/${account}/networkConnectivityConfigs/${config}`)
}

async function askAsDatabricks({ id }: RequesterId, target: ResourceId): Promise<void> {
  const [, , , account = '', , config = ''] = id.split('/')
  const path = `/databricks/api/2.0/accounts/${account}/network-connectivity-configs/${config}/private-endpoint-rules`
  await azure.call('POST', path, { resource_id: target.id, group_id: 'blob' }, asDatabricks)
}

function prove(connection: Connection, candidates: readonly RequesterId[]): Promise<Proof> {
  return azure.privateLink.proofs.forPass([connection]).prove(connection, candidates)
}

/** Proves again until the requester's own side shows what the target shows already. */
async function proofOn(target: ResourceId, candidates: readonly RequesterId[]): Promise<Proof> {
  const connection = await onlyPendingOn(azure, target)
  return await vi.waitFor(
    async () => {
      const proof = await prove(connection, candidates)
      if (proof.refusals.some(({ code }) => code === 'managed-endpoint-not-ready'))
        throw new Error('not ready')
      return proof
    },
    { timeout: 5_000, interval: 20 },
  )
}

const codesOf = (proof: Proof): string[] => proof.refusals.map(({ code }) => code)

describe('a Fabric workspace', () => {
  it('is confirmed behind its endpoint, found on the last of three pages', async () => {
    const [lake, workspace] = await Promise.all([storageAccount('fab1'), fabricWorkspace()])
    const other = await storageAccount('fab1other')
    for (const number of [1, 2, 3, 4, 5, 6]) await askAsFabric(workspace, `other-${number}`, other)
    await askAsFabric(workspace, 'SqlPE', lake)
    expect(await proofOn(lake, [workspace])).toMatchObject({
      level: 'confirmed',
      requester: { kind: 'fabric-workspace', id: { key: workspace.key } },
      isManagedTenant: true,
      groupIds: ['blob'],
    })
  })

  it('of an unknown requester is not ours, and theirs cannot be asked', async () => {
    const [lake, ours] = await Promise.all([storageAccount('fab2'), fabricWorkspace()])
    const theirs = await fabricWorkspace(foreignTenant.tenantId)
    await askAsFabric(theirs, 'SqlPE', lake, foreignTenant.tenantId)
    expect(codesOf(await proofOn(lake, [ours]))).toEqual(['no-such-managed-endpoint'])
    const proof = await proofOn(lake, [theirs])
    expect(proof.refusals).toMatchObject([
      {
        code: 'requester-not-found',
        sentence: `Fabric workspace ${theirs.name} does not exist, or is hidden from this app.`,
      },
    ])
  })
})

describe('a Databricks network configuration', () => {
  it('is confirmed by the name that it tells', async () => {
    const [lake, network] = await Promise.all([storageAccount('dbx1'), databricksNetwork()])
    await askAsDatabricks(network, lake)
    expect(await proofOn(lake, [network])).toMatchObject({
      level: 'confirmed',
      requester: { kind: 'databricks-network', id: { key: network.key } },
      groupIds: ['blob'],
    })
  })

  it('is not confirmed for the endpoint of another one', async () => {
    const lake = await storageAccount('dbx2')
    const [ours, theirs] = await Promise.all([databricksNetwork(), databricksNetwork()])
    await askAsDatabricks(theirs, lake)
    expect(codesOf(await proofOn(lake, [ours]))).toEqual(['no-such-managed-endpoint'])
  })
})

const wishes = {
  'Microsoft.Kusto/clusters': {
    child: 'managedPrivateEndpoints',
    version: '2023-08-15',
    who: 'Data Explorer cluster',
  },
  'Microsoft.Dashboard/grafana': { child: 'managedPrivateEndpoints', version: '2023-09-01', who: 'Grafana' },
  'Microsoft.Search/searchServices': {
    child: 'sharedPrivateLinkResources',
    version: '2023-11-01',
    who: 'AI Search service',
  },
} as const

describe.each(Object.entries(wishes))('%s', (type, { child, version, who }) => {
  it('is asked, is not confirmed, and helps to compare', async () => {
    const suffix = type.split('/')[1]?.toLowerCase().slice(0, 8) ?? ''
    const [lake, requester] = await Promise.all([
      storageAccount(`st${suffix}`),
      create(azure, analytics, type, `ask-${suffix}`),
    ])
    const properties = {
      privateLinkResourceId: lake.id,
      groupId: 'blob',
      groupIds: ['blob'],
      requestMessage: 'x',
    }
    await azure.call('PUT', `${requester.id}/${child}/mpe?api-version=${version}`, { properties })
    const proof = await proofOn(lake, [requester])
    expect(proof).toMatchObject({ level: 'platform', requester: undefined, isManagedTenant: true })
    expect(codesOf(proof)).toEqual(['endpoint-not-disclosed'])
    expect(proof.refusals[0]?.sentence).toContain(`${who} ask-${suffix} has an endpoint for this target`)
  })
})

describe('Microsoft.Cdn/profiles', () => {
  it('is asked, is not confirmed, and helps to compare', async () => {
    const [lake, profile] = await Promise.all([
      storageAccount('stafd'),
      create(azure, analytics, 'Microsoft.Cdn/profiles', 'ask-afd'),
    ])
    const link = {
      privateLink: { id: lake.id },
      privateLinkLocation: 'westeurope',
      groupId: 'blob',
      requestMessage: 'x',
    }
    const group = `${profile.id}/originGroups/web`
    await azure.call('PUT', `${group}?api-version=2024-02-01`, { properties: {} })
    await azure.call('PUT', `${group}/origins/o1?api-version=2024-02-01`, {
      properties: { hostName: 'x', sharedPrivateLinkResource: link },
    })
    const proof = await proofOn(lake, [profile])
    expect(codesOf(proof)).toEqual(['endpoint-not-disclosed'])
    expect(proof.refusals[0]?.sentence).toContain(
      'Front Door ask-afd has an endpoint for this target, maybe waiting (o1)',
    )
  })
})
