import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noteRunning } from '../../local/running.ts'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import { call } from '../support/built-command-line.ts'

const program = join(import.meta.dirname, '../../local/cli.ts')

describe('npm run cli', () => {
  let azurite: Azurite
  let state: string

  beforeAll(async () => {
    azurite = await startAzurite()
    state = await mkdtemp(join(tmpdir(), 'cli-local-'))
  })
  afterAll(async () => {
    await azurite.stop()
    await rm(state, { recursive: true, force: true })
  })

  function cli(...args: string[]): Promise<{ stdout: string }> {
    return promisify(execFile)(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'] } })
  }

  it('works on what runs in a state folder', async () => {
    noteRunning(state, azurite.connectionString, { AzureWebJobsStorage: azurite.connectionString })
    const { stdout } = await cli('allow-list', 'check', '--state', state)
    expect(stdout).toBe(
      `${new URL(/TableEndpoint=([^;]+)/.exec(azurite.connectionString)?.[1] ?? '').host}/devstoreaccount1: 0 rules, nothing found.\n`,
    )
  })

  it('says that nothing runs in a state folder', async () => {
    const idle = join(state, 'idle')
    await expect(cli('allow-list', 'check', '--state', idle)).rejects.toMatchObject({
      code: 2,
      stderr: `No "npm start" works on ${idle}.\n`,
    })
  })

  it('ends as the command ends', async () => {
    await expect(cli('allow-list', 'pln')).rejects.toMatchObject({ code: 2 })
    expect((await cli('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  describe('--settings', () => {
    async function settings(text: string): Promise<string> {
      const file = join(state, 'local.settings.json')
      await writeFile(file, text)
      return file
    }

    it('takes the Values of a local.settings.json as environment', async () => {
      const values = { AzureWebJobsStorage: azurite.connectionString, FUNCTIONS_WORKER_RUNTIME: 'node' }
      const file = await settings(`\uFEFF${JSON.stringify({ IsEncrypted: false, Values: values })}`)
      expect(await call(['allow-list', 'check', '--settings', file])).toMatchObject({ code: 0, err: '' })
    })

    it('yields to --storage', async () => {
      const file = await settings('{"Values":{"AzureWebJobsStorage":"garbage"}}')
      const args = ['allow-list', 'check', '--settings', file, '--storage', azurite.connectionString]
      expect(await call(args)).toMatchObject({ code: 0, err: '' })
    })

    it.each([
      ['not json', ' is not JSON'],
      ['{"IsEncrypted":true,"Values":{"A":"x"}}', ' is encrypted (func settings decrypt makes it readable)'],
      ['{"values":{}}', ' has no object "Values"'],
      ['{"Values":{"A":1}}', ' has a value of A that is no text'],
      ['null', ' has no object "Values"'],
    ])('refuses %s', async (text, problem) => {
      const file = await settings(text)
      expect(await call(['allow-list', 'check', '--settings', file])).toEqual({
        code: 2,
        out: '',
        err: `--settings ${file}${problem}; expected: a local.settings.json with "Values" in it.\n`,
      })
    })

    it('says which certificates it cannot use', async () => {
      const file = await settings('{"Values":{"NODE_EXTRA_CA_CERTS":"/nowhere/ca.pem"}}')
      const { code, err } = await call(['allow-list', 'check', '--settings', file])
      expect(code).toBe(2)
      expect(err).toMatch(
        /^NODE_EXTRA_CA_CERTS of \S+ names \/nowhere\/ca\.pem, which cannot be used \(ENOENT.*\)\.\n$/,
      )
    })

    it('refuses a file that is not there', async () => {
      expect((await call(['allow-list', 'check', '--settings', '/nowhere'])).err).toMatch(
        /^--settings \/nowhere cannot be read \(ENOENT\); expected: /,
      )
    })
  })

  it.each([
    [
      '--account',
      'St Approver',
      '--account is "St Approver"; expected: the name of a storage account, 3 to 24 small letters and digits.\n',
    ],
    [
      '--account',
      'no',
      '--account is "no"; expected: the name of a storage account, 3 to 24 small letters and digits.\n',
    ],
  ])('%s %s is answered in one sentence', async (option, value, err) => {
    expect(await call(['allow-list', 'check', option, value])).toEqual({ code: 2, out: '', err })
  })
})
