import { odata } from '@azure/data-tables'
import type { LogEntry } from '../../shared/domain/decision.ts'
import { visible } from '../../shared/domain/printable.ts'
import { logRowKey } from '../../shared/ledger/keys.ts'
import { textColumn, type GuardedTable } from '../../shared/storage/guarded-table.ts'
import { CommandFailed } from '../io.ts'

const form = /^([0-9a-f]{20})\.\d+\.(\d{1,6})$/

/**
 * The entry of the log that a decision began with.
 * @param decisionId `{first 20 of the connection's key}.{episode}.{sequence}`.
 * @throws CommandFailed when the id is none (2), or the log has no such decision (1).
 */
export async function entryOfDecision(requests: GuardedTable, decisionId: string): Promise<LogEntry> {
  const [, key, sequence] = form.exec(decisionId) ?? []
  const shown = visible(decisionId)
  if (key === undefined) {
    throw new CommandFailed(
      `--decision is "${shown}"; wanted: an id such as 1f0c9a2b3c4d5e6f7a8b.1.3, as the log shows it.`,
      2,
    )
  }
  const filter = odata`PartitionKey ge ${key} and PartitionKey lt ${`${key}g`} and RowKey eq ${logRowKey(Number(sequence))}`
  for await (const row of requests.query(filter)) {
    const entry = JSON.parse(textColumn(row, 'entry')) as LogEntry
    if (entry.decisionId === decisionId) return entry
  }
  throw new CommandFailed(`The log has no decision ${shown}.`)
}
