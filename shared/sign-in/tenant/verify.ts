import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { Refused, type RefusalCode } from '../../http/refusals.ts'
import { readClaims, type TokenClaims } from '../token-claims.ts'
import type { Provider } from './provider.ts'

/** How far clocks may differ. */
export const clockSkewSeconds = 60

export interface Expected {
  readonly issuer: string
  /** The client id of the app. */
  readonly audience: string
  readonly tenantId: string
  readonly now: Date
}

const byClaim: Readonly<Record<string, RefusalCode>> = {
  iss: 'token-issuer',
  aud: 'token-audience',
  nbf: 'token-not-yet-valid',
}

/** @throws Refused, with one code for each reason. */
export async function verifyToken(
  token: string,
  keys: Provider['keys'],
  expected: Expected,
): Promise<TokenClaims> {
  checkAlgorithm(token)
  const { issuer, audience, tenantId, now } = expected
  try {
    const { payload } = await jwtVerify(token, keys, {
      ...{ issuer, audience, currentDate: now },
      algorithms: ['RS256'],
      clockTolerance: clockSkewSeconds,
      requiredClaims: ['exp', 'iat', 'tid', 'oid'],
    })
    if ((payload.iat ?? 0) > now.getTime() / 1000 + clockSkewSeconds) throw new Refused('token-not-yet-valid')
    if (payload['tid'] !== tenantId) throw new Refused('token-tenant')
    return readClaims(payload)
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(codeOf(error), detailOf(error), { cause: error })
  }
}

/** Before any key is sought: a token must not choose how it is checked. */
function checkAlgorithm(token: string): void {
  let algorithm: string | undefined
  try {
    algorithm = decodeProtectedHeader(token).alg
  } catch (error) {
    throw new Refused('token-malformed', '', { cause: error })
  }
  if (algorithm?.toLowerCase() === 'none') throw new Refused('token-unsigned')
  if (algorithm !== 'RS256') throw new Refused('token-algorithm')
}

function codeOf(error: unknown): RefusalCode {
  if (error instanceof errors.JWTExpired) return 'token-expired'
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'missing' ? 'token-claim-missing' : (byClaim[error.claim] ?? 'token-malformed')
  }
  if (error instanceof errors.JWKSNoMatchingKey) return 'token-key-unknown'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'token-signature'
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'token-malformed'
  // The keys could not be read.
  return 'tenant-unavailable'
}

function detailOf(error: unknown): string {
  return error instanceof errors.JWTClaimValidationFailed && error.reason === 'missing'
    ? `The claim "${error.claim}" is missing.`
    : ''
}
