import type { CheckpointsPort } from '../ports/checkpoints.ts'
import { type GuardedTable, textColumn } from '../storage/guarded-table.ts'

const partition = 'checkpoint'

type Table = Pick<GuardedTable, 'read' | 'putDerived'>

/** Single texts to be kept between runs. Each can be lost: what it stands for is then done once more. */
export class Checkpoints implements CheckpointsPort {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /** Undefined when nothing was written under that name. */
  async read(name: string): Promise<string | undefined> {
    const row = await this.#table.read(partition, name)
    return row && textColumn(row, 'text')
  }

  async write(name: string, text: string): Promise<void> {
    await this.#table.putDerived({ partitionKey: partition, rowKey: name, columns: { text } })
  }
}
