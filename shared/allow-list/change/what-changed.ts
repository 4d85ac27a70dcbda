import { printable } from '../../domain/printable.ts'
import type { GuardedTable } from '../../storage/guarded-table.ts'
import { inParallel } from '../../storage/in-parallel.ts'
import { headKey, headOfRow, spokenApply } from '../table/head.ts'
import { keyOfRow, type ListRow, rulePartition } from '../table/rows.ts'
import type { ListState } from './list-state.ts'

const parallelReads = 8
const rulesNamed = 3

export type Place = Pick<ListRow, 'partitionKey' | 'rowKey'>

/**
 * States what stopped an apply: another apply, or rows changed by hand.
 * @param places rows that it was about to write.
 */
export async function whatChanged(
  table: GuardedTable,
  state: ListState,
  applyId: string,
  places: readonly Place[],
): Promise<string> {
  const row = await table.read(rulePartition, headKey)
  const head = row && headOfRow(row.columns).head
  if (head && head.applyId !== applyId && head.applyId !== state.head?.applyId)
    return `The list was changed meanwhile ${spokenApply(head)}.`
  const changes = (await inParallel(places, parallelReads, (place) => change(table, state, place))).flat()
  if (changes.length === 0) return 'The list or its log of changes was written meanwhile by somebody else.'
  const more = changes.length - rulesNamed
  return `${changes.slice(0, rulesNamed).join(' ')}${more > 0 ? ` And ${more} more.` : ''}`
}

async function change(table: GuardedTable, state: ListState, place: Place): Promise<readonly string[]> {
  const before = state.rows.get(keyOfRow(place))?.etag
  const now = (await table.read(place.partitionKey, place.rowKey))?.etag
  if (now === before) return []
  const what = now === undefined ? 'removed' : before === undefined ? 'added' : 'changed'
  return [`Rule "${printable(place.rowKey)}" was ${what} meanwhile by somebody else.`]
}
