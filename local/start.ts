// npm start: everything on this machine, the tour, then it keeps serving. npm run demo: the tour, then it ends.
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Stack, startStack } from './stack.ts'
import { coloured } from './terminal.ts'
import { endLine, endTable } from './tour/table.ts'
import { playTour } from './tour/tour.ts'
import type { Ended } from './tour/watch.ts'

const help = `Usage: npm start [-- --no-tour]    npm run demo

Brings up storage (Azurite), a simulated Azure and the built function app, and plays the tour.
"npm start" then keeps serving until Ctrl-C; "npm run demo" exits with 0 if every request ended as it should.

  --once      end after the tour
  --no-tour   only serve
  --state     folder for data, keys, certificate and log (default: .local)
  --help      this text

Ports, by environment: PORT (function app, 7071), AZURE_SIM_PORT (simulated Azure, 7443),
STORAGE_PORT (blobs, 10000; queues and tables take the next two). State is kept under .local/.`

const { values: flags } = parseArgs({
  options: {
    once: { type: 'boolean' },
    'no-tour': { type: 'boolean' },
    state: { type: 'string', default: join(import.meta.dirname, '../.local') },
    help: { type: 'boolean' },
  },
})
if (flags.help) console.log(help)
else process.exitCode = await main()

async function main(): Promise<number> {
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const startedAt = Date.now()
  let stack: Stack
  try {
    stack = await startStack({
      ports: {
        functionsApp: port('PORT', 7071),
        azure: port('AZURE_SIM_PORT', 7443),
        storage: port('STORAGE_PORT', 10000),
      },
      stateFolder: flags.state,
      persist: true,
      onProgress: (line) => console.log(line),
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
  try {
    const code = flags['no-tour']
      ? 0
      : await Promise.race([tour(stack, startedAt), interrupted.then(() => 130)])
    if (flags.once || code === 130) return code
    console.log(serving(stack))
    await interrupted
    console.log('\nStopping.')
    return 0
  } catch (error) {
    console.error(`The tour could not go on: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  } finally {
    await stack.stop()
  }
}

async function tour(stack: Stack, startedAt: number): Promise<number> {
  const all = await playTour(stack, {
    step: (line) => console.log(line),
    ended: (ended) => console.log(endLine(ended)),
  })
  console.log(`\n${endTable(all)}\n`)
  console.log(summary(all, Date.now() - startedAt))
  return all.every(({ problem }) => problem === '') ? 0 : 1
}

function summary(all: readonly Ended[], tookMs: number): string {
  const wrong = all.filter(({ problem }) => problem !== '').length
  const approved = all.filter(({ request, problem }) => problem === '' && request.ending === 'Approved')
  const slowest = Math.max(...approved.map(({ seconds }) => seconds))
  const verdict =
    wrong === 0
      ? coloured('Every request ended as it should.', 'green')
      : coloured(`${wrong} of ${all.length} requests did not end as they should.`, 'red')
  return `${verdict} ${approved.length} approved, the slowest in ${slowest.toFixed(1)} s; ${(tookMs / 1000).toFixed(0)} s in all.`
}

function serving(stack: Stack): string {
  const { origin } = stack.functionsApp()
  return [
    '',
    `Still serving: the function app at ${origin}, the simulated Azure at ${stack.azure.origin}.`,
    `Tables, queues and blobs: ${storageOrigins(stack.storage)}. Keys, certificate and the app's log: ${flags.state}.`,
    'Another terminal:  npm run decisions   shows the log;  docs/local-azure.md has every call of the tour.',
    'Ctrl-C stops everything.',
  ].join('\n')
}

function storageOrigins(connectionString: string): string {
  return [...connectionString.matchAll(/Endpoint=(http[^;]+)/g)].map(([, origin]) => origin).join(', ')
}

function port(name: string, usual: number): number {
  const value = process.env[name]
  if (value === undefined || value === '') return usual
  const number = Number(value)
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  console.error(`${name} is "${value}"; wanted: a port number from 0 to 65535.`)
  process.exit(1)
}
