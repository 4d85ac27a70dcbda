import type { Connection } from '../../domain/connection.ts'
import { printableName } from '../../domain/printable.ts'
import type { Proof, Requester } from '../../domain/proof.ts'
import { type RequesterKind, requesterKinds, spokenRequester } from '../../domain/requester-kind.ts'
import { parseResourceId, type ResourceId } from '../../domain/resource-id.ts'
import type { ArmClient } from '../arm/client.ts'
import { listBudget } from '../arm/pages.ts'
import { networksOf } from '../requesters/data-factory.ts'
import { RequesterNotFound } from '../requesters/requester-api.ts'
import { whyLasting } from './why-lasting.ts'

/** A resource, and the operation by which writing it is in the log. */
export interface Written {
  readonly resource: ResourceId
  readonly operation: string
}

/** What was written to ask, all in one subscription: one of these. Or why it is not known, in one sentence. */
export type WhatAsks = { readonly written: readonly [Written, ...Written[]] } | { readonly why: string }

/**
 * Confirmed requesters whose managed endpoints are made at a service of their own: Azure Resource Manager, which writes
 * the log, does not see it. For Synapse a role of its own allows it (a data action); the others have no such operation.
 */
const madeElsewhere: Partial<Record<RequesterKind, string>> = {
  'synapse-workspace': 'Synapse',
  'purview-account': 'Purview',
  'fabric-workspace': 'Fabric',
  'databricks-network': 'Databricks',
}

/**
 * Finds what somebody wrote to make the endpoint of a connection: the endpoint itself, or the managed endpoint at its
 * confirmed requester.
 * @throws AzureBusy, AzureFailed when a call failed.
 */
export async function whatAsks(
  arm: ArmClient,
  { endpoint, isEndpointIdUnreadable }: Connection,
  { requester, isManagedTenant }: Proof,
): Promise<WhatAsks> {
  if (!endpoint) {
    return {
      why: isEndpointIdUnreadable
        ? 'Azure shows an id of the endpoint that cannot be read.'
        : 'Azure does not show which endpoint asks.',
    }
  }
  if (requester !== undefined && requester.kind !== 'private-endpoint') {
    return await managedEndpoint(arm, endpoint, requester)
  }
  if (isManagedTenant === true) {
    return {
      why: 'The endpoint lies in a network that Microsoft manages, and no requester is confirmed for it; the Activity Log there cannot be read.',
    }
  }
  return { written: [{ resource: endpoint, operation: `${requesterKinds['private-endpoint'].type}/write` }] }
}

async function managedEndpoint(
  arm: ArmClient,
  endpoint: ResourceId,
  requester: Requester,
): Promise<WhatAsks> {
  const { kind, id } = requester
  const who = spokenRequester(kind, printableName(id.name))
  if (kind === 'data-factory') return await atFactory(arm, endpoint, id.id, who)
  const service = madeElsewhere[kind]
  return {
    why:
      service === undefined
        ? `Which managed endpoint of ${who} asks is not known, so that it cannot be found in the Activity Log.`
        : `Endpoints of ${who} are made at ${service} itself, which does not write the Activity Log.`,
  }
}

/** The endpoint's name does not show the network at the factory: every network may have it. */
async function atFactory(
  arm: ArmClient,
  endpoint: ResourceId,
  factoryId: string,
  who: string,
): Promise<WhatAsks> {
  const name = endpoint.name.slice(endpoint.name.indexOf('.') + 1)
  try {
    const networks = await networksOf(arm, factoryId, listBudget())
    const [first, ...others] = networks.flatMap((network) => {
      const path = `${factoryId}/managedVirtualNetworks/${network}/managedPrivateEndpoints/${name}`
      const resource = parseResourceId(path)
      return resource ? [{ resource, operation: `${resource.type}/write` }] : []
    })
    return first ? { written: [first, ...others] } : { why: `${who} shows no managed network.` }
  } catch (error) {
    if (error instanceof RequesterNotFound) return { why: `${who} ${error.message}.` }
    return { why: `The managed networks of ${who} cannot be read: ${whyLasting(error)}.` }
  }
}
