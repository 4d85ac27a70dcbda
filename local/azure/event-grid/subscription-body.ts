import { z } from 'zod'
import type { JsonObject } from '../http/exchange.ts'
import type { EventSubscription } from '../state.ts'
import { isKnownOperator } from './filters.ts'

const webHook = z.looseObject({
  endpointType: z.literal('WebHook'),
  properties: z.looseObject({ endpointUrl: z.url() }),
})
const azureFunction = z.looseObject({
  endpointType: z.literal('AzureFunction'),
  properties: z.looseObject({ resourceId: z.string().min(1) }),
})

/** The body of a PUT of an event subscription. */
export const subscriptionBody = z.looseObject({
  properties: z.looseObject({
    destination: z.discriminatedUnion('endpointType', [webHook, azureFunction]),
    eventDeliverySchema: z.enum(['EventGridSchema', 'CloudEventSchemaV1_0']).default('EventGridSchema'),
    filter: z
      .looseObject({
        includedEventTypes: z.array(z.string()).nullish(),
        subjectBeginsWith: z.string().nullish(),
        subjectEndsWith: z.string().nullish(),
        isSubjectCaseSensitive: z.boolean().nullish(),
        advancedFilters: z
          .array(
            z.looseObject({
              operatorType: z.string().refine(isKnownOperator, 'is not an operator that is played here'),
              key: z.string().min(1),
              values: z.array(z.unknown()).optional(),
            }),
          )
          .max(25)
          .nullish(),
      })
      .nullish(),
    retryPolicy: z
      .looseObject({
        maxDeliveryAttempts: z.number().int().min(1).max(30).nullish(),
        eventTimeToLiveInMinutes: z.number().int().min(1).max(1440).nullish(),
      })
      .nullish(),
  }),
})

/** The destination of events. */
export type Destination = z.infer<typeof subscriptionBody>['properties']['destination']

/** The filters and retries in the body, in the form in which they are stored. */
export function wishesOf({
  properties: { filter, retryPolicy, eventDeliverySchema },
}: z.infer<typeof subscriptionBody>): Pick<
  EventSubscription,
  | 'schema'
  | 'includedEventTypes'
  | 'subjectBeginsWith'
  | 'subjectEndsWith'
  | 'caseSensitive'
  | 'advancedFilters'
  | 'maxAttempts'
  | 'timeToLiveMinutes'
> {
  return {
    schema: eventDeliverySchema,
    includedEventTypes: filter?.includedEventTypes ?? null,
    subjectBeginsWith: filter?.subjectBeginsWith ?? '',
    subjectEndsWith: filter?.subjectEndsWith ?? '',
    caseSensitive: filter?.isSubjectCaseSensitive ?? false,
    advancedFilters: (filter?.advancedFilters ?? []).map(({ operatorType, key, values }) => ({
      operatorType,
      key,
      values: values ?? [],
    })),
    maxAttempts: retryPolicy?.maxDeliveryAttempts ?? 30,
    timeToLiveMinutes: retryPolicy?.eventTimeToLiveInMinutes ?? 1440,
  }
}

/** An event subscription as a read shows it. */
export function renderSubscription(held: EventSubscription): JsonObject {
  return {
    id: held.id,
    name: held.name,
    type: 'Microsoft.EventGrid/eventSubscriptions',
    properties: {
      topic: held.topic,
      provisioningState: held.provisioningState,
      destination: renderDestination(held),
      eventDeliverySchema: held.schema,
      filter: {
        includedEventTypes: held.includedEventTypes,
        subjectBeginsWith: held.subjectBeginsWith,
        subjectEndsWith: held.subjectEndsWith,
        isSubjectCaseSensitive: held.caseSensitive,
        advancedFilters: held.advancedFilters,
      },
      retryPolicy: {
        maxDeliveryAttempts: held.maxAttempts,
        eventTimeToLiveInMinutes: held.timeToLiveMinutes,
      },
    },
  }
}

/** The webhook's address is a secret in Azure, too: a read shows it without its query. */
function renderDestination({ endpointUrl, functionId }: EventSubscription): JsonObject {
  const batches = { maxEventsPerBatch: 1 }
  if (functionId !== undefined) {
    return { endpointType: 'AzureFunction', properties: { resourceId: functionId, ...batches } }
  }
  const url = new URL(endpointUrl)
  return {
    endpointType: 'WebHook',
    properties: { endpointBaseUrl: `${url.origin}${url.pathname}`, ...batches },
  }
}
