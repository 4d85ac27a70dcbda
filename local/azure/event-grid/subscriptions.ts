import { randomUUID } from 'node:crypto'
import { checkVersion } from '../arm/versions.ts'
import { AzureError, jsonBody, param, queryValue } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Handler, Route } from '../http/router.ts'
import { idKey, resourceId } from '../ids.ts'
import type { EventSubscription } from '../state.ts'
import type { World } from '../world.ts'
import { validateWebhook } from './handshake.ts'
import { renderSubscription, subscriptionBody, wishesOf } from './subscription-body.ts'
import type { Destination } from './subscription-body.ts'

const child = '/providers/Microsoft.EventGrid/eventSubscriptions'
const subscriptionList = `/subscriptions/{subscription}${child}`
const groupList = `/subscriptions/{subscription}/resourceGroups/{group}${child}`
const topicList =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}/eventSubscriptions'

/** Event subscriptions at a subscription, at a resource group, or at a system topic of one of these. */
export function eventSubscriptionRoutes(world: World): Route[] {
  return [subscriptionList, groupList, topicList].flatMap((list) => {
    const type = `Microsoft.EventGrid/${list === topicList ? 'systemTopics' : 'eventSubscriptions'}`
    const one = `${list}/{eventSubscription}`
    const route = (method: string, template: string, handle: Handler): Route => ({
      method,
      template,
      handle: (call) => {
        checkVersion(call, type, 'global')
        return handle(call)
      },
    })
    return [
      route('GET', list, (call) => listSubscriptions(world, call)),
      route('PUT', one, (call) => put(world, call)),
      route('GET', one, (call) => get(world, call)),
      route('DELETE', one, (call) => remove(world, call)),
    ]
  })
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

async function put(world: World, call: Call): Promise<Reply> {
  const body = jsonBody(call, subscriptionBody)
  const subscription: EventSubscription = {
    id: call.path,
    name: param(call, 'eventSubscription'),
    ...destinationOf(world, body.properties.destination),
    ...sourceOf(world, call),
    ...wishesOf(body),
    provisioningState: 'Succeeded',
    validationCode: randomUUID(),
  }
  if (subscription.functionId === undefined) {
    const validationUrl = `${world.origin}/_eventgrid/validate?id=${encodeURIComponent(subscription.name)}&code=${subscription.validationCode}`
    subscription.provisioningState = await validateWebhook(subscription, validationUrl)
  }
  world.store.eventSubscriptions.set(idKey(subscription.id), subscription)
  world.store.changed()
  return { status: 201, body: renderSubscription(subscription) }
}

/** The list of a subscription includes those of its resource groups, but not those of system topics. */
function listSubscriptions(world: World, call: Call): Reply {
  const list = `${idKey(call.path)}/`
  const scope = list.slice(0, list.indexOf('/providers/') + 1)
  const isListed = (key: string): boolean =>
    call.params.has('group')
      ? key.startsWith(list)
      : key.startsWith(scope) && key.includes(`${child.toLowerCase()}/`)
  const value = [...world.store.eventSubscriptions]
    .filter(([key]) => isListed(key))
    .map(([, held]) => renderSubscription(held))
  return { status: 200, body: { value } }
}

function get(world: World, call: Call): Reply {
  const held = world.store.eventSubscriptions.get(idKey(call.path))
  if (held !== undefined) return { status: 200, body: renderSubscription(held) }
  throw new AzureError(
    404,
    'ResourceNotFound',
    `The event subscription '${param(call, 'eventSubscription')}' was not found.`,
  )
}

function remove(world: World, call: Call): Reply {
  const there = world.store.eventSubscriptions.delete(idKey(call.path))
  world.store.changed()
  return { status: there ? 200 : 204 }
}

/** The destination of events. A function needs no handshake, but must have been registered by the control call. */
function destinationOf(
  world: World,
  destination: Destination,
): Pick<EventSubscription, 'endpointUrl' | 'functionId'> {
  if (destination.endpointType === 'AzureFunction') {
    const functionId = destination.properties.resourceId
    const endpointUrl = world.functions.get(idKey(functionId))
    if (endpointUrl !== undefined) return { endpointUrl, functionId }
    throw new AzureError(
      400,
      'InvalidRequest',
      `destination.properties.resourceId: the simulated Azure does not know the function ${functionId}; PUT /_simulator/functions states where that listens.`,
    )
  }
  const { endpointUrl } = destination.properties
  if (isLoopback(endpointUrl)) return { endpointUrl }
  throw new AzureError(
    400,
    'InvalidRequest',
    'destination.properties.endpointUrl: the simulated Azure delivers to loopback addresses only.',
  )
}

/** The source of events: the scope in the path, or the source of the system topic. */
function sourceOf(world: World, call: Call): Pick<EventSubscription, 'scope' | 'topic' | 'topicType'> {
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

/** True for an address on this machine. */
export function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
