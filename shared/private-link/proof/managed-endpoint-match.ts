import { printableName, quoted } from '../../domain/printable.ts'
import type { Refusal } from '../../domain/proof.ts'
import { type ManagedKind, requesterKinds } from '../../domain/requester-kind.ts'
import { asciiLowerCase, isCertainlySameName, isSameName, type ResourceId } from '../../domain/resource-id.ts'
import type { ManagedEndpoint } from '../requesters/requester-api.ts'
import { healthOf } from '../requesters/health.ts'
import { refusal } from './refusals.ts'
import { saysSo, type Standing } from './standing.ts'

const maxNamed = 3

/** What to find in a requester's list. */
export interface Expected {
  readonly endpoint: ResourceId
  /** Ids by which the requester may call the target. */
  readonly targets: readonly ResourceId[]
  /** The standing of the connection on the target. */
  readonly standing: Standing
  readonly kind: ManagedKind
  /** The requester in a sentence: "Data Factory adf-prod". */
  readonly who: string
}

/**
 * The one managed endpoint in a requester's own list that is this endpoint: it names this target, has exactly this
 * name, and is Pending or Approved like its connection. Where names are not reliable, none is found.
 */
export function findManagedEndpoint(
  expected: Expected,
  listed: readonly ManagedEndpoint[],
): ManagedEndpoint | Refusal {
  const here = listedFor(expected.targets, listed)
  const named = here.filter(({ endpointName }) => isNameOf(expected.endpoint, endpointName, isSameName))
  const found = named.find(({ endpointName }) =>
    isNameOf(expected.endpoint, endpointName, isCertainlySameName),
  )
  if (!found) return notFound(expected, here)
  if (named.length > 1) {
    const sentence = `${expected.who} has more than one managed endpoint named ${quoted(found.name)} for this target.`
    return refusal('managed-endpoint-ambiguous', sentence)
  }
  return unfit(found, expected) ?? found
}

/** What a requester lists for a target, by whichever of its ids. */
export function listedFor(
  targets: readonly ResourceId[],
  listed: readonly ManagedEndpoint[],
): readonly ManagedEndpoint[] {
  return listed.filter(({ targetId }) => targets.some(({ strictKey }) => strictKey === targetId?.strictKey))
}

function isNameOf(endpoint: ResourceId, name: string | undefined, isSame: typeof isSameName): boolean {
  return name !== undefined && isSame(name, endpoint.name)
}

/**
 * No endpoint has exactly this name. Endpoints whose names are not stated may still be it, which needs manual review.
 */
function notFound({ kind, who, endpoint, standing }: Expected, here: readonly ManagedEndpoint[]): Refusal {
  const unnamed = here.filter(
    (managed) =>
      managed.endpointName === undefined && mayStand(standing, managed) && !hasEnded(kind, managed),
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
  const more = unnamed.length > maxNamed ? ', …' : ''
  const names = `${unnamed
    .slice(0, maxNamed)
    .map(({ name }) => quoted(name.slice(0, 60)))
    .join(', ')}${more}`
  return refusal(
    'endpoint-not-disclosed',
    `${who} has an endpoint for this target${stands} (${names}), but Azure does not show which of the endpoints here it is; a person has to compare.`,
  )
}

/**
 * Why a managed endpoint is not the one on the target. Where its own list does not state the endpoint's id, only the
 * status Pending shows that its connection has reached the target. Before that, the connection on the target may be an
 * earlier one of the same name from an unknown requester: names of workspaces, factories and accounts are separate, so
 * an unknown requester may own a workspace with the name of our factory.
 */
function unfit(found: ManagedEndpoint, { kind, who, endpoint, standing }: Expected): Refusal | undefined {
  const subject = `The managed endpoint ${quoted(found.name)} of ${who}`
  if (!mayStand(standing, found)) {
    const status = quoted(found.status ?? '')
    return refusal('managed-endpoint-not-pending', `${subject} is not ${standing}: its status is ${status}.`)
  }
  const state = found.provisioningState
  const health = healthOf(kind, found.provisioningState)
  if (health === 'ends') {
    return refusal(
      'managed-endpoint-not-pending',
      `${subject} is not ${standing}: its state is ${quoted(state ?? '')}.`,
    )
  }
  if (found.endpointId !== undefined && asciiLowerCase(found.endpointId) !== endpoint.strictKey) {
    return refusal('endpoint-id-differs', `${subject} stands for another endpoint than the one that asks.`)
  }
  if (found.endpointId === undefined && !saysSo(standing, found.status ?? '')) {
    const sentence = `${subject} has not reached this target yet: it is still being made.`
    return refusal('managed-endpoint-not-ready', sentence)
  }
  if (health === 'not-well') {
    const how = state === undefined ? 'it states none' : `it is in the state ${quoted(state)}`
    return refusal('managed-endpoint-not-ready', `${subject} does not show that it is ready: ${how}.`)
  }
  return undefined
}

/** One without a status yet can only be waiting. */
function mayStand(standing: Standing, { status }: ManagedEndpoint): boolean {
  return status === undefined || (status === '' && standing === 'waiting') || saysSo(standing, status)
}

function hasEnded(kind: ManagedKind, { provisioningState }: ManagedEndpoint): boolean {
  return healthOf(kind, provisioningState) === 'ends'
}
