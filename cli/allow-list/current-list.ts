import type { ListState } from '../../shared/allow-list/change/list-state.ts'
import { type RoutingSet, routingOf } from '../../shared/allow-list/table/routing-set.ts'
import type { Connected } from '../place/connect.ts'

/** The rows of the list, without a bar. A missing table holds none. @throws ListUnreadable */
export async function currentList(
  { list }: Pick<Connected, 'list'>,
  signal: AbortSignal,
): Promise<ListState> {
  return await (await list()).read(() => undefined, signal)
}

/** Channels and routes in the table, as the app would use them now. @throws ListUnreadable */
export async function currentRouting(
  connected: Pick<Connected, 'list'>,
  signal: AbortSignal,
): Promise<RoutingSet> {
  const { rows } = await currentList(connected, signal)
  return routingOf(rows)
}
