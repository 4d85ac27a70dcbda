import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { customRole } from '../../../shared/private-link/resource-types/custom-role.ts'
import { listsOfType, resourceTypes } from '../../../shared/private-link/resource-types/table.ts'

const script = join(import.meta.dirname, '../../../scripts/resource-types.ts')

function run(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [script, ...args], {
    env: { ...process.env, COLUMNS: '100' },
  })
}

describe('npm run resource-types', () => {
  it('shows each type with its note', async () => {
    const { stdout } = await run('--type', 'STORAGEACCOUNTS')
    expect(stdout).toMatch(/^Type +List +Verb +Version +Groups +Async +Sure\n/)
    expect(stdout).toMatch(
      /\nMicrosoft.Storage\/storageAccounts +value-array +PUT +2026-04-01 +no +no +documented\n/,
    )
    expect(stdout).toMatch(/\n {4}Approving what is approved is a 400/)
  })

  it('shows every column as JSON', async () => {
    const { stdout } = await run('--json')
    const shown = JSON.parse(stdout) as Record<string, unknown>[]
    expect(shown).toHaveLength(resourceTypes.length)
    expect(shown.map((row) => Object.keys(row).length)).toEqual(
      resourceTypes.map((row) => Object.keys(row).length),
    )
  })

  it('shows the role for the chosen types, and says how sure its names are beside it', async () => {
    const { stdout, stderr } = await run('--permissions', '--type', 'batch', '--type', 'keyvault/vaults')
    const rows = ['Microsoft.Batch/batchAccounts', 'Microsoft.KeyVault/vaults'].flatMap(listsOfType)
    const { Actions } = JSON.parse(stdout) as { Actions: string[] }
    expect([...Actions].sort()).toEqual([...customRole(rows).Actions].sort())
    expect(stderr).toMatch(/^For 1 of 2 lists the permissions follow the rule/)
  })

  it('says that no type has a text in its name, and ends with 1', async () => {
    await expect(run('--type', 'nosuch')).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'No type of the table has nosuch in its name.\n',
    })
  })

  it.each([
    [['--json', '--markdown'], 'Only one of --json, --markdown can be shown.'],
    [['--type', ''], "Option '--type' needs a value."],
    [['--type'], "Option '--type <value>' argument missing."],
    [['storage'], "Unexpected argument 'storage'."],
  ])('refuses %j in one sentence, and ends with 2', async (args, sentence) => {
    await expect(run(...args)).rejects.toMatchObject({
      code: 2,
      stderr: `${sentence}\nUsage: npm run resource-types [-- options]\n`,
    })
  })
})
