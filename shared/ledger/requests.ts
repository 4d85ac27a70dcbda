import { odata } from '@azure/data-tables'
import type { LogEntry } from '../domain/log-entry.ts'
import { isUnfinished } from '../domain/request.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { FoundRequest, RequestsPort, SomeOf } from '../ports/requests.ts'
import type { StoredRow } from '../storage/guarded-table.ts'
import { inParallel } from '../storage/in-parallel.ts'
import { decisionRow } from './decision-row.ts'
import { endedOfPartition, endedOnPartition, placeOfEnded } from './ended-index.ts'
import { isBorneOut, type LedgerTable, Pointers, recordKeyIn } from './indexes.ts'
import { keyOf, stateRowKey } from './keys.ts'
import { placeOf } from './read-row.ts'
import { chainedOf, recordOf } from './rows.ts'
import { SharedReads } from './shared-reads.ts'
import { orReported, type ReportUnreadable } from './unreadable-row.ts'

const readsAtOnce = 16

/**
 * Requests as pages show them. Index rows that prove stale are left where they are: reading changes nothing. Those who
 * open a page with many requests at once share its reads.
 */
export class Requests implements RequestsPort {
  readonly #requests: LedgerTable
  readonly #index: LedgerTable
  readonly #report: ReportUnreadable
  readonly #pointers: Pointers
  readonly #lists = new SharedReads<SomeOf>()

  constructor(requests: LedgerTable, index: LedgerTable, report: ReportUnreadable) {
    this.#requests = requests
    this.#index = index
    this.#report = report
    this.#pointers = new Pointers(index, () => new Date())
  }

  async find(decisionId: string): Promise<FoundRequest | undefined> {
    const found = await decisionRow(this.#requests, decisionId)
    if (!found) return undefined
    const state = await this.#requests.read(placeOf(found.row).partitionKey, stateRowKey)
    return state && { entry: found.entry, record: recordOf(this.#requests.name, state) }
  }

  open(max: number): Promise<SomeOf> {
    return this.#lists.read(`open ${max}`, () =>
      this.#some(this.#pointers.ofState('open'), max, (record, pointer) =>
        isBorneOut(pointer, recordKeyIn(pointer), record.request),
      ),
    )
  }

  unfinishedOn(target: ResourceId, max: number): Promise<SomeOf> {
    return this.#some(this.#pointers.ofTarget(keyOf(target)), max, ({ request }) => isUnfinished(request))
  }

  /** Keys of the records of a burst case that may be unfinished. */
  async *keysInBurstCase(caseId: string): AsyncGenerator<string> {
    for await (const pointer of this.#pointers.ofCase(caseId)) yield recordKeyIn(pointer)
  }

  /** The same of a target. */
  async *keysOnTarget(target: ResourceId): AsyncGenerator<string> {
    for await (const pointer of this.#pointers.ofTarget(keyOf(target))) yield recordKeyIn(pointer)
  }

  /** The record of a key; undefined: there is none, or it cannot be read, which is reported. */
  async recordAt(key: string): Promise<RequestRecord | undefined> {
    const row = await this.#requests.read(key, stateRowKey)
    return row && orReported(this.#report, () => recordOf(this.#requests.name, row))
  }

  endedOn(target: ResourceId, max: number): Promise<readonly LogEntry[]> {
    return this.#ended(endedOnPartition(target), max)
  }

  endedOf(requester: { readonly key: string }, max: number): Promise<readonly LogEntry[]> {
    return this.#ended(endedOfPartition(requester), max)
  }

  /** Records of the first pointers. Those beyond are counted by their pointers, a few of which may be stale. */
  async #some(
    pointers: AsyncIterable<StoredRow>,
    max: number,
    isOne: (record: RequestRecord, pointer: StoredRow) => boolean,
  ): Promise<SomeOf> {
    const records: RequestRecord[] = []
    let waiting: StoredRow[] = []
    let beyond = 0
    const take = async () => {
      const read = await inParallel(waiting, readsAtOnce, async (pointer) => {
        const record = await this.recordAt(recordKeyIn(pointer))
        return record && isOne(record, pointer) ? record : undefined
      })
      records.push(...read.filter((record) => record !== undefined))
      waiting = []
    }
    for await (const pointer of pointers) {
      if (records.length >= max) beyond += 1
      else waiting.push(pointer)
      if (records.length + waiting.length >= max && waiting.length > 0) await take()
    }
    await take()
    return { records, total: records.length + beyond }
  }

  async #ended(partition: string, max: number): Promise<readonly LogEntry[]> {
    const places = []
    for await (const row of this.#index.query(odata`PartitionKey eq ${partition}`, { pageSize: max })) {
      places.push(placeOfEnded(row))
      if (places.length === max) break
    }
    const entries = await inParallel(places, readsAtOnce, async ({ partitionKey, rowKey }) => {
      const row = await this.#requests.read(partitionKey, rowKey)
      return row && orReported(this.#report, () => chainedOf(this.#requests.name, row).entry)
    })
    return entries.filter((entry) => entry !== undefined)
  }
}
