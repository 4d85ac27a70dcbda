import type { Routing } from '../../shared/domain/route.ts'
import { visible } from '../../shared/domain/printable.ts'
import { currentRouting } from '../allow-list/current-list.ts'
import type { Run } from '../command/run.ts'

/** Said where there is no channel. */
export const noChannels = 'No channel is defined. Define channels and routes in the rule file, and apply it.'

/** Said beside a channel that cannot be used. */
export const whoseSettings =
  'The settings are those of this call, not those of the running app: give the same ones by --settings FILE, or in the environment.'

/** Channels and routes as they are in the table. Standard error names the rows that cannot be used. @throws ListUnreadable */
export async function definedRouting({
  connected,
  io,
}: Pick<Run<unknown>, 'connected' | 'io'>): Promise<Routing> {
  const { routing, problems } = await currentRouting(connected, io.signal)
  for (const problem of problems) io.note(visible(problem))
  return routing
}
