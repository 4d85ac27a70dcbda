import { printableName } from '../domain/printable.ts'
import { spokenRequester } from '../domain/requester-kind.ts'
import { asciiLowerCase } from '../domain/resource-id.ts'
import type { RequesterPattern } from '../domain/rule.ts'
import type { Facts } from '../domain/verdict.ts'

/** How wide a rule for ordinary endpoints is. */
export const widths = ['endpoint', 'resource-group', 'subscription'] as const
export type Width = (typeof widths)[number]

/** The requester of a proposed rule. */
export interface SuggestedRequester {
  readonly requester: RequesterPattern
  readonly requesterName: string
  readonly requesterKey: string
  /** In a sentence. */
  readonly spoken: string
  /** The endpoint belongs to another tenant. */
  readonly isForeign: boolean
}

/** The requester for the rule. A refused connection has neither requester nor endpoint. */
export function suggestedRequester(
  { connection, proof }: Facts,
  ownTenantId: string | undefined,
  by: Width,
): SuggestedRequester {
  const { requester } = proof
  const { endpoint } = connection
  const isForeign = proof.isManagedTenant === false && proof.endpointTenantId !== ownTenantId
  if (requester && requester.kind !== 'private-endpoint') {
    return {
      requester: { kind: 'resource', id: requester.id.id },
      requesterName: requester.id.name,
      requesterKey: requester.id.strictKey,
      spoken: spokenRequester(requester.kind, printableName(requester.id.name)),
      isForeign: false,
    }
  }
  const subscription = `/subscriptions/${endpoint?.subscriptionId ?? ''}`
  const group = `${subscription}/resourceGroups/${endpoint?.resourceGroup ?? ''}`
  const exact: SuggestedRequester = {
    requester: { kind: 'resource', id: endpoint?.id ?? '' },
    requesterName: endpoint?.name ?? '',
    requesterKey: endpoint?.strictKey ?? '',
    spoken: spokenRequester('private-endpoint', printableName(endpoint?.name ?? '')),
    isForeign,
  }
  const wider = (pattern: string, name: string): SuggestedRequester => ({
    requester: { kind: 'scope', pattern },
    requesterName: name,
    requesterKey: asciiLowerCase(pattern),
    spoken: `ordinary endpoints in ${printableName(name)}`,
    isForeign,
  })
  if (isForeign || by === 'endpoint') return exact
  return by === 'subscription'
    ? wider(subscription, endpoint?.subscriptionId ?? '')
    : wider(group, endpoint?.resourceGroup ?? '')
}
