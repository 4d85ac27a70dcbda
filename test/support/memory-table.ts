import {
  changeRow,
  type Row,
  RowChanged,
  type RowChange,
  type Step,
  type StoredRow,
} from '../../shared/storage/guarded-table.ts'
import type { LedgerTable } from '../../shared/ledger/indexes.ts'
import { checkedEntity } from '../../shared/storage/sizes.ts'
import { checkSteps } from '../../shared/storage/steps.ts'

/** Runs before and after each call to storage, which waits for it; what it throws is what the caller sees. */
export type StorageHook = (when: 'before' | 'after', call: string) => unknown

/** A table in memory that keeps what `GuardedTable` promises: conditional writes, transactions, order of keys, sizes. */
export class MemoryTable implements LedgerTable {
  readonly name: string
  readonly #rows = new Map<string, Held>()
  /** The same, by partition. */
  readonly #partitions = new Map<string, Map<string, Held>>()
  readonly #now: () => Date
  readonly #hook: StorageHook
  #writes = 0

  constructor(name: string, now: () => Date, hook: StorageHook) {
    this.name = name
    this.#now = now
    this.#hook = hook
  }

  read(partitionKey: string, rowKey: string): Promise<StoredRow | undefined> {
    return this.#call('read', () => {
      const held = this.#rows.get(keyOf({ partitionKey, rowKey }))
      return held && stored(held)
    })
  }

  insert(row: Row): Promise<string> {
    return this.#call('insert', () => this.#apply([{ kind: 'insert', row }])[0] ?? '')
  }

  replace(row: Row, etag: string): Promise<string> {
    return this.#call('replace', () => this.#apply([{ kind: 'replace', row, etag }])[0] ?? '')
  }

  async remove(partitionKey: string, rowKey: string, etag: string): Promise<void> {
    await this.#call('remove', () => this.#apply([{ kind: 'remove', partitionKey, rowKey, etag }]))
  }

  putDerived(row: Row): Promise<string> {
    return this.#call('putDerived', () => this.#put(row))
  }

  async removeDerived(partitionKey: string, rowKey: string): Promise<void> {
    await this.#call('removeDerived', () => {
      this.#delete({ partitionKey, rowKey })
    })
  }

  transaction(steps: readonly Step[]): Promise<readonly (string | undefined)[]> {
    return this.#call('transaction', () => {
      checkSteps(steps)
      return this.#apply(steps)
    })
  }

  change<T>(
    partitionKey: string,
    rowKey: string,
    decide: (row: StoredRow | undefined) => RowChange<T>,
  ): Promise<T> {
    return changeRow(this, partitionKey, rowKey, decide)
  }

  async *query(filter: string): AsyncGenerator<StoredRow> {
    const found = await this.#call('query', () => {
      const fits = conditionOf(filter)
      const [, partition] = /^PartitionKey eq '([^']*)'/.exec(filter) ?? []
      const rows = partition === undefined ? this.#rows : this.#partitions.get(partition)
      return [...(rows?.values() ?? [])]
        .filter(fits)
        .map(stored)
        .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    })
    yield* found
  }

  /** Every row, as it lies there. For tests that look at, or spoil, what is stored. */
  rows(): readonly Row[] {
    return [...this.#rows.values()].map(({ row }) => row)
  }

  async #call<T>(name: string, work: () => T): Promise<T> {
    const call = `${this.name}.${name}`
    await Promise.resolve()
    await this.#hook('before', call)
    const result = work()
    await this.#hook('after', call)
    await Promise.resolve()
    return result
  }

  /** All or none. */
  #apply(steps: readonly Step[]): readonly (string | undefined)[] {
    for (const step of steps) {
      const held = this.#rows.get(keyOf(step.kind === 'remove' ? step : step.row))
      const isExpected =
        step.kind === 'insert' ? !held : held && (step.etag === '*' || held.etag === step.etag)
      if (!isExpected) throw new RowChanged('The row is not as it was read.')
      if (step.kind !== 'remove') checkedEntity(step.row)
    }
    return steps.map((step) => {
      if (step.kind !== 'remove') return this.#put(step.row)
      this.#delete(step)
      return undefined
    })
  }

  #put(row: Row): string {
    checkedEntity(row)
    this.#writes += 1
    const etag = `W/"${String(this.#writes)}"`
    const timestamp = this.#now().toISOString()
    const held = { row: structuredClone(row), etag, timestamp }
    this.#rows.set(keyOf(row), held)
    const partition = this.#partitions.get(row.partitionKey) ?? new Map<string, Held>()
    this.#partitions.set(row.partitionKey, partition.set(row.rowKey, held))
    return etag
  }

  #delete({ partitionKey, rowKey }: Pick<Row, 'partitionKey' | 'rowKey'>): void {
    this.#rows.delete(keyOf({ partitionKey, rowKey }))
    this.#partitions.get(partitionKey)?.delete(rowKey)
  }
}

interface Held {
  readonly row: Row
  readonly etag: string
  readonly timestamp: string
}

function keyOf({ partitionKey, rowKey }: Pick<Row, 'partitionKey' | 'rowKey'>): string {
  return `${partitionKey}\n${rowKey}`
}

function sortKey({ columns }: StoredRow): string {
  return keyOf(columns as Record<'partitionKey' | 'rowKey', string>)
}

function stored({ row, etag, timestamp }: Held): StoredRow {
  const { partitionKey, rowKey, columns } = row
  return { columns: { ...columns, partitionKey, rowKey, timestamp }, etag }
}

const columnNames: Readonly<Record<string, string>> = {
  PartitionKey: 'partitionKey',
  RowKey: 'rowKey',
  Timestamp: 'timestamp',
  newestAt: 'newestAt',
  lastSeenAt: 'lastSeenAt',
  expiresAt: 'expiresAt',
}

/** Reads what the ledger asks for: comparisons with texts and times, joined by `and`. */
function conditionOf(filter: string): (held: Held) => boolean {
  const parts = filter.split(' and ').map((part) => {
    const [, column = '', operator, text = ''] =
      /^(PartitionKey|RowKey|Timestamp|newestAt|lastSeenAt|expiresAt) (eq|ge|lt) (?:datetime)?'(.*)'$/.exec(
        part,
      ) ?? []
    if (!operator) throw new Error(`This table in memory cannot filter by: ${part}`)
    return { column: columnNames[column] ?? '', operator, text: text.replaceAll("''", "'") }
  })
  return (held) =>
    parts.every(({ column, operator, text }) => {
      const value = valueOf(held, column)
      if (operator === 'eq') return value === text
      return operator === 'ge' ? value >= text : value < text
    })
}

function valueOf({ row, timestamp }: Held, column: string): string {
  if (column === 'timestamp') return timestamp
  return column === 'partitionKey' || column === 'rowKey' ? row[column] : String(row.columns[column])
}
