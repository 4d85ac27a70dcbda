import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LedgerTable } from '../../../shared/ledger/indexes.ts'
import { type Row, type Step, textColumn } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { newTable } from '../../support/ledger-tables.ts'
import { MemoryTable } from '../../support/memory-table.ts'

let azurite: Azurite

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

const place = fc.record({
  partitionKey: fc.constantFrom('p', 'q'),
  rowKey: fc.constantFrom('a', 'a:1', 'b'),
})
const row: fc.Arbitrary<Row> = fc
  .tuple(place, fc.integer({ min: 0, max: 9 }))
  .map(([at, value]) => ({ ...at, columns: { value } }))

/** A call, on a row as it was read last, or as it was some writes ago. */
const call = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'remove', 'putDerived', 'removeDerived', 'transaction'),
  row,
  isStale: fc.boolean(),
})
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never

async function make(table: LedgerTable, { kind, row, isStale }: Call): Promise<string> {
  const { partitionKey, rowKey } = row
  const etag = isStale ? 'W/"0"' : ((await table.read(partitionKey, rowKey))?.etag ?? 'W/"0"')
  try {
    if (kind === 'insert') await table.insert(row)
    else if (kind === 'replace') await table.replace(row, etag)
    else if (kind === 'remove') await table.remove(partitionKey, rowKey, etag)
    else if (kind === 'putDerived') await table.putDerived(row)
    else if (kind === 'removeDerived') await table.removeDerived(partitionKey, rowKey)
    else {
      const steps: Step[] = [
        { kind: 'replace', row, etag },
        { kind: 'insert', row: { ...row, rowKey: 'c' } },
      ]
      await table.transaction(steps)
    }
    return 'done'
  } catch (error) {
    return error instanceof Error ? error.name : 'thrown'
  }
}

async function contents(table: LedgerTable): Promise<unknown[]> {
  const filters = [
    `PartitionKey eq 'p'`,
    `PartitionKey ge 'p' and PartitionKey lt 'r'`,
    `RowKey ge 'a:' and RowKey lt 'a;'`,
    `Timestamp ge datetime'2020-01-01T00:00:00.000Z'`,
  ]
  const found = []
  for (const filter of filters) {
    const rows = await Array.fromAsync(table.query(filter))
    found.push(
      rows.map((one) => [textColumn(one, 'partitionKey'), textColumn(one, 'rowKey'), one.columns['value']]),
    )
  }
  return found
}

it('a table in memory does what one in storage does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 25 }), async (calls) => {
      const stored = await newTable(azurite, 'model')
      const memory = new MemoryTable(
        'model',
        () => new Date(),
        () => undefined,
      )
      for (const one of calls) {
        expect([one, await make(memory, one)]).toEqual([one, await make(stored, one)])
      }
      expect(await contents(memory)).toEqual(await contents(stored))
    }),
    { numRuns: 15 },
  )
})
