import { checkVersion } from '../arm/versions.ts'
import { AzureError, param, queryValue } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { subscriptionOf } from '../ids.ts'
import { cut, smallPage } from '../requesters/paging.ts'
import type { World } from '../world.ts'
import { parseFilter } from './filter.ts'
import { renderEvents, selectable } from './render.ts'

const type = 'Microsoft.Insights/eventtypes'
const template = `/subscriptions/{subscription}/providers/${type}/management/values`

/** The Activity Log of a subscription, newest event first, some seconds late. */
export function activityLogRoutes(world: World): Route[] {
  return [{ method: 'GET', template, handle: (call) => listEvents(world, call) }]
}

function listEvents(world: World, call: Call): Reply {
  checkVersion(call, type, 'global')
  const isExpected = parseFilter(queryValue(call, '$filter'))
  const select = selectOf(queryValue(call, '$select'))
  const subscription = param(call, 'subscription').toLowerCase()
  const lagMs = world.timing.activityLogLagMs
  const events = [...world.store.activityLog]
    .filter(({ at }) => at + lagMs <= Date.now())
    .filter(({ resourceUri }) => subscriptionOf(resourceUri)?.toLowerCase() === subscription)
    .filter(isExpected)
    .toReversed()
    .flatMap((record) => renderEvents(record, lagMs))
    .map(select)
  const page = cut(events, smallPage, queryValue(call, '$skipToken'))
  const nextLink = page.next === undefined ? {} : { nextLink: linkOf(call, page.next) }
  return { status: 200, body: { value: page.items, ...nextLink } }
}

function linkOf(call: Call, next: string): string {
  const query = new URLSearchParams(call.query)
  query.set('$skipToken', next)
  return `${call.origin}${encodeURI(call.path)}?${query.toString()}`
}

/** Leaves the members that `$select` names; all without it. */
function selectOf(text: string): (event: JsonObject) => JsonObject {
  if (text === '') return (event) => event
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !selectable.includes(name))
  if (unknown !== undefined) {
    throw new AzureError(
      400,
      'BadRequest',
      `$select has "${unknown}"; possible are ${selectable.join(', ')}.`,
    )
  }
  return (event) => Object.fromEntries(Object.entries(event).filter(([name]) => names.includes(name)))
}
