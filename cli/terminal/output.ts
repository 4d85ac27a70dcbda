import { writeFile } from 'node:fs/promises'
import { visible } from '../../shared/domain/printable.ts'
import { CommandFailed } from './io.ts'

const problemsOfFiles: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is no folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOSPC: 'no space is left',
}

/**
 * Writes a result into a file that the call names.
 * @param mayReplace whether the file may be there already.
 * @throws CommandFailed (1) when it is there and may not be replaced, (2) when it cannot be written.
 */
export async function writeResult(file: string, text: string, mayReplace: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: mayReplace ? 'w' : 'wx' })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw code === 'EEXIST'
      ? new CommandFailed(`${visible(file)} is there already; --force replaces it.`)
      : new CommandFailed(
          `${visible(file)} cannot be written: ${problemsOfFiles[code] ?? code}. Name another file.`,
          2,
        )
  }
}
