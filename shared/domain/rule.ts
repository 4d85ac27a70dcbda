import type { ProofLevel } from './proof.ts'
import { parseRequesterId, type RequesterId } from './requester-id.ts'
import { isManagedKind, requesterKindOfType, type ManagedKind, type RequesterKind } from './requester-kind.ts'

export type Effect = 'allow' | 'ask' | 'deny'

/** `audit`: decide and record what would have happened, do nothing because of this rule. */
export type RuleMode = 'enforce' | 'audit'

/** What becomes of a request that nobody has decided when its time is over. */
export type AtExpiry = 'stay-pending' | 'reject'

/**
 * Who a rule applies to.
 * - `resource`: one requester of any kind, by its full id.
 * - `scope`: ordinary endpoints in a subscription or resource group (`*` allowed inside a name).
 * - `management-group`: ordinary endpoints in the subscriptions under that group.
 * - `tenant`: endpoints whose subscription belongs to that tenant.
 */
export type RequesterPattern =
  | { readonly kind: 'resource'; readonly id: string }
  | { readonly kind: 'scope'; readonly pattern: string }
  | { readonly kind: 'management-group'; readonly name: string }
  | { readonly kind: 'tenant'; readonly tenantId: string }

/**
 * The content of a rule, without who changed it last and when. Texts compared without regard to case are kept as
 * written.
 */
export interface RuleContent {
  readonly id: string
  readonly effect: Effect
  readonly mode: RuleMode
  /** Management group, subscription, resource group or resource; `*` only inside the name of a group or resource. */
  readonly target: string
  /** Empty: every type. */
  readonly targetTypes: readonly string[]
  /** The target must have all of them. Empty: any tags. */
  readonly targetTags: readonly Tag[]
  /** Empty: every group. */
  readonly groupIds: readonly string[]
  /** Undefined: any requester. Never undefined for `allow`. */
  readonly requester: RequesterPattern | undefined
  /** Pattern over the endpoint's name with `*`; undefined: every name. */
  readonly endpointName: string | undefined
  /** The least proof an `allow` accepts. */
  readonly proof: Exclude<ProofLevel, 'none'>
  /** For `allow`: the most connections that the requester it names may have on one target, the new one included. */
  readonly maxConnections: number | undefined
  /** ISO 8601, UTC. */
  readonly validFrom: string | undefined
  readonly validUntil: string | undefined
  /** For `allow`: how long an approval by this rule is meant to last, `P{days}D` or `PT{hours}H`. */
  readonly approvalEndsAfter: string | undefined
  /** For `ask`: who may decide, by object id of a user or group; older rows may hold sign-in names. Empty: every approver. */
  readonly approvers: readonly string[]
  /** For `ask`: how many of them have to approve. Undefined: one. */
  readonly requiredApprovals: number | undefined
  /** For `ask`: a person who decides must write a reason. */
  readonly reasonRequired: boolean
  /** For `ask`: how long the question stays open, `P{days}D` or `PT{hours}H`. Undefined: the default of the app. */
  readonly expiresAfter: string | undefined
  /** For `ask`. */
  readonly atExpiry: AtExpiry
  readonly owner: string | undefined
  readonly justification: string | undefined
  readonly ticket: string | undefined
}

/** What a rule means by each field that it leaves out. */
export const plainContent: Omit<RuleContent, 'id' | 'effect' | 'target'> = {
  mode: 'enforce',
  targetTypes: [],
  targetTags: [],
  groupIds: [],
  requester: undefined,
  endpointName: undefined,
  proof: 'confirmed',
  maxConnections: undefined,
  validFrom: undefined,
  validUntil: undefined,
  approvalEndsAfter: undefined,
  approvers: [],
  requiredApprovals: undefined,
  reasonRequired: false,
  expiresAfter: undefined,
  atExpiry: 'stay-pending',
  owner: undefined,
  justification: undefined,
  ticket: undefined,
}

/** One rule of the allow-list, as it was stored. */
export type Rule = RuleContent & Revision

/** What a row holds beside the content. */
export interface Revision {
  /** Grows with each change. */
  readonly version: number
  readonly changedBy: string | undefined
  readonly changedAt: string | undefined
}

/** A tag of a resource. Azure compares names without regard to case, and values with it. */
export interface Tag {
  readonly name: string
  readonly value: string
}

/** The whole allow-list as it was read. A set that could not be read completely decides nothing. */
export type RuleSet =
  | { readonly complete: true; readonly rules: readonly Rule[]; readonly hash: string }
  | { readonly complete: false; readonly problem: string }

/** The one requester that a rule names by its full id, and its kind; undefined when it names none so. */
export function namedRequester(
  pattern: RequesterPattern | undefined,
): { readonly id: RequesterId; readonly kind: RequesterKind } | undefined {
  const id = pattern?.kind === 'resource' ? parseRequesterId(pattern.id) : undefined
  const kind = id && requesterKindOfType(id.type)
  return kind && { id, kind }
}

/** As `namedRequester`, for requesters in managed networks only. */
export function namedManagedRequester(
  pattern: RequesterPattern | undefined,
): { readonly id: RequesterId; readonly kind: ManagedKind } | undefined {
  const named = namedRequester(pattern)
  return named && isManagedKind(named.kind) ? { id: named.id, kind: named.kind } : undefined
}
