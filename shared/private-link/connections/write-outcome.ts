import type { WriteOutcome } from '../../domain/connection-write.ts'
import type { ArmError } from '../arm/error.ts'
import { type Absence, secondsToStayAway, whenThrottled } from '../arm/waiting.ts'
import { wordsOf } from '../arm/why-not.ts'

const whenLocked: Absence = { usualSeconds: 15, minSeconds: 2 }
const absenceByStatus = new Map<number, Absence>([
  [409, whenLocked],
  [412, { usualSeconds: 5, minSeconds: 2 }],
  [429, whenThrottled],
])

/** Codes of a busy resource, with any status of a refusal. */
const busyCodes = new Set([
  'AnotherOperationInProgress',
  'ConflictError',
  'RetryableError',
  'RetryableErrorDueToAnotherOperation',
  'StorageAccountOperationInProgress',
])

/**
 * Codes of causes that are removed elsewhere, with any status of a refusal: a role that is not in force yet, policies, deny
 * assignments, locks, registrations and switched-off subscriptions. As Azure Resource Manager documents them. A conflict
 * of this kind is no reason to come back soon.
 */
const removedElsewhere: readonly RegExp[] = [
  /^(Linked)?AuthorizationFailed$/,
  /^RequestDisallowedBy/,
  /^DenyAssignment/,
  /^ScopeLocked$/,
  /^(MissingSubscriptionRegistration|SubscriptionNotRegistered)$/,
  /^ReadOnlyDisabledSubscription$/,
]
/** Codes of a target that is still settling. The first is a 400 (hashicorp/terraform-provider-azurerm#31712). */
const settling: readonly RegExp[] = [
  /^AccountProvisioningStateInvalid$/,
  /ProvisioningState|NotProvisioned|NotReady|NotInSucceededState/i,
]
const passingStatuses = new Set([403, 423])

/** Failures of a call that ended before anything was sent to Azure; their status is 0. */
const unsent = new Set([
  'AggregateAuthenticationError',
  'AuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
  'ForeignLink',
])

/**
 * What a failed write means. Statuses and codes as Microsoft documents them and users report them.
 * @throws ArmError when nothing can have been carried out and the write itself was not looked at: no token, a refused
 *   token, a redirect.
 */
export function outcomeOfFailure(error: ArmError): WriteOutcome {
  const { status, code } = error
  if (status === 404) return { kind: 'gone' }
  const words = wordsOf(error)
  if (saysNothing(error)) return { kind: 'unanswered', afterSeconds: error.retryAfterSeconds ?? 0, ...words }
  const isRemovedElsewhere = hasCodeOf(removedElsewhere, code)
  const absence = absenceByStatus.get(status) ?? (busyCodes.has(code) ? whenLocked : undefined)
  if (absence && !isRemovedElsewhere) {
    const afterSeconds = secondsToStayAway(error.retryAfterSeconds, absence)
    return { kind: 'retry-after', afterSeconds, ...words }
  }
  if (status < 400 || status === 401) throw error
  const passes = isRemovedElsewhere || hasCodeOf(settling, code) || passingStatuses.has(status)
  return { kind: 'refused', passes, ...words }
}

function hasCodeOf(patterns: readonly RegExp[], code: string): boolean {
  return patterns.some((pattern) => pattern.test(code))
}

/**
 * No response, one of success that cannot be read, or one that does not tell whether the write was taken. A 503 is one of
 * these, also with `Retry-After`: a gateway that lost the service behind it sends the same as a service that takes nothing.
 */
function saysNothing({ status, code }: ArmError): boolean {
  if (status === 0) return !unsent.has(code)
  return status === 408 || status >= 500 || (status >= 200 && status <= 299)
}
