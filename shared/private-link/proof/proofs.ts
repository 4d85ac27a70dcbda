import { z } from 'zod'
import type { Connection } from '../../domain/connection.ts'
import { printable, printableName } from '../../domain/printable.ts'
import type { Proof, Refusal } from '../../domain/proof.ts'
import type { RequesterId } from '../../domain/requester-id.ts'
import { claimsToBeOf } from '../../domain/requester-kind.ts'
import { asciiLowerCase, parseResourceId, type ResourceId } from '../../domain/resource-id.ts'
import { type ConnectionsPort, type ProofPort, type Prover, TargetUnreadable } from '../../ports/azure.ts'
import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import type { PrivateEndpoints } from '../requesters/private-endpoint.ts'
import type { RequesterApi } from '../requesters/requester-api.ts'
import { listOfType } from '../resource-types/table.ts'
import { type AskOnce, createAskOnce, RecentFailures } from './ask-once.ts'
import { findCompetingClaim } from './competing-claims.ts'
import { findGroupIdsDiffering } from './group-ids.ts'
import { type Claim, proveManaged } from './managed.ts'
import { proveOrdinary } from './ordinary.ts'
import { couldNotAsk, type Finding, refusal, spoken } from './refusals.ts'
import { standingOf } from './standing.ts'
import type { Tenants } from './tenants.ts'

const askMilliseconds = 30_000

export interface ProofOptions {
  readonly arm: ArmClient
  readonly connections: Pick<ConnectionsPort, 'list'>
  readonly tenants: Tenants
  readonly privateEndpoints: PrivateEndpoints
  readonly requesters: readonly RequesterApi[]
  /** Tenants in which managed networks live. */
  readonly managedTenants: readonly string[]
  /** For one requester in total. Default: 30 s. */
  readonly askMilliseconds?: number | undefined
  /** Milliseconds of a monotonic clock. Default: the process's own. */
  readonly monotonicNow?: (() => number) | undefined
}

const accountBody = z.object({
  properties: z.object({ ingestionStorage: z.object({ id: z.string() }).optional() }),
})

/**
 * Proves the requester of a connection. What the target shows (name, message, group of the endpoint) is chosen by the
 * requester and proves nothing; what counts is the tenant from the platform, and what the requester's list or the
 * endpoint itself states. An Approved connection is proven in the same way, by witnesses that show Approved.
 */
export function createProofs(options: ProofOptions): ProofPort {
  const { arm, connections, tenants, privateEndpoints, requesters } = options
  const managedTenants = new Set(options.managedTenants.map(asciiLowerCase))

  async function askManaged(
    connection: Connection,
    endpoint: ResourceId,
    siblings: readonly Connection[],
    candidates: readonly RequesterId[],
    askOnce: AskOnce,
  ): Promise<Finding> {
    const claim = await makeClaim(connection, endpoint)
    if ('refusals' in claim) return claim
    const finding = await proveManaged(claim, candidates, requesters, askOnce)
    if ('refusals' in finding) return finding
    // Listed again: the requester's own connection may have arrived after the first list was read.
    const now = await listAgain(connection, endpoint)
    if ('code' in now) return { refusals: [now] }
    const competingClaim = await findCompetingClaim(
      connection,
      endpoint,
      finding,
      [...siblings, ...now],
      mayBeManaged,
    )
    return competingClaim ? { refusals: [competingClaim] } : finding
  }

  async function mayBeManaged({ subscriptionId }: ResourceId): Promise<boolean> {
    const owner = await tenants.ownerOf(subscriptionId)
    return 'problem' in owner || managedTenants.has(owner.tenantId)
  }

  /** A competing claim may hide in what cannot be read, and a list without the connection itself is not a whole one. */
  async function listAgain(
    connection: Connection,
    endpoint: ResourceId,
  ): Promise<readonly Connection[] | Refusal> {
    const { id, target } = connection
    const cannotBeSeen = (problem: string) => {
      const sentence = `Whether another connection of ${printableName(target.name)} has an endpoint of the same name cannot be seen: ${printable(problem)}`
      return refusal('competing-claims-unknown', sentence)
    }
    try {
      const listed = await connections.list(target)
      if (listed.kind === 'partly') return cannotBeSeen(listed.problem)
      const now = listed.connections
      if (
        now.some((one) => one.id.strictKey === id.strictKey && one.endpoint?.strictKey === endpoint.strictKey)
      )
        return now
      const sentence = `The connections of ${printableName(target.name)}, listed once more, do not hold this one with this endpoint.`
      return refusal('competing-claims-unknown', sentence)
    } catch (error) {
      if (!(error instanceof TargetUnreadable)) throw error
      return cannotBeSeen(error.message)
    }
  }

  async function askOrdinary(
    connection: Connection,
    endpoint: ResourceId,
    candidates: readonly RequesterId[],
  ): Promise<Finding> {
    const claim = await makeClaim(connection, endpoint)
    const finding = 'refusals' in claim ? claim : await proveOrdinary(claim, privateEndpoints)
    if ('requester' in finding) return finding
    return { refusals: [...refuseBorrowedName(endpoint, candidates), ...finding.refusals] }
  }

  async function makeClaim(
    connection: Connection,
    endpoint: ResourceId,
  ): Promise<Claim | { refusals: Refusal[] }> {
    const { target, list } = connection
    const standing = standingOf(connection)
    if (list === 'connections') return { endpoint, targets: [target], standing }
    try {
      const storage = await readIngestionStorage(target)
      return { endpoint, targets: storage ? [target, storage] : [target], standing }
    } catch (error) {
      const whom = `${spoken('purview-account', target.name)} for its ingestion storage`
      return { refusals: [couldNotAsk(whom, error)] }
    }
  }

  /** That requesters name the ingestion storage, not the account, as the target of such endpoints is inferred. */
  async function readIngestionStorage(account: ResourceId): Promise<ResourceId | undefined> {
    const { apiVersion } = listOfType(account.type, 'ingestion')
    const { body } = await arm.request('GET', account.id, apiVersion)
    const read = accountBody.safeParse(body)
    if (!read.success) throw new ArmError(0, 'UnreadableResponse', 'The account has no readable properties.')
    return parseResourceId(read.data.properties.ingestionStorage?.id)
  }

  async function prove(
    connection: Connection,
    siblings: readonly Connection[],
    candidates: readonly RequesterId[],
    askOnce: AskOnce,
  ): Promise<Proof> {
    const { endpoint } = connection
    if (!endpoint) return unproven(noEndpoint(connection))
    const owner = await tenants.ownerOf(endpoint.subscriptionId)
    if ('problem' in owner) {
      const sentence = `Nobody could say which tenant owns the endpoint's subscription ${endpoint.subscriptionId}: ${owner.problem}.`
      return unproven(refusal('tenant-unknown', sentence))
    }
    const isManagedTenant = managedTenants.has(owner.tenantId)
    const said = isManagedTenant
      ? await askManaged(connection, endpoint, siblings, candidates, askOnce)
      : await askOrdinary(connection, endpoint, candidates)
    const finding = findGroupIdsDiffering(connection, said) ?? said
    const isConfirmed = 'requester' in finding
    return {
      level: isConfirmed ? 'confirmed' : 'platform',
      requester: isConfirmed ? finding.requester : undefined,
      endpointTenantId: owner.tenantId,
      isManagedTenant,
      groupIds: isConfirmed ? finding.groupIds : undefined,
      refusals: isConfirmed ? [] : finding.refusals,
    }
  }

  const now = options.monotonicNow ?? (() => performance.now())
  const failures = new RecentFailures(now)

  return {
    mayBeManaged,
    forPass(siblings): Prover {
      const askOnce = createAskOnce(options.askMilliseconds ?? askMilliseconds, now, failures)
      return { prove: (connection, candidates) => prove(connection, siblings, candidates, askOnce) }
    },
  }
}

function noEndpoint({ isEndpointIdUnreadable }: Connection): Refusal {
  return isEndpointIdUnreadable
    ? refusal('endpoint-id-unreadable', 'Azure shows an id of the endpoint that cannot be read.')
    : refusal('no-endpoint-id', 'Azure does not show which endpoint stands behind the connection.')
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

/** Dots are legal in names of ordinary endpoints, so any endpoint can be named after a requester. */
function refuseBorrowedName(endpoint: ResourceId, candidates: readonly RequesterId[]): readonly Refusal[] {
  const claimed = candidates.find((candidate) => claimsToBeOf(endpoint, candidate))
  if (!claimed) return []
  const sentence = `The endpoint is named as if it belonged to ${printableName(claimed.name)}, but lies in a tenant without managed networks.`
  return [refusal('tenant-not-managed', sentence)]
}
