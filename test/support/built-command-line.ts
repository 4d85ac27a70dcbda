import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { inject } from 'vitest'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface CallOptions {
  /** Written to standard input. */
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  readonly onStart?: (child: ReturnType<typeof spawn>) => void
}

/** Runs the built command line as an operator's shell would, without a terminal and without an environment of ours. */
export async function call(
  args: readonly string[],
  { input = '', env = {}, onStart }: CallOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [inject('cliFile'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  onStart?.(child)
  // A program that has seen enough does not read to the end.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  // A test may close a stream itself.
  const ended = () => ''
  const [out, err] = await Promise.all([text(child.stdout).catch(ended), text(child.stderr).catch(ended)])
  return { code: await code, out, err }
}
