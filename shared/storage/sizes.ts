import type { TableEntity } from '@azure/data-tables'

export interface Row {
  readonly partitionKey: string
  readonly rowKey: string
  readonly columns: Readonly<Record<string, string | number | boolean>>
}

/** The most steps of a transaction: Azure, "Performing entity group transactions". */
export const maxSteps = 100
/** Maximum bytes of a transaction as sent, below Azure's 4 MiB. */
export const maxTransactionBytes = 4_000_000

const keyForm = /^[A-Za-z0-9._~:-]{1,512}$/
const columnForm = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/
const maxTextLength = 32_000
const maxColumns = 200
/** 1 MiB: Azure, "Understanding the Table service data model". */
const maxRowBytes = 1_048_576
/** The head of a step within a transaction: its URL with both keys, each character escaped, and headers. */
const stepOverheadBytes = 600

/**
 * The row as the SDK takes it.
 * @throws RangeError naming the key, the column or the row that Azure would refuse, although the emulator takes it.
 */
export function checkedEntity({ partitionKey, rowKey, columns }: Row): TableEntity {
  checkKey('partition key', partitionKey)
  checkKey('row key', rowKey)
  const entries = Object.entries(columns)
  if (entries.length > maxColumns) {
    throw new RangeError(`A row has ${entries.length} columns; ${maxColumns} are the most.`)
  }
  for (const [name, value] of entries) checkColumn(name, value)
  const bytes = rowBytes({ partitionKey, rowKey, columns })
  if (bytes > maxRowBytes) {
    throw new RangeError(`The row "${rowKey}" has ${bytes} bytes; ${maxRowBytes} are the most.`)
  }
  return { ...columns, partitionKey, rowKey }
}

/** Bytes of a row as a step of a transaction, not less than what is sent. */
export function sentBytes({ partitionKey, rowKey, columns }: Row): number {
  const keys = 12 * (partitionKey.length + rowKey.length)
  return stepOverheadBytes + keys + Buffer.byteLength(JSON.stringify(columns))
}

function checkKey(name: string, key: string): void {
  if (!keyForm.test(key)) {
    throw new RangeError(
      `The ${name} "${key.slice(0, 80)}" is not of A-Z a-z 0-9 . _ ~ : - and 1 to 512 long.`,
    )
  }
}

function checkColumn(name: string, value: string | number | boolean): void {
  if (!columnForm.test(name)) {
    throw new RangeError(
      `The column "${name.slice(0, 80)}" is not of A-Z a-z 0-9 _, begins with a digit, or is longer than 255.`,
    )
  }
  if (typeof value === 'string' && value.length > maxTextLength) {
    throw new RangeError(`The column ${name} has ${value.length} characters; ${maxTextLength} are the most.`)
  }
}

/** As Azure counts: texts and names in UTF-16. */
function rowBytes({ partitionKey, rowKey, columns }: Row): number {
  const sizes = Object.entries(columns).map(
    ([name, value]) => 8 + 2 * name.length + (typeof value === 'string' ? 4 + 2 * value.length : 8),
  )
  return 4 + 2 * (partitionKey.length + rowKey.length) + sizes.reduce((sum, size) => sum + size, 0)
}
