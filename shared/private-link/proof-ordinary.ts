import { ArmError } from './arm-error.ts'
import type { PrivateEndpoints } from './private-endpoints.ts'
import type { Claim } from './proof-managed.ts'
import { couldNotAsk, refusal } from './refusals.ts'
import type { Finding } from './refusals.ts'

/** Reads an ordinary endpoint, if that is ours to read: its own list must name this target, and wait there too. */
export async function proveOrdinary(claim: Claim, privateEndpoints: PrivateEndpoints): Promise<Finding> {
  const { endpoint, targets } = claim
  const who = `the endpoint ${endpoint.name}`
  try {
    const links = await privateEndpoints.linksOf(endpoint)
    const here = links.filter(({ targetId }) => targets.some((target) => target.key === targetId?.key))
    if (here.length === 0) {
      return {
        refusals: [
          refusal('endpoint-points-elsewhere', `The endpoint ${endpoint.name} does not name this target.`),
        ],
      }
    }
    const waiting = here.filter(({ status }) => status === 'Pending' || status === '')
    if (waiting.length === 0) {
      const statuses = here.map(({ status }) => status).join(', ')
      const sentence = `The endpoint ${endpoint.name} is not waiting for this target: its status is ${statuses}.`
      return { refusals: [refusal('endpoint-not-waiting', sentence)] }
    }
    const groupIds = [...new Set(waiting.flatMap((link) => link.groupIds))]
    return {
      requester: { kind: 'private-endpoint', id: endpoint },
      groupIds: groupIds.length > 0 ? groupIds : undefined,
    }
  } catch (error) {
    const isGone = error instanceof ArmError && error.status === 404
    const sentence = `The endpoint ${endpoint.name} does not exist any more.`
    return { refusals: [isGone ? refusal('endpoint-not-found', sentence) : couldNotAsk(who, error)] }
  }
}
