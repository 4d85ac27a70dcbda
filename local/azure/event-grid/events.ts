import { randomUUID } from 'node:crypto'
import { subscriptionOf } from '../ids.ts'
import type { EventSubscription, GridEvent } from '../state.ts'
import { subscriptions } from '../well-known.ts'
import type { Happening, ResourceChange } from '../world.ts'

/** The event that Azure Resource Manager raises; topic and subject as of a subscription source. */
export function resourceEvent(happening: Happening): GridEvent {
  const subscriptionId = subscriptionOf(happening.resourceUri) ?? ''
  const tenantId = subscriptions.find(
    (held) => held.subscriptionId === subscriptionId.toLowerCase(),
  )?.tenantId
  const caller = happening.caller
  const principalId = caller?.objectId ?? '00000000-0000-0000-0000-000000000000'
  return {
    id: randomUUID(),
    topic: `/subscriptions/${subscriptionId}`,
    subject: happening.resourceUri,
    eventType: `Microsoft.Resources.${happening.kind}`,
    eventTime: new Date().toISOString(),
    data: {
      authorization: {
        scope: happening.resourceUri,
        action: happening.operationName,
        evidence: {
          role: 'Contributor',
          roleAssignmentScope: `/subscriptions/${subscriptionId}`,
          principalId,
          principalType: 'ServicePrincipal',
        },
      },
      claims: fakeClaims(principalId, caller?.clientId ?? 'platform'),
      correlationId: randomUUID(),
      ...(happening.existing
        ? {
            httpRequest: {
              clientRequestId: randomUUID(),
              clientIpAddress: '203.0.113.17',
              method: happening.method,
              url: `https://management.azure.com${happening.resourceUri}`,
            },
          }
        : {}),
      resourceProvider: happening.operationName.split('/')[0],
      resourceUri: happening.resourceUri,
      operationName: happening.operationName,
      status: 'Succeeded',
      subscriptionId,
      tenantId,
    },
  }
}

/** The event of Azure Resource Notifications: the whole resource, no caller. */
export function notificationEvent(change: ResourceChange): GridEvent {
  const subscriptionId = subscriptionOf(change.resource.id) ?? ''
  return {
    id: randomUUID(),
    topic: `/subscriptions/${subscriptionId}`,
    subject: change.resource.id,
    eventType: `Microsoft.ResourceNotifications.Resources.${change.deleted ? 'Deleted' : 'CreatedOrUpdated'}`,
    eventTime: new Date().toISOString(),
    data: {
      resourceInfo: change.resource,
      operationalInfo: { resourceEventTime: new Date().toISOString() },
      apiVersion: '2024-01-01',
    },
  }
}

/** The body as it is sent: an array in Event Grid's own schema, one object as a CloudEvent. */
export function encodeEvent(subscription: EventSubscription, event: GridEvent): unknown {
  const topic = subscription.topic === '' ? event.topic : subscription.topic
  if (subscription.schema === 'EventGridSchema') {
    return [{ ...event, topic, dataVersion: '2', metadataVersion: '1' }]
  }
  return {
    specversion: '1.0',
    id: event.id,
    source: topic,
    type: event.eventType,
    subject: event.subject,
    time: event.eventTime,
    data: event.data,
  }
}

/** Personal data of an invented person, under the claim names of real events. */
function fakeClaims(objectId: string, clientId: string): Record<string, string> {
  return {
    aud: 'https://management.core.windows.net/',
    appid: clientId,
    ipaddr: '203.0.113.17',
    name: 'Nora Example',
    groups: '6f0d2c1e-0000-4000-8000-00000000feed',
    'http://schemas.microsoft.com/identity/claims/objectidentifier': objectId,
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname': 'Nora',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname': 'Example',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'nora@contoso-data.example',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': 'nora@contoso-data.example',
    puid: '1003000000000000',
  }
}
