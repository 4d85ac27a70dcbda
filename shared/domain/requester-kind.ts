import type { RequesterId } from './requester-id.ts'
import { foldCase } from './fold-case.ts'
import { isSameName, type ResourceId } from './resource-id.ts'

/**
 * What the name of an endpoint on the target shows about its requester.
 * - `requester-dot-name`: it is `{requester}.{managed endpoint}`, and names of requesters contain no dot.
 * - `stated-by-requester`: nothing, but the requester's own list states the whole name.
 * - `unknown`: nothing, and the requester does not state it reliably.
 * - `is-the-requester`: the endpoint itself is the requester.
 */
export type EndpointNaming = 'requester-dot-name' | 'stated-by-requester' | 'unknown' | 'is-the-requester'

/**
 * Evidence for the naming rule: `seen` on targets or used by Microsoft's own tools, `inferred` from similar kinds,
 * `none` where there is no rule.
 */
type NamingEvidence = 'seen' | 'inferred' | 'none'

/**
 * Evidence for the provisioning states that the requester and its managed endpoints show: `seen` in responses of the
 * service, `inferred` from documents only, `none` where neither shows one.
 */
type StateEvidence = 'seen' | 'inferred' | 'none'

interface KindFacts {
  /** The type of its `RequesterId`. */
  readonly type: string
  /** Display name of the kind; the requester's name follows: "Data Factory adf-prod". */
  readonly spoken: string
  readonly endpointName: EndpointNaming
  readonly namingEvidence: NamingEvidence
  readonly stateEvidence: StateEvidence
  /** The best proof its requests can have. Those of `platform` are never approved by a rule that names it. */
  readonly reach: 'confirmed' | 'platform'
}

/** Every kind of requester that a rule can name by its full id. Where each fact comes from: docs/requesters.md. */
export const requesterKinds = {
  'data-factory': {
    type: 'Microsoft.DataFactory/factories',
    spoken: 'Data Factory',
    endpointName: 'requester-dot-name',
    namingEvidence: 'seen',
    stateEvidence: 'seen',
    reach: 'confirmed',
  },
  'synapse-workspace': {
    type: 'Microsoft.Synapse/workspaces',
    spoken: 'Synapse workspace',
    endpointName: 'requester-dot-name',
    namingEvidence: 'seen',
    stateEvidence: 'seen',
    reach: 'confirmed',
  },
  'purview-account': {
    type: 'Microsoft.Purview/accounts',
    spoken: 'Purview account',
    endpointName: 'requester-dot-name',
    namingEvidence: 'inferred',
    stateEvidence: 'inferred',
    reach: 'confirmed',
  },
  'fabric-workspace': {
    type: 'fabric/workspaces',
    spoken: 'Fabric workspace',
    endpointName: 'requester-dot-name',
    namingEvidence: 'seen',
    stateEvidence: 'inferred',
    reach: 'confirmed',
  },
  'databricks-network': {
    type: 'databricks/networkConnectivityConfigs',
    spoken: 'Databricks network configuration',
    endpointName: 'stated-by-requester',
    namingEvidence: 'seen',
    stateEvidence: 'none',
    reach: 'confirmed',
  },
  'kusto-cluster': {
    type: 'Microsoft.Kusto/clusters',
    spoken: 'Data Explorer cluster',
    endpointName: 'unknown',
    namingEvidence: 'none',
    stateEvidence: 'inferred',
    reach: 'platform',
  },
  grafana: {
    type: 'Microsoft.Dashboard/grafana',
    spoken: 'Grafana',
    endpointName: 'unknown',
    namingEvidence: 'none',
    stateEvidence: 'inferred',
    reach: 'platform',
  },
  'search-service': {
    type: 'Microsoft.Search/searchServices',
    spoken: 'AI Search service',
    endpointName: 'unknown',
    namingEvidence: 'none',
    stateEvidence: 'inferred',
    reach: 'platform',
  },
  'front-door': {
    type: 'Microsoft.Cdn/profiles',
    spoken: 'Front Door',
    endpointName: 'unknown',
    namingEvidence: 'none',
    stateEvidence: 'none',
    reach: 'platform',
  },
  'private-endpoint': {
    type: 'Microsoft.Network/privateEndpoints',
    spoken: 'private endpoint',
    endpointName: 'is-the-requester',
    namingEvidence: 'seen',
    stateEvidence: 'seen',
    reach: 'confirmed',
  },
} as const satisfies Record<string, KindFacts>

export type RequesterKind = keyof typeof requesterKinds

/** Requesters whose endpoints live in a network that Microsoft manages for them. */
export type ManagedKind = Exclude<RequesterKind, 'private-endpoint'>

const kindByType: ReadonlyMap<string, RequesterKind> = new Map(
  Object.entries(requesterKinds).map(([kind, { type }]) => [foldCase(type), kind as RequesterKind]),
)

/** What kind of requester has ids of this type; undefined when a rule cannot name one of that type. */
export function requesterKindOfType(type: string): RequesterKind | undefined {
  return kindByType.get(foldCase(type))
}

/** True for requesters whose endpoints live in a network that Microsoft manages for them. */
export function isManagedKind(kind: RequesterKind): kind is ManagedKind {
  return kind !== 'private-endpoint'
}

/** What an endpoint's name claims its requester is called: the text before the first dot; undefined without a dot. */
export function claimedRequesterName(endpoint: ResourceId): string | undefined {
  const dot = endpoint.name.indexOf('.')
  return dot < 0 ? undefined : endpoint.name.slice(0, dot)
}

/**
 * True when the endpoint is named as those of this requester are. Such a name proves nothing: every requester can
 * choose one.
 */
export function claimsToBeOf(endpoint: ResourceId, requester: RequesterId): boolean {
  const kind = requesterKindOfType(requester.type)
  const claimed = claimedRequesterName(endpoint)
  return (
    kind !== undefined &&
    claimed !== undefined &&
    requesterKinds[kind].endpointName === 'requester-dot-name' &&
    isSameName(claimed, requester.name)
  )
}

/** Display name of a requester: "Data Factory adf-prod". The name is not made printable. */
export function spokenRequester(kind: RequesterKind, name: string): string {
  return `${requesterKinds[kind].spoken} ${name}`
}
