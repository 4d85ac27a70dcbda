import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { TableClient } from '@azure/data-tables'
import { expect, it, onTestFinished } from 'vitest'
import { startAzurite } from '../../support/azurite.ts'
import { until } from '../../support/running-stack.ts'

const rows = 200
const moduleUrl = pathToFileURL(join(import.meta.dirname, '../../../local/azurite.ts')).href

it('Azurite keeps its data when the process that started it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'azurite-data-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', programOn(folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const table = tableIn(line.toString().trim())
  await table.createTable()
  for (let first = 0; first < rows; first += 100) {
    await table.submitTransaction(
      Array.from({ length: 100 }, (_, index) => [
        'create',
        { partitionKey: 'p', rowKey: `row-${String(first + index)}` },
      ]),
    )
  }
  parent.kill('SIGKILL')
  await text(parent.stdout)
  await until(
    15,
    () => readFile(join(folder, '__azurite_db_table__.json'), 'utf8'),
    (saved) => saved.includes(`row-${String(rows - 1)}`),
  )

  const again = await startAzurite({ folder })
  onTestFinished(() => again.stop())
  const found = await Array.fromAsync(tableIn(again.connectionString).listEntities())
  expect(found).toHaveLength(rows)
}, 60_000)

function programOn(folder: string): string {
  return `import { startAzurite } from ${JSON.stringify(moduleUrl)}
    const { connectionString } = await startAzurite({ folder: ${JSON.stringify(folder)} })
    console.log(connectionString)`
}

function tableIn(connectionString: string): TableClient {
  return TableClient.fromConnectionString(connectionString, 'rows', { allowInsecureConnection: true })
}
