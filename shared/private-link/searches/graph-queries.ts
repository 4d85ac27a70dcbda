import { resourceTypes } from '../resource-types/table.ts'

/** Of one resource. Without a limit, mv-expand stops at 128; more than 400 it does not take (Microsoft documentation). */
export const maxConnections = 400

/** One row for each connection of that status in its target, at the path of most types. */
export function connectionsInStatus(status: 'Pending' | 'Approved', columns: string): string {
  return `resources
| where isnotnull(properties) and properties contains "privateEndpointConnections"
| where array_length(properties.privateEndpointConnections) > 0
| mv-expand pec = properties.privateEndpointConnections limit ${maxConnections}
| where pec.properties.privateLinkServiceConnectionState.status =~ "${status}"
| project id, ${columns}
| order by id asc`
}

/** Every resource of these types. */
export function resourcesOfTypes(types: readonly string[]): string {
  return resourcesWhere(types, [])
}

/** Resources of these types that have one of these names. @throws Error for what could not be a name. */
export function resourcesNamed(types: readonly string[], names: readonly string[]): string {
  const odd = names.find((name) => !/^[\p{L}\p{N}._()-]+$/u.test(name))
  if (odd !== undefined) throw new Error(`"${odd}" is no name of a resource.`)
  return resourcesWhere(types, [`name in~ (${quoted(names)})`])
}

/** Resources of these types with more connections than one query shows of them. */
export function crowdedResources(types: readonly string[]): string {
  return resourcesWhere(types, [`array_length(properties.privateEndpointConnections) > ${maxConnections}`])
}

/** Types by whether the graph shows their connections; each once. */
export function typesInGraph(isShown: boolean): readonly string[] {
  return [...new Set(resourceTypes.filter((one) => one.inResourceGraph === isShown).map(({ type }) => type))]
}

function resourcesWhere(types: readonly string[], conditions: readonly string[]): string {
  const where = [`type in~ (${quoted(types)})`, ...conditions].map((condition) => `| where ${condition}`)
  return ['resources', ...where, '| project id', '| order by id asc'].join('\n')
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(', ')
}
