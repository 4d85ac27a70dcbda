import type { RefusalCode } from './refusal-codes.ts'
import type { RequesterId } from './requester-id.ts'
import type { RequesterKind } from './requester-kind.ts'

/**
 * How sure we are of who asks.
 * - `confirmed`: a second witness agrees (the requester's own list, or the endpoint itself).
 * - `platform`: only what Azure wrote: the endpoint's id and the tenant that owns its subscription.
 * - `none`: no endpoint id, or nobody could say whose subscription it is.
 */
export type ProofLevel = 'confirmed' | 'platform' | 'none'

/** Who stands behind an endpoint. */
export interface Requester {
  readonly kind: RequesterKind
  readonly id: RequesterId
}

/** Why the proof is no better. */
export interface Refusal {
  readonly code: RefusalCode
  /** For a person. Text of others in it is printable and cut. */
  readonly sentence: string
  /** Key of the requester that it speaks of, if it speaks of one. */
  readonly about?: string
}

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
