import type { Routing } from '../domain/route.ts'
import type { MessageChannel } from './message-channel.ts'

/** Channels and routes as they are now. */
export interface CurrentRoutes {
  readonly routing: Routing
  /** Those of its channels that can be used. */
  readonly channels: readonly MessageChannel[]
}

export interface RoutesPort {
  /** @throws Error when they cannot be read; the default route is used as soon as they can. */
  current(): Promise<CurrentRoutes>
}
