import type { TokenCredential } from '@azure/core-auth'
import * as oidc from 'openid-client'
import { Refused } from '../../http/refusals.ts'
import { routes } from '../../http/routes.ts'
import type { Log } from '../../ports/log.ts'
import type { Prompt, TenantPort } from '../ports.ts'
import { type GraphOptions, memberGroups } from './graph.ts'
import { issuerOf, type ProviderOptions, providerSource } from './provider.ts'
import { configurationFor, type Proof, redeemCode } from './redeem.ts'
import { verifyToken } from './verify.ts'

export interface TenantOptions extends ProviderOptions {
  readonly publicOrigin: string
  /** Undefined: the app proves itself by a token of its identity. */
  readonly clientSecret: string | undefined
  /** The scope of that token. */
  readonly assertionScope: string
  readonly graph: GraphOptions
  readonly credential: TokenCredential
  readonly log: Log
  readonly now: () => Date
}

/** A tenant of Entra ID, or what behaves like one. */
export function createTenant(options: TenantOptions): TenantPort {
  const { clientId, tenantId, now, log } = options
  const provider = providerSource(options, now)
  const redirectUri = `${options.publicOrigin}/${routes.signInCallback.route}`
  const verify: TenantPort['verify'] = async (token) => {
    const { keys } = await provider()
    return verifyToken(token, keys, { issuer: issuerOf(options), audience: clientId, tenantId, now: now() })
  }
  return {
    verify,
    async authorizationAddress({ state, nonce, verifier }, prompt) {
      const found = await provider()
      const address = oidc.buildAuthorizationUrl(configurationFor(found, options), {
        ...{ redirect_uri: redirectUri, scope: 'openid profile', state, nonce, response_mode: 'query' },
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...promptOf(prompt),
      })
      return address.href
    },
    async redeem(response, secrets) {
      const found = await provider()
      const configuration = configurationFor(found, options, await proofOf(options))
      const callback = new URL(`${redirectUri}?${response.toString()}`)
      try {
        return await verify(await redeemCode(configuration, callback, secrets))
      } catch (error) {
        if (error instanceof Refused) {
          log.warn('A sign-in failed.', { metric: 'sign-in.failed', code: error.code, detail: error.detail })
        }
        throw error
      }
    },
    memberOf: (objectId, groups) => memberGroups(options.graph, options.credential, objectId, groups),
  }
}

function promptOf(prompt: Prompt): Record<string, string> {
  return prompt === 'usual' ? {} : { prompt }
}

async function proofOf({ clientSecret, credential, assertionScope, log }: TenantOptions): Promise<Proof> {
  if (clientSecret !== undefined) return { kind: 'secret', secret: clientSecret }
  try {
    const token = await credential.getToken(assertionScope)
    return { kind: 'assertion', assertion: token?.token ?? '' }
  } catch (error) {
    log.error('The identity of the app has no token with which it could prove itself.', {
      metric: 'sign-in.failed',
      error: error instanceof Error ? error.message : String(error),
    })
    throw new Refused('own-identity-unavailable', '', { cause: error })
  }
}
