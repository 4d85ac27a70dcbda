import { app } from '@azure/functions'
import { poisonQueueName } from '../shared/queue/poison-queue.ts'
import { readReviewMessage, reviewQueueName } from '../shared/queue/review-queue.ts'
import { onMessage } from './on-message.ts'

/** Reviews that failed the maximum number of times. */
app.storageQueue('reviewPoison', {
  queueName: poisonQueueName(reviewQueueName),
  connection: 'AzureWebJobsStorage',
  handler: onMessage(readReviewMessage, ({ giveUpForNow }, message) => giveUpForNow(message)),
})
