import type { Caller, JsonObject } from './http/exchange.ts'
import type { Store } from './store.ts'
import type { Timers, Timing } from './timers.ts'

/** Something that Azure Resource Manager did and tells Event Grid about. */
export interface Happening {
  /** Event type without its prefix: `ResourceWriteSuccess`, `ResourceActionSuccess`, `ResourceDeleteSuccess`. */
  readonly kind: 'ResourceWriteSuccess' | 'ResourceActionSuccess' | 'ResourceDeleteSuccess'
  readonly resourceUri: string
  readonly operationName: string
  readonly method: string
  /** Undefined when the platform acts for itself. */
  readonly caller: Caller | undefined
  /** Azure fills `httpRequest` only when a resource that was there is changed or deleted. */
  readonly existing: boolean
}

/** A resource whose state changed, for Azure Resource Notifications. */
export interface ResourceChange {
  readonly deleted: boolean
  readonly resource: JsonObject & { id: string; type: string }
}

/** Takes what happened and brings it to the event subscriptions. */
export interface EventSink {
  happened(happening: Happening): void
  resourceChanged(change: ResourceChange): void
}

/** What every part of the simulated Azure works on. */
export interface World {
  readonly store: Store
  readonly timers: Timers
  readonly timing: Timing
  readonly events: EventSink
  /** Targets with a write under way, by id key. */
  readonly busyTargets: Set<string>
  /** Where functions listen, by the key of their resource id. */
  readonly functions: Map<string, string>
  readonly origin: string
  readonly log: (line: string) => void
}

/** A random whole number of milliseconds between two bounds. */
export function between([low, high]: readonly [number, number]): number {
  return Math.round(low + Math.random() * (high - low))
}
