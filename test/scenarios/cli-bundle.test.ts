import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { buildCli } from '../../build/command-line.ts'

describe('the built command line', () => {
  it('is one file that runs by itself, with nothing beside it', async () => {
    const { stdout, stderr } = await promisify(execFile)(inject('cliFile'), ['--version'], { cwd: tmpdir() })
    expect({ stdout, stderr }).toEqual({ stdout: `${manifest.version}\n`, stderr: '' })
  })

  it('imports no SDK before a command needs it, so that a help text does not wait', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cli-bundle-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const { metafile } = await buildCli(join(folder, 'main.mjs'))
    const atStart = new Set<string>()
    const follow = (file: string): void => {
      if (atStart.has(file)) return
      atStart.add(file)
      for (const { kind, path, external } of metafile.inputs[file]?.imports ?? []) {
        if (kind === 'import-statement' && !external) follow(path)
      }
    }
    follow('cli/bin.ts')
    const packages = [...atStart].flatMap(
      (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
    )
    expect([...new Set(packages)]).toEqual(['commander'])
    expect(Object.keys(metafile.inputs).some((file) => file.includes('node_modules/@azure/'))).toBe(true)
  })
})
