import type { Connection } from '../domain/connection.ts'
import { isPending } from '../domain/connection.ts'
import type { Refusal } from '../domain/proof.ts'
import { asciiLowerCase, isSameName } from '../domain/resource-id.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import { distinct } from './endpoints.ts'
import { couldNotAsk, refusal } from './refusals.ts'
import type { Finding } from './refusals.ts'
import { RequesterNotFound } from './requesters/requester-kind.ts'
import type { ManagedEndpoint, RequesterKind } from './requesters/requester-kind.ts'

const deadStates = ['Deleting', 'Failed']

/** An endpoint on a target, as its requester must have asked for it. */
export interface Claim {
  readonly connection: Connection
  readonly endpoint: ResourceId
  /** Ids by which the requester may call the target. */
  readonly targets: readonly ResourceId[]
}

interface Confirmed {
  readonly candidate: ResourceId
  readonly kind: RequesterKind
  readonly managedEndpoint: ManagedEndpoint
}

/**
 * Asks the candidates: requesters whose name the endpoint claims, chosen by the caller. Exactly one of them must
 * list exactly one managed endpoint by that name for this target, and it must be waiting; one that cannot be asked
 * leaves the matter open. The endpoint of a managed network is called `{requester}.{managed endpoint}` (seen in
 * exports for Data Factory and Synapse, inferred for Purview); requester names hold no dot.
 */
export async function proveManaged(
  claim: Claim,
  candidates: readonly ResourceId[],
  kinds: readonly RequesterKind[],
): Promise<Finding> {
  if (candidates.length === 0) return { refusals: [nobodyToAsk(claim.endpoint.name)] }
  const findings = await Promise.all(
    distinct(candidates).map((candidate) => askCandidate(claim, candidate, kinds)),
  )
  const confirmed = findings.filter((finding) => 'candidate' in finding)
  const refusals = findings.filter((finding) => 'code' in finding)
  const [first, second] = confirmed
  if (!first) return { refusals }
  if (second) {
    const sentence = `Both ${spoken(first.kind, first.candidate)} and ${spoken(second.kind, second.candidate)} have such a managed endpoint waiting.`
    return { refusals: [refusal('managed-endpoint-ambiguous', sentence)] }
  }
  const open = refusals.filter(({ code }) => code === 'could-not-ask')
  if (open.length > 0) return { refusals: open }
  const { groupId } = first.managedEndpoint
  return {
    requester: { kind: first.kind.kind, id: first.candidate },
    groupIds: groupId ? [groupId] : undefined,
  }
}

/**
 * Another connection of the same target under the same endpoint name: who of the two was meant cannot be said. One
 * of another endpoint counts in every status but Disconnected: once a person has answered the real request, the
 * stranger's of the same name is the only Pending one, and the requester's own list may lag and still say Pending.
 * The same endpoint may stand in both lists of a Purview account; Pending twice in one list it is its own rival.
 */
export function findRival(claim: Claim, siblings: readonly Connection[]): Refusal | undefined {
  const { connection, endpoint } = claim
  const rival = siblings.find(
    (sibling) =>
      sibling.id.key !== connection.id.key &&
      sibling.endpoint !== undefined &&
      isSameName(sibling.endpoint.name, endpoint.name) &&
      (sibling.endpoint.key === endpoint.key
        ? sibling.list === connection.list && isPending(sibling)
        : sibling.status !== 'Disconnected'),
  )
  if (!rival) return undefined
  const sentence = `Another connection of this target, ${rival.id.name}, has an endpoint of the same name.`
  return refusal('rival-claims-the-same', sentence)
}

function nobodyToAsk(endpointName: string): Refusal {
  return refusal(
    'no-rule-names-a-requester',
    `No rule for this target names a requester by its id that the endpoint name "${endpointName}" could belong to.`,
  )
}

async function askCandidate(
  claim: Claim,
  candidate: ResourceId,
  kinds: readonly RequesterKind[],
): Promise<Confirmed | Refusal> {
  const kind = kinds.find(({ armType }) => isSameName(armType, candidate.type))
  if (!kind) {
    return refusal('could-not-ask', `There is no way to ask a requester of the type ${candidate.type}.`)
  }
  const who = spoken(kind, candidate)
  try {
    const listed = await kind.managedEndpoints(candidate)
    const found = pick(claim, candidate, listed, who)
    return 'code' in found ? found : { candidate, kind, managedEndpoint: found }
  } catch (error) {
    if (error instanceof RequesterNotFound) {
      return refusal('requester-not-found', `${capitalised(who)} does not exist.`)
    }
    return couldNotAsk(who, error)
  }
}

function pick(
  { endpoint, targets }: Claim,
  candidate: ResourceId,
  listed: readonly ManagedEndpoint[],
  who: string,
): ManagedEndpoint | Refusal {
  const matching = listed.filter(
    ({ name, targetId }) =>
      isSameName(`${candidate.name}.${name}`, endpoint.name) &&
      targets.some((target) => target.key === targetId?.key),
  )
  const [found, another] = matching
  const name = endpoint.name.slice(endpoint.name.indexOf('.') + 1)
  const subject = capitalised(who)
  if (!found) {
    return refusal(
      'no-such-managed-endpoint',
      `${subject} has no managed endpoint named ${name} for this target.`,
    )
  }
  if (another) {
    const sentence = `${subject} has more than one managed endpoint named ${name} for this target.`
    return refusal('managed-endpoint-ambiguous', sentence)
  }
  return unfit(found, endpoint, who) ?? found
}

/**
 * Why a managed endpoint is not the one that waits here. Where its own list does not tell which endpoint it made,
 * only the status Pending says that its connection has reached the target. Before that, the connection on the
 * target is somebody else's of the same name, put there in good time: workspaces, factories and accounts have
 * names of their own each, so a stranger may own a workspace called like our factory.
 */
function unfit(found: ManagedEndpoint, endpoint: ResourceId, who: string): Refusal | undefined {
  const subject = `The managed endpoint ${found.name} of ${who}`
  const provisioning = found.provisioningState ?? ''
  if (!['', 'Pending'].includes(found.status)) {
    return refusal(
      'managed-endpoint-not-waiting',
      `${subject} is not waiting: its status is ${found.status}.`,
    )
  }
  if (deadStates.some((state) => isSameName(state, provisioning))) {
    return refusal('managed-endpoint-not-waiting', `${subject} is not waiting: its state is ${provisioning}.`)
  }
  if (found.endpointId !== undefined && asciiLowerCase(found.endpointId) !== endpoint.key) {
    return refusal('endpoint-id-differs', `${subject} stands for another endpoint than the one that asks.`)
  }
  if (found.endpointId === undefined && found.status !== 'Pending') {
    const sentence = `${subject} has not reached this target yet: it is still being made.`
    return refusal('managed-endpoint-not-ready', sentence)
  }
  return undefined
}

function spoken(kind: RequesterKind, id: ResourceId): string {
  return `${kind.spoken} ${id.name}`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
