import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstMissing, PageShell } from '../../support/page.ts'
import { pageBlocks, pageTags, walks } from '../../support/page-walk.ts'

describe('docs/local-azure.md', () => {
  it('has no marks but those that its tests know', () => {
    const known = Object.values(pageTags)
    expect(pageBlocks.flatMap((block) => block.tags).filter((tag) => !known.includes(tag))).toEqual([])
  })

  it('is walked whole', () => {
    const walked = new Set(Object.values(walks).flat())
    expect(new Set(pageBlocks.map(({ heading }) => heading))).toEqual(walked)
  })
})

describe('a block that is not as its page says', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-azure-page-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each([
    ['a line is missing', 'one\nthree', ['one', 'two'], 'two'],
    ['the order is another', 'two\none', ['one', 'two'], 'two'],
    ['a line goes on', 'one and more', ['one'], 'one'],
    ['what is around … differs', 'token ab c', ['token a…d'], 'token a…d'],
    ['… would have to be less than nothing', 'ab', ['ab…b'], 'ab…b'],
  ])('is found when %s', (_what, printed, expected, missing) => {
    expect(firstMissing(printed, expected)).toBe(missing)
  })

  it('is as it says when … stands for the rest, and lines between are left out', () => {
    expect(firstMissing('  "id": "7",\nnoise\ntwo words\n', ['"id": "…",', 'two …'])).toBeUndefined()
  })

  it('is found when a command of it fails, be it in the middle of a pipe', async () => {
    for (const code of ['false; echo after', 'false | cat', 'echo "$NEVER_SET"']) {
      const shell = new PageShell(folder, process.env, folder)
      await expect(shell.run(`echo before; ${code}`)).rejects.toThrow(/A command failed[^]*before/)
      await expect(shell.run('echo again')).rejects.toThrow('A command failed')
      await shell.close()
    }
  })
})
