import type { WriteOutcome } from '../review/ports.ts'
import type { ArmError } from './arm-error.ts'

/** Seconds to stay away when Azure does not say. */
const waitByStatus = new Map([
  [409, 15],
  [412, 5],
  [429, 30],
  [503, 30],
])
const waitWhenLocked = 15

/** Codes of a resource that is busy with something else, under whatever status they come. */
const busyCodes = new Set([
  'AnotherOperationInProgress',
  'ConflictError',
  'RetryableError',
  'RetryableErrorDueToAnotherOperation',
  'StorageAccountOperationInProgress',
])

/** Conflicts that stay until a person changes something: locks, and subscriptions that are switched off. */
const lastingConflicts = new Set([
  'MissingSubscriptionRegistration',
  'ReadOnlyDisabledSubscription',
  'ScopeLocked',
])

/**
 * What a failed write means. Statuses and codes as Microsoft documents them and users report them; that
 * `ScopeLocked` and its like last is from Azure Resource Manager's documentation of locks.
 * @throws ArmError when it says nothing of the answer itself: no reply, a failing server, a refused token.
 */
export function outcomeOfFailure(error: ArmError): WriteOutcome {
  const { status, code, message } = error
  if (status === 404) return { kind: 'gone' }
  const wait = busyCodes.has(code) ? (waitByStatus.get(status) ?? waitWhenLocked) : waitByStatus.get(status)
  if (wait !== undefined && !lastingConflicts.has(code)) {
    return { kind: 'come-back', afterSeconds: error.retryAfterSeconds ?? wait, code }
  }
  if (status < 400 || status === 401 || status === 408 || status >= 500) throw error
  return { kind: 'refused', code, message }
}
