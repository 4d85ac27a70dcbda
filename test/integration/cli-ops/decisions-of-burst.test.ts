import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tableNames } from '../../../shared/config/table-names.ts'
import { Bursts } from '../../../shared/ledger/bursts.ts'
import { Ledger } from '../../../shared/ledger/ledger.ts'
import { review } from '../../../shared/review/review-target.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { connection, FakeReview } from '../../support/fake-review.ts'

let azurite: Azurite

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

it('the log as a table shows the first decision of a burst, and the others of its case as a number', async () => {
  const table = async (name: string) => {
    const guarded = new GuardedTable(
      TableClient.fromConnectionString(azurite.connectionString, name, { allowInsecureConnection: true }),
    )
    await guarded.create()
    return guarded
  }
  const world = new FakeReview()
  world.time = Date.now()
  world.burstLimits.perRequester = 1
  world.live = [connection('a'), connection('b'), connection('c')]
  const ledger = new Ledger(
    await table(tableNames.requests),
    await table(tableNames.requestIndex),
    (problem) => {
      throw problem
    },
  )
  await review(
    { ...world.ports, ledger, bursts: new Bursts(await table(tableNames.bursts)) },
    world.message(),
  )

  const script = join(import.meta.dirname, '../../../local/decisions.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    ...['--storage', azurite.connectionString],
  ])
  expect(stdout.match(/manual review +│/g)).toHaveLength(1)
  expect(stdout.match(/│ … and 1 more of this case +│/g)).toHaveLength(1)
  expect(stdout).toContain('sales-to-lake v3')
})
