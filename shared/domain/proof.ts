import type { RefusalCode } from './refusal-codes.ts'
import type { RequesterId } from './requester-id.ts'
import type { RequesterKind } from './requester-kind.ts'

/**
 * How well the requester is proven.
 * - `confirmed`: a second witness agrees (the requester's own list, or the endpoint itself).
 * - `platform`: only what Azure wrote: the endpoint's id and the tenant that owns its subscription.
 * - `none`: no endpoint id, or the owner of its subscription is unknown.
 */
export type ProofLevel = 'confirmed' | 'platform' | 'none'

/** The requester behind an endpoint. */
export interface Requester {
  readonly kind: RequesterKind
  readonly id: RequesterId
}

/** Why the proof is no better. */
export interface Refusal {
  readonly code: RefusalCode
  /** For display. Text from outside in it is printable and cut. */
  readonly sentence: string
  /** Key of the requester that it concerns, if any. */
  readonly about?: string
}

/** What is known about the requester, and how. */
export interface Proof {
  readonly level: ProofLevel
  /** Only with `confirmed`. */
  readonly requester: Requester | undefined
  /** Tenant that owns the endpoint's subscription, if the platform disclosed it. Lower case. */
  readonly endpointTenantId: string | undefined
  /** Whether that tenant is one in which managed networks live. Undefined when the tenant is unknown. */
  readonly isManagedTenant: boolean | undefined
  /** Group ids stated by the second witness, for types that do not show them. */
  readonly groupIds: readonly string[] | undefined
  readonly refusals: readonly Refusal[]
}
