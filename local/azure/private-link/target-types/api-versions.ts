import known from './api-versions.json' with { type: 'json' }

/**
 * Api-versions of every supported type, of its connections and of some other types, oldest first. From Microsoft's
 * published Bicep types of August 2026; versions that only Azure CLI, Azure PowerShell or a client library
 * (`@azure/arm-network`: 2026-01-01) names are added.
 */
export const apiVersions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(known).map(([type, versions]) => [type, versions.split(' ')]),
)

const spellings = new Map([...apiVersions.keys()].map((type) => [type.toLowerCase(), type]))

/** The api-versions of a type, oldest first; none for an unknown type. */
export function versionsOf(type: string): readonly string[] {
  return apiVersions.get(spellings.get(type.toLowerCase()) ?? '') ?? []
}
