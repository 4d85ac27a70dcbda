import { createHash } from 'node:crypto'
import { odata } from '@azure/data-tables'
import { z } from 'zod'
import type { Counted, BurstWindow } from '../domain/burst.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Outcome } from '../domain/verdict.ts'
import type { BurstCounterKey, BurstsPort } from '../ports/bursts.ts'
import { LedgerConflict } from '../ports/ledger.ts'
import {
  type GuardedTable,
  type Row,
  RowChanged,
  type StoredRow,
  textColumn,
} from '../storage/guarded-table.ts'
import { orEmpty, placeOf, readRow, schemaVersion } from './read-row.ts'
import { removeUnchanged } from './remove-unchanged.ts'
import { Turns } from './turns.ts'

type Table = Pick<GuardedTable, 'change' | 'query' | 'remove'>

/** 96 bits. */
const keyLength = 16
const never = ''
/** Requests with this verdict are held while the case of their source is open. */
const holding: Outcome = 'approve'

/**
 * One row for each source and verdict counter. A source is a partition of its own, so that a burst of one does not slow
 * down the others.
 */
export class Bursts implements BurstsPort {
  readonly #table: Table
  readonly #turns = new Turns()

  constructor(table: Table) {
    this.#table = table
  }

  requestKey(connectionId: ResourceId, episode: number): string {
    return createHash('sha256')
      .update(`${connectionId.key}\n${episode}`)
      .digest('base64url')
      .slice(0, keyLength)
  }

  /** Requests of one source queue up within an instance; only instances meet at the row. */
  change<T extends { readonly window: BurstWindow }>(
    counterKey: BurstCounterKey,
    decide: (before: BurstWindow | undefined) => T,
  ): Promise<T> {
    const name = `${counterKey.outcome} ${counterKey.source}`
    return this.#turns.take(name, () => this.#changeRow(counterKey, decide))
  }

  async #changeRow<T extends { readonly window: BurstWindow }>(
    counterKey: BurstCounterKey,
    decide: (before: BurstWindow | undefined) => T,
  ): Promise<T> {
    try {
      return await this.#table.change(partitionKeyOf(counterKey), counterKey.outcome, (row) => {
        const before = row && windowOf(row)
        const result = decide(before)
        return { write: result.window === before ? 'keep' : columnsOf(counterKey, result.window), result }
      })
    } catch (error) {
      if (!(error instanceof RowChanged)) throw error
      throw new LedgerConflict('Others count at the same source.', { cause: error })
    }
  }

  async forgetBefore(time: Date, isOpen: (caseId: string) => Promise<boolean>): Promise<number> {
    let forgotten = 0
    for await (const row of this.#table.query(odata`newestAt lt ${time.toISOString()}`)) {
      const caseId = textColumn(row, 'rowKey') === holding ? textColumn(row, 'caseId') : ''
      if (caseId !== '' && (await isOpen(caseId))) continue
      if (await removeUnchanged(this.#table, placeOf(row), row.etag)) forgotten += 1
    }
    return forgotten
  }
}

function partitionKeyOf({ source }: BurstCounterKey): string {
  return createHash('sha256').update(source).digest('hex')
}

function columnsOf(counterKey: BurstCounterKey, { counted, caseId, overAt }: BurstWindow): Row['columns'] {
  return {
    schemaVersion,
    source: counterKey.source,
    caseId: caseId ?? '',
    overAt: overAt === undefined ? never : iso(overAt),
    newestAt: iso(counted.at(-1)?.at ?? 0),
    counted: counted.map(packed).join(' '),
  }
}

const time = z.iso.datetime().transform((text) => Date.parse(text))

const countedForm = /^([0-9a-z]{1,9})([.!])([\w-]{1,32})$/
const countedText = z.string().refine((text) => countedForm.test(text), 'a counted request')

const columns = z.object({
  counted: z
    .string()
    .transform((text) => text.split(' '))
    .pipe(z.array(countedText.transform(unpacked))),
  caseId: orEmpty(z.string()),
  overAt: orEmpty(time),
})

/** @throws Error for a row of another version, or one changed by hand: counting on it is refused. */
function windowOf(row: StoredRow): BurstWindow {
  const fix = 'Delete the row: the requests of this source are then counted from here on.'
  return readRow('bursts', row, columns, fix)
}

/** Short: a row must hold a thousand of them in 32,000 characters. */
function packed({ at, isOver, key }: Counted): string {
  return `${at.toString(36)}${isOver ? '!' : '.'}${key}`
}

function unpacked(text: string): Counted {
  const [, at = '', overFlag, key = ''] = countedForm.exec(text) ?? []
  return { at: Number.parseInt(at, 36), isOver: overFlag === '!', key }
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
