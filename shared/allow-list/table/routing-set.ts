import { visible } from '../../domain/printable.ts'
import type { ChannelDefinition, Route, Routing } from '../../domain/route.ts'
import { channelOf, routeOf } from '../routing/content.ts'
import { routingProblems } from '../routing/references.ts'
import { type ItemOf, itemsOf, type ListRows } from './rows.ts'

export interface RoutingSet {
  readonly routing: Routing
  readonly problems: readonly string[]
}

/** No route of a file can have this name. */
const standIn = '(no default route)'

/**
 * The channels and routes among the rows, routes in the order in which they are tried. A row that cannot be used is left
 * out: what its route would take goes to the routes after it, at last to the default route. Where there are channels, there
 * is always a default route: for one that is missing a route stands in that notifies every channel.
 */
export function routingOf(rows: ListRows): RoutingSet {
  const channels = channelsIn(rows)
  const routes = routesIn(rows)
  const [usual, ...more] = routes.filter((route) => route.default)
  const definitions = channels.map(channelOf)
  const usable = routes.filter((route) => !more.includes(route)).map(routeOf)
  const needsStandIn = usual === undefined && channels.length > 0
  return {
    routing: {
      channels: definitions,
      routes: needsStandIn ? [...usable, routeToAll(definitions)] : usable,
    },
    problems: [
      ...Array.from(rows.values()).flatMap((row) =>
        row.kind === 'unusable' && row.concerns === 'routing'
          ? [`${visible(row.problem)} It is left out.`]
          : [],
      ),
      ...routingProblems({ channels, routes }).map(
        ({ list, name, sentence }) => `${list === 'routes' ? 'Route' : 'Channel'} "${name}": ${sentence}.`,
      ),
      ...(needsStandIn ? ['Until then every channel is notified of what no route takes.'] : []),
    ],
  }
}

/** Lowest name first. */
export function channelsIn(rows: ListRows): readonly ItemOf<'channels'>[] {
  return itemsOf(rows, 'channels').toSorted(byName)
}

/** In the order in which they are tried. */
export function routesIn(rows: ListRows): readonly ItemOf<'routes'>[] {
  return itemsOf(rows, 'routes').toSorted(byPosition)
}

function routeToAll(channels: readonly ChannelDefinition[]): Route {
  return {
    name: standIn,
    rules: [],
    scopes: [],
    targetTags: [],
    risk: undefined,
    channels: channels.map(({ name }) => name),
    fallback: [],
    isDefault: true,
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

function byPosition(a: ItemOf<'routes'>, b: ItemOf<'routes'>): number {
  const [first, second] = [a, b].map(({ position = Infinity }) => position) as [number, number]
  return first === second ? byName(a, b) : first - second
}
