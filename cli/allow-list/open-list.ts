import type { AllowListAdmin } from '../../shared/allow-list/change/admin.ts'
import type { ListState } from '../../shared/allow-list/change/list-state.ts'
import { tableNames } from '../../shared/config/table-names.ts'
import type { Run } from '../command/run.ts'
import { withProgress } from '../terminal/io.ts'

/** The allow-list of a place, as commands work on it. */
export interface OpenList {
  readonly admin: AllowListAdmin
  /** For example `stapprover.table.core.windows.net`; shown before something is written there. */
  readonly place: string
}

/** Opens the list; nothing is read yet. */
export async function openList({ connected }: Pick<Run<unknown>, 'connected'>): Promise<OpenList> {
  const { url } = await connected.tableClient('allowList')
  const { host, pathname } = new URL(url)
  const account = pathname.replace(/\/$/, '')
  return { admin: await connected.list(), place: `${host}${account}` }
}

/** Every row of the list, with a bar while it is read. @throws ListUnreadable */
export function readList({ io }: Pick<Run<unknown>, 'io'>, { admin }: OpenList): Promise<ListState> {
  return withProgress(io, 'Reading rules', 0, (bar) => admin.read((rows) => bar.at(rows), io.signal))
}

/** Message for a missing table. */
export function tableMissing(place: string): string {
  return `There is no table ${tableNames.allowList} in ${place} yet: the app makes it when it starts, and so does the first apply.`
}
