import { type Connection, groupIdsKey } from '../../domain/connection.ts'
import { quoted } from '../../domain/printable.ts'
import { asciiLowerCase } from '../../domain/resource-id.ts'
import { type Finding, refusal } from './refusals.ts'

/**
 * The refusal when the target shows other groups than the second witness states; undefined when they are the same, in
 * any order and ASCII case, or when one of the two states none.
 */
export function findGroupIdsDiffering({ groupIds: shown }: Connection, said: Finding): Finding | undefined {
  const stated = 'requester' in said ? said.groupIds : undefined
  if (
    !shown ||
    shown.length === 0 ||
    !stated ||
    groupIdsKey(distinct(shown)) === groupIdsKey(distinct(stated))
  )
    return undefined
  const sentence = `The target shows the group ids ${shown.map(quoted).join(', ')}, the requester states ${stated.map(quoted).join(', ')}.`
  return { refusals: [refusal('group-ids-differ', sentence)] }
}

function distinct(groups: readonly string[]): readonly string[] {
  return [...new Set(groups.map(asciiLowerCase))]
}
