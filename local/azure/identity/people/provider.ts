import { randomUUID } from 'node:crypto'
import type { JWK } from 'jose'
import Provider, { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { stableGuid } from '../../ids.ts'
import { ownTenant, signInApp } from '../../well-known.ts'
import { type DirectoryPerson, personById } from './directory.ts'
import { memoryAdapter } from './memory-adapter.ts'

/** Where the provider is below the origin: the segments of Entra's addresses that come before `/oauth2/v2.0`. */
export const mountPath = `/${ownTenant.tenantId}`
/** Where people choose who they are. */
export const choosePath = `${mountPath}/choose`

const hour = 3600
const day = 24 * hour

/** What `prompt=select_account` asks for. The library has no prompt of this name by itself. */
export const accountPrompt = 'select_account'

/** An OpenID provider whose addresses, tokens and claims have the shape of Entra ID's v2 endpoint. */
export function createProvider(origin: string, key: JWK, redirectUris: readonly string[]): Provider {
  const policy = interactionPolicy.base()
  policy.add(new interactionPolicy.Prompt({ name: accountPrompt, requestable: true }), 0)
  return new Provider(`${origin}${mountPath}/v2.0`, {
    adapter: memoryAdapter(),
    clients: [
      {
        client_id: signInApp.clientId,
        client_secret: signInApp.clientSecret,
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [key] },
    // As Entra does, the ID token holds the claims; there is nothing to call for them.
    conformIdTokenClaims: false,
    claims: {
      openid: ['sub', 'oid', 'tid', 'ver', 'nbf', 'roles', 'groups', 'acct'],
      profile: ['name', 'preferred_username'],
    },
    scopes: ['openid', 'profile', 'offline_access'],
    pkce: { required: () => true },
    cookies: { keys: [randomUUID()] },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
    },
    routes: {
      authorization: '/oauth2/v2.0/authorize',
      token: '/oauth2/v2.0/token',
      jwks: '/discovery/v2.0/keys',
    },
    ttl: {
      AccessToken: hour,
      AuthorizationCode: 600,
      IdToken: hour,
      Interaction: hour,
      Session: day,
      Grant: day,
    },
    interactions: { policy, url: (_context, { uid }) => `${choosePath}/${uid}` },
    findAccount: (_context, id) => {
      const person = personById(id)
      return person && { accountId: id, claims: () => claimsOf(person) }
    },
    loadExistingGrant: grantEverything,
  })
}

/** Nobody is asked for consent: an administrator gave it for everybody. */
async function grantEverything({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({
    clientId: oidc.client?.clientId ?? '',
    accountId: oidc.session?.accountId ?? '',
  })
  grant.addOIDCScope('openid profile')
  await grant.save()
  return grant
}

/** The claims of Entra's ID tokens of version 2, with the optional claim `acct`. */
function claimsOf(person: DirectoryPerson) {
  const { objectId, name, userName, roles, groups, acct, hasTooManyGroups } = person
  return {
    // Another one for each app, and never the object id.
    sub: stableGuid(`${signInApp.clientId}/${objectId}`),
    oid: objectId,
    tid: ownTenant.tenantId,
    ver: '2.0',
    nbf: Math.floor(Date.now() / 1000),
    ...{ name, acct, preferred_username: userName },
    ...(roles.length > 0 && { roles }),
    ...(groups.length > 0 && !hasTooManyGroups && { groups }),
    ...(hasTooManyGroups && {
      _claim_names: { groups: 'src1' },
      _claim_sources: {
        src1: { endpoint: `https://graph.microsoft.com/v1.0/users/${objectId}/getMemberObjects` },
      },
    }),
  }
}
