import type { Connection } from '../../shared/domain/connection.ts'
import type { Proof } from '../../shared/domain/proof.ts'
import { parseResourceId, type ResourceId } from '../../shared/domain/resource-id.ts'
import type { Rule } from '../../shared/domain/rule.ts'
import { plainRule } from './sample-rule.ts'

/** An id that must be one. */
export function id(text: string): ResourceId {
  const parsed = parseResourceId(text)
  if (!parsed) throw new Error(`${text} is no ARM id.`)
  return parsed
}

export const target = id(
  '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake',
)
export const factory = id(
  '/subscriptions/0a5e6f10-2222-4a6b-8c2d-a4a191c50002/resourceGroups/rg-analytics/providers/Microsoft.DataFactory/factories/adf-sales',
)

/** The endpoint that a managed endpoint of that name stands behind. */
export function endpoint(name: string): ResourceId {
  return id(
    `/subscriptions/10e72cf9-4444-4b2c-8d3e-1f2a3b4c5d01/resourceGroups/vnet-10e72cf9-westeurope-1-rg/providers/Microsoft.Network/privateEndpoints/${name}`,
  )
}

/** A Pending connection, or whatever else is asked for. */
export function connection(name: string, change: Partial<Connection> = {}): Connection {
  return {
    id: id(`${target.id}/privateEndpointConnections/${name}`),
    target,
    list: 'connections',
    writeSupport: 'with-description',
    etag: undefined,
    status: 'Pending',
    description: `Requested by DataFactory:adf-sales, Name:${name}`,
    endpoint: endpoint(`adf-sales.${name}`),
    groupIds: undefined,
    provisioningState: 'Succeeded',
    ...change,
  }
}

export const confirmed: Proof = {
  level: 'confirmed',
  requester: { kind: 'data-factory', id: factory },
  endpointTenantId: '33c0ffee-5d2e-4b1a-8f44-6e0a9d3b7c21',
  isManagedTenant: true,
  groupIds: ['blob'],
  refusals: [],
}

/** The sales factory may reach the lake. */
export const salesToLake: Rule = {
  ...plainRule,
  id: 'sales-to-lake',
  effect: 'allow',
  target: target.id,
  requester: { kind: 'resource', id: factory.id },
  version: 3,
}
