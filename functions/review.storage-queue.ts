import { app } from '@azure/functions'
import { readReviewMessage, reviewQueueName } from '../shared/queue/review-queue.ts'
import { onMessage } from './on-message.ts'

/** Reviews one target. Throws when something failed, so that the queue tries again. */
app.storageQueue('review', {
  queueName: reviewQueueName,
  connection: 'AzureWebJobsStorage',
  handler: onMessage(readReviewMessage, ({ review }, message) => review(message)),
})
