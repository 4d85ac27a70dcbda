import { RestError, type TableClient } from '@azure/data-tables'
import type { RuleSet } from '../domain/rule.ts'
import { hashRules } from './hash.ts'
import { ruleFromRow, type RowReading } from './row.ts'

const millisecondsToRead = 30_000
const problemsTold = 3

/** The allow-list in a table of Azure Table Storage. Reads only. */
export class AllowListStore {
  readonly #table: TableClient

  constructor(table: TableClient) {
    this.#table = table
  }

  /**
   * Reads the whole table, within 30 seconds. Never throws: a page that cannot be read, or a row that is not a rule,
   * gives a set that is not complete, with a sentence for whoever has to mend it. Rows of other partitions count as
   * rows that are not rules, so that a mistyped key does not quietly switch a `deny` off.
   */
  async load(): Promise<RuleSet> {
    try {
      const readings: RowReading[] = []
      const abortSignal = AbortSignal.timeout(millisecondsToRead)
      for await (const row of this.#table.listEntities({ abortSignal })) readings.push(ruleFromRow(row))
      const problems = readings.flatMap(({ problem }) => problem ?? [])
      if (problems.length > 0) return { complete: false, problem: describeRows(problems, readings.length) }
      const rules = readings.flatMap(({ rule }) => rule ?? []).sort((a, b) => (a.id < b.id ? -1 : 1))
      return { complete: true, rules, hash: hashRules(rules) }
    } catch (error) {
      return {
        complete: false,
        problem: `Table ${this.#table.tableName} cannot be read: ${describeError(error)}.`,
      }
    }
  }
}

function describeRows(problems: readonly string[], rows: number): string {
  const told = problems.toSorted().slice(0, problemsTold)
  const more = problems.length - told.length
  return [
    `${problems.length} of ${rows} rows cannot be used.`,
    ...told,
    ...(more > 0 ? [`And ${more} more.`] : []),
  ].join(' ')
}

/** Short: the service's answer holds request ids and times that would make every problem look new. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof RestError)) return error.message
  const code = codeOf(error)
  return error.statusCode === undefined ? code : `${error.statusCode} ${code}`
}

function codeOf(error: RestError): string {
  const details = error.details as { odataError?: { code?: unknown } } | undefined
  const code = details?.odataError?.code ?? error.code
  return typeof code === 'string' ? code : error.name
}
