import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AzureError, jsonBody, param, queryValue } from '../http/exchange.ts'
import type { Answer, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey, resourceId } from '../ids.ts'
import type { EventSubscription } from '../state.ts'
import type { World } from '../world.ts'
import { isKnownOperator } from './filters.ts'
import { validateWebhook } from './handshake.ts'

const body = z.looseObject({
  properties: z.looseObject({
    destination: z.looseObject({
      endpointType: z.literal('WebHook'),
      properties: z.looseObject({ endpointUrl: z.url() }),
    }),
    eventDeliverySchema: z.enum(['EventGridSchema', 'CloudEventSchemaV1_0']).default('EventGridSchema'),
    filter: z
      .looseObject({
        includedEventTypes: z.array(z.string()).nullish(),
        subjectBeginsWith: z.string().nullish(),
        subjectEndsWith: z.string().nullish(),
        isSubjectCaseSensitive: z.boolean().nullish(),
        advancedFilters: z
          .array(
            z.looseObject({
              operatorType: z.string().refine(isKnownOperator, 'is not an operator that is played here'),
              key: z.string().min(1),
              values: z.array(z.unknown()).optional(),
            }),
          )
          .max(25)
          .nullish(),
      })
      .nullish(),
    retryPolicy: z
      .looseObject({
        maxDeliveryAttempts: z.number().int().min(1).max(30).nullish(),
        eventTimeToLiveInMinutes: z.number().int().min(1).max(1440).nullish(),
      })
      .nullish(),
  }),
})

const scopes = ['/subscriptions/{subscription}', '/subscriptions/{subscription}/resourceGroups/{group}']
const topicTemplate =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}/eventSubscriptions'

/** Event subscriptions at a subscription, at a resource group, or at a system topic of one of these. */
export function eventSubscriptionRoutes(world: World): Route[] {
  const lists = [
    ...scopes.map((scope) => `${scope}/providers/Microsoft.EventGrid/eventSubscriptions`),
    topicTemplate,
  ]
  return lists.flatMap((list) => [
    { method: 'GET', template: list, handle: (call: Call) => listSubscriptions(world, call) },
    { method: 'PUT', template: `${list}/{eventSubscription}`, handle: (call: Call) => put(world, call) },
    { method: 'GET', template: `${list}/{eventSubscription}`, handle: (call: Call) => get(world, call) },
    {
      method: 'DELETE',
      template: `${list}/{eventSubscription}`,
      handle: (call: Call) => remove(world, call),
    },
  ])
}

/** The address of the manual handshake: a GET on it accepts the event subscription. */
export function manualValidationRoute(world: World): Route {
  return {
    method: 'GET',
    template: '/_eventgrid/validate',
    handle: (call) => {
      const code = queryValue(call, 'code')
      const held = [...world.store.eventSubscriptions.values()].find((row) => row.validationCode === code)
      if (held === undefined)
        throw new AzureError(404, 'NotFound', 'No event subscription waits for this code.')
      held.provisioningState = 'Succeeded'
      world.store.changed()
      return { status: 200, body: { message: 'Webhook successfully validated as a subscription endpoint.' } }
    },
  }
}

async function put(world: World, call: Call): Promise<Answer> {
  const { properties } = jsonBody(call, body)
  const { endpointUrl } = properties.destination.properties
  if (!isLoopback(endpointUrl)) {
    throw new AzureError(
      400,
      'InvalidRequest',
      'destination.properties.endpointUrl: the simulated Azure delivers to loopback addresses only.',
    )
  }
  const source = sourceOf(world, call)
  const filter = properties.filter
  const subscription: EventSubscription = {
    id: call.path,
    name: param(call, 'eventSubscription'),
    ...source,
    endpointUrl,
    schema: properties.eventDeliverySchema,
    includedEventTypes: filter?.includedEventTypes ?? null,
    subjectBeginsWith: filter?.subjectBeginsWith ?? '',
    subjectEndsWith: filter?.subjectEndsWith ?? '',
    caseSensitive: filter?.isSubjectCaseSensitive ?? false,
    advancedFilters: (filter?.advancedFilters ?? []).map(({ operatorType, key, values }) => ({
      operatorType,
      key,
      values: values ?? [],
    })),
    maxAttempts: properties.retryPolicy?.maxDeliveryAttempts ?? 30,
    timeToLiveMinutes: properties.retryPolicy?.eventTimeToLiveInMinutes ?? 1440,
    provisioningState: 'AwaitingManualAction',
    validationCode: randomUUID(),
  }
  const validationUrl = `${world.origin}/_eventgrid/validate?id=${encodeURIComponent(subscription.name)}&code=${subscription.validationCode}`
  subscription.provisioningState = await validateWebhook(subscription, validationUrl)
  world.store.eventSubscriptions.set(idKey(subscription.id), subscription)
  world.store.changed()
  return { status: 201, body: render(subscription) }
}

function listSubscriptions(world: World, call: Call): Answer {
  const list = `${idKey(call.path)}/`
  const value = [...world.store.eventSubscriptions.values()]
    .filter((held) => idKey(held.id).startsWith(list))
    .map(render)
  return { status: 200, body: { value } }
}

function get(world: World, call: Call): Answer {
  const held = world.store.eventSubscriptions.get(idKey(call.path))
  if (held !== undefined) return { status: 200, body: render(held) }
  throw new AzureError(
    404,
    'ResourceNotFound',
    `The event subscription '${param(call, 'eventSubscription')}' was not found.`,
  )
}

function remove(world: World, call: Call): Answer {
  const there = world.store.eventSubscriptions.delete(idKey(call.path))
  world.store.changed()
  return { status: there ? 200 : 204 }
}

/** Where the events come from: the scope in the path, or the source of the system topic. */
function sourceOf(world: World, call: Call): { scope: string; topic: string; topicType: string } {
  const topicName = call.params.get('topic')
  if (topicName === undefined) {
    const scope = call.path.replace(/\/providers\/.*$/i, '')
    const isGroup = call.params.has('group')
    return {
      scope,
      topic: scope,
      topicType: `Microsoft.Resources.${isGroup ? 'ResourceGroups' : 'Subscriptions'}`,
    }
  }
  const id = resourceId(
    param(call, 'subscription'),
    param(call, 'group'),
    'Microsoft.EventGrid/systemTopics',
    topicName,
  )
  const topic = world.store.resources.get(idKey(id))
  const source = topic?.properties['source']
  const topicType = topic?.properties['topicType']
  if (topic === undefined || typeof source !== 'string' || typeof topicType !== 'string') {
    throw new AzureError(
      404,
      'ParentResourceNotFound',
      `The system topic '${topicName}' was not found, or has no source and topicType.`,
    )
  }
  return { scope: source, topic: source, topicType }
}

/** The webhook's address is a secret in Azure too: a read shows it without its query. */
function render(held: EventSubscription): JsonObject {
  const url = new URL(held.endpointUrl)
  return {
    id: held.id,
    name: held.name,
    type: 'Microsoft.EventGrid/eventSubscriptions',
    properties: {
      topic: held.topic,
      provisioningState: held.provisioningState,
      destination: {
        endpointType: 'WebHook',
        properties: { endpointBaseUrl: `${url.origin}${url.pathname}`, maxEventsPerBatch: 1 },
      },
      eventDeliverySchema: held.schema,
      filter: {
        includedEventTypes: held.includedEventTypes,
        subjectBeginsWith: held.subjectBeginsWith,
        subjectEndsWith: held.subjectEndsWith,
        isSubjectCaseSensitive: held.caseSensitive,
        advancedFilters: held.advancedFilters,
      },
      retryPolicy: {
        maxDeliveryAttempts: held.maxAttempts,
        eventTimeToLiveInMinutes: held.timeToLiveMinutes,
      },
    },
  }
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
