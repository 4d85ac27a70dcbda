/**
 * Output and input of a command: results, remarks, questions. One instance per call of a command; tests make their own.
 */
export interface Io {
  /** One line or block of the result. Only this goes to standard output, so that it can be piped. */
  out(text: string): void
  /** A remark, a warning, the next step: standard error. */
  note(text: string): void
  /** True when `--json` was given: `out` then gets exactly one JSON value. */
  readonly isJson: boolean
  /** Characters per line for tables. */
  readonly width: number
  /** The text in a colour, on terminals only and unless NO_COLOR is set. */
  coloured(text: string, colour: Colour): string
  /**
   * A progress bar on standard error; nothing where that is no terminal.
   * @param total 0: unknown, only the count is shown.
   */
  progress(label: string, total: number): Progress
  /**
   * Asks for confirmation. True at once with `--yes`.
   * @param typed what has to be typed to confirm, where a `y` would be too easy.
   * @throws CommandFailed (2) when there is no terminal to ask at.
   */
  confirm(question: string, typed?: string): Promise<boolean>
  /** True at an interactive terminal. */
  readonly canAsk: boolean
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

export type Colour = 'green' | 'red' | 'yellow' | 'grey' | 'bold'

export interface Progress {
  /** How much is done by now, of the total. */
  at(done: number): void
  end(): void
}

/**
 * Shows a progress bar until the work ends or fails; work still running after a failure no longer changes it. `total`
 * is 0 where it is unknown.
 */
export async function withProgress<T>(
  io: Pick<Io, 'progress'>,
  label: string,
  total: number,
  work: (bar: Pick<Progress, 'at'>) => Promise<T>,
): Promise<T> {
  const bar = io.progress(label, total)
  let isOver = false
  const at = (done: number) => {
    if (!isOver) bar.at(done)
  }
  try {
    return await work({ at })
  } finally {
    isOver = true
    bar.end()
  }
}

/** What a command ends with. `2` is for what was usage error: options, files that are not understood. */
export type ExitCode = 0 | 1 | 2 | 130

/** Ends the command with one sentence for the user: what was wrong, and the next step. */
export class CommandFailed extends Error {
  override name = 'CommandFailed'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
