import type { CheckpointsPort } from '../ports/checkpoints.ts'
import { type GuardedTable, numberColumn, textColumn } from '../storage/guarded-table.ts'
import { schemaVersion } from './read-row.ts'

const partition = 'checkpoint'

type Table = Pick<GuardedTable, 'read' | 'putDerived'>

/** Small texts kept between runs. Each may be lost: the work it records is then repeated. */
export class Checkpoints implements CheckpointsPort {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /** Undefined when nothing was written under that name, or by another version of the app. */
  async read(name: string): Promise<string | undefined> {
    const row = await this.#table.read(partition, name)
    return row && numberColumn(row, 'schemaVersion') === schemaVersion ? textColumn(row, 'text') : undefined
  }

  async write(name: string, text: string): Promise<void> {
    await this.#table.putDerived({ partitionKey: partition, rowKey: name, columns: { schemaVersion, text } })
  }
}
