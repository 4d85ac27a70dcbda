import { AzureError, queryValue } from '../http/exchange.ts'
import type { Call, Caller } from '../http/exchange.ts'
import { subscriptionOf } from '../ids.ts'
import { ownTenant, subscriptions } from '../well-known.ts'
import type { Subscription } from '../well-known.ts'
import type { Tokens } from './tokens.ts'

/** Audiences of other services: their tokens are not valid for Azure Resource Manager. */
const foreignAudiences = [
  'https://dev.azuresynapse.net',
  'https://purview.azure.net',
  'https://vault.azure.net',
  'https://storage.azure.com',
  'https://database.windows.net',
  'https://graph.microsoft.com',
  'https://api.fabric.microsoft.com',
  '2ff814a6-3304-4ab8-87cf-cb0e6f879c1d',
]

/**
 * Admits a call to Azure Resource Manager, or throws Azure's refusal: 404 for an unknown subscription, 401 without a
 * token, with a bad one, or with one of a tenant that does not own the subscription (the header `WWW-Authenticate`
 * names the owner), 400 without an api-version.
 */
export async function admitToManagement(tokens: Tokens, call: Call): Promise<Caller> {
  const subscriptionId = subscriptionOf(call.path)
  const subscription = findSubscription(subscriptionId)
  if (subscriptionId !== undefined && subscription === undefined) {
    throw new AzureError(
      404,
      'SubscriptionNotFound',
      `The subscription '${subscriptionId}' could not be found.`,
    )
  }
  const owner = subscription?.tenantId ?? ownTenant.tenantId
  const caller = await readCaller(tokens, call, owner)
  const audience = caller.audience.replace(/\/+$/, '')
  if (foreignAudiences.includes(audience) || audience.startsWith('api://')) {
    throw refusal(
      call,
      owner,
      'InvalidAuthenticationTokenAudience',
      `The audience '${caller.audience}' is not that of Azure Resource Manager.`,
    )
  }
  if (subscription !== undefined && caller.tenantId !== owner) {
    throw refusal(
      call,
      owner,
      'InvalidAuthenticationTokenTenant',
      `The access token is from the wrong issuer '${call.origin}/${caller.tenantId}/'. It must match the tenant '${call.origin}/${owner}/' associated with this subscription.`,
    )
  }
  checkApiVersion(call)
  return caller
}

/** What a data plane requires of a call. */
export interface Demands {
  readonly audience: string
  /** The tenant whose tokens are admitted; undefined for all tenants. */
  readonly owner: (call: Call) => string | undefined
  readonly versioned: boolean
}

/** Admits a call to a data plane with its own audience; the tenant must own the resource. */
export async function admitToDataPlane(
  tokens: Tokens,
  call: Call,
  { audience, owner: ownerOf, versioned }: Demands,
): Promise<Caller> {
  const owner = ownerOf(call)
  const caller = await readCaller(tokens, call, owner ?? 'common')
  if (caller.audience.replace(/\/+$/, '') !== audience) {
    throw refusal(
      call,
      owner ?? 'common',
      'InvalidTokenAudience',
      `The audience is '${caller.audience}'; expected '${audience}'.`,
    )
  }
  if (owner !== undefined && caller.tenantId !== owner) {
    throw refusal(call, owner, 'InvalidTokenIssuer', 'The token is of another tenant.')
  }
  if (versioned) checkApiVersion(call)
  return caller
}

/** The subscription with this id, in any case. */
export function findSubscription(id: string | undefined): Subscription | undefined {
  return subscriptions.find((held) => held.subscriptionId === id?.toLowerCase())
}

async function readCaller(tokens: Tokens, call: Call, owner: string): Promise<Caller> {
  const token = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1]
  if (token === undefined) {
    throw refusal(
      call,
      owner,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing or is not a bearer token.",
    )
  }
  try {
    return await tokens.verify(token)
  } catch {
    throw refusal(call, owner, 'InvalidAuthenticationToken', 'The access token is invalid or expired.')
  }
}

function refusal(call: Call, owner: string, code: string, message: string): AzureError {
  return new AzureError(401, code, message, {
    'WWW-Authenticate': `Bearer authorization_uri="${call.origin}/${owner}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
  })
}

function checkApiVersion(call: Call): void {
  const version = queryValue(call, 'api-version')
  if (version === '') {
    throw new AzureError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    )
  }
  if (/^\d{4}-\d{2}-\d{2}(-[a-z0-9-]+)?$/i.test(version)) return
  throw new AzureError(400, 'InvalidApiVersionParameter', `The api-version '${version}' is invalid.`)
}
