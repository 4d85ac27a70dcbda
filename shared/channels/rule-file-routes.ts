import type { ChannelDefinition } from '../domain/route.ts'
import type { Log } from '../ports/log.ts'
import type { CurrentRoutes, RoutesPort } from '../ports/routes.ts'
import type { RoutingPort } from '../ports/routing.ts'
import type { BuiltChannels } from './create-message-channels.ts'

interface Built extends BuiltChannels {
  /** The definitions that the channels were built from. */
  readonly key: string
}

/** Channels and routes of the rule file. Channels are built again only when their definitions change. */
export class RuleFileRoutes implements RoutesPort {
  readonly #routing: RoutingPort
  readonly #build: (definitions: readonly ChannelDefinition[]) => BuiltChannels
  readonly #log: Log
  #built: Built | undefined
  #reported = ''

  constructor(
    routing: RoutingPort,
    build: (definitions: readonly ChannelDefinition[]) => BuiltChannels,
    log: Log,
  ) {
    this.#routing = routing
    this.#build = build
    this.#log = log
  }

  /** @throws Error while channels and routes could never be read. */
  async current(): Promise<CurrentRoutes> {
    const { routing, problems } = await this.#routing.loadRouting()
    if (!routing) throw new Error(problems.join(' ') || 'Channels and routes cannot be read.')
    const built = this.#builtFrom(routing.channels)
    this.#report([...problems, ...built.problems.map(({ problem }) => problem)])
    return { routing, channels: built.channels }
  }

  #builtFrom(definitions: readonly ChannelDefinition[]): Built {
    const key = JSON.stringify(definitions)
    if (this.#built?.key !== key) this.#built = { key, ...this.#build(definitions) }
    return this.#built
  }

  /** Once for each change: the same problem is no news with each message. */
  #report(problems: readonly string[]): void {
    const sentence = problems.join(' ')
    if (sentence !== '' && sentence !== this.#reported) {
      this.#log.error('A channel or route cannot be used.', {
        metric: 'notification.route',
        problem: sentence,
      })
    }
    this.#reported = sentence
  }
}
