import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import * as oidc from 'openid-client'
import { Refused } from '../../http/refusals.ts'

/** The tenant's discovery document and keys. */
export interface Provider {
  readonly metadata: oidc.ServerMetadata
  readonly keys: JWTVerifyGetKey
}

/** What identifies the app and its tenant. */
export interface ProviderOptions {
  /** Such as `https://login.microsoftonline.com`; http on loopback only, as the settings see to. */
  readonly authority: string
  readonly tenantId: string
  readonly clientId: string
}

export const timeoutSeconds = 10
const keptMs = 24 * 60 * 60_000

/** The issuer of the tenant's v2 tokens. */
export function issuerOf({ authority, tenantId }: ProviderOptions): string {
  return `${authority}/${tenantId}/v2.0`
}

/** Reads the discovery document at the first use, and again after a day or a failure. */
export function providerSource(options: ProviderOptions, now: () => Date): () => Promise<Provider> {
  let kept: { readonly provider: Promise<Provider>; readonly until: number } | undefined
  return () => {
    if (kept && now().getTime() < kept.until) return kept.provider
    const provider = discover(options)
    const mine = { provider, until: now().getTime() + keptMs }
    kept = mine
    provider.catch(() => {
      if (kept === mine) kept = undefined
    })
    return provider
  }
}

async function discover(options: ProviderOptions): Promise<Provider> {
  const issuer = issuerOf(options)
  try {
    const configuration = await oidc.discovery(new URL(issuer), options.clientId, undefined, oidc.None(), {
      execute: httpSteps(options),
      timeout: timeoutSeconds,
    })
    const metadata = configuration.serverMetadata()
    if (metadata.issuer !== issuer || metadata.jwks_uri === undefined) {
      throw new Error(`The discovery document is of "${metadata.issuer}"; expected: "${issuer}".`)
    }
    return { metadata, keys: createRemoteJWKSet(new URL(metadata.jwks_uri), { timeoutDuration: 5_000 }) }
  } catch (error) {
    throw new Refused('tenant-unavailable', '', { cause: error })
  }
}

/** What a configuration of the library needs for an authority on loopback: http, which settings allow there only. */
export function httpSteps({
  authority,
}: Pick<ProviderOptions, 'authority'>): ((configuration: oidc.Configuration) => void)[] {
  // The library compares this very function, and calls it deprecated to draw attention.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return authority.startsWith('http:') ? [oidc.allowInsecureRequests] : []
}
