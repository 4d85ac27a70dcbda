import type { ChannelContent, RouteContent } from './content.ts'

/** What is wrong between channels and routes that are each right, and where. */
export interface RoutingProblem {
  readonly list: 'channels' | 'routes'
  readonly name: string
  readonly field: string
  /** Of the item of a list. */
  readonly index: number | undefined
  /** Without the name and the full stop. */
  readonly sentence: string
}

interface Routing {
  readonly channels: readonly ChannelContent[]
  readonly routes: readonly RouteContent[]
}

/** Every channel that a route names exists, and where there are channels exactly one route is the default. */
export function routingProblems(routing: Routing): readonly RoutingProblem[] {
  return [...missingChannels(routing), ...defaultProblems(routing)]
}

function missingChannels({ channels, routes }: Routing): readonly RoutingProblem[] {
  const names = channels.map(({ name }) => name)
  const known = new Set(names)
  const there = names.length === 0 ? 'there are none' : `the channels are ${names.join(', ')}`
  return routes.flatMap((route) =>
    (['channels', 'fallback'] as const).flatMap((field) =>
      route[field].flatMap((name, index): RoutingProblem[] =>
        known.has(name)
          ? []
          : [
              {
                ...{ list: 'routes', name: route.name, field, index },
                sentence: `${field} has "${name}", which is not a channel; ${there}`,
              },
            ],
      ),
    ),
  )
}

function defaultProblems({ channels, routes }: Routing): readonly RoutingProblem[] {
  const [first, ...others] = routes.filter((route) => route.default)
  if (first !== undefined)
    return others.map(({ name }) => ({
      ...{ list: 'routes', name, field: 'default', index: undefined },
      sentence: `default is true, as it is of the route ${first.name}; only one route takes what no other takes`,
    }))
  const [channel] = channels
  return channel === undefined
    ? []
    : [
        {
          ...{ list: 'channels', name: channel.name, field: 'name', index: undefined },
          sentence:
            'there is no default route; where there are channels, one route must have default: true, so that somebody is notified of whatever no other route takes',
        },
      ]
}
