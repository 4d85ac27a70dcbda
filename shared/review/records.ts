import { groupsKey, type Connection } from '../domain/connection.ts'
import { isSameName } from '../domain/resource-id.ts'
import type { RuleExplanation } from '../domain/verdict.ts'
import { cutGroups } from './bounded.ts'
import type { ConnectionRecord } from '../ports/ledger.ts'

/** True while a request waits for a person, or for its answer to be carried out. */
export function isOpen({ request }: ConnectionRecord): boolean {
  return request.state === 'approving' || request.state === 'rejecting' || request.state === 'escalated'
}

/** True when the endpoint that was recorded still stands behind the connection. */
export function isSameEndpoint({ request }: ConnectionRecord, connection: Connection): boolean {
  return isSameName(request.endpointId ?? '', connection.endpoint?.id ?? '')
}

/** True when both name the same version of the same rule, or neither names any. */
export function isSameRule(a: RuleExplanation | undefined, b: RuleExplanation | undefined): boolean {
  return a?.ruleId === b?.ruleId && a?.ruleVersion === b?.ruleVersion
}

/** True when the connection shows the same groups as when it was judged. */
export function isSameGroups(judged: Connection, now: Connection): boolean {
  return groupsKey(judged.groupIds) === groupsKey(now.groupIds)
}

/** As `isSameGroups`, by what was recorded; true where the connection shows none, as the requester told them then. */
export function isRecordedGroups({ lastEntry }: ConnectionRecord, { groupIds }: Connection): boolean {
  return groupIds === undefined || groupsKey(lastEntry.groupIds) === groupsKey(cutGroups(groupIds))
}
