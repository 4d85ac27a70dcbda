import * as oidc from 'openid-client'
import { Refused, type RefusalCode } from '../../http/refusals.ts'
import type { SignInSecrets } from '../ports.ts'
import { clockSkewSeconds } from './verify.ts'
import { httpSteps, type Provider, type ProviderOptions, timeoutSeconds } from './provider.ts'

/** How the app proves to the tenant who it is, for one exchange. */
export type Proof =
  | { readonly kind: 'secret'; readonly secret: string }
  /** A token of the app's managed identity, which the app registration trusts. */
  | { readonly kind: 'assertion'; readonly assertion: string }

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A configuration for one request: an assertion is short-lived. Without a proof, for addresses only. */
export function configurationFor(
  { metadata }: Provider,
  options: ProviderOptions,
  proof?: Proof,
): oidc.Configuration {
  const configuration = new oidc.Configuration(
    metadata,
    options.clientId,
    { [oidc.clockTolerance]: clockSkewSeconds, id_token_signed_response_alg: 'RS256' },
    authOf(proof),
  )
  configuration.timeout = timeoutSeconds
  for (const step of httpSteps(options)) step(configuration)
  return configuration
}

function authOf(proof: Proof | undefined): oidc.ClientAuth {
  if (proof === undefined) return oidc.None()
  return proof.kind === 'secret' ? oidc.ClientSecretPost(proof.secret) : assertionAuth(proof.assertion)
}

function assertionAuth(assertion: string): oidc.ClientAuth {
  return (_server, { client_id: clientId }, body) => {
    body.set('client_id', clientId)
    body.set('client_assertion_type', assertionType)
    body.set('client_assertion', assertion)
  }
}

/**
 * Exchanges the code in the tenant's response for an ID token.
 * @throws Refused, with one code for each reason.
 */
export async function redeemCode(
  configuration: oidc.Configuration,
  callback: URL,
  { state, nonce, verifier }: SignInSecrets,
): Promise<string> {
  try {
    const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
      ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
    })
    return tokens.id_token ?? ''
  } catch (error) {
    throw new Refused(codeOf(error), detailOf(error), { cause: error })
  }
}

const byClaim: Readonly<Record<string, RefusalCode>> = {
  nonce: 'nonce-other',
  iss: 'token-issuer',
  aud: 'token-audience',
  exp: 'token-expired',
  nbf: 'token-not-yet-valid',
}

function codeOf(error: unknown): RefusalCode {
  if (error instanceof oidc.ClientError) {
    const claim = claimOf(error)
    if (claim !== undefined && byClaim[claim] !== undefined) return byClaim[claim]
    if (/"alg" header/.test(messagesOf(error)))
      return isUnsigned(error) ? 'token-unsigned' : 'token-algorithm'
    return error.code === 'OAUTH_TIMEOUT' ? 'tenant-unavailable' : 'code-refused'
  }
  return error instanceof TypeError ? 'tenant-unavailable' : 'code-refused'
}

/** What the library found wrong stands in the causes of its error. */
function causesOf(error: unknown): readonly Record<string, unknown>[] {
  const causes: Record<string, unknown>[] = []
  for (
    let one = error;
    typeof one === 'object' && one !== null && causes.length < 5;
    one = (one as { cause?: unknown }).cause
  ) {
    causes.push(one as Record<string, unknown>)
  }
  return causes
}

const missingClaim = /"(\w+)" \([^)]*\) claim missing/

function claimOf(error: unknown): string | undefined {
  return causesOf(error)
    .map(({ claim, message }) => claim ?? missingClaim.exec(String(message))?.[1])
    .find((claim) => typeof claim === 'string')
}

function messagesOf(error: unknown): string {
  return causesOf(error)
    .map(({ message }) => String(message))
    .join(' ')
}

function isUnsigned(error: unknown): boolean {
  return causesOf(error).some(({ header }) => (header as { alg?: unknown } | undefined)?.alg === 'none')
}

/** The number of the tenant's error, which its documentation explains. */
function detailOf(error: unknown): string {
  if (!(error instanceof oidc.ResponseBodyError)) return ''
  const number = /\bAADSTS\d{1,9}\b/.exec(error.error_description ?? '')?.[0]
  return `The tenant responded with ${error.error}${number === undefined ? '' : ` (${number})`}.`
}
