import type { GuardedTable, Row } from '../shared/storage/guarded-table.ts'
import { inParallel } from '../shared/storage/in-parallel.ts'
import { FakeDelivery } from '../test/support/fake-delivery.ts'
import { confirmed, pageRecord } from '../test/support/sample-pages.ts'
import { tableIn } from './storage.ts'

const atOnce = 32
const rowsAtOnce = 100
const eachRequester = 20
const { nearest } = pageRecord().lastEntry

/**
 * Writes the rows of requests that were opened for manual review at once, with the notification of each: every second
 * one is of one requester, the others of requesters with twenty each.
 */
export async function writeEscalations(
  storage: string,
  count: number,
  onProgress: (written: number) => void,
): Promise<void> {
  const delivery = new FakeDelivery()
  delivery.time = Date.now()
  const { requests, index } = delivery.memory
  for (let number = 0; number < count; number += 1) {
    const proof = { ...confirmed, requester: requesterOf(number) }
    await delivery.ask(`n${number}`, {}, { proof, nearest })
  }
  let written = 0
  await inParallel(byPartition(requests.rows()), atOnce, async (rows) => {
    await insert(tableIn(storage, 'requests'), rows)
    written += 1
    if (written % 1000 === 0) onProgress(written)
  })
  await inParallel(byPartition(index.rows()), atOnce, (rows) =>
    insert(tableIn(storage, 'requestIndex'), rows),
  )
}

function requesterOf(number: number) {
  const { requester } = confirmed
  if (!requester) throw new Error('The sample names no requester.')
  const name = number % 2 === 0 ? 'adf-all' : `adf-${Math.floor(number / 2 / eachRequester)}`
  const change = (text: string) => text.replace('adf-sales', name)
  const { id } = requester
  return { ...requester, id: { ...id, id: change(id.id), key: change(id.key), name } }
}

function byPartition(rows: readonly Row[]): readonly (readonly Row[])[] {
  return [...Map.groupBy(rows, ({ partitionKey }) => partitionKey).values()]
}

async function insert(table: GuardedTable, rows: readonly Row[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce)
    await table.transaction(some.map((row) => ({ kind: 'insert', row })))
  }
}
