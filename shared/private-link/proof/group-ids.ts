import { type Connection, groupsKey } from '../../domain/connection.ts'
import { printable } from '../../domain/printable.ts'
import { asciiLowerCase } from '../../domain/resource-id.ts'
import { type Finding, refusal } from './refusals.ts'

/**
 * What is found instead when the target shows other groups than the second witness tells; undefined when they are the
 * same, in whatever order and ASCII case, or when one of the two does not tell.
 */
export function findGroupsDifferent({ groupIds: shown }: Connection, said: Finding): Finding | undefined {
  const told = 'requester' in said ? said.groupIds : undefined
  if (!shown || shown.length === 0 || !told || groupsKey(distinct(shown)) === groupsKey(distinct(told)))
    return undefined
  const sentence = `The target shows the groups ${printable(shown.join(', '))}, the requester tells ${printable(told.join(', '))}.`
  return { refusals: [refusal('groups-differ', sentence)] }
}

function distinct(groups: readonly string[]): readonly string[] {
  return [...new Set(groups.map(asciiLowerCase))]
}
