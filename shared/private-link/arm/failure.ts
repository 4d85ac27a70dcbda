import { AzureBusy, AzureFailed } from '../../ports/azure.ts'
import type { ArmError } from './error.ts'
import { secondsToStayAway, whenThrottled } from './waiting.ts'
import { wordsOf } from './why-not.ts'

/** A failed call as the use cases know it: throttled, or failed, with what Azure said. */
export function failureOf(error: ArmError): AzureFailed {
  const { status, retryAfterSeconds } = error
  const words = wordsOf(error)
  if (status === 429) {
    return new AzureBusy(secondsToStayAway(retryAfterSeconds, whenThrottled), words, { cause: error })
  }
  return new AzureFailed(words, retryAfterSeconds, { cause: error })
}
