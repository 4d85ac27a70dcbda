import { printable, printableName } from '../domain/printable.ts'
import type { Refusal } from '../domain/proof.ts'
import { isSameName } from '../domain/resource-id.ts'
import { ArmError } from './arm-error.ts'
import type { LinkOfEndpoint, PrivateEndpoints } from './private-endpoints.ts'
import type { Claim } from './proof-managed.ts'
import { couldNotAsk, refusal, spoken, whyNot } from './refusals.ts'
import type { Finding } from './refusals.ts'

/** Reads an ordinary endpoint, if that is ours to read: its own list must name this target, and wait there too. */
export async function proveOrdinary(claim: Claim, privateEndpoints: PrivateEndpoints): Promise<Finding> {
  const { endpoint, targets } = claim
  try {
    const links = await privateEndpoints.linksOf(endpoint)
    const here = links.filter(({ targetId }) => targets.some((target) => target.key === targetId?.key))
    const waiting = here.filter(({ status }) => status === '' || isSameName(status, 'Pending'))
    if (waiting.length === 0) return { refusals: [notWaiting(endpoint.name, here)] }
    const groupIds = [...new Set(waiting.flatMap((link) => link.groupIds))]
    return {
      requester: { kind: 'private-endpoint', id: endpoint },
      groupIds: groupIds.length > 0 ? groupIds : undefined,
    }
  } catch (error) {
    return { refusals: [notRead(endpoint.name, error)] }
  }
}

function notRead(endpointName: string, error: unknown): Refusal {
  const name = printableName(endpointName)
  const status = error instanceof ArmError ? error.status : undefined
  if (status === 404) return refusal('endpoint-not-found', `The endpoint ${name} does not exist any more.`)
  if (status === 401 || status === 403) {
    const sentence = `The endpoint ${name} lies where this app cannot read it: ${whyNot(error)}.`
    return refusal('endpoint-not-readable', sentence)
  }
  return couldNotAsk(spoken('private-endpoint', endpointName), error)
}

function notWaiting(endpointName: string, here: readonly LinkOfEndpoint[]): Refusal {
  const name = printableName(endpointName)
  if (here.length === 0) {
    return refusal('endpoint-points-elsewhere', `The endpoint ${name} does not name this target.`)
  }
  const statuses = printable(here.map(({ status }) => status).join(', '))
  const sentence = `The endpoint ${name} is not waiting for this target: its status is ${statuses}.`
  return refusal('endpoint-not-waiting', sentence)
}
