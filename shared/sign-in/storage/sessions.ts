import { odata } from '@azure/data-tables'
import { z } from 'zod'
import { personRoles } from '../../domain/caller.ts'
import {
  type GuardedTable,
  type Row,
  RowChanged,
  type StoredRow,
  textColumn,
} from '../../storage/guarded-table.ts'
import type { Session, SessionsPort, StoredSession } from '../ports.ts'

type Table = Pick<GuardedTable, 'read' | 'insert' | 'replace' | 'remove' | 'removeDerived' | 'query'>

const sessionPartition = 'session'
const usedPartition = 'used'

const time = z.iso.datetime().transform((text) => new Date(text))
const words = z.string().transform((text) => (text === '' ? [] : text.split(' ')))

const columns = z.object({
  tenantId: z.string(),
  objectId: z.string(),
  name: z.string(),
  roles: words.pipe(z.array(z.enum(personRoles))),
  groups: words,
  createdAt: time,
  expiresAt: time,
  lastUsedAt: time,
})

/** The table of sessions. A row that cannot be read counts as no session. */
export class Sessions implements SessionsPort {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  async read(key: string): Promise<StoredSession | undefined> {
    const row = await this.#table.read(sessionPartition, key)
    return row && stored(row)
  }

  async insert(key: string, session: Session): Promise<void> {
    await this.#table.insert(rowOf(key, session))
  }

  async touch({ key, version, session }: StoredSession, at: Date): Promise<boolean> {
    return unlessChanged(() => this.#table.replace(rowOf(key, { ...session, lastUsedAt: at }), version))
  }

  async remove(key: string): Promise<void> {
    await this.#table.removeDerived(sessionPartition, key)
  }

  async wasUsed(name: string): Promise<boolean> {
    return (await this.#table.read(usedPartition, name)) !== undefined
  }

  async useOnce(name: string, at: Date): Promise<boolean> {
    const row = { partitionKey: usedPartition, rowKey: name, columns: { expiresAt: at.toISOString() } }
    return unlessChanged(() => this.#table.insert(row))
  }

  async *all(): AsyncGenerator<StoredSession> {
    for await (const row of this.#table.query(odata`PartitionKey eq ${sessionPartition}`)) {
      const session = stored(row)
      if (session !== undefined) yield session
    }
  }

  async forgetBefore(time: Date): Promise<number> {
    let forgotten = 0
    for await (const row of this.#table.query(odata`expiresAt lt ${time.toISOString()}`)) {
      await this.#table.removeDerived(textColumn(row, 'partitionKey'), textColumn(row, 'rowKey'))
      forgotten += 1
    }
    return forgotten
  }
}

async function unlessChanged(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (error instanceof RowChanged) return false
    throw error
  }
}

function rowOf(key: string, { person, createdAt, expiresAt, lastUsedAt }: Session): Row {
  const { tenantId, objectId, name, roles, groups } = person
  return {
    partitionKey: sessionPartition,
    rowKey: key,
    columns: {
      ...{ tenantId, objectId, name },
      roles: roles.join(' '),
      groups: groups.join(' '),
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
    },
  }
}

function stored(row: StoredRow): StoredSession | undefined {
  const read = columns.safeParse(row.columns)
  if (!read.success) return undefined
  const { createdAt, expiresAt, lastUsedAt, ...person } = read.data
  return {
    key: textColumn(row, 'rowKey'),
    version: row.etag,
    session: { person: { kind: 'person', ...person }, createdAt, expiresAt, lastUsedAt },
  }
}
