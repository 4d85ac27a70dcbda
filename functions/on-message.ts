import type { InvocationContext, StorageQueueHandler } from '@azure/functions'
import { type App, startedApp } from '../shared/app.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/**
 * A queue handler that reads a message and passes it to one use case. Foreign messages are skipped.
 * @param read undefined for anything that is not a message of this queue.
 */
export function onMessage<Message>(
  read: (value: unknown) => Message | undefined,
  useCase: (app: App, message: Message) => Promise<void>,
): StorageQueueHandler {
  return async (value: unknown, context: InvocationContext): Promise<void> => {
    const log = functionLog(context)
    const message = read(value)
    if (message !== undefined) {
      await withLog(log, async () => useCase(await startedApp(), message))
    } else {
      log.error('A message on a queue is not one of ours; it is left out.', {
        function: context.functionName,
        messageId: context.triggerMetadata?.['id'],
      })
    }
  }
}
