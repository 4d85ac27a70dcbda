import { z } from 'zod'
import { type RequesterKind, requesterKinds } from '../../domain/requester-kind.ts'
import { isSameName } from '../../domain/resource-id.ts'

const endStates = ['Canceled', 'Deleted', 'Deleting', 'Failed', 'SoftDeleted', 'SoftDeleting']
const wellState = 'Succeeded'

/**
 * How a resource is by its own provisioning state. `not-well`: in a state, or none, that is not known to be good, where
 * the states of the kind are only inferred.
 */
export type Health = 'well' | 'ends' | 'not-well'

/** Existence is not health: one that is being deleted or has failed confirms nothing. */
export function healthOf(kind: RequesterKind, provisioningState: string | undefined): Health {
  const state = provisioningState ?? ''
  if (endStates.some((end) => isSameName(end, state))) return 'ends'
  const mustSucceed = requesterKinds[kind].stateEvidence === 'inferred'
  return mustSucceed && !isSameName(state, wellState) ? 'not-well' : 'well'
}

/** Text that is stated: an empty one is not. Anything but text makes the whole response unreadable. */
export const statedText = z
  .string()
  .nullish()
  .transform((text) => text || undefined)
