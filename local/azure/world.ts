import type { Caller, JsonObject } from './http/exchange.ts'
import type { Store } from './store.ts'
import type { Timers, Timing } from './timers.ts'

/** A change by Azure Resource Manager that is reported to Event Grid. */
export interface Happening {
  /** Event type without its prefix: `ResourceWriteSuccess`, `ResourceActionSuccess`, `ResourceDeleteSuccess`. */
  readonly kind: 'ResourceWriteSuccess' | 'ResourceActionSuccess' | 'ResourceDeleteSuccess'
  readonly resourceUri: string
  readonly operationName: string
  readonly method: string
  /** Undefined when the platform itself acts. */
  readonly caller: Caller | undefined
  /** True for a change or deletion of an existing resource: only then does Azure fill `httpRequest`. */
  readonly existing: boolean
}

/** A resource whose state changed, for Azure Resource Notifications. */
export interface ResourceChange {
  readonly deleted: boolean
  readonly resource: JsonObject & { id: string; type: string }
}

/** Delivers changes to the event subscriptions. */
export interface EventSink {
  happened(happening: Happening): void
  resourceChanged(change: ResourceChange): void
}

/** The state and services that every part of the simulated Azure uses. */
export interface World {
  readonly store: Store
  readonly timers: Timers
  readonly timing: Timing
  readonly events: EventSink
  /** Targets with a write under way, by id key. */
  readonly busyTargets: Set<string>
  /** Addresses of functions, by the key of their resource id. */
  readonly functions: Map<string, string>
  readonly origin: string
  /** The authority at which people sign in. */
  readonly signInOrigin: string | undefined
  readonly log: (line: string) => void
}

/** A random whole number of milliseconds between two bounds. */
export function between([low, high]: readonly [number, number]): number {
  return Math.round(low + Math.random() * (high - low))
}
