import { app } from '@azure/functions'
import { deliverOne } from '../shared/notify/deliver.ts'
import { notificationQueueName } from '../shared/queue/notification-queue.ts'
import { onHint } from './on-hint.ts'

/** Delivers the notification that a hint names, if nobody has yet. */
app.storageQueue('notify', {
  queueName: notificationQueueName,
  connection: 'AzureWebJobsStorage',
  handler: onHint(deliverOne),
})
