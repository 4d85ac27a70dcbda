import { printableName, quoted } from '../../domain/printable.ts'
import type { Refusal } from '../../domain/proof.ts'
import { ArmError } from '../arm/error.ts'
import { whyNot } from '../arm/why-not.ts'
import type { LinkOfEndpoint, PrivateEndpoints } from '../requesters/private-endpoint.ts'
import type { Claim } from './managed.ts'
import { healthOf } from '../requesters/health.ts'
import { couldNotAsk, type Finding, refusal, spoken } from './refusals.ts'
import { saysSo, type Standing } from './standing.ts'

/** Reads an ordinary endpoint, if the app may: its own list must name this target, with the same standing. */
export async function proveOrdinary(claim: Claim, privateEndpoints: PrivateEndpoints): Promise<Finding> {
  const { endpoint, targets, standing } = claim
  try {
    const links = await privateEndpoints.linksOf(endpoint)
    const here = links.filter(({ targetId }) =>
      targets.some(({ strictKey }) => strictKey === targetId?.strictKey),
    )
    const alike = here.filter(({ status }) => status === '' || saysSo(standing, status))
    if (alike.length === 0) return { refusals: [notAlike(endpoint.name, standing, here)] }
    const unwell = alike.find(({ endpointState }) => healthOf('private-endpoint', endpointState) !== 'well')
    if (unwell) return { refusals: [notWell(endpoint.name, unwell)] }
    const groupIds = [...new Set(alike.flatMap((link) => link.groupIds))]
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

function notWell(endpointName: string, { endpointState }: LinkOfEndpoint): Refusal {
  const sentence = `The endpoint ${printableName(endpointName)} is in the state ${quoted(endpointState ?? '')}.`
  return refusal('endpoint-not-pending', sentence)
}

function notAlike(endpointName: string, standing: Standing, here: readonly LinkOfEndpoint[]): Refusal {
  const name = printableName(endpointName)
  if (here.length === 0) {
    return refusal('endpoint-points-elsewhere', `The endpoint ${name} does not name this target.`)
  }
  const statuses = here.map(({ status }) => quoted(status)).join(', ')
  const sentence = `The endpoint ${name} is not ${standing} for this target: its status is ${statuses}.`
  return refusal('endpoint-not-pending', sentence)
}
