import { randomUUID } from 'node:crypto'
import { AzureError } from '../http/exchange.ts'
import type { EventSubscription } from '../state.ts'

const waitMs = 30_000

/**
 * Validates a webhook, as Event Grid does before the first delivery: a SubscriptionValidation event whose code must
 * come back with status 200, or OPTIONS for CloudEvents. Returns the provisioning state: `AwaitingManualAction` when
 * the response was 200 without the code, which leaves the validation URL. Throws 400 when the handshake fails.
 */
export async function validateWebhook(
  subscription: EventSubscription,
  validationUrl: string,
): Promise<EventSubscription['provisioningState']> {
  return subscription.schema === 'CloudEventSchemaV1_0'
    ? validateCloudWebhook(subscription)
    : validateGridWebhook(subscription, validationUrl)
}

async function validateGridWebhook(
  subscription: EventSubscription,
  validationUrl: string,
): Promise<EventSubscription['provisioningState']> {
  const event = {
    id: randomUUID(),
    topic: subscription.topic === '' ? subscription.scope : subscription.topic,
    subject: '',
    data: { validationCode: subscription.validationCode, validationUrl },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: new Date().toISOString(),
    metadataVersion: '1',
    dataVersion: '2',
  }
  const response = await ask(subscription, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'aeg-event-type': 'SubscriptionValidation',
      'aeg-subscription-name': subscription.name.toUpperCase(),
      'aeg-delivery-count': '0',
      'aeg-data-version': '2',
      'aeg-metadata-version': '1',
    },
    body: JSON.stringify([event]),
  })
  const text = await response.text()
  if (response.status !== 200)
    throw handshakeError(subscription, `it returned ${response.status}, expected 200`)
  return readCode(text) === subscription.validationCode ? 'Succeeded' : 'AwaitingManualAction'
}

async function validateCloudWebhook(subscription: EventSubscription): Promise<'Succeeded'> {
  const response = await ask(subscription, {
    method: 'OPTIONS',
    headers: { 'WebHook-Request-Origin': 'eventgrid.azure.net', 'WebHook-Request-Rate': '120' },
  })
  await response.body?.cancel()
  const allowed = response.headers.get('webhook-allowed-origin')
  if (response.status === 200 && (allowed === '*' || allowed === 'eventgrid.azure.net')) return 'Succeeded'
  throw handshakeError(
    subscription,
    `OPTIONS returned ${response.status} with WebHook-Allowed-Origin "${allowed ?? ''}"`,
  )
}

async function ask(subscription: EventSubscription, init: RequestInit): Promise<Response> {
  try {
    return await fetch(subscription.endpointUrl, {
      ...init,
      signal: AbortSignal.timeout(waitMs),
      redirect: 'manual',
    })
  } catch (error) {
    throw handshakeError(subscription, error instanceof Error ? error.message : String(error))
  }
}

function readCode(text: string): unknown {
  try {
    const reply: unknown = JSON.parse(text)
    return typeof reply === 'object' && reply !== null && 'validationResponse' in reply
      ? reply.validationResponse
      : undefined
  } catch {
    return undefined
  }
}

function handshakeError(subscription: EventSubscription, reason: string): AzureError {
  const url = new URL(subscription.endpointUrl)
  return new AzureError(
    400,
    'Url validation',
    `Webhook validation handshake failed for ${url.origin}${url.pathname}: ${reason}.`,
  )
}
