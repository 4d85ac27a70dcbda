import { readInput, sayProblems } from '../input.ts'
import type { Run } from '../run.ts'
import { readCasesFile, type CasesFile } from './cases-file.ts'

/** A file of cases; undefined when it was not understood, which has been said. */
export async function readCases(
  { io, stdin }: Pick<Run<unknown>, 'io' | 'stdin'>,
  path: string,
): Promise<CasesFile | undefined> {
  const { file, problems } = readCasesFile(await readInput(path, { io, stdin }))
  if (file) return file
  sayProblems(io, path, problems)
  return undefined
}
