import type { LocatedRule } from '../../shared/allow-list/file/read.ts'
import { nameOf, type Reader, readInput, sayProblems } from '../terminal/input.ts'
import { withProgress } from '../terminal/io.ts'

/** A rule file that was understood. */
export interface RuleFile {
  /** As it was named in the call; `standard input` for `-`. */
  readonly name: string
  readonly rules: readonly LocatedRule[]
  readonly sha256: string
}

/**
 * Reads a rule file, or prints its problems, line by line: on standard output with `--json`, else on standard error.
 * Undefined when the file is invalid; the command then exits with 2.
 * @param file `-` for standard input.
 * @throws CommandFailed (2) when it cannot be read at all.
 */
export async function readRules({ io, stdin }: Reader, file: string): Promise<RuleFile | undefined> {
  const name = nameOf(file)
  const bytes = await readInput(file, { io, stdin })
  const { readRuleFile } = await import('../../shared/allow-list/file/read.ts')
  const read = await withProgress(io, `Reading ${name}`, bytes.length, (bar) =>
    Promise.resolve(readRuleFile(bytes, name, (done) => bar.at(done))),
  )
  if (read.problems === undefined) return { name, rules: read.rules, sha256: read.sha256 }
  sayProblems(io, file, read.problems)
  return undefined
}
