/** The part of Stryker's report that is used: https://github.com/stryker-mutator/mutation-testing-elements */
export interface MutationReport {
  readonly files: Readonly<Record<string, ReportedFile>>
}

interface ReportedFile {
  readonly source: string
  readonly mutants: readonly ReportedMutant[]
}

interface ReportedMutant {
  readonly status: string
  readonly replacement?: string
  readonly location: { readonly start: Position; readonly end: Position }
}

interface Position {
  readonly line: number
  readonly column: number
}

/** A mutant that no test noticed. */
export interface Survivor {
  /** Relative to `shared/`. */
  readonly file: string
  readonly line: number
  /** `{code} → {code of the mutant}`, in one line, shortened. */
  readonly change: string
}

const noticed: readonly string[] = ['Killed', 'Timeout']
const survived: readonly string[] = ['Survived', 'NoCoverage']
const maxCodeLength = 70

export interface Score {
  readonly noticed: number
  readonly all: number
  readonly percent: number
  readonly survivors: readonly Survivor[]
}

/** Mutants that cannot be run are not counted. */
export function scoreOf({ files }: MutationReport): Score {
  const survivors = Object.entries(files).flatMap(([path, file]) =>
    file.mutants
      .filter(({ status }) => survived.includes(status))
      .map((mutant) => survivor(path, file, mutant)),
  )
  const count = Object.values(files)
    .flatMap(({ mutants }) => mutants)
    .filter(({ status }) => noticed.includes(status)).length
  const all = count + survivors.length
  return { noticed: count, all, percent: all === 0 ? 0 : (count / all) * 100, survivors }
}

function survivor(
  path: string,
  { source }: ReportedFile,
  { location, replacement = '' }: ReportedMutant,
): Survivor {
  const change = `${oneLine(codeAt(source, location))} → ${oneLine(replacement)}`
  return { file: path.replace(/^shared\//, ''), line: location.start.line, change }
}

function codeAt(source: string, { start, end }: ReportedMutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  // Cut the end first: start and end may be in the same line.
  return lines
    .map((line, index) => (index === lines.length - 1 ? line.slice(0, end.column - 1) : line))
    .map((line, index) => (index === 0 ? line.slice(start.column - 1) : line))
    .join('\n')
}

function oneLine(code: string): string {
  const text = code.replace(/\s+/g, ' ').trim()
  return text.length > maxCodeLength ? `${text.slice(0, maxCodeLength - 1)}…` : text
}

/** A survivor as a row of the table in docs/mutation-testing.md, without a reason. */
export function asTableRow({ file, change }: Survivor): string {
  const code = change.replaceAll('|', '\\|').replaceAll('`', "'")
  return `| \`${file}\` | \`${code}\` |`
}

/** Survivors whose reason is missing from the documentation. */
export function withoutReason(survivors: readonly Survivor[], documentation: string): readonly Survivor[] {
  const lines = documentation.split('\n').map((line) => line.replace(/\s+/g, ' '))
  return survivors.filter((one) => !lines.some((line) => line.startsWith(`${asTableRow(one)} `)))
}
