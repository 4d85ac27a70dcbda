import { app } from '@azure/functions'
import { notificationQueueName, readHint } from '../shared/queue/notification-queue.ts'
import { onMessage } from './on-message.ts'

/** Delivers the notification that a hint names, unless it is already delivered. */
app.storageQueue('notify', {
  queueName: notificationQueueName,
  connection: 'AzureWebJobsStorage',
  handler: onMessage(readHint, ({ notify }, ref) => notify(ref)),
})
