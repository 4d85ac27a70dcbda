import { parseArgs } from 'node:util'
import { startSimulatedAzure } from './start.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['AZURE_SIM_PORT'] ?? '7443' },
    state: { type: 'string', default: '.local' },
  },
})

await main(Number(values.port), values.state)

async function main(port: number, stateFolder: string): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`--port is "${values.port}"; wanted is a number from 0 to 65535.`)
    process.exitCode = 2
    return
  }
  try {
    const azure = await startSimulatedAzure({ port, stateFolder, log: (line) => console.log(line) })
    console.log(`Simulated Azure at ${azure.origin}; certificate to trust: ${azure.caFile}. Ctrl-C ends it.`)
    const stop = (): void => {
      void azure.stop()
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    const reason = isTaken
      ? `Port ${port} is taken. Stop the program that uses it, or choose another: npm run azure -- --port 7444`
      : `The simulated Azure did not start: ${String(error)}`
    console.error(reason)
    process.exitCode = 1
  }
}
