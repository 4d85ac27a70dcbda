import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverCertificate } from '../../../local/azure/certificate.ts'
import { noteRunning } from '../../../local/running.ts'

const script = join(import.meta.dirname, '../../../scripts/reset.ts')

describe('npm run reset', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reset-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  function reset(state: string): Promise<{ stdout: string }> {
    return promisify(execFile)(process.execPath, [script, '--state', state])
  }

  it('deletes state that nobody works on', async () => {
    const state = join(folder, 'idle')
    await serverCertificate(state)
    await expect(reset(state)).resolves.toMatchObject({
      stdout: expect.stringContaining('is gone') as string,
    })
    expect(existsSync(state)).toBe(false)
  })

  it('leaves state alone while somebody works on it', async () => {
    const state = join(folder, 'in-use')
    await serverCertificate(state)
    noteRunning(state, 'a connection string')
    await expect(reset(state)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Stop "npm start" first.') as string,
    })
    expect(existsSync(state)).toBe(true)
  })

  it('leaves a folder alone that does not look like state', async () => {
    const state = join(folder, 'photographs')
    await mkdir(state)
    await writeFile(join(state, 'holiday.jpg'), '')
    await expect(reset(state)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it has no ca.pem') as string,
    })
    expect(existsSync(join(state, 'holiday.jpg'))).toBe(true)
  })

  it('has nothing against there being no state', async () => {
    const { stdout } = await reset(join(folder, 'never-made'))
    expect(stdout).toContain('There is no local state')
  })
})
