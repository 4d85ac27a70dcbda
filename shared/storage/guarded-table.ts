import { RestError, type TableClient, type TableEntity, type TransactionAction } from '@azure/data-tables'

/** A row as it was read: its columns and the ETag that guards the next write. */
export interface StoredRow {
  readonly columns: Readonly<Record<string, unknown>>
  readonly etag: string
}

export interface Row {
  readonly partitionKey: string
  readonly rowKey: string
  readonly columns: Readonly<Record<string, string | number | boolean>>
}

/** One step of a transaction. Everything but an insert names the ETag it expects. */
export type Step =
  | { readonly kind: 'insert'; readonly row: Row }
  | { readonly kind: 'replace'; readonly row: Row; readonly etag: string }

/** A write met a row that was not as expected: already there, changed, or gone. */
export class RowChanged extends Error {
  override name = 'RowChanged'
}

const keyForm = /^[A-Za-z0-9._~:-]{1,512}$/
const longestText = 32_000
const mostColumns = 200

/**
 * Table Storage with conditional writes only. The SDK's own update and delete default to ETag `*`, so that
 * the last writer wins unseen; here the ETag is an argument. Sizes and keys are checked before anything is
 * sent, because the emulator accepts what Azure refuses.
 */
export class GuardedTable {
  readonly #client: TableClient

  constructor(client: TableClient) {
    this.#client = client
  }

  /** Makes the table if it is not there. */
  async create(): Promise<void> {
    await this.#client.createTable()
  }

  /** Undefined when there is no such row. */
  async read(partitionKey: string, rowKey: string): Promise<StoredRow | undefined> {
    try {
      return stored(await this.#client.getEntity<TableEntity>(partitionKey, rowKey))
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw error
    }
  }

  /** @throws RowChanged when the row is there already. */
  async insert(row: Row): Promise<string> {
    return this.#changing(async () => (await this.#client.createEntity(entity(row))).etag)
  }

  /** @throws RowChanged when the row is not as it was read. */
  async replace(row: Row, etag: string): Promise<string> {
    return this.#changing(
      async () => (await this.#client.updateEntity(entity(row), 'Replace', { etag })).etag,
    )
  }

  /** @throws RowChanged when the row is not as it was read. */
  async remove(partitionKey: string, rowKey: string, etag: string): Promise<void> {
    await this.#changing(() => this.#client.deleteEntity(partitionKey, rowKey, { etag }))
  }

  /** Writes a row that can be derived again at any time, whatever stands there. */
  async putDerived(row: Row): Promise<void> {
    await this.#client.upsertEntity(entity(row), 'Replace')
  }

  /**
   * All steps or none, within one partition. Returns the new ETags in the order of the steps.
   * @throws RowChanged when a row was not as expected; then nothing was written.
   */
  async transaction(steps: readonly Step[]): Promise<readonly (string | undefined)[]> {
    const actions = steps.map((step): TransactionAction =>
      step.kind === 'insert'
        ? ['create', entity(step.row)]
        : ['update', entity(step.row), 'Replace', { etag: step.etag }],
    )
    const answer = await this.#changing(() => this.#client.submitTransaction(actions))
    return answer.subResponses.map((part) => part.etag)
  }

  /** Rows that fit an OData filter, page by page. Build the filter with the SDK's `odata` tag. */
  async *query(filter: string): AsyncGenerator<StoredRow> {
    for await (const found of this.#client.listEntities<TableEntity>({ queryOptions: { filter } })) {
      yield stored(found)
    }
  }

  async #changing<T>(write: () => Promise<T>): Promise<T & {}> {
    try {
      return (await write()) as T & {}
    } catch (error) {
      const status = statusOf(error)
      if (status === 409 || status === 412 || status === 404) {
        throw new RowChanged('The row is not as it was read.', { cause: error })
      }
      throw error
    }
  }
}

function entity(row: Row): TableEntity {
  for (const [name, key] of [
    ['partition key', row.partitionKey],
    ['row key', row.rowKey],
  ] as const) {
    if (!keyForm.test(key)) {
      throw new RangeError(
        `The ${name} "${key.slice(0, 80)}" is not of A-Z a-z 0-9 . _ ~ : - and 1 to 512 long.`,
      )
    }
  }
  const columns = Object.entries(row.columns)
  if (columns.length > mostColumns) {
    throw new RangeError(`A row has ${columns.length} columns; ${mostColumns} are the most.`)
  }
  for (const [name, value] of columns) {
    if (typeof value === 'string' && value.length > longestText) {
      throw new RangeError(`The column ${name} has ${value.length} characters; ${longestText} are the most.`)
    }
  }
  return { partitionKey: row.partitionKey, rowKey: row.rowKey, ...row.columns }
}

function stored({ etag, ...columns }: TableEntity & { etag?: string }): StoredRow {
  return { columns, etag: etag ?? '' }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined
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
