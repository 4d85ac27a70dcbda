import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, '../../bench/main.ts')
const run = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args])

describe('a benchmark', () => {
  it.each(['policy', 'messages', 'pages', 'escalations'])(
    '(%s) says how it is called, and prints figures beside what is expected',
    { timeout: 240_000 },
    async (name) => {
      expect((await run(name, '--help')).stdout).toContain(`Usage: npm run bench -- ${name}`)
      expect((await run(name, '--quick')).stdout).toMatch(/expected: /)
    },
  )

  it('without a name is none: all are listed', async () => {
    expect((await run()).stdout).toMatch(/policy .*\n.*messages .*\n.*pages .*\n.*escalations /)
  })

  it('that there is not is an error that names all', async () => {
    await expect(run('nonsense')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('policy, messages, pages, escalations') as string,
    })
  })
})
