import { printable, printableName } from '../../domain/printable.ts'
import type { Refusal } from '../../domain/proof.ts'
import { type ManagedKind, requesterKinds } from '../../domain/requester-kind.ts'
import { asciiLowerCase, isSameName, type ResourceId } from '../../domain/resource-id.ts'
import type { ManagedEndpoint } from '../requesters/requester-api.ts'
import { refusal } from './refusals.ts'
import { saysSo, type Standing } from './standing.ts'

const deadStates = ['Canceled', 'Deleted', 'Deleting', 'Failed']

/** What is looked for in a requester's list. */
export interface Expected {
  readonly endpoint: ResourceId
  /** Ids by which the requester may call the target. */
  readonly targets: readonly ResourceId[]
  /** How the connection stands on the target. */
  readonly standing: Standing
  readonly kind: ManagedKind
  /** The requester in a sentence: "Data Factory adf-prod". */
  readonly who: string
}

/**
 * The one managed endpoint in a requester's own list that is the endpoint in question: it names this target, has the
 * very name, and waits, or is approved, as its connection is. Where no name can be relied on, nothing is found, whatever
 * is listed.
 */
export function findManagedEndpoint(
  expected: Expected,
  listed: readonly ManagedEndpoint[],
): ManagedEndpoint | Refusal {
  const here = listedFor(expected.targets, listed)
  const [found, another] = here.filter(({ endpointName }) => isNameOf(expected.endpoint, endpointName))
  if (!found) return notFound(expected, here)
  if (another) {
    const sentence = `${expected.who} has more than one managed endpoint named ${printable(found.name)} for this target.`
    return refusal('managed-endpoint-ambiguous', sentence)
  }
  return unfit(found, expected) ?? found
}

/** What a requester lists for a target, by whichever of its ids. */
export function listedFor(
  targets: readonly ResourceId[],
  listed: readonly ManagedEndpoint[],
): readonly ManagedEndpoint[] {
  return listed.filter(({ targetId }) => targets.some(({ key }) => key === targetId?.key))
}

function isNameOf(endpoint: ResourceId, name: string | undefined): boolean {
  return name !== undefined && isSameName(name, endpoint.name)
}

/** Nothing has the very name. Endpoints whose names are not told may still be the one; which, a person has to say. */
function notFound({ kind, who, endpoint, standing }: Expected, here: readonly ManagedEndpoint[]): Refusal {
  const unnamed = here.filter(
    (managed) => managed.endpointName === undefined && mayStand(standing, managed) && !isDead(managed),
  )
  const [first] = unnamed
  if (!first) {
    const expected =
      requesterKinds[kind].endpointName === 'unknown'
        ? `no endpoint ${standing} for this target`
        : `no managed endpoint for this target that is named ${printableName(endpoint.name)} there`
    return refusal('no-such-managed-endpoint', `${who} has ${expected}.`)
  }
  if (requesterKinds[kind].reach === 'confirmed' && unnamed.every(({ status }) => status === '')) {
    return refusal('managed-endpoint-not-ready', `${who} is still making its endpoint for this target.`)
  }
  const stands = first.status === undefined ? `, maybe ${standing}` : ` ${standing}`
  const names = printable(unnamed.map(({ name }) => name.slice(0, 100)).join(', '))
  return refusal(
    'endpoint-not-disclosed',
    `${who} has an endpoint for this target${stands} (${names}), but Azure does not tell which of the endpoints here it is; a person has to compare.`,
  )
}

/**
 * Why a managed endpoint is not the one that stands here. Where its own list does not tell which endpoint it made,
 * only the status Pending says that its connection has reached the target. Before that, the connection on the
 * target is somebody else's of the same name, put there in good time: workspaces, factories and accounts have
 * names of their own each, so an unknown requester may own a workspace called like our factory.
 */
function unfit(found: ManagedEndpoint, { who, endpoint, standing }: Expected): Refusal | undefined {
  const subject = `The managed endpoint ${printable(found.name)} of ${who}`
  if (!mayStand(standing, found)) {
    const status = printable(found.status ?? '')
    return refusal('managed-endpoint-not-pending', `${subject} is not ${standing}: its status is ${status}.`)
  }
  if (isDead(found)) {
    const state = printable(found.provisioningState ?? '')
    return refusal('managed-endpoint-not-pending', `${subject} is not ${standing}: its state is ${state}.`)
  }
  if (found.endpointId !== undefined && asciiLowerCase(found.endpointId) !== endpoint.key) {
    return refusal('endpoint-id-differs', `${subject} stands for another endpoint than the one that asks.`)
  }
  if (found.endpointId === undefined && !saysSo(standing, found.status ?? '')) {
    const sentence = `${subject} has not reached this target yet: it is still being made.`
    return refusal('managed-endpoint-not-ready', sentence)
  }
  return undefined
}

/** One that does not say yet may only wait. */
function mayStand(standing: Standing, { status }: ManagedEndpoint): boolean {
  return status === undefined || (status === '' && standing === 'waiting') || saysSo(standing, status)
}

function isDead({ provisioningState }: ManagedEndpoint): boolean {
  return deadStates.some((state) => isSameName(state, provisioningState ?? ''))
}
