import { reviewQueueName } from '../../shared/queue/review-queue.ts'
import { counted } from '../terminal/words.ts'
import { fail, type CheckRun, type Outcome, pass, type Patient, warn } from './check.ts'
import { fixFor } from './storage.ts'

const oldMinutes = 15
const fix =
  'Is the app running? az functionapp show --name <app> --resource-group <group> --query state. Its log says why reviews fail.'
const storageFix =
  'Give the identity the role "Storage Queue Data Contributor" on the storage account, and let it through the account\'s firewall.'

/** Reviews that wait; the app takes one within a second. */
export const checkReviewQueue: CheckRun = (patient) =>
  queueOutcome(patient, reviewQueueName, (count, minutes) =>
    minutes >= oldMinutes
      ? fail(
          `About ${counted(count, 'review')} waiting, the oldest for ${Math.round(minutes)} minutes: nobody works them off.`,
          fix,
        )
      : pass(`About ${counted(count, 'review')} waiting.`),
  )

/** Reviews that failed five times; the app retries them every ten minutes. */
export const checkPoisonQueue: CheckRun = (patient) =>
  queueOutcome(patient, `${reviewQueueName}-poison`, (count) =>
    count === 0
      ? pass('Nothing lies in it.')
      : warn(`About ${counted(count, 'message')} in it: reviews that failed five times.`, fix),
  )

async function queueOutcome(
  patient: Patient,
  name: string,
  outcomeOf: (count: number, minutes: number) => Outcome,
): Promise<Outcome> {
  const queue = await patient.run.connected.queue(name)
  try {
    const { approximateMessagesCount = 0 } = await queue.getProperties()
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 1 })
    const [oldest] = peekedMessageItems
    const minutes = oldest ? (patient.run.now().getTime() - oldest.insertedOn.getTime()) / 60_000 : 0
    return outcomeOf(approximateMessagesCount, minutes)
  } catch (error) {
    const { statusCode, code = statusCode } = error as { statusCode?: number; code?: unknown }
    if (statusCode === 404 && name.endsWith('-poison'))
      return pass('There is none yet: no review ever failed.')
    if (statusCode === 404) {
      return warn(`The queue ${name} is not there.`, 'Start the app once; it makes its queue.')
    }
    return fail(`The queue ${name} cannot be read: ${String(code ?? error)}.`, fixFor(error, storageFix))
  }
}
