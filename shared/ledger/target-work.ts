import { odata } from '@azure/data-tables'
import type { ResourceId } from '../domain/resource-id.ts'
import type { WorkState } from '../domain/target-work.ts'
import type { ListedWork, WorkChange, WorkPort } from '../ports/work.ts'
import type { GuardedTable, StoredRow } from '../storage/guarded-table.ts'
import { keyOf } from './keys.ts'
import { columnsOf, targetWorkOf } from './target-work-row.ts'
import { UnreadableRow } from './unreadable-row.ts'

const partition = 'target'

type Table = Pick<GuardedTable, 'name' | 'change' | 'query'>

/** One row per target that is being reviewed or is to be reviewed again, in one small partition. */
export class TargetWork implements WorkPort {
  readonly #table: Table
  readonly #now: () => Date

  constructor(table: Table, now: () => Date = () => new Date()) {
    this.#table = table
    this.#now = now
  }

  change<T>(target: ResourceId, decide: (state: WorkState | undefined) => WorkChange<T>): Promise<T> {
    return this.#table.change(partition, keyOf(target), (row) => {
      const { write, result } = decide(row && targetWorkOf(this.#table.name, row, this.#now()).state)
      return { write: typeof write === 'string' ? write : columnsOf(target, write), result }
    })
  }

  async list(): Promise<readonly ListedWork[]> {
    const listed: ListedWork[] = []
    for await (const row of this.#table.query(odata`PartitionKey eq ${partition}`)) {
      listed.push(listedOf(this.#table.name, row, this.#now()))
    }
    return listed
  }
}

/** A refused row does not prevent the others from being listed. */
function listedOf(table: string, row: StoredRow, now: Date): ListedWork {
  try {
    return { kind: 'work', ...targetWorkOf(table, row, now) }
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error
    return { kind: 'unreadable', row: error.place.rowKey, problem: error.message }
  }
}
