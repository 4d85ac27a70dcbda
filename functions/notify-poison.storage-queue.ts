import { app, type InvocationContext } from '@azure/functions'
import { notificationQueueName, readHint } from '../shared/queue/notification-queue.ts'
import { poisonQueueName } from '../shared/queue/poison-queue.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Hints that failed the maximum number of times. The notification is still in the outbox; the timer delivers it. */
export function notifyPoison(value: unknown, context: InvocationContext): void {
  functionLog(context).error('A hint at a notification failed; the timer delivers it.', {
    metric: 'outbox.hint-failed',
    ref: readHint(value),
    messageId: context.triggerMetadata?.['id'],
  })
}

app.storageQueue('notifyPoison', {
  queueName: poisonQueueName(notificationQueueName),
  connection: 'AzureWebJobsStorage',
  handler: notifyPoison,
})
