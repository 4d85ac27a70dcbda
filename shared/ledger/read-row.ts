import { z } from 'zod'
import { type StoredRow, textColumn } from '../storage/guarded-table.ts'
import type { Place } from './keys.ts'
import { problemOf, UnreadableRow } from './unreadable-row.ts'

/** Written into every row. A row of another version is refused, never guessed. */
export const schemaVersion = 1

const versioned = z.looseObject({ schemaVersion: z.literal(schemaVersion) })

/** A text column that holds JSON of that schema. */
export function json<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.issues.push({ code: 'custom', message: 'JSON', input: text })
        return z.NEVER
      }
    })
    .pipe(schema)
}

/** A text column; empty text is undefined in the domain. */
export function orEmpty<T extends z.ZodType>(schema: T) {
  return z.union([z.literal('').transform(() => undefined), schema])
}

export function placeOf(row: StoredRow): Place {
  return { partitionKey: textColumn(row, 'partitionKey'), rowKey: textColumn(row, 'rowKey') }
}

/**
 * Columns of a row by their schema.
 * @param fix how to repair an unusable row: a sentence.
 * @throws UnreadableRow when the row is of another version, or does not fit the schema.
 */
export function readRow<T extends z.ZodType>(
  table: string,
  row: StoredRow,
  schema: T,
  fix: string,
): z.output<T> {
  checked(table, row, versioned, `${runOtherVersion} ${fix}`)
  return checked(table, row, schema, fix)
}

const runOtherVersion = 'Run the version of this app that wrote it, or do as follows.'

function checked<T extends z.ZodType>(table: string, row: StoredRow, schema: T, fix: string): z.output<T> {
  const parsed = schema.safeParse(row.columns, { reportInput: true })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const problem = issue ? problemOf(issue) : parsed.error.message
  throw new UnreadableRow(table, placeOf(row), problem, fix)
}
