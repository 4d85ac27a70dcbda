import { open } from 'node:fs/promises'
import { addAbortSignal, type Readable } from 'node:stream'
import { visible } from '../../shared/domain/printable.ts'
import type { FileProblem } from '../../shared/located-text/problem.ts'
import { maxBytes } from '../../shared/located-text/text-of-bytes.ts'
import { CommandFailed, type Io } from './io.ts'

const problemsOfFiles: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a folder',
}

/** What of a run is needed to read a file. */
export interface Reader {
  readonly io: Io
  readonly stdin: Readable
}

/** Prints the problems of a file, line by line: on standard output with `--json`, else on standard error. */
export function sayProblems(io: Io, file: string, problems: readonly FileProblem[]): void {
  const name = nameOf(file)
  if (io.isJson) io.out(JSON.stringify({ file: name, problems }))
  else io.note(problemLines(io, name, problems))
}

/** As the file is called in sentences: `standard input` for `-`. */
export function nameOf(file: string): string {
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
 * Reads a file or standard input, and stops when it is too long.
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
    if (size > maxBytes) break
  }
  return Buffer.concat(chunks)
}
