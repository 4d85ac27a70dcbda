import { notificationQueueName } from '../../shared/queue/notification-queue.ts'
import { poisonQueueName } from '../../shared/queue/poison-queue.ts'
import { reviewQueueName } from '../../shared/queue/review-queue.ts'
import { counted } from '../terminal/words.ts'
import { fail, type CheckRun, type Outcome, pass, type Patient, warn } from './check.ts'
import { fixFor } from './storage.ts'

const oldMinutes = 15
const fix =
  'Is the app running? az functionapp show --name <app> --resource-group <group> --query state. Its log says why they fail.'
const storageFix =
  'Give the identity the role "Storage Queue Data Contributor" on the storage account, and let it through the account\'s firewall.'

/** What lies in a queue of the app. */
interface Content {
  readonly queue: string
  readonly noun: string
}

const reviews: Content = { queue: reviewQueueName, noun: 'review' }
const hints: Content = { queue: notificationQueueName, noun: 'hint' }

/** Reviews that wait; the app takes one within a second. */
export const checkReviewQueue = waitingIn(reviews)

/** Reviews that failed five times; the app retries them every ten minutes. */
export const checkReviewPoisonQueue = failedOf(reviews)

/** Hints at notifications; the app takes one within a second. */
export const checkNotificationQueue = waitingIn(hints)

/** Hints that failed five times; the timer delivers their notifications. */
export const checkNotificationPoisonQueue = failedOf(hints)

function waitingIn({ queue, noun }: Content): CheckRun {
  return (patient) =>
    queueOutcome(patient, queue, (count, minutes) => {
      const waiting = `About ${counted(count, noun)} waiting`
      return minutes >= oldMinutes
        ? fail(`${waiting}, the oldest for ${Math.round(minutes)} minutes: nobody works them off.`, fix)
        : pass(`${waiting}.`)
    })
}

function failedOf({ queue, noun }: Content): CheckRun {
  return (patient) =>
    queueOutcome(patient, poisonQueueName(queue), (count) =>
      count === 0
        ? pass('Nothing lies in it.')
        : warn(`About ${counted(count, 'message')} in it: ${noun}s that failed five times.`, fix),
    )
}

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
    if (statusCode === 404) {
      return warn(`The queue ${name} is not there.`, 'Start the app once; it makes its queues.')
    }
    return fail(`The queue ${name} cannot be read: ${String(code ?? error)}.`, fixFor(error, storageFix))
  }
}
