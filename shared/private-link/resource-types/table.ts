import type { ConnectionList } from '../../domain/connection.ts'
import { asciiLowerCase, isSameName } from '../../domain/resource-id.ts'
import type { ResourceType } from './resource-type.ts'
import { ai } from './rows/ai.ts'
import { analytics } from './rows/analytics.ts'
import { applications } from './rows/applications.ts'
import { compliance } from './rows/compliance.ts'
import { containers } from './rows/containers.ts'
import { databases } from './rows/databases.ts'
import { devices } from './rows/devices.ts'
import { management } from './rows/management.ts'
import { messaging } from './rows/messaging.ts'
import { network } from './rows/network.ts'
import { security } from './rows/security.ts'
import { storage } from './rows/storage.ts'

/**
 * The types of target this app knows. Versions, paths and bodies are those of Microsoft's published resource types
 * (August 2026) and REST specifications; `evidence` and `notes` show where a row goes beyond them.
 */
export const resourceTypes: readonly ResourceType[] = [
  ...storage,
  ...databases,
  ...analytics,
  ...messaging,
  ...applications,
  ...containers,
  ...security,
  ...ai,
  ...devices,
  ...network,
  ...management,
  ...compliance,
]

const byType = Map.groupBy(resourceTypes, ({ type }) => asciiLowerCase(type))

/** Every list of connections a target of this type keeps; empty for a type that is not in the table. */
export function listsOfType(type: string): readonly ResourceType[] {
  return byType.get(asciiLowerCase(type)) ?? []
}

/** The row of one list. @throws Error for a type or list that is not in the table. */
export function listOfType(type: string, list: ConnectionList): ResourceType {
  const found = listsOfType(type).find((resourceType) => resourceType.list === list)
  if (!found) throw new Error(`The table of resource types has no list "${list}" for the type "${type}".`)
  return found
}

/** True when a state is in the list, in any case of letters. */
export function isOneOf(states: readonly string[], state: string): boolean {
  return states.some((listed) => isSameName(listed, state))
}
