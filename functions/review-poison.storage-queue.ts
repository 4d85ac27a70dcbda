import { app } from '@azure/functions'
import { reviewQueueName } from '../shared/queue/review-queue.ts'
import { giveUpForNow } from '../shared/review/give-up.ts'
import { onReviewMessage } from './on-review-message.ts'

/** Reviews that failed as often as the queue tries. */
app.storageQueue('reviewPoison', {
  queueName: `${reviewQueueName}-poison`,
  connection: 'AzureWebJobsStorage',
  handler: onReviewMessage(giveUpForNow),
})
