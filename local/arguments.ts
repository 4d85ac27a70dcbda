interface Parsed {
  readonly values: object & { readonly help?: boolean | undefined }
}

/**
 * Reads the command line of a program. `--help` prints the help and ends the process with 0; an argument that
 * is unknown or has no value is named in one sentence, above the usage, and ends the process with 2.
 * @param help its first line says how the program is called.
 * @param parse a call of `parseArgs`.
 */
export function readArguments<T extends Parsed>(help: string, parse: () => T): T['values'] {
  try {
    const { values } = parse()
    const empty = Object.entries<unknown>({ ...values }).find(([, value]) => value === '')
    if (empty) throw new Error(`Option '--${empty[0]}' needs a value`)
    if (!values.help) return values
  } catch (error) {
    console.error(`${firstSentence(error)}\n${help.split('\n')[0] ?? ''}`)
    process.exit(2)
  }
  console.log(help)
  process.exit(0)
}

/** Without the advice that Node appends on positional arguments, which no program here takes. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return `${(message.split(/\.\s/)[0] ?? message).replace(/\.$/, '')}.`
}
