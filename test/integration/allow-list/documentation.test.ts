import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AllowListStore } from '../../../shared/allow-list/table/store.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'

const projectFolder = fileURLToPath(new URL('../../../', import.meta.url))

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

it('the program in docs/allow-list.md writes a row that the store reads as a rule', async () => {
  const page = readFileSync(`${projectFolder}docs/allow-list.md`, 'utf8')
  const [, program = ''] = /```js\n(.*?)```/s.exec(page) ?? []
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: projectFolder,
    env: { ...process.env, AzureWebJobsStorage: azurite.connectionString },
  })
  const table = TableClient.fromConnectionString(azurite.connectionString, 'allowlist', {
    allowInsecureConnection: true,
  })
  expect(await new AllowListStore(new GuardedTable(table)).load()).toMatchObject({
    complete: true,
    rules: [{ id: 'sales-to-vault', targetTypes: ['Microsoft.KeyVault/vaults'] }],
  })
})
