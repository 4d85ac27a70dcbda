import { z } from 'zod'
import { type GuardedTable, type Row, RowChanged, type StoredRow } from '../../storage/guarded-table.ts'
import { newKey, type RandomText } from '../keys.ts'
import type { LinkKeysPort } from '../ports.ts'
import type { LinkKey, LinkKeys } from '../token.ts'

type Table = Pick<GuardedTable, 'read' | 'insert' | 'replace'>

/** Keys as they were read, and what guards their next write. */
export interface StoredLinkKeys {
  readonly keys: LinkKeys
  readonly version: string
}

const place = { partitionKey: 'link-keys', rowKey: 'link-keys' }
const text = z.string().min(1)
const time = z.iso.datetime().transform((iso) => new Date(iso))

const columns = z.object({
  currentId: text,
  currentSecret: text,
  currentMadeAt: time,
  previousId: z.string(),
  previousSecret: z.string(),
  previousMadeAt: time.or(z.literal('').transform(() => new Date(0))),
})

/** The keys of links, in one row. */
export class StoredKeys implements LinkKeysPort {
  readonly #table: Table
  readonly #random: RandomText
  readonly #now: () => Date

  constructor(table: Table, random: RandomText, now: () => Date) {
    this.#table = table
    this.#random = random
    this.#now = now
  }

  /** @throws Error for a row that cannot be read: new keys would end every link without a word. */
  async load(): Promise<LinkKeys> {
    const stored = await this.read()
    if (stored) return stored.keys
    const keys = { current: newKey(this.#random, this.#now()), previous: undefined }
    try {
      await this.#table.insert(rowOf(keys))
      return keys
    } catch (error) {
      if (!(error instanceof RowChanged)) throw error
      return this.load()
    }
  }

  /** Undefined before the first start of the app. */
  async read(): Promise<StoredLinkKeys | undefined> {
    const row = await this.#table.read(place.partitionKey, place.rowKey)
    return row && { keys: keysOf(row), version: row.etag }
  }

  /** @throws RowChanged when somebody else rotated them since. */
  async replace({ version }: StoredLinkKeys, keys: LinkKeys): Promise<void> {
    await this.#table.replace(rowOf(keys), version)
  }
}

function keysOf(row: StoredRow): LinkKeys {
  const read = columns.safeParse(row.columns)
  // What does not fit may be a secret.
  if (!read.success)
    throw new Error('The keys of review links cannot be read; delete their row to make new ones.')
  const { currentId, currentSecret, currentMadeAt, previousId, previousSecret, previousMadeAt } = read.data
  return {
    current: { id: currentId, secret: currentSecret, madeAt: currentMadeAt },
    previous:
      previousId === '' ? undefined : { id: previousId, secret: previousSecret, madeAt: previousMadeAt },
  }
}

function rowOf({ current, previous }: LinkKeys): Row {
  return { ...place, columns: { ...columnsOf('current', current), ...columnsOf('previous', previous) } }
}

function columnsOf(which: 'current' | 'previous', key: LinkKey | undefined): Record<string, string> {
  return {
    [`${which}Id`]: key?.id ?? '',
    [`${which}Secret`]: key?.secret ?? '',
    [`${which}MadeAt`]: key?.madeAt.toISOString() ?? '',
  }
}
