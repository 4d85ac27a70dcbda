import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose'
import type { CryptoKey, JWK, JWTPayload } from 'jose'
import { writeSecret } from '../certificate.ts'
import type { Caller } from '../http/exchange.ts'
import { stableGuid } from '../ids.ts'
import { rolesByClientId } from '../well-known.ts'
import type { DirectoryPerson } from './people/directory.ts'

const lifetimeSeconds = 3600

/** Signs and checks access tokens (RS256). The key survives restarts, and so do tokens. */
export interface Tokens {
  /** Lifetime of a token in seconds. */
  readonly lifetimeSeconds: number
  /** A signed token; `issuerOrigin` is the address at which the caller reached the issuer. */
  issue(request: TokenRequest): Promise<string>
  /** Reads a token. Throws when its signature or its times are invalid. */
  verify(token: string): Promise<Caller>
  /** The claims of a token. Throws as `verify` does. */
  claims(token: string): Promise<JWTPayload>
  /** The private key, for another issuer of the same tenant. */
  signingKey(): JWK
  /** The public keys, as served at the JWKS address. */
  keys(): { keys: JWK[] }
}

/** The audience and caller of a token. */
export interface TokenRequest {
  readonly tenantId: string
  readonly clientId: string
  readonly audience: string
  readonly issuerOrigin: string
  /** Left out: the client itself is the caller. */
  readonly person?: DirectoryPerson | undefined
}

/** Reads the signing key from the folder or creates it. */
export async function openTokens(folder: string): Promise<Tokens> {
  const held = await readKey(path.join(folder, 'azure-keys', 'token-key.json'))
  const privateKey = await importKey(held)
  const kid = await calculateJwkThumbprint(held)
  const publicJwk: JWK = { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n: held.n ?? '', e: held.e ?? '' }
  const publicKey = await importKey(publicJwk)
  return {
    lifetimeSeconds,
    issue: (request) => sign(privateKey, kid, request),
    verify: async (token) => callerOf(await claims(publicKey, token)),
    claims: (token) => claims(publicKey, token),
    signingKey: () => ({ ...held, use: 'sig', alg: 'RS256', kid }),
    keys: () => ({ keys: [publicJwk] }),
  }
}

async function readKey(file: string): Promise<JWK> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK
  } catch {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(privateKey)
    await writeSecret(file, JSON.stringify(jwk))
    return jwk
  }
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'RS256')
  if (key instanceof Uint8Array) throw new Error('The signing key is not an RSA key.')
  return key
}

async function sign(key: CryptoKey, kid: string, request: TokenRequest): Promise<string> {
  const { tenantId, clientId, audience, issuerOrigin, person } = request
  const objectId = person?.objectId ?? stableGuid(`${tenantId}/${clientId}`)
  return new SignJWT({
    tid: tenantId,
    oid: objectId,
    appid: clientId,
    azp: clientId,
    ver: '2.0',
    ...(person === undefined ? claimsOfClient(clientId) : claimsOfPerson(person)),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(`${issuerOrigin}/${tenantId}/v2.0`)
    .setSubject(objectId)
    .setAudience(audience)
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime(`${lifetimeSeconds}s`)
    .sign(key)
}

function claimsOfClient(clientId: string): JWTPayload {
  const roles = rolesByClientId[clientId]
  return { azpacr: '1', idtyp: 'app', ...(roles === undefined ? {} : { roles }) }
}

function claimsOfPerson({ name, userName }: DirectoryPerson): JWTPayload {
  return { azpacr: '0', idtyp: 'user', scp: 'user_impersonation', name, upn: userName }
}

async function claims(key: CryptoKey, token: string): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, key, { algorithms: ['RS256'], clockTolerance: 60 })
  return payload
}

function callerOf(payload: JWTPayload): Caller {
  const audience = Array.isArray(payload.aud) ? (payload.aud[0] ?? '') : (payload.aud ?? '')
  return {
    tenantId: text(payload['tid']),
    clientId: text(payload['appid']),
    objectId: text(payload['oid']),
    audience,
    userName: payload['idtyp'] === 'user' ? text(payload['upn']) : undefined,
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
