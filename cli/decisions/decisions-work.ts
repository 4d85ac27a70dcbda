import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { ConnectionStringError } from '../../shared/storage/access.ts'
import { isTableMissing } from '../../shared/storage/errors.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { CommandFailed, type ExitCode } from '../terminal/io.ts'
import { decisionsTable } from './decisions-table.ts'

const dayMs = 86_400_000

/** Options of `decisions`. */
export interface DecisionsOptions extends PlaceOptions {
  readonly days: number
}

/** Shows the decision log, as a table or as NDJSON. @throws CommandFailed (1) when there is none. */
export async function showDecisions(run: Run<DecisionsOptions>): Promise<ExitCode> {
  try {
    await show(run)
    return 0
  } catch (error) {
    const problem = problemOf(error)
    throw problem === undefined ? error : new CommandFailed(`The log could not be read: ${problem}`)
  }
}

async function show({ io, options, connected, now }: Run<DecisionsOptions>): Promise<void> {
  const ledger = await connected.ledger(({ message }) => io.note(message))
  const day = (back: number) => new Date(now().getTime() - back * dayMs).toISOString().slice(0, 10)
  const shown: LogEntry[] = []
  for await (const { entry, hash, previousHash } of ledger.entries(day(options.days - 1), day(0))) {
    io.signal.throwIfAborted()
    if (io.isJson) io.out(JSON.stringify({ ...entry, hash, previousHash }))
    else shown.push(entry)
  }
  if (io.isJson) return
  io.out(shown.length === 0 ? 'The log is empty for these days.' : decisionsTable(shown, io.width))
}

function problemOf(error: unknown): string | undefined {
  if (isTableMissing(error)) return 'no log is kept there, the app has not run on that storage.'
  return error instanceof ConnectionStringError
    ? '--storage (or AzureWebJobsStorage) is no connection string; expected: "AccountName=…;AccountKey=…;…".'
    : undefined
}
