import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { stableGuid } from '../../ids.ts'
import { ownTenant, signInApp } from '../../well-known.ts'
import type { Tokens } from '../tokens.ts'

/** An OAuth error of the token endpoint, in the words of Entra. */
export class TokenError extends Error {
  readonly error: string
  readonly status: number

  constructor(status: number, error: string, message: string) {
    super(message)
    this.status = status
    this.error = error
  }
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const exchangeAudience = 'api://AzureADTokenExchange'

/**
 * Checks the proof of the client as Entra does, which takes a token of another issuer where a federated credential names
 * it. The library knows only assertions that a client signs itself; so a proof that holds is replaced by the secret.
 * @throws TokenError otherwise.
 */
export async function withAcceptedProof(
  tokens: Tokens,
  trustedIssuer: string,
  form: URLSearchParams,
): Promise<URLSearchParams> {
  const assertion = form.get('client_assertion')
  if (assertion === null) {
    if (form.get('client_secret') === signInApp.clientSecret) return form
    throw refused('AADSTS7000215: Invalid client secret provided.')
  }
  if (form.get('client_assertion_type') !== assertionType) {
    throw refused('AADSTS900021: The client_assertion_type is not known.')
  }
  await checkAssertion(tokens, trustedIssuer, assertion)
  const accepted = new URLSearchParams(form)
  for (const name of ['client_assertion', 'client_assertion_type']) accepted.delete(name)
  accepted.set('client_secret', signInApp.clientSecret)
  return accepted
}

async function checkAssertion(tokens: Tokens, trustedIssuer: string, assertion: string): Promise<void> {
  const { iss, sub, aud } = await tokens.claims(assertion).catch(() => {
    throw refused(
      'AADSTS700024: Client assertion is not within its valid time range, or its signature is invalid.',
    )
  })
  if (iss !== `${trustedIssuer}/${ownTenant.tenantId}/v2.0`) {
    throw refused(
      `AADSTS700211: No matching federated identity record found for presented assertion issuer '${iss ?? ''}'.`,
    )
  }
  if (sub !== stableGuid(`${ownTenant.tenantId}/${signInApp.trustedClientId}`)) {
    throw refused(
      `AADSTS700213: No matching federated identity record found for presented assertion subject '${sub ?? ''}'.`,
    )
  }
  if (aud !== exchangeAudience) {
    throw refused(
      `AADSTS700212: No matching federated identity record found for presented assertion audience '${String(aud)}'.`,
    )
  }
}

function refused(message: string): TokenError {
  return new TokenError(401, 'invalid_client', message)
}

/** The form of a request. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

/** The same request with another form. */
export function withForm(request: IncomingMessage, form: URLSearchParams): IncomingMessage {
  const body = Buffer.from(form.toString())
  const { method, url, socket, httpVersion } = request
  const headers = { ...request.headers, 'content-length': String(body.length) }
  return Object.assign(Readable.from([body], { objectMode: false }), {
    ...{ method, url, socket, httpVersion, headers },
    originalUrl: (request as { originalUrl?: string }).originalUrl,
  }) as unknown as IncomingMessage
}
