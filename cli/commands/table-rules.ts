import { ruleFromRow } from '../../shared/allow-list/index.ts'
import type { Rule } from '../../shared/domain/rule.ts'
import type { Run } from '../run.ts'

export interface TableRules {
  readonly rules: readonly Rule[]
  /** One sentence for each row that is no rule. */
  readonly unusable: readonly string[]
}

/** Every rule of the table, with a bar while it is read. */
export async function readTable({ io, connected }: Run<unknown>): Promise<TableRules> {
  const table = await connected.tableClient('allowList')
  const bar = io.progress('Reading rules', 0)
  try {
    const readings = []
    for await (const row of table.listEntities({ abortSignal: io.signal })) readings.push(ruleFromRow(row))
    return {
      rules: readings.flatMap(({ rule }) => rule ?? []),
      unusable: readings.flatMap(({ problem }) => problem ?? []),
    }
  } finally {
    bar.end()
  }
}
