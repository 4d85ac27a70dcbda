import { randomUUID } from 'node:crypto'
import { idKey } from '../ids.ts'
import type { Delivery, EventSubscription, GridEvent } from '../state.ts'
import type { EventSink, Happening, ResourceChange, World } from '../world.ts'
import { encodeEvent, notificationEvent, resourceEvent } from './events.ts'
import { matchesFilter } from './filters.ts'

/** Responses after which Event Grid does not retry (Microsoft documentation, webhook endpoints). */
const finalStatuses = [400, 401, 403, 413]

/**
 * Event Grid: takes events, delivers each to every matching event subscription at least once, and retries by the
 * schedule until the attempts or the time to live are used up. There is no dead-letter store: what cannot be delivered
 * is dropped, as Event Grid does when none is set.
 */
export class EventGrid implements EventSink {
  readonly #world: Omit<World, 'events'>

  constructor(world: Omit<World, 'events'>) {
    this.#world = world
  }

  happened(happening: Happening): void {
    this.publish(resourceEvent(happening))
  }

  resourceChanged(change: ResourceChange): void {
    this.publish(notificationEvent(change))
  }

  /** Queues an event for every matching event subscription (of the schema, if given); returns how many match. */
  publish(event: GridEvent, schema?: EventSubscription['schema']): number {
    const takers = [...this.#world.store.eventSubscriptions.values()]
      .filter((held) => schema === undefined || held.schema === schema)
      .filter((held) => matchesFilter(held, event))
    for (const subscription of takers) this.#queue(subscription, event)
    return takers.length
  }

  /** Resumes deliveries of an earlier run. */
  resume(): void {
    for (const delivery of this.#world.store.deliveries.values()) {
      if (delivery.outcome === 'pending')
        this.#attemptAfter(delivery, (delivery.nextAttemptAt ?? 0) - Date.now())
    }
  }

  #queue(subscription: EventSubscription, event: GridEvent): void {
    const delivery: Delivery = {
      id: randomUUID(),
      subscriptionId: subscription.id,
      event,
      createdAt: Date.now(),
      attempts: [],
      outcome: 'pending',
      reason: null,
      nextAttemptAt: Date.now(),
    }
    this.#world.store.addDelivery(delivery)
    this.#attemptAfter(delivery, 0)
  }

  #attemptAfter(delivery: Delivery, ms: number): void {
    this.#world.timers.after(Math.max(0, ms), () => this.#attempt(delivery))
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { store, timers } = this.#world
    if (store.deliveries.get(delivery.id) !== delivery) return
    const subscription = store.eventSubscriptions.get(idKey(delivery.subscriptionId))
    if (subscription === undefined) {
      this.#end(delivery, 'dropped', 'the event subscription is gone')
      return
    }
    const { status, error } = await this.#post(subscription, delivery)
    if (timers.signal.aborted) return
    delivery.attempts.push({ at: new Date().toISOString(), status, error })
    this.#evaluate(subscription, delivery, status)
    store.changed()
  }

  #evaluate(subscription: EventSubscription, delivery: Delivery, status: number | null): void {
    if (status !== null && status >= 200 && status <= 204) {
      this.#end(delivery, 'delivered', null)
      return
    }
    if (status !== null && finalStatuses.includes(status)) {
      this.#end(delivery, 'dropped', `response ${status} is not tried again`)
      return
    }
    if (delivery.attempts.length >= subscription.maxAttempts) {
      this.#end(delivery, 'dropped', `${subscription.maxAttempts} attempts failed`)
      return
    }
    const schedule = this.#world.timing.retryMs
    const wait = schedule[delivery.attempts.length - 1] ?? schedule.at(-1) ?? 0
    const next = Date.now() + wait
    if (next > delivery.createdAt + subscription.timeToLiveMinutes * 60_000) {
      this.#end(delivery, 'dropped', 'the time to live is over')
      return
    }
    delivery.nextAttemptAt = next
    this.#attemptAfter(delivery, wait)
  }

  #end(delivery: Delivery, outcome: 'delivered' | 'dropped', reason: string | null): void {
    delivery.outcome = outcome
    delivery.reason = reason
    delivery.nextAttemptAt = null
    if (outcome === 'dropped') this.#world.log(`Event ${delivery.event.id} dropped: ${reason ?? ''}`)
    this.#world.store.changed()
  }

  async #post(
    subscription: EventSubscription,
    delivery: Delivery,
  ): Promise<{ status: number | null; error: string | null }> {
    const { timers, timing } = this.#world
    const isCloud = subscription.schema === 'CloudEventSchemaV1_0'
    try {
      const response = await fetch(subscription.endpointUrl, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([timers.signal, AbortSignal.timeout(timing.deliveryTimeoutMs)]),
        headers: {
          'Content-Type': isCloud
            ? 'application/cloudevents+json; charset=utf-8'
            : 'application/json; charset=utf-8',
          'aeg-event-type': 'Notification',
          'aeg-subscription-name': subscription.name.toUpperCase(),
          'aeg-delivery-count': String(delivery.attempts.length),
          'aeg-data-version': '2',
          'aeg-metadata-version': '1',
        },
        body: JSON.stringify(encodeEvent(subscription, delivery.event)),
      })
      await response.body?.cancel()
      return { status: response.status, error: null }
    } catch (error) {
      return { status: null, error: error instanceof Error ? error.message : String(error) }
    }
  }
}
