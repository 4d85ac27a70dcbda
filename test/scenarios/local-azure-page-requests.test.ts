import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Stack, startStack } from '../../local/stack.ts'
import { type Block, firstMissing, PageShell, readBlocks } from '../support/page.ts'

const project = join(import.meta.dirname, '../..')
const blocks = readBlocks(readFileSync(join(project, 'docs/local-azure.md'), 'utf8'))
const hasAzureCli = spawnSync('az', ['version'], { stdio: 'ignore' }).status === 0
const needsAzureCli = process.env['REQUIRE_AZURE_CLI'] === '1'
const tags = { azureCli: 'az', stackIsStopped: 'stopped' }

describe('docs/local-azure.md, block by block in one shell', () => {
  let folder: string
  let stack: Stack
  let shell: PageShell
  let hasFailed = false

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-azure-page-'))
    const stateFolder = join(folder, 'state')
    await mkdir(join(folder, 'blocks'))
    stack = await startStack({
      ports: { functionsApp: 0, azure: 0, storage: 0 },
      stateFolder,
      persist: false,
      appFolder: inject('appFolder'),
    })
    const environment = {
      ...process.env,
      PORT: new URL(stack.functionsApp().origin).port,
      AZURE_SIM_PORT: new URL(stack.azure.origin).port,
      STATE: stateFolder,
      AzureWebJobsStorage: stack.storage,
      AZURE_CORE_COLLECT_TELEMETRY: 'no',
    }
    shell = new PageShell(join(folder, 'blocks'), environment, project)
  })
  afterAll(async () => {
    await shell.close()
    await stack.stop()
    await rm(folder, { recursive: true, force: true })
  })

  for (const block of blocks) {
    const isLeftOut = block.tags.includes(tags.azureCli) && !hasAzureCli && !needsAzureCli
    const why = isLeftOut
      ? ' (left out: az is not on the PATH; REQUIRE_AZURE_CLI=1 makes that a failure)'
      : ''
    it.skipIf(isLeftOut)(`${titleOf(block)}${why}`, { timeout: 180_000 }, async ({ skip }) => {
      skip(hasFailed, 'an earlier block failed, on which this one builds')
      hasFailed = true
      if (block.tags.includes(tags.stackIsStopped)) await stack.stop()
      const printed = await shell.run(block.code)
      expect(firstMissing(printed, block.expected), `is not in what was printed:\n${printed}`).toBeUndefined()
      hasFailed = false
    })
  }
})

it('the page has no marks but those that this test knows', () => {
  const known = Object.values(tags)
  expect(blocks.flatMap((block) => block.tags).filter((tag) => !known.includes(tag))).toEqual([])
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

function titleOf({ heading, line, code }: Block): string {
  return `${heading}, line ${line}: ${code.split('\n').find((text) => !text.startsWith('#')) ?? ''}`
}
