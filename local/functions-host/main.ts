import { parseArgs } from 'node:util'
import { StartFailure, messageOf, stackOf } from './failure.ts'
import { startHost } from './host.ts'
import type { Host } from './host.ts'
import { readKeys } from './keys.ts'
import type { HostKeys } from './keys.ts'

const help = `Runs an Azure Functions app of the Node v4 programming model on this machine.

  npm run host -- <app folder> [--port N] [--keys FILE]

  <app folder>   has package.json (its "main" registers the functions), host.json and perhaps local.settings.json
  --port N       where to listen on loopback; 0 takes a free one (default: PORT, else 7071)
  --keys FILE    JSON with masterKey, functionKey and eventGridKey; made with random keys if it does not exist.
                 HOST_MASTER_KEY, HOST_FUNCTION_KEY and HOST_EVENT_GRID_KEY overrule it
`

interface Arguments {
  appFolder: string
  port: number
  keysFile: string | undefined
}

function readArguments(args: string[]): Arguments | 'help' {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { port: { type: 'string' }, keys: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return 'help'
  const [appFolder, ...others] = positionals
  if (appFolder === undefined || others.length > 0) {
    throw new StartFailure(
      `Expected one app folder, ${positionals.length} were given; --help shows the usage.`,
    )
  }
  const port = values.port ?? process.env['PORT'] ?? '7071'
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new StartFailure(`The port is "${port}", expected a number from 0 to 65535.`)
  }
  return { appFolder, port: Number(port), keysFile: values.keys }
}

/** The host goes on where nobody reads its lines any more. */
function allowClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

function print(line: string): void {
  process.stdout.write(line + '\n')
}

function announce({ port, functions, routes }: Host, keys: HostKeys): void {
  const base = `http://localhost:${port}`
  print('Functions:')
  for (const { definition, template } of routes) {
    print(`  ${definition.name}: [${definition.methods.join(',')}] ${base}/${template}`)
  }
  for (const definition of functions) {
    if (definition.kind !== 'http') print(`  ${definition.name}: ${definition.kind}`)
  }
  print(`Master key: ${keys.masterKey}`)
  print(`Function key: ${keys.functionKey}`)
  print(`Event Grid key: ${keys.eventGridKey}`)
  print(`Ready: ${base}`)
  process.send?.({
    type: 'ready',
    port,
    keys,
    functions: functions.map(({ name, kind }) => ({ name, kind })),
  })
}

function endOnMessage(host: Host): void {
  let stopping = false
  function end(): void {
    if (stopping) return
    stopping = true
    host.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The host did not stop cleanly: ${stackOf(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  // When the parent is gone, for whatever reason, the host ends, too.
  process.on('disconnect', end)
}

async function main(): Promise<void> {
  allowClosedOutput()
  const args = readArguments(process.argv.slice(2))
  if (args === 'help') {
    process.stdout.write(help)
    return
  }
  const keys = readKeys(args.keysFile, process.env)
  const host = await startHost({
    appFolder: args.appFolder,
    port: args.port,
    keys,
    env: process.env,
    write: print,
    onGivenUp: (reason) => {
      process.stderr.write(`${reason}\n`)
      process.exit(1)
    },
  })
  endOnMessage(host)
  announce(host, keys)
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exit(1)
})
