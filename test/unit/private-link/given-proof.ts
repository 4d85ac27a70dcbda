import type { Listed } from '../../../shared/ports/azure.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { parseRequesterId, type RequesterId } from '../../../shared/domain/requester-id.ts'
import type { ManagedKind } from '../../../shared/domain/requester-kind.ts'
import { createProofs } from '../../../shared/private-link/proof/proofs.ts'
import type { TenantFinding } from '../../../shared/private-link/proof/tenant-challenge.ts'
import type { ManagedEndpoint, RequesterApi } from '../../../shared/private-link/requesters/requester-api.ts'
import { clientOf, fakeAzure } from './fake-azure.ts'
import { endpointIn, foreignSubscription, managedSubscription, resourceId, targetOf } from './ids.ts'

export const managedTenant = 'aaaaaaaa-1111-4111-8111-bbbbbbbbbbbb'
const foreignTenant = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
export const target = targetOf('Microsoft.Storage/storageAccounts', 'lake')

export const guidOf = (digit: string): string => `0000000${digit}-0000-4000-8000-00000000000${digit}`

/** One requester of each managed kind. */
export const requesters = {
  'data-factory': targetOf('Microsoft.DataFactory/factories', 'adf-prod'),
  'synapse-workspace': targetOf('Microsoft.Synapse/workspaces', 'adf-prod'),
  'purview-account': targetOf('Microsoft.Purview/accounts', 'pv-prod'),
  'fabric-workspace': requesterId(`/fabric/workspaces/${guidOf('1')}`),
  'databricks-network': requesterId(
    `/databricks/accounts/${guidOf('2')}/networkConnectivityConfigs/${guidOf('3')}`,
  ),
  'kusto-cluster': targetOf('Microsoft.Kusto/clusters', 'adx-prod'),
  grafana: targetOf('Microsoft.Dashboard/grafana', 'graf-ops'),
  'search-service': targetOf('Microsoft.Search/searchServices', 'srch-prod'),
  'front-door': targetOf('Microsoft.Cdn/profiles', 'afd-prod'),
} as const satisfies Record<ManagedKind, RequesterId>

export function requesterId(text: string): RequesterId {
  const id = parseRequesterId(text)
  if (!id) throw new Error(`The test uses "${text}", which is no requester id.`)
  return id
}

/** A managed endpoint that waits for the target; its name on the target is not told. */
export function waiting(change: Partial<ManagedEndpoint> = {}): ManagedEndpoint {
  return {
    name: 'mpe',
    targetId: target,
    groupIds: ['blob'],
    status: 'Pending',
    provisioningState: 'Succeeded',
    endpointName: undefined,
    endpointId: undefined,
    ...change,
  }
}

/** A connection of an endpoint of that name, which lies in a managed network. */
export function connectionOf(endpointName: string, change: Partial<Connection> = {}): Connection {
  return {
    id: resourceId(`${target.id}/privateEndpointConnections/c1`),
    target,
    list: 'connections',
    writeSupport: 'with-description',
    etag: undefined,
    status: 'Pending',
    description: '',
    endpoint: endpointIn(managedSubscription, endpointName),
    groupIds: undefined,
    provisioningState: 'Succeeded',
    ...change,
  }
}

/** What each kind answers when it is asked; one that is left out has no address. */
export type Responses = Partial<Record<ManagedKind, readonly ManagedEndpoint[] | Error | 'never'>>

/** Proves a connection in a managed network; candidates are the requesters of the kinds that answer. */
export async function proveWith(
  connection: Connection,
  responses: Responses,
  candidates: readonly RequesterId[] = kindsOf(responses).map((kind) => requesters[kind]),
  listAgain: () => Promise<Listed> = () => Promise.resolve({ kind: 'whole', connections: [connection] }),
): Promise<Proof> {
  const apis: RequesterApi[] = kindsOf(responses).map((kind) => ({
    kind,
    managedEndpoints: () => responseOf(responses[kind]),
  }))
  const proofs = createProofs({
    arm: clientOf(fakeAzure({})),
    connections: { list: listAgain },
    tenants: { ownerOf: (subscription) => Promise.resolve(ownerOf(subscription)) },
    privateEndpoints: { linksOf: () => Promise.reject(new Error('Nobody asks for that.')) },
    requesters: apis,
    managedTenants: [managedTenant],
    askMilliseconds: 30,
  })
  return await proofs.forPass([connection]).prove(connection, candidates)
}

/** Nobody can name the owner of any other subscription. */
function ownerOf(subscription: string): TenantFinding {
  if (subscription === managedSubscription) return { tenantId: managedTenant }
  if (subscription === foreignSubscription) return { tenantId: foreignTenant }
  return { problem: 'the response has no challenge' }
}

function kindsOf(responses: Responses): ManagedKind[] {
  return Object.keys(responses) as ManagedKind[]
}

function responseOf(response: Responses[ManagedKind]): Promise<readonly ManagedEndpoint[]> {
  if (response === 'never') return new Promise(() => undefined)
  return response instanceof Error ? Promise.reject(response) : Promise.resolve(response ?? [])
}
