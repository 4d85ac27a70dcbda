import type { PendingSearched } from '../../shared/ports/azure.ts'
import { lake } from '../forgery/arena.ts'
import type { PersistentWorld } from './persistent-world.ts'
import { id } from './request-parts.ts'

/** What one search of Resource Graph shows as Pending at the lake. */
export interface Search {
  readonly names: readonly string[]
  /** True when the search was cut off before it came to the lake, or within it. */
  readonly isCutOff?: boolean
}

/** Id of a connection of the lake. */
export const connectionId = (name: string): string => `${lake}/privateEndpointConnections/${name}`

/** From now on each search shows what this says. */
export function searchShows(world: PersistentWorld, search: () => Search): void {
  const shown = (): PendingSearched => {
    const { names, isCutOff = false } = search()
    const found = names.length === 0 ? [] : [{ target: id(lake), connectionIds: names.map(connectionId) }]
    return { found, isWhole: !isCutOff }
  }
  Object.assign(world.arena.ports.search, { targetsWithPending: () => Promise.resolve(shown()) })
}
