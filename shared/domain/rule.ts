import type { ProofLevel, RequesterKind } from './proof.ts'
import { asciiLowerCase, type ResourceId } from './resource-id.ts'

export type Effect = 'allow' | 'ask' | 'deny'

/** `audit`: decide and record what would have happened, do nothing because of this rule. */
export type RuleMode = 'enforce' | 'audit'

/**
 * Who a rule speaks of.
 * - `resource`: a factory, workspace, Purview account or ordinary endpoint by its full ARM id.
 * - `scope`: ordinary endpoints in a subscription or resource group (`*` allowed inside a name).
 * - `tenant`: endpoints whose subscription belongs to that tenant.
 */
export type RequesterPattern =
  | { readonly kind: 'resource'; readonly id: string }
  | { readonly kind: 'scope'; readonly pattern: string }
  | { readonly kind: 'tenant'; readonly tenantId: string }

/** One row of the allow-list, checked. Texts that are compared without regard to case are kept as written. */
export interface Rule {
  readonly id: string
  readonly effect: Effect
  readonly mode: RuleMode
  /** Subscription, resource group or resource; `*` only inside a name segment. */
  readonly target: string
  /** Empty: every type. */
  readonly targetTypes: readonly string[]
  /** Empty: every group. */
  readonly groupIds: readonly string[]
  /** Undefined: anybody. Never undefined for `allow`. */
  readonly requester: RequesterPattern | undefined
  /** Pattern over the endpoint's name with `*`; undefined: every name. */
  readonly endpointName: string | undefined
  /** The least proof an `allow` accepts. */
  readonly proof: Exclude<ProofLevel, 'none'>
  /** ISO 8601, UTC. */
  readonly validFrom: string | undefined
  readonly validUntil: string | undefined
  readonly owner: string | undefined
  readonly justification: string | undefined
  readonly ticket: string | undefined
  readonly version: number
  readonly changedBy: string | undefined
  readonly changedAt: string | undefined
}

/** The whole allow-list as it was read. A set that could not be read completely decides nothing. */
export type RuleSet =
  | { readonly complete: true; readonly rules: readonly Rule[]; readonly hash: string }
  | { readonly complete: false; readonly problem: string }

/** ARM types, in lower case, of what a rule can name as a requester by its full id. */
const requesterKinds: Readonly<Record<string, RequesterKind>> = {
  'microsoft.datafactory/factories': 'data-factory',
  'microsoft.synapse/workspaces': 'synapse-workspace',
  'microsoft.purview/accounts': 'purview-account',
  'microsoft.network/privateendpoints': 'private-endpoint',
}

/** What kind of requester an ARM type is; undefined when a rule cannot name one of that type. */
export function requesterKindOfType(armType: string): RequesterKind | undefined {
  const type = asciiLowerCase(armType)
  return Object.hasOwn(requesterKinds, type) ? requesterKinds[type] : undefined
}

/** True for requesters whose endpoints live in a network that Microsoft manages for them. */
export function isManagedKind(kind: RequesterKind): boolean {
  return kind !== 'private-endpoint'
}

/** What an endpoint's name claims its requester is called: the text before the first dot; undefined without a dot. */
export function claimedRequesterName(endpoint: ResourceId): string | undefined {
  const dot = endpoint.name.indexOf('.')
  return dot < 0 ? undefined : endpoint.name.slice(0, dot)
}
