// Deletes the local state: npm run reset [-- --state FOLDER]
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readArguments } from '../local/arguments.ts'
import { whoRuns } from '../local/running.ts'

const help = `Usage: npm run reset [-- --state FOLDER]

Deletes the local state: storage, simulated Azure, keys and certificate. "npm start" makes all of it anew.

  --state FOLDER   where it is kept (default: .local)
  --help           this text`

const usualFolder = join(import.meta.dirname, '../.local')

const { state } = readArguments(help, () =>
  parseArgs({
    options: {
      state: { type: 'string', default: usualFolder },
      help: { type: 'boolean' },
    },
  }),
)
process.exitCode = await reset(state)

async function reset(folder: string): Promise<number> {
  if (!existsSync(folder)) {
    console.log(`There is no local state in ${folder}.`)
    return 0
  }
  if (!existsSync(join(folder, 'ca.pem')) && folder !== usualFolder) {
    console.error(`${folder} is left alone: it has no ca.pem, so it does not look like local state.`)
    return 1
  }
  const running = whoRuns(folder)
  if (running) {
    console.error(`${folder} is in use by process ${running.pid}. Stop "npm start" first.`)
    return 1
  }
  await rm(folder, { recursive: true })
  console.log(`The local state in ${folder} is gone: storage, simulated Azure, keys and certificate.`)
  return 0
}
