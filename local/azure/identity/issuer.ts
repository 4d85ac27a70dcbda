import { param } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { ownTenant, signInApp, tenants } from '../well-known.ts'
import type { Tenant } from '../well-known.ts'
import { type DirectoryPerson, personByName } from './people/directory.ts'
import type { TokenRequest, Tokens } from './tokens.ts'

/** Words that stand for any tenant; here they mean the own tenant. The Azure CLI uses `adfs`. */
const anyTenant = ['common', 'organizations', 'adfs']

/**
 * The token issuer: client credentials, any client id with a secret that is not empty; or a user name of the directory
 * with a password that is not empty, for a token of that person. Discovery documents and keys are where OpenID clients
 * expect them; `/adfs` is the authority that the Azure CLI accepts on an unknown host
 * (seen with az 2.45).
 */
export function issuerRoutes(tokens: Tokens, signInOrigin: string | undefined): Route[] {
  const discovery = (call: Call): Reply => ({ status: 200, body: discoveryDocument(call, false) })
  const adfsDiscovery = (call: Call): Reply => ({ status: 200, body: discoveryDocument(call, true) })
  const issue = (call: Call): Promise<Reply> => issueToken(tokens, call, signInOrigin)
  const keys = (): Reply => ({ status: 200, body: tokens.keys() })
  return [
    { method: 'GET', template: '/metadata/endpoints', handle: endpointMetadata },
    { method: 'GET', template: '/adfs/.well-known/openid-configuration', handle: adfsDiscovery },
    { method: 'GET', template: '/adfs/{tenant}/.well-known/openid-configuration', handle: adfsDiscovery },
    { method: 'POST', template: '/adfs/oauth2/token', handle: issue },
    { method: 'GET', template: '/adfs/discovery/keys', handle: keys },
    { method: 'GET', template: '/{tenant}/.well-known/openid-configuration', handle: discovery },
    { method: 'GET', template: '/{tenant}/v2.0/.well-known/openid-configuration', handle: discovery },
    { method: 'GET', template: '/{tenant}/discovery/v2.0/keys', handle: keys },
    { method: 'GET', template: '/{tenant}/discovery/keys', handle: keys },
    { method: 'POST', template: '/{tenant}/oauth2/v2.0/token', handle: issue },
    { method: 'POST', template: '/{tenant}/oauth2/token', handle: issue },
  ]
}

function endpointMetadata(call: Call): Reply {
  return {
    status: 200,
    body: {
      graphEndpoint: `${call.origin}/graph`,
      galleryEndpoint: `${call.origin}/gallery`,
      portalEndpoint: `${call.origin}/portal`,
      authentication: {
        loginEndpoint: `${call.origin}/adfs`,
        audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
      },
    },
  }
}

function discoveryDocument(call: Call, isAdfs: boolean): unknown {
  const tenant = findTenant(call)
  if (tenant === undefined) throw new IssuerError('invalid_tenant', unknownTenant(call))
  const base = `${call.origin}/${isAdfs ? 'adfs' : tenant.tenantId}`
  return {
    issuer: `${call.origin}/${tenant.tenantId}/v2.0`,
    authorization_endpoint: `${base}/oauth2/${isAdfs ? '' : 'v2.0/'}authorize`,
    token_endpoint: `${base}/oauth2/${isAdfs ? '' : 'v2.0/'}token`,
    jwks_uri: `${base}/discovery/${isAdfs ? '' : 'v2.0/'}keys`,
    response_types_supported: ['code', 'id_token', 'token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    scopes_supported: ['openid', 'profile', 'offline_access'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'tid', 'oid', 'appid', 'azp', 'roles'],
    tenant_region_scope: 'NA',
  }
}

/** An error in the shape of an OAuth error. */
export class IssuerError extends Error {
  readonly error: string

  constructor(error: string, message: string) {
    super(message)
    this.error = error
  }
}

async function issueToken(tokens: Tokens, call: Call, signInOrigin: string | undefined): Promise<Reply> {
  const form = new URLSearchParams(call.rawBody)
  const tenant = findTenant(call)
  if (tenant === undefined) throw new IssuerError('invalid_tenant', unknownTenant(call))
  const { clientId, person } = callerOf(tenant, call, form)
  const audience = (form.get('scope') ?? form.get('resource') ?? '').replace(/\/\.default$/, '')
  if (audience === '') throw new IssuerError('invalid_request', 'scope (or resource) must be given.')
  const isForApp = audience === signInApp.identifierUri || audience === signInApp.clientId
  const token = await tokens.issue({
    tenantId: tenant.tenantId,
    clientId,
    person,
    // A v2 token names the client id, however it was requested; the app knows one authority only.
    audience: isForApp ? signInApp.clientId : audience,
    issuerOrigin: isForApp ? (signInOrigin ?? call.origin) : call.origin,
  })
  return {
    status: 200,
    headers: { 'Cache-Control': 'no-store' },
    body: {
      token_type: 'Bearer',
      expires_in: tokens.lifetimeSeconds,
      ext_expires_in: tokens.lifetimeSeconds,
      access_token: token,
    },
  }
}

function callerOf(
  tenant: Tenant,
  call: Call,
  form: URLSearchParams,
): Pick<TokenRequest, 'clientId' | 'person'> {
  const { clientId, secret } = credentials(call, form)
  switch (form.get('grant_type')) {
    case 'client_credentials':
      if (clientId !== '' && secret !== '') return { clientId }
      throw new IssuerError('invalid_client', 'client_id and client_secret must both be given.')
    case 'password':
      return { clientId, person: signedInPerson(tenant, form) }
    default:
      throw new IssuerError(
        'unsupported_grant_type',
        `grant_type is "${form.get('grant_type') ?? ''}"; the simulated Azure knows client_credentials and password.`,
      )
  }
}

/** Nobody has a password of their own: any text is one. */
function signedInPerson({ tenantId, domain }: Tenant, form: URLSearchParams): DirectoryPerson {
  const missing = ['client_id', 'username', 'password'].find((name) => (form.get(name) ?? '') === '')
  if (missing !== undefined) {
    const message = `AADSTS900144: The request body must contain the following parameter: '${missing}'.`
    throw new IssuerError('invalid_request', message)
  }
  const userName = form.get('username') ?? ''
  const person = personByName(tenantId, userName)
  if (person !== undefined) return person
  const message = `AADSTS50034: The user account ${userName} does not exist in the ${domain} directory.`
  throw new IssuerError('invalid_grant', message)
}

function credentials(call: Call, form: URLSearchParams): { clientId: string; secret: string } {
  const basic = /^Basic (.+)$/i.exec(call.headers.authorization ?? '')?.[1]
  if (basic === undefined) {
    return { clientId: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  }
  const [clientId = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':', 2)
  return { clientId: decodeURIComponent(clientId), secret: decodeURIComponent(secret) }
}

function findTenant(call: Call): Tenant | undefined {
  const name = call.params.has('tenant') ? param(call, 'tenant').toLowerCase() : 'adfs'
  if (anyTenant.includes(name)) return ownTenant
  return tenants.find((tenant) => tenant.tenantId === name || tenant.domain === name)
}

function unknownTenant(call: Call): string {
  return `AADSTS90002: Tenant '${call.params.get('tenant') ?? ''}' not found.`
}
