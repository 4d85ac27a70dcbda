import { z } from 'zod'

const text = z.string().nullish()

/** An event subscription as Azure Resource Manager shows it; the rest of it is of no interest here. */
export const eventSubscription = z.object({
  name: z.string(),
  properties: z.object({
    provisioningState: text,
    destination: z
      .object({
        endpointType: z.string(),
        properties: z.object({ resourceId: text, endpointBaseUrl: text }).partial(),
      })
      .nullish(),
    filter: z
      .object({
        includedEventTypes: z.array(z.string()).nullish(),
        subjectBeginsWith: text,
        subjectEndsWith: text,
        advancedFilters: z
          .array(
            z.object({ operatorType: z.string(), key: z.string(), values: z.array(z.unknown()).nullish() }),
          )
          .nullish(),
      })
      .nullish(),
  }),
})
export type EventSubscription = z.infer<typeof eventSubscription>
type AdvancedFilter = NonNullable<
  NonNullable<EventSubscription['properties']['filter']>['advancedFilters']
>[number]

/** An event that the app needs, by type and operation; each comes for every type of target. */
const needed = [
  ['Microsoft.Resources.ResourceActionSuccess', '/privateEndpointConnectionProxies/validate/action'],
  ['Microsoft.Resources.ResourceWriteSuccess', '/privateEndpointConnectionProxies/write'],
  ['Microsoft.Resources.ResourceWriteSuccess', '/privateEndpointConnections/write'],
  ['Microsoft.Resources.ResourceDeleteSuccess', '/privateEndpointConnections/delete'],
] as const

/** Sample of all types: a filter that lists types must let these through. */
const sampleTypes = [
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Sql/servers',
  'Microsoft.KeyVault/vaults',
]
const endpointWrite = [
  'Microsoft.Resources.ResourceWriteSuccess',
  'Microsoft.Network/privateEndpoints/write',
] as const

/**
 * Whether an event subscription leads to the function that takes events. A webhook's address is shown without its
 * query, which names the function: then it only may.
 */
export function leadsToApp({ properties: { destination } }: EventSubscription): 'yes' | 'maybe' | 'no' {
  if (destination?.endpointType === 'AzureFunction') {
    return /\/functions\/connectionEvent$/i.test(destination.properties.resourceId ?? '') ? 'yes' : 'no'
  }
  return destination?.endpointType === 'WebHook' &&
    /\/runtime\/webhooks\/eventgrid\/?$/i.test(destination.properties.endpointBaseUrl ?? '')
    ? 'maybe'
    : 'no'
}

/**
 * Events that the app needs and the subscription does not deliver, or may not deliver because its filter is not known
 * here.
 */
export function notDelivered(subscription: EventSubscription): readonly string[] {
  const { filter } = subscription.properties
  const all = [
    ...needed.flatMap(([type, operation]) =>
      sampleTypes.map((target) => [type, `${target}${operation}`] as const),
    ),
    endpointWrite,
  ]
  const { subjectBeginsWith, subjectEndsWith, includedEventTypes, advancedFilters } = filter ?? {}
  if (subjectEndsWith) return [`events whose subject does not end in ${subjectEndsWith}`]
  const bySubject = subjectBeginsWith && !/^\/subscriptions\/[^/]+\/?$/i.test(subjectBeginsWith)
  const missing = all.filter(
    ([type, operation]) =>
      !isIncluded(includedEventTypes, type) ||
      !(advancedFilters ?? []).every((one) => passes(one, type, operation)),
  )
  return [
    ...(bySubject ? [`events whose subject does not begin with ${subjectBeginsWith}`] : []),
    ...missing.map(([type, operation]) => `${type.replace('Microsoft.Resources.', '')} of ${operation}`),
  ]
}

function isIncluded(types: readonly string[] | null | undefined, type: string): boolean {
  return !types || types.length === 0 || types.some((one) => one.toLowerCase() === type.toLowerCase())
}

const comparisons: Readonly<Record<string, (found: string, expected: string) => boolean>> = {
  stringcontains: (found, expected) => found.includes(expected),
  stringin: (found, expected) => found === expected,
  stringbeginswith: (found, expected) => found.startsWith(expected),
  stringendswith: (found, expected) => found.endsWith(expected),
}

/** Event Grid compares without regard to case; one value that fits is enough. */
function passes({ operatorType, key, values }: AdvancedFilter, type: string, operation: string): boolean {
  const found = { 'data.operationname': operation, eventtype: type, type }[key.toLowerCase()]
  const compare = comparisons[operatorType.toLowerCase()]
  if (found === undefined || compare === undefined) return false
  return (values ?? []).some((value) => compare(found.toLowerCase(), String(value).toLowerCase()))
}
