import { EventGridDeserializer } from '@azure/eventgrid'
import { isGuid, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { type NowhereReason, type ReviewPlace, reviewPlace } from '../domain/review-place.ts'
import { listsOfType } from '../private-link/resource-types/table.ts'

/**
 * What an event is good for. `nothing`: it is not about a connection, or we cannot use it; the reason is a
 * stable code for counting.
 */
export type EventHint =
  | {
      readonly kind: 'review-hint'
      readonly at: ResourceId
      readonly expectsMore: boolean
      readonly correlationId: string | undefined
    }
  | { readonly kind: 'nothing'; readonly reason: NothingReason }

export type NothingReason =
  | 'malformed'
  | 'other-event-type'
  | 'not-about-a-connection'
  | 'resource-unusable'
  | 'type-without-connections'
  | NowhereReason

/** The hint and the event's own id, which is all that may be logged of it. */
export interface ReadEvent {
  readonly eventId: string
  readonly hint: EventHint
}

interface Envelope {
  readonly id: string
  readonly type: string
  readonly data: unknown
}

const deserializer = new EventGridDeserializer()
const maxEventIdLength = 100

/**
 * Reads an event in the Event Grid or the CloudEvents schema and keeps only the resource that it names. Its `claims`,
 * `authorization` and `httpRequest` hold names, mail and IP addresses and are dropped here. Never throws: an unusable
 * event must not be redelivered for ever, nor refused, which would lose it (Event Grid does not retry a 400).
 */
export async function readEvent(event: unknown): Promise<ReadEvent> {
  const envelope = await open(event)
  if (!envelope) return { eventId: eventIdOf(event), hint: { kind: 'nothing', reason: 'malformed' } }
  return { eventId: cut(envelope.id), hint: hintOf(envelope) }
}

async function open(event: unknown): Promise<Envelope | undefined> {
  try {
    if (isRecord(event) && 'specversion' in event) {
      const [cloud] = await deserializer.deserializeCloudEvents(event)
      return cloud && { id: cloud.id, type: cloud.type, data: cloud.data }
    }
    if (!isRecord(event)) return undefined
    const [grid] = await deserializer.deserializeEventGridEvents(event)
    return grid && { id: grid.id, type: grid.eventType, data: grid.data }
  } catch {
    return undefined
  }
}

function hintOf({ type, data }: Envelope): EventHint {
  if (!isRecord(data)) return { kind: 'nothing', reason: 'malformed' }
  if (/^Microsoft\.ResourceNotifications\.Resources\.CreatedOrUpdated$/i.test(type))
    return notificationHint(data)
  if (/^Microsoft\.Resources\.Resource(Write|Action|Delete)Success$/i.test(type))
    return operationHint(type, data)
  return { kind: 'nothing', reason: 'other-event-type' }
}

/**
 * Resource Notifications carry the resource itself; its connections are read again, never taken from here. They come
 * for every resource, so that one without a list of connections must not become a question.
 */
function notificationHint(data: Record<string, unknown>): EventHint {
  const info = isRecord(data['resourceInfo']) ? data['resourceInfo'] : {}
  const resource = parseResourceId(info['id'])
  if (!resource) return { kind: 'nothing', reason: 'resource-unusable' }
  const place = reviewPlace(resource)
  if (place.kind === 'target' && !hasConnections(place.target, info['properties']))
    return { kind: 'nothing', reason: 'type-without-connections' }
  const operational = isRecord(data['operationalInfo']) ? data['operationalInfo'] : {}
  return hint(place, true, operational['correlationId'])
}

/** A type that is in no table may have connections all the same: then the resource shows them. */
function hasConnections({ type }: ResourceId, properties: unknown): boolean {
  const isShown = isRecord(properties) && Array.isArray(properties['privateEndpointConnections'])
  return isShown || listsOfType(type).length > 0
}

/**
 * ARM events name the resource that was written in `resourceUri`, in any case of letters. A new request causes a write
 * of `privateEndpointConnectionProxies`; a write of `privateEndpointConnections` is a decision (often our own), after
 * which nothing more is expected.
 */
function operationHint(type: string, data: Record<string, unknown>): EventHint {
  const resource = parseResourceId(trimmed(data['resourceUri']))
  if (!resource) return { kind: 'nothing', reason: 'resource-unusable' }
  const place = reviewPlace(resource)
  if (place.kind === 'target') return { kind: 'nothing', reason: 'not-about-a-connection' }
  const isDecision = place.kind === 'child' && place.isConnection
  return hint(place, !/delete/i.test(type) && !isDecision, data['correlationId'])
}

function hint(place: ReviewPlace, expectsMore: boolean, correlationId: unknown): EventHint {
  if (place.kind === 'nowhere') return { kind: 'nothing', reason: place.reason }
  return {
    kind: 'review-hint',
    at: place.kind === 'endpoint' ? place.endpoint : place.target,
    expectsMore,
    correlationId: typeof correlationId === 'string' && isGuid(correlationId) ? correlationId : undefined,
  }
}

/** `…/privateEndpointConnectionProxies/{name}/validate` of an action event names the proxy with a verb behind it. */
function trimmed(resourceUri: unknown): unknown {
  return typeof resourceUri === 'string'
    ? resourceUri.replace(/\/validate$/i, '').replace(/\/$/, '')
    : resourceUri
}

function eventIdOf(event: unknown): string {
  return isRecord(event) && typeof event['id'] === 'string' ? cut(event['id']) : 'without an id'
}

function cut(id: string): string {
  return id.slice(0, maxEventIdLength).replace(/[^A-Za-z0-9._:-]/g, '?')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
