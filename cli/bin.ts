import './older-node.ts'
import { main } from './main.ts'
import { allowClosed } from './terminal/closed-output.ts'

const interruption = new AbortController()
let interruptedAt = 0
process.on('SIGINT', () => {
  // A second Ctrl-C ends the process; one within a second may be the same one, delivered by terminal and npm.
  if (interruptedAt !== 0 && Date.now() - interruptedAt > 1_000) process.exit(130)
  interruptedAt ||= Date.now()
  interruption.abort()
  const hint = () => process.stderr.write('Stopping as soon as that is safe. Ctrl-C again ends at once.\n')
  setTimeout(hint, 1_000).unref()
})
allowClosed([process.stdout, process.stderr])

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: interruption.signal,
})
