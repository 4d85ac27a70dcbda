import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Send, Sends } from '../domain/sends.ts'
import { LedgerConflict } from '../ports/ledger.ts'
import type { SendsPort } from '../ports/sends.ts'
import { type GuardedTable, type Row, RowChanged, type StoredRow } from '../storage/guarded-table.ts'
import { orEmpty, readRow, schemaVersion } from './read-row.ts'
import { Turns } from './turns.ts'

type Table = Pick<GuardedTable, 'change'>

const rowKey = 'sends'
/** 72 bits: enough for the messages of an hour. */
const shortLength = 12

/** One row for each recipient and channel. Its name is hashed: a mail address is stored in no key. */
export class SendCounters implements SendsPort {
  readonly #table: Table
  readonly #turns = new Turns()

  constructor(table: Table) {
    this.#table = table
  }

  short(text: string): string {
    return createHash('sha256').update(text).digest('base64url').slice(0, shortLength)
  }

  change<T extends { readonly sends: Sends }>(name: string, decide: (before: Sends) => T): Promise<T> {
    return this.#turns.take(name, () => this.#changeRow(name, decide))
  }

  async #changeRow<T extends { readonly sends: Sends }>(
    name: string,
    decide: (before: Sends) => T,
  ): Promise<T> {
    try {
      return await this.#table.change(hashOf(name), rowKey, (row) => {
        const before = row ? sendsOf(row) : []
        const result = decide(before)
        return { write: result.sends === before ? 'keep' : columnsOf(result.sends), result }
      })
    } catch (error) {
      if (!(error instanceof RowChanged)) throw error
      throw new LedgerConflict('Others count at the same recipient.', { cause: error })
    }
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function columnsOf(sends: Sends): Row['columns'] {
  return { schemaVersion, sends: sends.map(packed).join(' ') }
}

const sendForm = /^([0-9a-z]{1,9})([.!])([\w-]*)\.([\w-]*)$/
const columns = z.object({
  sends: orEmpty(
    z
      .string()
      .transform((text) => text.split(' '))
      .pipe(
        z.array(
          z
            .string()
            .refine((text) => sendForm.test(text), 'a counted message')
            .transform(unpacked),
        ),
      ),
  ).transform((sends) => sends ?? []),
})

/** @throws Error for a row of another version, or one changed by hand: counting on it is refused. */
function sendsOf(row: StoredRow): Sends {
  return readRow('limits', row, columns, 'Delete the row: messages are then counted from here on.').sends
}

function packed({ at, key, source, isDigest }: Send): string {
  return `${at.toString(36)}${isDigest ? '!' : '.'}${key}.${source}`
}

function unpacked(text: string): Send {
  const [, at = '', digest, key = '', source = ''] = sendForm.exec(text) ?? []
  return { at: Number.parseInt(at, 36), isDigest: digest === '!', key, source }
}
