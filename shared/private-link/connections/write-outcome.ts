import type { WriteOutcome } from '../../domain/connection-write.ts'
import type { ArmError } from '../arm/error.ts'
import { type Absence, secondsToStayAway, whenThrottled } from '../arm/waiting.ts'

const whenLocked: Absence = { usualSeconds: 15, minSeconds: 2 }
const absenceByStatus = new Map<number, Absence>([
  [409, whenLocked],
  [412, { usualSeconds: 5, minSeconds: 2 }],
  [429, whenThrottled],
  [503, whenThrottled],
])

/** Codes of a busy resource, with any status. */
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
 * What a failed write means. Statuses and codes as Microsoft documents them and users report them; that `ScopeLocked`
 * and similar ones last is from Azure Resource Manager's documentation of locks.
 * @throws ArmError when it says nothing about the write itself: no response, a failing server, a refused token.
 */
export function outcomeOfFailure(error: ArmError): WriteOutcome {
  const { status, code, message } = error
  if (status === 404) return { kind: 'gone' }
  const absence = absenceByStatus.get(status) ?? (busyCodes.has(code) ? whenLocked : undefined)
  if (absence && !lastingConflicts.has(code)) {
    return { kind: 'retry-after', afterSeconds: secondsToStayAway(error.retryAfterSeconds, absence), code }
  }
  if (status < 400 || status === 401 || status === 408 || status >= 500) throw error
  return { kind: 'refused', code, message }
}
