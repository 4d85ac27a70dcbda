import { z } from 'zod'
import type { Connection } from '../domain/connection.ts'
import type { Proof, Refusal } from '../domain/proof.ts'
import { asciiLowerCase, parseResourceId } from '../domain/resource-id.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { ConnectionsPort, ProofPort } from '../review/ports.ts'
import type { ArmClient } from './arm-client.ts'
import type { PrivateEndpoints } from './private-endpoints.ts'
import { findRival, proveManaged } from './proof-managed.ts'
import type { Claim } from './proof-managed.ts'
import { proveOrdinary } from './proof-ordinary.ts'
import { couldNotAsk, refusal } from './refusals.ts'
import type { Finding } from './refusals.ts'
import type { RequesterKind } from './requesters/requester-kind.ts'
import { listOfType } from './resource-types/table.ts'
import type { Tenants } from './tenants.ts'

export interface ProofOptions {
  readonly arm: ArmClient
  readonly connections: Pick<ConnectionsPort, 'list'>
  readonly tenants: Tenants
  readonly privateEndpoints: PrivateEndpoints
  readonly kinds: readonly RequesterKind[]
  /** Tenants in which managed networks live. */
  readonly managedTenants: readonly string[]
}

const accountBody = z.object({
  properties: z.object({ ingestionStorage: z.object({ id: z.string() }).optional() }),
})

/**
 * Finds out who stands behind a connection. What the target shows (name, message, group of the endpoint) anybody
 * can choose; what counts is the tenant the platform names, and what the requester or the endpoint itself says.
 */
export function createProofs(options: ProofOptions): ProofPort {
  const { arm, connections, tenants, privateEndpoints, kinds } = options
  const managedTenants = new Set(options.managedTenants.map(asciiLowerCase))

  async function askManaged(
    connection: Connection,
    endpoint: ResourceId,
    siblings: readonly Connection[],
    candidates: readonly ResourceId[],
  ): Promise<Finding> {
    const claim = await makeClaim(connection, endpoint)
    if ('refusals' in claim) return claim
    const finding = await proveManaged(claim, candidates, kinds)
    if ('refusals' in finding) return finding
    // Listed anew: the requester's own connection may have arrived after the first list was read.
    const rival = findRival(claim, [...siblings, ...(await connections.list(connection.target))])
    return rival ? { refusals: [rival] } : finding
  }

  async function askOrdinary(
    connection: Connection,
    endpoint: ResourceId,
    candidates: readonly ResourceId[],
  ): Promise<Finding> {
    const claim = await makeClaim(connection, endpoint)
    const finding = 'refusals' in claim ? claim : await proveOrdinary(claim, privateEndpoints)
    if ('requester' in finding) return finding
    return { refusals: [...refuseBorrowedName(candidates), ...finding.refusals] }
  }

  async function makeClaim(
    connection: Connection,
    endpoint: ResourceId,
  ): Promise<Claim | { refusals: Refusal[] }> {
    const { target, list } = connection
    if (list === 'connections') return { connection, endpoint, targets: [target] }
    try {
      const storage = await readIngestionStorage(target)
      return { connection, endpoint, targets: storage ? [target, storage] : [target] }
    } catch (error) {
      return {
        refusals: [couldNotAsk(`the Purview account ${target.name} for its ingestion storage`, error)],
      }
    }
  }

  /** That requesters name the ingestion storage, not the account, as the target of such endpoints is inferred. */
  async function readIngestionStorage(account: ResourceId): Promise<ResourceId | undefined> {
    const { apiVersion } = listOfType(account.type, 'ingestion')
    const { body } = await arm.request('GET', account.id, apiVersion)
    return parseResourceId(accountBody.parse(body).properties.ingestionStorage?.id)
  }

  return {
    async prove(connection, siblings, candidates) {
      const { endpoint } = connection
      if (!endpoint) {
        return unproven(
          refusal('no-endpoint-id', 'Azure does not show which endpoint stands behind the connection.'),
        )
      }
      const tenantId = await tenants.ownerOf(endpoint.subscriptionId)
      if (tenantId === undefined) {
        const sentence = `Nobody could say which tenant owns the endpoint's subscription ${endpoint.subscriptionId}.`
        return unproven(refusal('tenant-unknown', sentence))
      }
      const isManagedTenant = managedTenants.has(tenantId)
      const finding = isManagedTenant
        ? await askManaged(connection, endpoint, siblings, candidates)
        : await askOrdinary(connection, endpoint, candidates)
      const isConfirmed = 'requester' in finding
      return {
        level: isConfirmed ? 'confirmed' : 'platform',
        requester: isConfirmed ? finding.requester : undefined,
        endpointTenantId: tenantId,
        isManagedTenant,
        groupIds: isConfirmed ? finding.groupIds : undefined,
        refusals: isConfirmed ? [] : finding.refusals,
      }
    },
  }
}

function unproven(reason: Refusal): Proof {
  return {
    level: 'none',
    requester: undefined,
    endpointTenantId: undefined,
    isManagedTenant: undefined,
    groupIds: undefined,
    refusals: [reason],
  }
}

/** Candidates are those whose name it claims. Dots are legal in names of ordinary endpoints: anybody can do that. */
function refuseBorrowedName([claimed]: readonly ResourceId[]): readonly Refusal[] {
  if (!claimed) return []
  const sentence = `The endpoint is named as if it belonged to ${claimed.name}, but lies in a tenant without managed networks.`
  return [refusal('tenant-not-managed', sentence)]
}
