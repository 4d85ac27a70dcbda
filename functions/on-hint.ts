import type { InvocationContext } from '@azure/functions'
import { startedApp, type App } from '../shared/app.ts'
import type { OutboxRef } from '../shared/ports/outbox.ts'
import { readHint } from '../shared/queue/notification-queue.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** A queue handler that reads a hint at a notification and hands it to one use case. Foreign messages are left out. */
export function onHint(useCase: (app: App['delivery'], ref: OutboxRef) => Promise<void>) {
  return async (value: unknown, context: InvocationContext): Promise<void> => {
    const log = functionLog(context)
    const ref = readHint(value)
    if (ref !== undefined) {
      await withLog(log, async () => useCase((await startedApp()).delivery, ref))
    } else {
      log.error('A message on a notification queue is not one of ours; it is left out.', {
        messageId: context.triggerMetadata?.['id'],
      })
    }
  }
}
