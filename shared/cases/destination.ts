import type { GroupRecipients } from '../domain/group.ts'
import type { ChannelDefinition, Route, Routing } from '../domain/route.ts'
import { addressesOf, defaultRoute, isMail } from './routes.ts'

/** A channel that a message goes through, and to whom. */
export interface ChannelUse {
  readonly channel: string
  /** Addresses of mail; empty for other channels. */
  readonly addresses: readonly string[]
}

/** Where a message goes, by the routes as they are now. */
export interface Destination {
  readonly channels: readonly ChannelUse[]
  /** The next of them is used when one of `channels` has failed for some minutes. */
  readonly fallback: readonly ChannelUse[]
  /** Channels of the route that do not exist, or have no recipients. */
  readonly missing: readonly string[]
  /** The route without any usable channel, in whose place the default route is used. */
  readonly deadRoute: string | undefined
  /** False while no channel is defined: then the log is the only one. */
  readonly isDefined: boolean
}

/**
 * Where a message goes. The default route takes the place of a route that is gone, or whose channels all are.
 * @param available names of the channels that can be used.
 */
export function destinationOf(
  routing: Routing,
  to: GroupRecipients,
  available: ReadonlySet<string>,
  withSubdomains: boolean,
): Destination {
  const isDefined = routing.channels.length > 0
  const usesOf = (names: readonly string[]) =>
    names
      .flatMap((name) => useOf(routing.channels, name, to, withSubdomains) ?? [])
      .filter(({ channel }) => available.has(channel))
  if (to.kind === 'recipient') {
    const channels = usesOf([to.channel])
    const missing = channels.length === 0 ? [to.channel] : []
    return { channels, fallback: [], missing, deadRoute: undefined, isDefined }
  }
  const partsOf = (route: Route | undefined) => ({
    channels: usesOf(route?.channels ?? []),
    fallback: usesOf(route?.fallback ?? []),
  })
  const route = routing.routes.find(({ name }) => name === to.name)
  const own = partsOf(route)
  const isDead = to.name !== undefined && own.channels.length === 0 && own.fallback.length === 0
  const parts = route && !isDead ? own : partsOf(defaultRoute(routing.routes))
  const used = new Set(own.channels.map(({ channel }) => channel))
  return {
    ...parts,
    missing: (route?.channels ?? []).filter((name) => !used.has(name)),
    deadRoute: isDead ? to.name : undefined,
    isDefined,
  }
}

/** Undefined for a channel that is not defined, and for one of mail without a recipient. */
function useOf(
  channels: readonly ChannelDefinition[],
  name: string,
  to: GroupRecipients,
  withSubdomains: boolean,
): ChannelUse | undefined {
  const definition = channels.find((channel) => channel.name === name)
  if (!definition || !isMail(definition)) return definition && { channel: name, addresses: [] }
  const addresses = addressesFor(definition, to, withSubdomains)
  return addresses.length === 0 ? undefined : { channel: name, addresses }
}

function addressesFor(
  definition: Extract<ChannelDefinition, { readonly kind: 'email' }>,
  to: GroupRecipients,
  withSubdomains: boolean,
): readonly string[] {
  if (to.kind === 'route') return addressesOf(definition, to.tags, withSubdomains)
  return to.address === undefined ? definition.to : [to.address]
}
