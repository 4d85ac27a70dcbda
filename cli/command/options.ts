import { type Command, InvalidArgumentError } from 'commander'

/** Adds `--yes`: for every command that asks for confirmation. */
export function withYes(command: Command): Command {
  return command.option('--yes', 'confirm every question with yes, as there is nobody to ask')
}

/** Reads the value of an option `<number>`. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^\d{1,9}$/.test(text) && number >= from && number <= to) return number
    throw new InvalidArgumentError(
      `Expected: a whole number from ${from.toLocaleString('en')} to ${to.toLocaleString('en')}.`,
    )
  }
}

/** Collects the values of an option that may be repeated. */
export function repeated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** Lines below the options of a command's help: examples, and what its exit codes mean. */
export interface HelpEnd {
  /** The arguments of the program, and what the call does. */
  readonly examples: readonly (readonly [call: string, meaning: string])[]
  /** What 0 and 1 mean here; 2 and 130 mean the same everywhere. */
  readonly exitCodes: Readonly<Record<0 | 1, string>>
}

export function withHelpEnd(command: Command, { examples, exitCodes }: HelpEnd): Command {
  const lines = [
    '',
    'Examples:',
    ...examples.flatMap(([call, meaning]) => [`  # ${meaning}`, `  private-endpoint-approver ${call}`]),
    '',
    'Exit codes:',
    `  0    ${exitCodes[0]}`,
    `  1    ${exitCodes[1]}`,
    '  2    usage error: an option, or a file that is not understood',
    '  130  stopped by Ctrl-C',
  ]
  return command.addHelpText('after', lines.join('\n'))
}
