// Runs the command line from source: npm run cli -- …, by default on what a local "npm start" runs.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { whoRuns } from './running.ts'

const usualState = join(import.meta.dirname, '../.local')
const program = join(import.meta.dirname, '../cli/bin.ts')
const ownPlace = /^--(storage|account|settings)(=|$)/

const { args, state } = withoutState(process.argv.slice(2))
const environment = environmentFor()
if (environment === undefined) {
  console.error(`No "npm start" works on ${state ?? usualState}.`)
  process.exitCode = 2
} else {
  process.exitCode = await run(environment)
}

/** The environment of the running app; undefined when the arguments or the environment state another place. */
function environmentFor(): Readonly<Record<string, string>> | undefined {
  if (state !== undefined) return whoRuns(state)?.environment
  const isElsewhere = args.some((arg) => ownPlace.test(arg)) || process.env['AzureWebJobsStorage']
  return isElsewhere ? {} : (whoRuns(usualState)?.environment ?? {})
}

/** `--state FOLDER` is an option of this program only. */
function withoutState(all: readonly string[]): { args: readonly string[]; state: string | undefined } {
  const at = all.indexOf('--state')
  return at === -1
    ? { args: all, state: undefined }
    : { args: all.toSpliced(at, 2), state: all[at + 1] ?? '' }
}

/** In a child process: Node reads the trusted certificates only at its start. */
function run(variables: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...variables },
  })
  // Ctrl-C reaches the child, too; its exit code decides.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
