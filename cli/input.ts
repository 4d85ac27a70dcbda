import { open } from 'node:fs/promises'
import { addAbortSignal, type Readable } from 'node:stream'
import type { LocatedRule } from '../shared/allow-list/file/read.ts'
import { visible } from '../shared/domain/printable.ts'
import type { FileProblem } from '../shared/located-text/problem.ts'
import { mostBytes } from '../shared/located-text/text-of-bytes.ts'
import { CommandFailed, type Io, withProgress } from './io.ts'

/** A rule file that was understood. */
export interface RuleFile {
  /** As it was named in the call; `standard input` for `-`. */
  readonly name: string
  readonly rules: readonly LocatedRule[]
  readonly sha256: string
}

const problemsOfFiles: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a folder',
}

/** What of a run is needed to read a file. */
interface Reader {
  readonly io: Io
  readonly stdin: Readable
}

/**
 * Reads a rule file, or says what is wrong with it, line by line: on standard output with `--json`, else on standard
 * error. Undefined when it was not understood; the command then ends with 2.
 * @param file `-` for standard input.
 * @throws CommandFailed (2) when it cannot be read at all.
 */
export async function readRules({ io, stdin }: Reader, file: string): Promise<RuleFile | undefined> {
  const name = nameOf(file)
  const bytes = await readInput(file, { io, stdin })
  const { readRuleFile } = await import('../shared/allow-list/file/read.ts')
  const read = await withProgress(io, `Reading ${name}`, bytes.length, (bar) =>
    Promise.resolve(readRuleFile(bytes, name, (done) => bar.at(done))),
  )
  if (read.problems === undefined) return { name, rules: read.rules, sha256: read.sha256 }
  sayProblems(io, file, read.problems)
  return undefined
}

/** Says what is wrong with a file, line by line: on standard output with `--json`, else on standard error. */
export function sayProblems(io: Io, file: string, problems: readonly FileProblem[]): void {
  const name = nameOf(file)
  if (io.isJson) io.out(JSON.stringify({ file: name, problems }))
  else io.note(problemLines(io, name, problems))
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : visible(file)
}

function problemLines(io: Io, name: string, problems: readonly FileProblem[]): string {
  return [
    ...problems.map(
      ({ line, column, sentence }) => `${io.coloured(`${name}:${line}:${column}`, 'red')}  ${sentence}`,
    ),
    `${name} is not understood; nothing was changed.`,
  ].join('\n')
}

/**
 * Reads a file or standard input: no more than it takes to see that it is too long.
 * @throws CommandFailed (2) when it cannot be read at all.
 */
export async function readInput(file: string, { io, stdin }: Reader): Promise<Uint8Array> {
  if (file === '-') return beginningOf(addAbortSignal(io.signal, stdin))
  let handle
  try {
    handle = await open(file)
    return await beginningOf(handle.createReadStream({ autoClose: false }))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new CommandFailed(`${visible(file)} cannot be read: ${problemsOfFiles[code] ?? code}.`, 2)
  } finally {
    await handle?.close()
  }
}

async function beginningOf(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Buffer | string)
    chunks.push(bytes)
    size += bytes.length
    if (size > mostBytes) break
  }
  return Buffer.concat(chunks)
}
