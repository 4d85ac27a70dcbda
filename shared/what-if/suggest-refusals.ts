import type { Connection } from '../domain/connection.ts'
import type { Refusal } from '../domain/proof.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import { parseRequesterId } from '../domain/requester-id.ts'
import { claimsToBeOf, requesterKinds } from '../domain/requester-kind.ts'
import type { Facts } from '../domain/verdict.ts'

/**
 * Why no rule is proposed for a connection.
 * - `look-alike`: it has the name of a requester of ours, or of another connection, without proof.
 * - `foreign`: an ordinary endpoint of another tenant.
 * - `unproven`: its requester is not proven.
 * - `covered`: a rule of today allows it.
 * - `overruled`: a rule of today denies it, or requires manual review.
 * - `unreadable`: it could not be read from its target today.
 */
export const notProposedKinds = [
  'look-alike',
  'foreign',
  'unproven',
  'unreadable',
  'overruled',
  'covered',
] as const

export interface NotProposed {
  readonly connection: Connection
  readonly kind: (typeof notProposedKinds)[number]
  /** For display; printable. */
  readonly why: string
}

/** Codes that mean that a connection imitates another one. */
const deceptive: readonly RefusalCode[] = [
  'competing-claim',
  'tenant-not-managed',
  'endpoint-id-differs',
  'endpoint-points-elsewhere',
  'group-ids-differ',
  'managed-endpoint-not-pending',
]

/** Why no rule can be proposed, regardless of today's rules; undefined when one can. */
export function refusedFor(
  { connection, proof }: Facts,
  ownTenantId: string | undefined,
  includeForeign: boolean,
): NotProposed | undefined {
  const { endpoint } = connection
  const lookAlike = proof.refusals.find((refusal) => isDeceptive(connection, refusal))
  if (lookAlike) return { connection, kind: 'look-alike', why: lookAlike.sentence }
  if (endpoint && proof.isManagedTenant === false && proof.endpointTenantId !== ownTenantId) {
    if (includeForeign && ownTenantId !== undefined) return undefined
    const tenant = proof.endpointTenantId ?? 'that nobody could name'
    const why =
      ownTenantId === undefined
        ? `Whether tenant ${tenant} is yours is not known: nobody named the owner of the target's subscription.`
        : `The endpoint belongs to tenant ${tenant}, and the target to ${ownTenantId}. Ask whose it is; --include-foreign proposes a rule for it.`
    return { connection, kind: 'foreign', why }
  }
  if (proof.level === 'confirmed' && endpoint) return undefined
  return { connection, kind: 'unproven', why: proof.refusals.map(({ sentence }) => sentence).join(' ') }
}

/** A requester without the endpoint is a finding only when the endpoint is named after it. */
function isDeceptive({ endpoint }: Connection, { code, about }: Refusal): boolean {
  const requester = parseRequesterId(about)
  const isNamedAfterIt =
    endpoint !== undefined && requester !== undefined && claimsToBeOf(endpoint, requester)
  return deceptive.includes(code) || (code === 'no-such-managed-endpoint' && isNamedAfterIt)
}

/** Types of ARM requesters that their endpoints are named after. */
export const typesFoundByName: readonly string[] = Object.values(requesterKinds)
  .filter(({ endpointName, type }) => endpointName === 'requester-dot-name' && type.startsWith('Microsoft.'))
  .map(({ type }) => type)
