import type { Connection } from '../domain/connection.ts'
import { subjectId } from '../domain/request.ts'
import { isSameName } from '../domain/resource-id.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { isUnlikeDecision } from '../request/conditions.ts'
import type { LifeEvent } from '../request/step.ts'
import { type BesideList, confirmed, type Reads } from './confirm.ts'
import { drive } from './drive.ts'
import type { PassEnd } from './next-pass.ts'
import type { Parts } from './parts.ts'
import { done, type Pass, settled } from './pass.ts'
import { isInTrouble } from './trouble.ts'

/**
 * What a read shows of a listed connection; undefined: it is gone, or could not be read. A read that differs or fails is
 * trouble of the connection, unless people were notified that Azure shows something else.
 */
export async function readListed(
  parts: Parts,
  reads: Reads,
  unfinished: readonly RequestRecord[],
  listed: Connection,
): Promise<Connection | undefined> {
  const record = unfinished.find(({ request }) => isSameName(subjectId(request.subject), listed.id.id))
  let read: Connection | undefined
  await parts.settle(listed.id.id, async () => {
    const compared = await reads.compare(listed)
    read = compared.read
    if (compared.failure && !(record && isUnlikeDecision(record.request))) throw compared.failure
    return done
  })
  return read
}

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
export async function observeUnknown(
  { shown, trouble }: Pass,
  beside: BesideList,
  listed: Connection,
): Promise<PassEnd> {
  if (isInTrouble([...shown, ...trouble], listed.id.key)) await confirmed(beside, listed, undefined)
  return settled
}
