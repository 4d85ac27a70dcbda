// Reads the decision log: npm run decisions [-- --json] [--days N] [--state FOLDER] [--storage CONNECTION_STRING]
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { main } from '../cli/main.ts'
import { allowClosed } from '../cli/terminal/closed-output.ts'
import { readArguments } from './arguments.ts'
import { whoRuns } from './running.ts'

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
allowClosed([process.stdout, process.stderr])
const storage = storageOf(flags)
if (storage === undefined) {
  console.error(`The log could not be read: no "npm start" works on ${flags.state}.`)
  process.exitCode = 1
} else {
  const json = flags.json ? ['--json'] : []
  process.exitCode = await main(['decisions', '--storage', storage, '--days', flags.days, ...json], {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: { COLUMNS: '120', ...process.env },
    signal: new AbortController().signal,
  })
}

/** Undefined when no program runs on the folder of `--state`. */
function storageOf({ storage, state }: { storage?: string; state?: string }): string | undefined {
  if (storage !== undefined) return storage
  if (state !== undefined) return whoRuns(state)?.storage
  const running = whoRuns(join(import.meta.dirname, '../.local'))
  return process.env['AzureWebJobsStorage'] ?? running?.storage ?? 'UseDevelopmentStorage=true'
}
