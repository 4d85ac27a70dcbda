import { PassThrough } from 'node:stream'
import { main } from '../../cli/main.ts'
import type { ExitCode } from '../../cli/terminal/io.ts'
import type { Streams } from '../../cli/terminal/streams.ts'

/** Streams and an environment of a test's own; `out` and `err` are what was written. */
export interface Around extends Streams {
  readonly stdin: PassThrough & { isTTY?: boolean }
  readonly out: () => string
  readonly err: () => string
  readonly interrupt: () => void
}

/** @param isTerminal whether all three streams are one. */
export function around({ isTerminal = false, columns = 100, env = {} } = {}): Around {
  const controller = new AbortController()
  const stream = () => Object.assign(new PassThrough(), { isTTY: isTerminal, columns, texts: [] as string[] })
  const [stdin, stdout, stderr] = [stream(), stream(), stream()]
  for (const one of [stdout, stderr]) one.on('data', (text: Buffer) => one.texts.push(text.toString()))
  return {
    stdin,
    stdout,
    stderr,
    env,
    signal: controller.signal,
    out: () => stdout.texts.join(''),
    err: () => stderr.texts.join(''),
    interrupt: () => controller.abort(),
  }
}

export interface Ended {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

/** Runs the program in this process. */
export async function run(args: readonly string[], streams = around()): Promise<Ended> {
  const code = await main(args, streams)
  return { code, out: streams.out(), err: streams.err() }
}
