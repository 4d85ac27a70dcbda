// Reads the decision log: npm run decisions [-- --json] [--days N] [--state FOLDER] [--storage CONNECTION_STRING]
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { TableClient } from '@azure/data-tables'
import { readArguments } from '../local/arguments.ts'
import { whoRuns } from '../local/running.ts'
import { tableNames } from '../shared/config/table-names.ts'
import type { LogEntry } from '../shared/domain/log-entry.ts'
import { Ledger } from '../shared/ledger/ledger.ts'
import { GuardedTable } from '../shared/storage/guarded-table.ts'
import { decisionsTable } from './decisions-table.ts'

const help = `Usage: npm run decisions [-- options]

Shows the decision log, oldest first. The ids of the decisions are shown from 130 columns on.

  --json                   one JSON object per line (NDJSON), with the hashes of the chain
  --days N                 how many days back, today included (default 1)
  --state FOLDER           the folder that a running "npm start -- --state FOLDER" works on
  --storage CONNECTION     where the tables are (default: AzureWebJobsStorage, else the running "npm start")
  --help                   this text`

const flags = readArguments(help, () =>
  parseArgs({
    options: {
      json: { type: 'boolean' },
      days: { type: 'string', default: '1' },
      state: { type: 'string' },
      storage: { type: 'string' },
      help: { type: 'boolean' },
    },
  }),
)
process.exitCode = await show()

async function show(): Promise<number> {
  const days = Number(flags.days)
  if (!Number.isInteger(days) || days < 1 || days > 400) {
    console.error(`--days is "${flags.days}"; wanted: a whole number from 1 to 400.`)
    return 2
  }
  try {
    const ledger = openLedger()
    const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10)
    const shown: LogEntry[] = []
    for await (const chained of ledger.entries(day(days - 1), day(0))) {
      if (flags.json)
        console.log(
          JSON.stringify({ ...chained.entry, hash: chained.hash, previousHash: chained.previousHash }),
        )
      else shown.push(chained.entry)
    }
    if (!flags.json)
      console.log(shown.length === 0 ? 'The log is empty for these days.' : decisionsTable(shown))
    return 0
  } catch (error) {
    console.error(`The log could not be read: ${explained(error)}`)
    return 1
  }
}

function storageOf({ storage, state }: { storage?: string; state?: string }): string {
  if (storage !== undefined) return storage
  if (state !== undefined) {
    const running = whoRuns(state)
    if (running?.storage !== undefined) return running.storage
    throw new Error(`no "npm start" works on ${state}.`)
  }
  const running = whoRuns(join(import.meta.dirname, '../.local'))
  return process.env['AzureWebJobsStorage'] ?? running?.storage ?? 'UseDevelopmentStorage=true'
}

function openLedger(): Ledger {
  const storage = storageOf(flags)
  const table = (name: string) => new GuardedTable(openTable(storage, name))
  return new Ledger(table(tableNames.requests), table(tableNames.requestIndex), ({ message }) => {
    console.error(message)
  })
}

function openTable(storage: string, name: string): TableClient {
  try {
    return TableClient.fromConnectionString(storage, name, {
      allowInsecureConnection: true,
      retryOptions: { maxRetries: 1, retryDelayInMs: 200 },
    })
  } catch {
    // The text stays unsaid: it may hold a key.
    throw new Error(
      '--storage (or AzureWebJobsStorage) is no connection string; wanted: "AccountName=…;AccountKey=…;…".',
    )
  }
}

function explained(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  if (code === 'ECONNREFUSED' || code === 'REQUEST_SEND_ERROR') {
    return 'nothing listens there. Is "npm start" running, or is --storage needed?'
  }
  if (message?.includes('TableNotFound')) return 'no log is kept there, the app has not run on that storage.'
  return message ?? String(error)
}
