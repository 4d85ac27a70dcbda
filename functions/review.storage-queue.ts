import { app } from '@azure/functions'
import { reviewQueueName } from '../shared/queue/review-queue.ts'
import { review } from '../shared/review/review-target.ts'
import { onReviewMessage } from './on-review-message.ts'

/** Settles what waits on one target. Throws when something failed, so that the queue tries again. */
app.storageQueue('review', {
  queueName: reviewQueueName,
  connection: 'AzureWebJobsStorage',
  handler: onReviewMessage(review),
})
