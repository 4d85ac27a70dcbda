import { randomUUID } from 'node:crypto'
import type { Store } from '../store.ts'
import type { EventSink } from '../world.ts'

/** Writes what callers do into the Activity Log, and passes it on. What the platform itself does is not recorded. */
export function withActivityLog(store: Store, events: EventSink): EventSink {
  return {
    happened(happening) {
      const { resourceUri, operationName, method, caller } = happening
      if (caller !== undefined) {
        store.addActivity({ id: randomUUID(), at: Date.now(), resourceUri, operationName, method, caller })
      }
      events.happened(happening)
    },
    resourceChanged: (change) => events.resourceChanged(change),
  }
}
