import { setTimeout as wait } from 'node:timers/promises'
import type { TableClient, TableEntity } from '@azure/data-tables'
import { limitCallTime } from './call-time-limit.ts'
import { allowConditionalDeletes } from './conditional-delete.ts'
import { isTableMissing, statusOf } from './errors.ts'
import { keepOwnNames } from './own-names.ts'
import { checkedEntity, type Row } from './sizes.ts'
import { actionOf, checkSteps, type Step } from './steps.ts'

export type { Row } from './sizes.ts'
export type { Step } from './steps.ts'

/** A row as it was read: its columns and the ETag that guards the next write. */
export interface StoredRow {
  readonly columns: Readonly<Record<string, unknown>>
  readonly etag: string
}

/** The change of a row that was read, and a result for the caller. */
export interface RowChange<T> {
  readonly write: Row['columns'] | 'keep' | 'remove'
  readonly result: T
}

export interface QueryOptions {
  /** Columns to give; left out: all. The ETag is always there. */
  readonly select?: readonly string[]
  /** Rows that are fetched at once, for readers that stop early; left out: as many as the service gives. */
  readonly pageSize?: number
  readonly signal?: AbortSignal
}

/** A write met a row that was not as expected: already there, changed, or gone. */
export class RowChanged extends Error {
  override name = 'RowChanged'
}

const maxTries = 40

/**
 * Table Storage with conditional writes only. The SDK's own update and delete default to ETag `*`, so that
 * the last writer wins unseen; here the ETag is an argument. Sizes and keys are checked before anything is
 * sent, because the emulator accepts what Azure refuses.
 */
export class GuardedTable {
  readonly #client: TableClient

  constructor(client: TableClient) {
    this.#client = client
    allowConditionalDeletes(client)
    limitCallTime(client)
    keepOwnNames(client)
  }

  get name(): string {
    return this.#client.tableName
  }

  /** Makes the table if it is not there. */
  async create(): Promise<void> {
    await this.#client.createTable()
  }

  /** Undefined when there is no such row. */
  async read(partitionKey: string, rowKey: string, signal?: AbortSignal): Promise<StoredRow | undefined> {
    try {
      const options = signal && { abortSignal: signal }
      return stored(await this.#client.getEntity<TableEntity>(partitionKey, rowKey, options))
    } catch (error) {
      if (statusOf(error) === 404 && !isTableMissing(error)) return undefined
      throw error
    }
  }

  /** @throws RowChanged when the row is there already. */
  async insert(row: Row): Promise<string> {
    return this.#changing(async () => (await this.#client.createEntity(checkedEntity(row))).etag)
  }

  /** @throws RowChanged when the row is not as it was read. */
  async replace(row: Row, etag: string): Promise<string> {
    return this.#changing(
      async () => (await this.#client.updateEntity(checkedEntity(row), 'Replace', { etag })).etag,
    )
  }

  /** @throws RowChanged when the row is not as it was read. */
  async remove(partitionKey: string, rowKey: string, etag: string): Promise<void> {
    await this.#changing(() => this.#client.deleteEntity(partitionKey, rowKey, { etag }))
  }

  /** Writes a derived row, overwriting any other. Returns its ETag. */
  async putDerived(row: Row): Promise<string> {
    const { etag } = await this.#client.upsertEntity(checkedEntity(row), 'Replace')
    return etag ?? ''
  }

  /** Removes a derived row, in any version. */
  async removeDerived(partitionKey: string, rowKey: string): Promise<void> {
    try {
      await this.remove(partitionKey, rowKey, '*')
    } catch (error) {
      if (!(error instanceof RowChanged)) throw error
    }
  }

  /**
   * Reads a row, lets `decide` compute the change, writes it, and repeats after a conflicting write, forty times at
   * most.
   * @throws RowChanged when every try conflicted.
   */
  async change<T>(
    partitionKey: string,
    rowKey: string,
    decide: (row: StoredRow | undefined) => RowChange<T>,
  ): Promise<T> {
    return changeRow(this, partitionKey, rowKey, decide)
  }

  /**
   * All steps or none, within one partition: 100 at most, and 4 MB. Returns the new ETags in the order of the steps.
   * @throws RowChanged when a row was not as expected; then nothing was written.
   */
  async transaction(steps: readonly Step[]): Promise<readonly (string | undefined)[]> {
    checkSteps(steps)
    const response = await this.#changing(() => this.#client.submitTransaction(steps.map(actionOf)))
    return response.subResponses.map((part) => part.etag)
  }

  /** Rows that fit an OData filter, page by page. Build the filter with the SDK's `odata` tag. */
  async *query(filter: string, { select, pageSize, signal }: QueryOptions = {}): AsyncGenerator<StoredRow> {
    const options = {
      queryOptions: { filter, ...(select && { select: [...select] }) },
      ...(signal && { abortSignal: signal }),
    }
    const found = this.#client.listEntities<TableEntity>(options)
    for await (const page of found.byPage(pageSize === undefined ? {} : { maxPageSize: pageSize }))
      for (const entity of page) yield stored(entity)
  }

  /** True when any row fits an OData filter; reads one at most. */
  async hasAny(filter: string, signal?: AbortSignal): Promise<boolean> {
    const options = { queryOptions: { filter, select: ['RowKey'] }, ...(signal && { abortSignal: signal }) }
    // A page may be empty although others follow.
    for await (const page of this.#client.listEntities(options).byPage({ maxPageSize: 1 }))
      if (page.length > 0) return true
    return false
  }

  async #changing<T>(write: () => Promise<T>): Promise<T & {}> {
    try {
      return (await write()) as T & {}
    } catch (error) {
      const status = statusOf(error)
      if (status === 409 || status === 412 || (status === 404 && !isTableMissing(error))) {
        throw new RowChanged('The row is not as it was read.', { cause: error })
      }
      throw error
    }
  }
}

function stored({ etag, ...columns }: TableEntity & { etag?: string }): StoredRow {
  return { columns, etag: etag ?? '' }
}

/** What `GuardedTable.change` does, on any table with conditional writes. */
export async function changeRow<T>(
  table: ConditionalTable,
  partitionKey: string,
  rowKey: string,
  decide: (row: StoredRow | undefined) => RowChange<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const row = await table.read(partitionKey, rowKey)
    const { write, result } = decide(row)
    try {
      await put(table, { partitionKey, rowKey }, row, write)
      return result
    } catch (error) {
      if (!(error instanceof RowChanged) || tries === maxTries) throw error
      await wait(Math.random() * 10 * tries)
    }
  }
}

type ConditionalTable = Pick<GuardedTable, 'read' | 'insert' | 'replace' | 'remove'>

async function put(
  table: ConditionalTable,
  place: Pick<Row, 'partitionKey' | 'rowKey'>,
  row: StoredRow | undefined,
  write: RowChange<unknown>['write'],
): Promise<void> {
  if (write === 'keep') return
  if (write === 'remove') {
    if (row) await table.remove(place.partitionKey, place.rowKey, row.etag)
    return
  }
  const written = { ...place, columns: write }
  await (row ? table.replace(written, row.etag) : table.insert(written))
}

/** A text column; empty when it is missing. */
export function textColumn(row: StoredRow, name: string): string {
  const value = row.columns[name]
  return typeof value === 'string' ? value : ''
}

/** A whole-number column; 0 when it is missing. */
export function numberColumn(row: StoredRow, name: string): number {
  const value = row.columns[name]
  return typeof value === 'number' ? value : 0
}
