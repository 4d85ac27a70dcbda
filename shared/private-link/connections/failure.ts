import { AzureBusy, AzureFailed } from '../../ports/azure.ts'
import type { ArmError } from '../arm/error.ts'
import { secondsToStayAway, whenThrottled } from '../arm/waiting.ts'
import { wordsOf } from '../arm/why-not.ts'

/** A failed call as the use cases know it: throttled, or failed, with what Azure said. */
export function failureOf(error: ArmError): AzureFailed {
  const { status, retryAfterSeconds } = error
  const words = wordsOf(error)
  if (status === 429) {
    return new AzureBusy(secondsToStayAway(retryAfterSeconds, whenThrottled), words, { cause: error })
  }
  return new AzureFailed(words, retryAfterSeconds, { cause: error })
}
