import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { visible } from '../../shared/domain/printable.ts'
import { placeOfDecision } from '../../shared/ledger/keys.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { CommandFailed } from '../terminal/io.ts'

/**
 * The entry of the log that a decision began with.
 * @param decisionId `{first 20 of the connection's key}.{episode}.{sequence}`.
 * @throws CommandFailed when the id is none (2), or the log has no such decision (1).
 */
export async function entryOfDecision(ledger: Ledger, decisionId: string): Promise<LogEntry> {
  const shown = visible(decisionId)
  if (!placeOfDecision(decisionId)) {
    throw new CommandFailed(
      `--decision is "${shown}"; expected: an id such as 1f0c9a2b3c4d5e6f7a8b.1.3, as the log shows it.`,
      2,
    )
  }
  const entry = await ledger.entryOf(decisionId)
  if (entry) return entry
  throw new CommandFailed(
    `The log has no decision ${shown}: is it the right storage account, and the id as the log shows it?`,
  )
}
