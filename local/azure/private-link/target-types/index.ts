import { analytics } from './analytics.ts'
import { applications } from './applications.ts'
import { versionsOf } from './api-versions.ts'
import { compliance } from './compliance.ts'
import { databases } from './databases.ts'
import { devices } from './devices.ts'
import { learning } from './learning.ts'
import { management } from './management.ts'
import { messaging } from './messaging.ts'
import { network } from './network.ts'
import { security } from './security.ts'
import { storage } from './storage.ts'
import { usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'

export type { TargetType } from './target-type.ts'

/** A type that no product's table can contain, for tests of unknown types. */
const unheardOf: TargetType = { ...usual, type: 'Contoso.Preview/vaults', groupIds: ['vault'] }

/** Every type of target, each with its own evidence: specifications, recordings and reports about the live service. */
export const targetTypes: readonly TargetType[] = [
  ...storage,
  ...databases,
  ...analytics,
  ...messaging,
  ...applications,
  ...learning,
  ...devices,
  ...security,
  ...compliance,
  ...network,
  ...management,
  unheardOf,
]

const dayLength = 'yyyy-mm-dd'.length
const byType = new Map(targetTypes.map((row) => [row.type.toLowerCase(), row]))

/** Finds a type without regard to case. */
export function targetType(type: string): TargetType | undefined {
  return byType.get(type.toLowerCase())
}

/** True when a target of the type shows its connections in this version; an empty version means the newest. */
export function embedsIn(type: TargetType, apiVersion: string): boolean {
  if (type.embedded === 'no') return false
  const since = type.embeddedSince ?? versionsOf(`${type.type}/privateEndpointConnections`)[0] ?? ''
  return apiVersion === '' || apiVersion.slice(0, dayLength) >= since.slice(0, dayLength)
}
