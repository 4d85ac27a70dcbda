import { expect, it } from 'vitest'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { sampleConnection, sampleTarget, stepTo } from '../../support/sample-request.ts'

/** As an earlier version may have written it, for an id with letters beyond A to Z. */
async function writtenUnderAnotherKey(): Promise<MemoryLedger> {
  const memory = new MemoryLedger(() => new Date('2026-11-21T08:00:00Z'))
  await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
  const former = 'f'.repeat(64)
  const rename = (text: string) =>
    text.replace(/^[0-9a-f]{64}$/, former).replace(/(?<=Z:)[0-9a-f]{64}$/, former)
  for (const table of [memory.requests, memory.index])
    for (const row of table.rows()) {
      const [partitionKey, rowKey] = [rename(row.partitionKey), rename(row.rowKey)]
      await table.removeDerived(row.partitionKey, row.rowKey)
      await table.putDerived({ ...row, partitionKey, rowKey })
    }
  return memory
}

it('a record under another key than its id has is reported by whoever finds it, and never used', async () => {
  const memory = await writtenUnderAnotherKey()
  const { ledger } = memory
  const reads = [
    () => Array.fromAsync(ledger.records()),
    () => Array.fromAsync(ledger.inState('open')),
    () => ledger.unfinishedOn(sampleTarget),
  ]
  for (const read of reads) {
    memory.unreadable.splice(0)
    expect(await read()).toEqual([])
    expect(memory.unreadable.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        'expected the subject of this partition, unless an earlier version wrote the row',
      ),
    ])
  }
  expect(await ledger.unfinishedTargets()).toEqual([sampleTarget.id])
})
