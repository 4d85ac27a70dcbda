// npm start: everything on this machine, the tour, then it keeps serving. npm run demo: the tour, then it ends.
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readArguments } from './arguments.ts'
import { type Stack, startStack } from './stack.ts'
import { endLine, endSummary, endTable } from './tour/table.ts'
import { playTour } from './tour/tour.ts'

const help = `Usage: npm start [-- --no-tour]    npm run demo

Brings up storage (Azurite), a simulated Azure, an inbox for what is sent to people, and the built function app, and
plays the tour.
"npm start" then keeps serving until Ctrl-C; "npm run demo" exits with 0 if every request ended as it should.

  --once      end after the tour
  --no-tour   only serve
  --state     folder for data, keys, certificate and log (default: .local)
  --help      this text

Ports, by environment: PORT (function app, 7071), AZURE_SIM_PORT (simulated Azure, 7443),
STORAGE_PORT (blobs, 10000; queues and tables take the next two), INBOX_PORT (the inbox's page, 7480),
INBOX_RECEIVERS_PORT (Teams, email service and webhooks, 7481), SMTP_PORT (7425), SIGN_IN_PORT (sign-in of
people, 7444). State is kept under .local/.`

const usualState = join(import.meta.dirname, '../.local')
const interruptedCode = 130

const flags = readArguments(help, () =>
  parseArgs({
    options: {
      once: { type: 'boolean' },
      'no-tour': { type: 'boolean' },
      state: { type: 'string', default: usualState },
      help: { type: 'boolean' },
    },
  }),
)
// An interrupted tour may still wait for responses that will not come.
process.exit(await main())

async function main(): Promise<number> {
  const startedAt = Date.now()
  const interruption = interruptionOfThis()
  const death = new AbortController()
  let stack: Stack
  try {
    stack = await startStack({
      ports: {
        functionsApp: port('PORT', 7071),
        azure: port('AZURE_SIM_PORT', 7443),
        storage: port('STORAGE_PORT', 10000, 65_533),
        inbox: {
          page: port('INBOX_PORT', 7480),
          receivers: port('INBOX_RECEIVERS_PORT', 7481),
          smtp: port('SMTP_PORT', 7425),
        },
        signIn: port('SIGN_IN_PORT', 7444),
      },
      stateFolder: flags.state,
      persist: true,
      onProgress: (line) => console.log(line),
      onDied: (part) => death.abort(part),
      signal: interruption,
    })
  } catch (error) {
    if (interruption.aborted) return stopped(interruptedCode)
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
  const code = await work(stack, startedAt, AbortSignal.any([interruption, death.signal]))
  const hasDied = death.signal.aborted && !interruption.aborted
  if (hasDied) console.error(endedByItself(String(death.signal.reason)))
  await stack.stop()
  if (hasDied) return 1
  return interruption.aborted ? stopped(code) : code
}

/** Plays the tour, if wanted, and then serves until Ctrl-C, or until a part died. */
async function work(stack: Stack, startedAt: number, over: AbortSignal): Promise<number> {
  const interrupted = new Promise<number>((resolve) => {
    if (over.aborted) resolve(interruptedCode)
    over.addEventListener('abort', () => resolve(interruptedCode))
  })
  try {
    const code = flags['no-tour'] ? 0 : await Promise.race([tour(stack, startedAt, over), interrupted])
    if (flags.once || code === interruptedCode) return code
    console.log(serving(stack))
    await interrupted
    return 0
  } catch (error) {
    if (over.aborted) return interruptedCode
    console.error(`The tour could not go on: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

/** Aborted by the first Ctrl-C. A terminal and npm may both deliver it: the second one changes nothing. */
function interruptionOfThis(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) return
      console.log('\nStopping.')
      controller.abort()
    })
  }
  return controller.signal
}

function stopped(code: number): number {
  console.log('Stopped.')
  return code
}

function endedByItself(part: string): string {
  const log = join(flags.state, 'functions-app.log')
  return `${part} ended although nobody stopped it, so the rest is stopped, too: start again with "npm start"; the app's log is ${log}.`
}

async function tour(stack: Stack, startedAt: number, over: AbortSignal): Promise<number> {
  const print = (line: string) => {
    if (!over.aborted) console.log(line)
  }
  const all = await playTour(stack, {
    step: print,
    ended: (ended) => print(endLine(ended)),
  })
  print(`\n${endTable(all)}\n`)
  print(endSummary(all, Date.now() - startedAt))
  return all.every(({ problem }) => problem === '') ? 0 : 1
}

function serving(stack: Stack): string {
  const { origin } = stack.functionsApp()
  return [
    '',
    `Still serving: the function app at ${origin}, the simulated Azure at ${stack.azure.origin}.`,
    `What is sent to people arrives at ${stack.inbox.origin}.`,
    `Sign in as one of several people: ${origin}/account`,
    `Tables, queues and blobs: ${storageOrigins(stack.storage)}. Keys, certificate and the app's log: ${flags.state}.`,
    `Another terminal:  npm run decisions${stateArgument()}   shows the log;  docs/local-azure.md has every call of the tour.`,
    'Ctrl-C stops everything.',
  ].join('\n')
}

/** The argument with which other commands find this state folder. */
function stateArgument(): string {
  if (flags.state === usualState) return ''
  const folder = resolve(flags.state)
  return ` -- --state ${/\s/.test(folder) ? `'${folder}'` : folder}`
}

function storageOrigins(connectionString: string): string {
  return [...connectionString.matchAll(/Endpoint=(http[^;]+)/g)].map(([, origin]) => origin).join(', ')
}

function port(name: string, usual: number, highest = 65_535): number {
  const value = process.env[name]
  if (value === undefined || value === '') return usual
  const number = Number(value)
  if (Number.isInteger(number) && number >= 0 && number <= highest) return number
  console.error(`${name} is "${value}"; expected: a port number from 0 to ${highest}.`)
  process.exit(1)
}
