import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandFailed } from '../../../cli/terminal/io.ts'
import { writeResult } from '../../../cli/terminal/output.ts'
import { run } from '../../support/command-line.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'output-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a result in a file', () => {
  it('takes the place of another only where it may', async () => {
    const file = join(folder, 'rules.yaml')
    await writeResult(file, 'first', false)
    await expect(writeResult(file, 'second', false)).rejects.toThrow(
      new CommandFailed(`${file} is there already; --force replaces it.`),
    )
    expect(await readFile(file, 'utf8')).toBe('first')
    await writeResult(file, 'third', true)
    expect(await readFile(file, 'utf8')).toBe('third')
  })

  it.each([
    ['in a folder that is not there', 'nowhere/result.xml', 'there is no such folder'],
    ['in place of a folder', '.', 'it is a folder'],
    ['below a file', 'file/result.xml', 'a part of the path is no folder'],
  ])('%s is refused in one sentence, with 2', async (_, name, problem) => {
    await writeFile(join(folder, 'file'), '')
    const file = join(folder, name)
    await expect(writeResult(file, '', true)).rejects.toMatchObject({
      message: `${file} cannot be written: ${problem}. Name another file.`,
      exitCode: 2,
    })
  })

  it('of test --junit is refused so, after the results', async () => {
    await writeFile(join(folder, 'rules.yaml'), 'rules: []\n')
    const cases = join(folder, 'cases.yaml')
    await writeFile(cases, 'rules: rules.yaml\ncases: []\n')
    expect(await run(['test', cases, '--junit', join(folder, 'nowhere/junit.xml')])).toEqual({
      code: 2,
      out: 'There are no cases.\n',
      err: `${join(folder, 'nowhere/junit.xml')} cannot be written: there is no such folder. Name another file.\n`,
    })
  })
})
