import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const script = join(import.meta.dirname, '../../../scripts/build.ts')
const files = ['host.json', 'main.cjs', 'package.json']

describe('npm run build', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'build-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  function build(): Promise<unknown> {
    return promisify(execFile)(process.execPath, [script, '--out', folder])
  }

  it('writes into an empty folder, and over a former build', async () => {
    await build()
    await writeFile(join(folder, 'main.cjs'), '')
    await build()
    expect((await readdir(folder)).toSorted()).toEqual(files)
  })

  it('leaves a folder alone that holds anything else', async () => {
    await writeFile(join(folder, 'package.json'), 'mine')
    await writeFile(join(folder, 'letters.txt'), '')
    await expect(build()).rejects.toMatchObject({
      code: 1,
      stderr: `${folder} holds letters.txt, which is no part of a build: choose a folder that is new or empty.\n`,
    })
    expect((await readdir(folder)).toSorted()).toEqual(['letters.txt', 'package.json'])
  })
})
