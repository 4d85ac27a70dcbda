import type { Run } from '../command/run.ts'
import { readInput, sayProblems } from '../terminal/input.ts'
import { type CasesFile, readCasesFile } from './cases-file.ts'

/** A file of cases; undefined when it is invalid; its problems have been printed. */
export async function readCases(
  { io, stdin }: Pick<Run<unknown>, 'io' | 'stdin'>,
  path: string,
): Promise<CasesFile | undefined> {
  const { file, problems } = readCasesFile(await readInput(path, { io, stdin }))
  if (file) return file
  sayProblems(io, path, problems)
  return undefined
}
