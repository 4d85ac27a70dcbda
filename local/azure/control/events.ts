import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { jsonBody, queryValue } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import type { EventGrid } from '../event-grid/delivery.ts'
import { resourceEvent } from '../event-grid/events.ts'
import type { World } from '../world.ts'

const eventBody = z.strictObject({
  resourceUri: z.string(),
  operationName: z.string(),
  eventType: z.string().default('Microsoft.Resources.ResourceWriteSuccess'),
  /** Only event subscriptions with this delivery schema get it. */
  schema: z.enum(['EventGridSchema', 'CloudEventSchemaV1_0']).optional(),
  id: z.string().optional(),
  count: z.number().int().min(1).max(1000).default(1),
})

/** Publishes any event, and shows the state of deliveries. */
export function eventControlRoutes(world: World, grid: EventGrid): Route[] {
  return [
    { method: 'POST', template: '/_simulator/events', handle: (call) => publish(grid, call) },
    { method: 'GET', template: '/_simulator/events', handle: (call) => listDeliveries(world, call) },
  ]
}

/** The same event `count` times, as duplicates: they share one event id. */
function publish(grid: EventGrid, call: Call): Reply {
  const expected = jsonBody(call, eventBody)
  const made = resourceEvent({
    kind: 'ResourceWriteSuccess',
    resourceUri: expected.resourceUri,
    operationName: expected.operationName,
    method: 'PUT',
    caller: undefined,
    existing: false,
  })
  const event = { ...made, eventType: expected.eventType, id: expected.id ?? randomUUID() }
  let takers = 0
  for (let copy = 0; copy < expected.count; copy += 1) takers += grid.publish(event, expected.schema)
  return { status: 202, body: { eventId: event.id, deliveries: takers } }
}

function listDeliveries(world: World, call: Call): Reply {
  const outcome = queryValue(call, 'outcome')
  const value = [...world.store.deliveries.values()]
    .filter((delivery) => outcome === '' || delivery.outcome === outcome)
    .map((delivery) => ({
      id: delivery.id,
      eventSubscription: delivery.subscriptionId,
      eventId: delivery.event.id,
      eventType: delivery.event.eventType,
      subject: delivery.event.subject,
      operationName: delivery.event.data['operationName'] ?? null,
      outcome: delivery.outcome,
      reason: delivery.reason,
      attempts: delivery.attempts,
      nextAttemptAt: delivery.nextAttemptAt,
    }))
  return { status: 200, body: { value } }
}
