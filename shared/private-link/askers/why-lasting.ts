import { ArmError } from '../arm/error.ts'
import { isLasting } from '../arm/lasting-failure.ts'
import { whyNot } from '../arm/why-not.ts'
import { failureOf } from '../connections/failure.ts'

/**
 * Why a call failed for good, in a few words.
 * @throws AzureBusy or AzureFailed when the same call may succeed later, the error itself when no call failed.
 */
export function whyLasting(error: unknown): string {
  if (!(error instanceof ArmError)) throw error
  if (!isLasting(error)) throw failureOf(error)
  return whyNot(error)
}
