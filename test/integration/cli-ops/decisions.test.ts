import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noteRunning } from '../../../local/running.ts'
import { tableNames } from '../../../shared/config/table-names.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'

const notYet = 'The log could not be read: no log is kept there, the app has not run on that storage.\n'
const script = join(import.meta.dirname, '../../../local/decisions.ts')

describe('npm run decisions', () => {
  let azurite: Azurite
  let state: string

  beforeAll(async () => {
    azurite = await startAzurite()
    state = await mkdtemp(join(tmpdir(), 'decisions-'))
  })
  afterAll(async () => {
    await azurite.stop()
    await rm(state, { recursive: true, force: true })
  })

  function decisions(...args: string[]): Promise<{ stdout: string }> {
    return promisify(execFile)(process.execPath, [script, ...args])
  }

  it('finds the storage of what runs on a state folder', async () => {
    noteRunning(state, azurite.connectionString)
    await expect(decisions('--state', state)).rejects.toMatchObject({ stderr: notYet })
    for (const name of Object.values(tableNames)) {
      await TableClient.fromConnectionString(azurite.connectionString, name, {
        allowInsecureConnection: true,
      }).createTable()
    }
    expect((await decisions('--state', state)).stdout).toBe('The log is empty for these days.\n')
  })

  it('ends in silence when the reader of its output is gone', async () => {
    const child = spawn(process.execPath, [script, '--state', state])
    child.stdout.destroy()
    const ended = new Promise((resolve) => child.once('close', resolve))
    expect(await text(child.stderr)).toBe('')
    expect(await ended).toBe(0)
  })

  it('says that nothing runs on a state folder', async () => {
    await expect(decisions('--state', join(state, 'idle'))).rejects.toMatchObject({
      code: 1,
      stderr: `The log could not be read: no "npm start" works on ${join(state, 'idle')}.\n`,
    })
  })

  it.each(['garbage', 'AccountName=a;AccountKey=secret'])(
    'refuses %s as storage in one sentence',
    async (storage) => {
      await expect(decisions('--storage', storage)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /^The log could not be read: --storage [^\n]*expected: [^\n]*\n$/,
        ) as string,
      })
    },
  )
})
