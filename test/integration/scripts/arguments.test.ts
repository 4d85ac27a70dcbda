import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const programs = [
  'local/start.ts',
  'local/azure/main.ts',
  'scripts/build.ts',
  'local/decisions.ts',
  'scripts/reset.ts',
  'scripts/resource-types.ts',
  'bench/policy.ts',
]

function run(program: string, ...args: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [join(root, program), ...args])
}

describe.each(programs)('%s', (program) => {
  it('tells with --help how it is called', async () => {
    expect((await run(program, '--help')).stdout).toMatch(/^Usage: npm (run|start)/)
  })

  it('names an argument that it does not know, and shows the usage', async () => {
    await expect(run(program, '--sate', 'x')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Unknown option '--sate'\.\nUsage: [^\n]+\n$/) as string,
    })
  })
})

describe.each(programs.filter((program) => /start|azure|decisions|reset/.test(program)))('%s', (program) => {
  it.each([['--state'], ['--state=']])('names an argument without its value: %s', async (argument) => {
    await expect(run(program, argument)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^[^\n]*--state[^\n]*\.\nUsage: [^\n]+\n$/) as string,
    })
  })
})
