import { type Connection, isDecided } from '../domain/connection.ts'
import type { StateName } from '../domain/request.ts'
import type { Listed } from '../ports/azure.ts'
import { type RequestRecord, StoredUnreadable } from '../ports/ledger.ts'
import type { LifeEvent } from '../request/step.ts'
import { beginningAt } from './beginning-at.ts'
import { type BesideList, confirmed } from './confirm.ts'
import { drive } from './drive.ts'
import type { PassEnd } from './next-pass.ts'
import type { Parts } from './parts.ts'
import { type Pass, settled } from './pass.ts'
import { isInTrouble } from './trouble.ts'

/** Reads of decided connections that fail in one pass, before it leaves the others out. */
const maxFailedReads = 2
/** Records of decided connections that are read in parallel. */
const readAtOnce = 10

/** States of unfinished requests, by the key of their subject. */
export type StatesByKey = ReadonlyMap<string, StateName>

/**
 * Records what became of a connection that a list shows as decided, as soon as a read of it shows the same.
 * @throws AzureFailed when the two differ, or it cannot be read, and nobody has been notified.
 */
export function observeListed(
  pass: Pass,
  beside: BesideList,
  record: RequestRecord,
  listed: Connection,
): Promise<PassEnd> {
  const { connections } = pass.ports
  const decided = (connection: Connection) =>
    ({ kind: 'decided', connection, progress: connections.progressOf(connection) }) as const
  return drive(
    pass,
    {
      key: { kind: 'connection', id: listed.id },
      subject: record.request.subject,
      async carryOut({ kind }, recorded): Promise<LifeEvent> {
        if (kind !== 'confirm') throw new Error(`A decided connection led to "${kind}".`)
        const read = await confirmed(beside, listed, recorded?.request)
        return read ? decided(read) : { kind: 'contradicted' }
      },
    },
    record,
    { ...decided(listed), isOnlyListed: true },
  )
}

/**
 * A connection that a list shows as decided, and of which no request is known: it is read where Resource Graph shows it as
 * Pending, or it is in trouble.
 * @throws AzureFailed when the two differ, or it cannot be read.
 */
async function observeUnknown(
  { shown, trouble }: Pass,
  beside: BesideList,
  listed: Connection,
): Promise<PassEnd> {
  if (isInTrouble([...shown, ...trouble], listed.id.key)) await confirmed(beside, listed, undefined)
  return settled
}

/**
 * What this app has recorded as decided is compared with what Azure shows. Where reads fail, the others wait for a later
 * pass, which begins at another one.
 */
export async function observeDecided(
  pass: Pass,
  parts: Parts,
  { connections }: Listed,
  states: StatesByKey,
  beside: BesideList,
): Promise<void> {
  const decided = connections.filter((one) => isDecided(one) && !states.has(one.id.key))
  const { reads } = beside
  const before = reads.failures
  const all = beginningAt(pass.ports.now().getTime(), decided)
  for (let from = 0; from < all.length; from += readAtOnce) {
    const some = all.slice(from, from + readAtOnce)
    const records = await Promise.allSettled(some.map((live) => recordOf(pass, live)))
    for (const [at, live] of some.entries()) {
      if (reads.failures - before >= maxFailedReads) return
      await parts.settle(live.id.id, async () => {
        const record = valueOf(records[at])
        return record ? observeListed(pass, beside, record, live) : observeUnknown(pass, beside, live)
      })
    }
  }
}

/** @throws why it failed. */
function valueOf<T>(settled: PromiseSettledResult<T> | undefined): T | undefined {
  if (settled?.status === 'rejected') throw settled.reason
  return settled?.value
}

/** The record of a decided connection; undefined when there is none, or it cannot be read: nothing waits for that. */
async function recordOf({ ports }: Pass, { id }: Connection): Promise<RequestRecord | undefined> {
  try {
    return await ports.ledger.read({ kind: 'connection', id })
  } catch (error) {
    if (!(error instanceof StoredUnreadable)) throw error
    const facts = { connection: id.id, problem: error.message }
    ports.log.error(
      'The record of a decided connection cannot be read; it is not compared with Azure.',
      facts,
    )
    return undefined
  }
}
