import type { ResourceId } from './resource-id.ts'

/**
 * How sure we are of who asks.
 * - `confirmed`: a second witness agrees (the requester's own list, or the endpoint itself).
 * - `platform`: only what Azure wrote: the endpoint's id and the tenant that owns its subscription.
 * - `none`: no endpoint id, or nobody could say whose subscription it is.
 */
export type ProofLevel = 'confirmed' | 'platform' | 'none'

export type RequesterKind = 'data-factory' | 'synapse-workspace' | 'purview-account' | 'private-endpoint'

/** Who stands behind an endpoint. */
export interface Requester {
  readonly kind: RequesterKind
  readonly id: ResourceId
}

/** Why the proof is no better. Codes are stable: they appear in the log, in messages and in the API. */
export interface Refusal {
  readonly code: RefusalCode
  readonly sentence: string
}

export type RefusalCode =
  | 'no-endpoint-id'
  | 'tenant-unknown'
  | 'tenant-not-managed'
  | 'no-rule-names-a-requester'
  | 'requester-not-found'
  | 'no-such-managed-endpoint'
  | 'managed-endpoint-ambiguous'
  | 'managed-endpoint-not-ready'
  | 'managed-endpoint-not-waiting'
  | 'endpoint-id-differs'
  | 'rival-claims-the-same'
  | 'endpoint-points-elsewhere'
  | 'endpoint-not-waiting'
  | 'endpoint-not-found'
  | 'could-not-ask'

/** What is known of the requester, and how. */
export interface Proof {
  readonly level: ProofLevel
  /** Only with `confirmed`. */
  readonly requester: Requester | undefined
  /** Tenant that owns the endpoint's subscription, when the platform said so. Lower case. */
  readonly endpointTenantId: string | undefined
  /** Whether that tenant is one in which managed networks live. Undefined when the tenant is unknown. */
  readonly isManagedTenant: boolean | undefined
  /** Group ids told by the second witness; fills the gap of types that do not show them. */
  readonly groupIds: readonly string[] | undefined
  readonly refusals: readonly Refusal[]
}
