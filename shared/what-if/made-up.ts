import type { Connection } from '../domain/connection.ts'
import type { Proof, ProofLevel } from '../domain/proof.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import {
  isManagedKind,
  requesterKindOfType,
  requesterKinds,
  spokenRequester,
  type RequesterKind,
} from '../domain/requester-kind.ts'
import { asciiLowerCase, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { Tag } from '../domain/rule.ts'
import type { Facts, ManagementGroups } from '../domain/verdict.ts'

/** A made-up request, to see its verdict. Undefined: the fact is unknown. */
export interface MadeUpRequest {
  readonly target: ResourceId
  readonly groupIds: readonly string[] | undefined
  /** The requester; with a lower proof level, the apparent requester. */
  readonly requester: RequesterId | undefined
  /** Undefined: one as the requester's are called; without a requester, none is shown. */
  readonly endpoint: ResourceId | undefined
  /** Undefined: the best that the requester's kind can have. */
  readonly proof: ProofLevel | undefined
  readonly tenantId: string | undefined
  /** Undefined: as usual for the requester's kind. */
  readonly isManagedTenant: boolean | undefined
  readonly targetTags: readonly Tag[] | undefined
  readonly targetManagementGroups: readonly string[] | undefined
  readonly requesterManagementGroups: readonly string[] | undefined
  /** How many connections of the target are Approved already; each counts as one of this requester. */
  readonly approvedConnections: number | undefined
}

export type MadeUpField = keyof MadeUpRequest

/** The facts, or why no request can be like that. */
export type MadeUp =
  | { readonly facts: Facts; readonly problem?: undefined }
  | { readonly facts?: undefined; readonly field: MadeUpField; readonly problem: string }

/** Placeholder for Microsoft's subscription or tenant of a managed network. */
const someGuid = '00000000-0000-0000-0000-000000000000'

/** The facts that the app would gather of such a request. */
export function madeUpFacts(request: MadeUpRequest): MadeUp {
  const who = madeUpRequester(request)
  const contradiction = contradictions.find(({ holds }) => holds(request, who))
  if (contradiction) return { field: contradiction.field, problem: contradiction.sentence }
  return {
    facts: {
      connection: { ...pendingConnection(request.target, 'made-up'), ...shown(request, who) },
      proof: proofOf(request, who),
      context: {
        targetTags: request.targetTags,
        targetGroups: wholeGroupIds(request.targetManagementGroups),
        endpointGroups: wholeGroupIds(request.requesterManagementGroups),
        requesterGroups: wholeGroupIds(request.requesterManagementGroups),
        approved: approvedOn(request),
      },
    },
  }
}

interface MadeUpRequester {
  readonly requester: RequesterId | undefined
  readonly kind: RequesterKind | undefined
  readonly isManaged: boolean
  readonly endpoint: ResourceId | undefined
  readonly level: ProofLevel
  readonly isManagedTenant: boolean | undefined
}

function madeUpRequester(request: MadeUpRequest): MadeUpRequester {
  const requester = request.requester ?? (request.proof === 'confirmed' ? request.endpoint : undefined)
  const kind = requester && requesterKindOfType(requester.type)
  const isManaged = kind !== undefined && isManagedKind(kind)
  const endpoint = request.endpoint ?? (requester && kind && endpointOf(requester, kind))
  const level = request.proof ?? (kind ? requesterKinds[kind].reach : endpoint ? 'platform' : 'none')
  const isManagedTenant = request.isManagedTenant ?? (level === 'none' ? undefined : isManaged)
  return { requester, kind, isManaged, endpoint, level, isManagedTenant }
}

interface Contradiction {
  readonly field: MadeUpField
  readonly sentence: string
  readonly holds: (request: MadeUpRequest, who: MadeUpRequester) => boolean
}

const contradictions: readonly Contradiction[] = [
  {
    field: 'requester',
    sentence: 'no rule can name a requester of that type; expected: one of those in docs/requesters.md',
    holds: (_, { requester, kind }) => requester !== undefined && kind === undefined,
  },
  {
    field: 'proof',
    sentence: 'requesters of that kind cannot be confirmed; expected: platform or none',
    holds: (_, { level, kind }) =>
      level === 'confirmed' && kind !== undefined && requesterKinds[kind].reach !== 'confirmed',
  },
  {
    field: 'proof',
    sentence: 'without a requester or an endpoint nothing is proven; expected: none, or name the requester',
    holds: (_, { level, endpoint }) => level !== 'none' && endpoint === undefined,
  },
  {
    field: 'isManagedTenant',
    sentence:
      'a managed requester is confirmed in a managed tenant only, an ordinary endpoint in others only',
    holds: (_, { level, isManaged, isManagedTenant }) =>
      level === 'confirmed' && isManaged !== isManagedTenant,
  },
  {
    field: 'tenantId',
    sentence: 'with proof none nobody could say which tenant it is; leave it out',
    holds: ({ tenantId }, { level }) => level === 'none' && tenantId !== undefined,
  },
]

/** An endpoint with the usual name for the requester, where that is known. */
function endpointOf(requester: RequesterId, kind: RequesterKind): ResourceId | undefined {
  if (!isManagedKind(kind)) return parseResourceId(requester.id)
  const name =
    requesterKinds[kind].endpointName === 'requester-dot-name' ? `${requester.name}.made-up` : 'made-up'
  return parseResourceId(
    `/subscriptions/${someGuid}/resourceGroups/managed-network/providers/Microsoft.Network/privateEndpoints/${name}`,
  )
}

function proofOf({ tenantId, groupIds }: MadeUpRequest, who: MadeUpRequester): Proof {
  const { requester, kind, level, isManaged, isManagedTenant } = who
  const known = {
    level,
    endpointTenantId: tenantId === undefined ? (isManaged ? someGuid : undefined) : asciiLowerCase(tenantId),
    isManagedTenant,
  }
  if (level === 'confirmed' && requester && kind)
    return { ...known, requester: { kind, id: requester }, groupIds, refusals: [] }
  return {
    ...known,
    endpointTenantId: level === 'none' ? undefined : known.endpointTenantId,
    requester: undefined,
    groupIds: undefined,
    refusals:
      requester && kind
        ? [{ code: unconfirmedCode(kind), sentence: unconfirmed(requester, kind), about: requester.key }]
        : [],
  }
}

function unconfirmedCode(kind: RequesterKind): RefusalCode {
  return isManagedKind(kind) ? 'endpoint-not-disclosed' : 'endpoint-not-readable'
}

function unconfirmed({ name }: RequesterId, kind: RequesterKind): string {
  return `${spokenRequester(kind, name)} does not confirm that the endpoint is its own.`
}

function shown(
  { groupIds }: MadeUpRequest,
  { endpoint }: MadeUpRequester,
): Pick<Connection, 'endpoint' | 'groupIds'> {
  return { endpoint, groupIds }
}

function approvedOn({
  target,
  approvedConnections: count,
}: MadeUpRequest): readonly Connection[] | undefined {
  if (count === undefined) return undefined
  return Array.from({ length: count }, (_, index) => ({
    ...pendingConnection(target, `approved-${index + 1}`),
    status: 'Approved',
  }))
}

function pendingConnection(target: ResourceId, name: string): Connection {
  const id = parseResourceId(`${target.id}/privateEndpointConnections/${name}`)
  if (id === undefined) throw new RangeError(`The id of the target, "${target.id}", is too long.`)
  return {
    id,
    target,
    list: 'connections',
    writeSupport: 'with-description',
    status: 'Pending',
    description: '',
    endpoint: undefined,
    groupIds: undefined,
    provisioningState: undefined,
    etag: undefined,
  }
}

function wholeGroupIds(names: readonly string[] | undefined): ManagementGroups | undefined {
  return names && { names: names.map(asciiLowerCase), isWhole: true }
}
