import { randomUUID } from 'node:crypto'

const dayMs = 86_400_000

/** A body from which no event can be read, for the webhook. */
export const notAnEvent = { id: 'not-an-event', nothing: ['that', 'an', 'event', 'has'] }

/** The event that Azure raises when a request reaches a target, `days` old. */
export function oldEvent(target: string, days: number): Record<string, unknown> {
  const resourceUri = `${target}/privateEndpointConnectionProxies/proxy.${randomUUID()}`
  const [, , subscriptionId = ''] = target.split('/')
  return {
    id: randomUUID(),
    topic: `/subscriptions/${subscriptionId}`,
    subject: resourceUri,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: new Date(Date.now() - days * dayMs).toISOString(),
    dataVersion: '2',
    metadataVersion: '1',
    data: {
      authorization: {
        action: 'privateEndpointConnectionProxies/write',
        evidence: { principalId: randomUUID() },
      },
      claims: { name: 'Somebody', ipaddr: '192.0.2.7' },
      correlationId: randomUUID(),
      operationName: 'privateEndpointConnectionProxies/write',
      resourceUri,
      status: 'Succeeded',
      subscriptionId,
    },
  }
}

/**
 * Posts an event to the function app as Event Grid does.
 * @throws Error when the response is not a success, which would make Event Grid retry or drop it.
 */
export async function deliver(hook: { origin: string; key: string }, event: unknown): Promise<void> {
  const url = `${hook.origin}/runtime/webhooks/EventGrid?functionName=connectionEvent&code=${hook.key}`
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
    body: JSON.stringify([event]),
  })
  if (!response.ok) throw new Error(`The webhook returned ${response.status}; Event Grid expects 2xx.`)
}
