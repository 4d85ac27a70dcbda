import { type Connection, isDecided } from '../domain/connection.ts'
import { printableName } from '../domain/printable.ts'
import type { Words } from '../domain/words.ts'
import { hidesGroupIds, isHidden, isOtherGroupIds } from './identity.ts'
import { contradiction, differ, endpointHidden } from './words.ts'

/**
 * How a read of a connection contradicts the list that shows it; undefined: it does not. Two statuses that are both not
 * decided are no contradiction.
 */
export function contradictionOf(listed: Connection, read: Connection | undefined): Words | undefined {
  if (!read) return contradiction
  const name = printableName(listed.id.name)
  const [before, now] = [printableName(listed.status), printableName(read.status)]
  const asListed = `the list of the target shows the connection ${name}`
  if (read.status !== listed.status && (isDecided(read) || isDecided(listed)))
    return { ...differ, message: `${asListed} as ${before}, and a read of it as ${now}` }
  const [expected, actual] = [listed.endpoint, read.endpoint]
  if (isHidden(listed, read) || hidesGroupIds(listed, read)) return endpointHidden
  const isOther = expected !== undefined && actual !== undefined && expected.strictKey !== actual.strictKey
  if (!isOther && !isOtherGroupIds(listed.groupIds, read.groupIds)) return undefined
  return { ...differ, message: `${asListed} with another endpoint or other group ids than a read of it` }
}
