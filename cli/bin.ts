import { main } from './main.ts'

const interruption = new AbortController()
process.on('SIGINT', () => {
  // Whoever insists is obeyed.
  if (interruption.signal.aborted) process.exit(130)
  interruption.abort()
})
// Whoever reads the output may stop reading (`| head`): nothing to tell, and no reason to stop a write midway.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: interruption.signal,
})
