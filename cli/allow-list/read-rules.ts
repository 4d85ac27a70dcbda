import type { FileContent } from '../../shared/allow-list/file/read.ts'
import { forms, type ListContent, listNames } from '../../shared/allow-list/routing/forms.ts'
import { keyOfItem } from '../../shared/allow-list/table/rows.ts'
import { nameOf, type Reader, readInput, sayProblems } from '../terminal/input.ts'
import { withProgress } from '../terminal/io.ts'
import { shownKey } from './changes-view.ts'

/** A rule file that was understood. */
export interface RuleFile extends FileContent {
  /** As it was named in the call; `standard input` for `-`. */
  readonly name: string
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
  if (read.problems === undefined) return { name, ...read }
  sayProblems(io, file, read.problems)
  return undefined
}

/** What the file makes the list, without places. */
export function contentOf({ rules, channels, routes }: FileContent): ListContent {
  return {
    rules: rules.map(({ content }) => content),
    channels: channels.map(({ content }) => content),
    routes: routes.map(({ content }) => content),
  }
}

/** The first line of each item, by the key that findings and changes have: `sales-to-lake`, `route:finance`. */
export function linesOf(file: FileContent): ReadonlyMap<string, number> {
  return new Map(
    listNames.flatMap((list) =>
      file[list].map(({ content, line }): [string, number] => [
        shownKey(keyOfItem(forms[list], content)),
        line,
      ]),
    ),
  )
}
