import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readArguments } from '../arguments.ts'
import { whyNoPort } from '../ports.ts'
import { forgetRunning, noteRunning } from '../running.ts'
import { startSimulatedAzure } from './start.ts'

const help = `Usage: npm run azure -- [--port N] [--state FOLDER]

Runs the simulated Azure alone until Ctrl-C. docs/simulated-azure.md describes what it can do.

  --port N         where it listens on loopback; 0 takes a free port (default: AZURE_SIM_PORT, else 7443)
  --state FOLDER   where it keeps its resources, certificate and key (default: .local)
  --help           this text`

const values = readArguments(help, () =>
  parseArgs({
    options: {
      port: { type: 'string', default: process.env['AZURE_SIM_PORT'] ?? '7443' },
      state: { type: 'string', default: '.local' },
      help: { type: 'boolean' },
    },
  }),
)

await main(Number(values.port), values.state)

async function main(port: number, stateFolder: string): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`--port is "${values.port}"; expected a number from 0 to 65535.`)
    process.exitCode = 2
    return
  }
  try {
    await checkPort(port)
    mkdirSync(stateFolder, { recursive: true })
    noteRunning(stateFolder)
    const azure = await startSimulatedAzure({ port, stateFolder, log: (line) => console.log(line) })
    let stopping = false
    const stop = async (): Promise<void> => {
      if (stopping) return
      stopping = true
      await azure.stop()
      forgetRunning(stateFolder)
    }
    // A terminal and npm may both deliver Ctrl-C: the second one changes nothing.
    process.on('SIGINT', () => void stop())
    process.on('SIGTERM', () => void stop())
    console.log(`Simulated Azure at ${azure.origin}; certificate to trust: ${azure.caFile}. Ctrl-C ends it.`)
  } catch (error) {
    forgetRunning(stateFolder)
    console.error(
      `The simulated Azure did not start: ${error instanceof Error ? error.message : String(error)}`,
    )
    process.exitCode = 1
  }
}

async function checkPort(port: number): Promise<void> {
  const problem = port === 0 ? undefined : await whyNoPort(port)
  if (problem === undefined) return
  const stopIt = problem === 'is taken' ? 'stop the program that uses it, or ' : ''
  throw new Error(`Port ${port} ${problem}: ${stopIt}choose another with npm run azure -- --port 7444`)
}
