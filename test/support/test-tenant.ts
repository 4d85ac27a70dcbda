import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'

export const tenantId = '7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10'
export const clientId = '5e1f0a77-6c3b-4d0e-9a51-7b2c8d9e0f66'
export const annId = 'a11ce000-0001-4d2c-9b3a-c0de5e1f0001'

/** A change of the token that the tenant would issue, by an attacker. */
export interface Forgery {
  readonly claims?: JWTPayload
  readonly header?: Partial<JWTHeaderParameters>
  /** The whole token, of the claims as they are. */
  readonly sign?: (claims: JWTPayload, tenant: TestTenant) => string | Promise<string>
}

/** A tenant whose tokens a test writes: discovery, keys and token endpoint, over http on loopback. */
export class TestTenant {
  readonly origin: string
  readonly publicPem: string
  /** What the token endpoint gives for any code. */
  idToken: () => string | Promise<string> = () => ''
  /** The forms that the token endpoint got. */
  readonly forms: URLSearchParams[] = []
  readonly stop: () => Promise<void>
  readonly #key: CryptoKey
  #isDown = false

  private constructor(origin: string, key: CryptoKey, publicPem: string, stop: () => Promise<void>) {
    this.origin = origin
    this.publicPem = publicPem
    this.stop = stop
    this.#key = key
  }

  static async start(): Promise<TestTenant> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig', alg: 'RS256' }
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const base = `${origin}/${tenantId}`
    const tenant = new TestTenant(origin, privateKey, JSON.stringify(jwk), () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    })
    server.on('request', (request, response) => {
      const send = (body: unknown) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      const path = (request.url ?? '').slice(`/${tenantId}`.length)
      if (tenant.#isDown) request.socket.destroy()
      else if (path === '/v2.0/.well-known/openid-configuration') {
        send({
          issuer: `${base}/v2.0`,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          token_endpoint: `${base}/oauth2/v2.0/token`,
          jwks_uri: `${base}/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
        })
      } else if (path === '/keys') send({ keys: [jwk] })
      else {
        void (async () => {
          const chunks: Buffer[] = []
          for await (const chunk of request) chunks.push(chunk as Buffer)
          tenant.forms.push(new URLSearchParams(Buffer.concat(chunks).toString()))
          const id_token = await tenant.idToken()
          send({ token_type: 'Bearer', expires_in: 3600, access_token: 'opaque', id_token })
        })()
      }
    })
    return tenant
  }

  /** From now on nobody responds. */
  goDown(): void {
    this.#isDown = true
  }

  /** Claims of an approver's ID token. */
  claims(change: JWTPayload = {}): JWTPayload {
    const now = Math.floor(Date.now() / 1000)
    return {
      ...{ iss: `${this.origin}/${tenantId}/v2.0`, aud: clientId, tid: tenantId, ver: '2.0' },
      ...{ oid: annId, sub: 'pairwise', name: 'Ann', acct: 0, roles: ['Approver'] },
      ...{ iat: now, nbf: now, exp: now + 3600, ...change },
    }
  }

  /** A token with these claims, as the tenant signs it unless the forgery says otherwise. */
  async token(claims: JWTPayload, { header, sign, claims: change }: Forgery = {}): Promise<string> {
    const forged = Object.fromEntries(
      Object.entries({ ...claims, ...change }).filter(([, value]) => value !== undefined),
    )
    if (sign) return sign(forged, this)
    return new SignJWT(forged)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'one', ...header })
      .sign(this.#key)
  }
}
