import type { Readable } from 'node:stream'
import { type Command, CommanderError } from 'commander'
import { connect, type Connected } from '../place/connect.ts'
import type { PlaceOptions } from '../place/options.ts'
import { CommandFailed, type ExitCode, type Io } from '../terminal/io.ts'
import type { Streams } from '../terminal/streams.ts'
import { createIo, type IoOptions } from '../terminal/terminal.ts'
import { sentenceOf } from './explain-error.ts'

/** Names of errors about storage and Azure settings, from options or the environment. */
const ofWrongPlace = ['SettingsError', 'ConnectionStringError']

/** What a command works with. */
export interface Run<Options> {
  readonly io: Io
  /** Its own options and the global ones, by their camel-case names. */
  readonly options: Options
  /** The app's tables and Azure; opened at first use. */
  readonly connected: Connected
  /** For input that is `-`. */
  readonly stdin: Readable
  readonly now: () => Date
}

/** Handed to every `add<Name>Command(parent, cli)`. */
export interface Cli {
  /**
   * Makes the action of a command. `work` gets `run` and then the arguments of the command, and returns the exit code;
   * what it throws becomes one sentence and an exit code.
   */
  action<Options>(
    work: (run: Run<Options>, ...args: never[]) => Promise<ExitCode>,
  ): (...given: unknown[]) => Promise<void>
}

/**
 * Parses the arguments, runs the command and returns its exit code. Never throws.
 * @param add puts the commands into the program.
 */
export async function runProgram(
  add: (cli: Cli) => Command,
  args: readonly string[],
  around: Streams,
): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const cli: Cli = {
    action:
      (work) =>
      async (...given) => {
        const command = given.at(-1) as Command
        const options = command.optsWithGlobals<IoOptions & PlaceOptions>()
        exitCode = await work(
          {
            io: createIo(around, options),
            options: options as never,
            connected: connect(options, around.env),
            stdin: around.stdin,
            now: () => new Date(),
          },
          ...(given.slice(0, -2) as never[]),
        )
      },
  }
  try {
    await add(cli).parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    return ended(error, around)
  }
}

function ended(error: unknown, { stderr, signal, env }: Streams): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    if (error.code !== 'commander.help') stderr.write(`${spoken(error.message)}\n`)
    return 2
  }
  const isOurs = error instanceof CommandFailed
  const isStopped = signal.aborted && (!isOurs || error.exitCode === 130)
  stderr.write(`${isStopped && !isOurs ? 'Stopped.' : sentenceOf(error)}\n`)
  if (env['DEBUG'] && error instanceof Error) stderr.write(`${error.stack ?? ''}\n`)
  if (isStopped) return 130
  return isOurs ? error.exitCode : error instanceof Error && ofWrongPlace.includes(error.name) ? 2 : 1
}

/** `error: unknown option '--jsn'\n(Did you mean --json?)` → `Unknown option '--jsn' (did you mean --json?).` */
function spoken(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\.?\n\(Did/, ' (did')
    .replace(/\.$/, '')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. --help shows what there is.`
}
