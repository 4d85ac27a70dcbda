import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { listenOnLoopback } from '../../http/listen.ts'
import type { Tokens } from '../tokens.ts'
import { choosePage } from './choose-page.ts'
import { people } from './directory.ts'
import { accountPrompt, choosePath, createProvider, mountPath } from './provider.ts'
import { readForm, TokenError, withAcceptedProof, withForm } from './token-endpoint.ts'

export interface PeopleOptions {
  /** 0: a free one. */
  readonly port: number
  /** Where sign-ins may lead back to, exactly. */
  readonly redirectUris: readonly string[]
  readonly tokens: Tokens
  /** The origin of the issuer whose tokens prove who the app is. */
  readonly trustedIssuer: string
}

/** The part of a tenant that people meet. */
export interface People {
  /** `http://localhost:PORT`, the authority of the app. */
  readonly origin: string
  stop(): Promise<void>
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
}

/** Serves the sign-in of people over http on loopback, so that no browser warns of a certificate. */
export async function startPeople(options: PeopleOptions): Promise<People> {
  const { servers, port, close } = await listenOnLoopback(() => createServer(), options.port)
  const origin = `http://localhost:${port}`
  const provider = createProvider(origin, options.tokens.signingKey(), options.redirectUris)
  const callback = provider.callback()
  for (const server of servers) {
    server.on('request', (request, response) => {
      serve(options, provider, callback, request, response).catch((error: unknown) => fail(response, error))
    })
  }
  return { origin, stop: close }
}

async function serve(
  options: PeopleOptions,
  provider: Provider,
  callback: ReturnType<Provider['callback']>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '/'
  if (url.startsWith(`${choosePath}/`)) {
    await choose(provider, request, response)
    return
  }
  // Entra has the version before the discovery document, and behind everything else.
  const path = url.replace(`${mountPath}/v2.0/.well-known`, `${mountPath}/.well-known`)
  if (!path.startsWith(`${mountPath}/`)) {
    send(response, 400, { error: 'invalid_tenant', error_description: 'AADSTS90002: Tenant not found.' })
    return
  }
  const mounted = Object.assign(request, { originalUrl: path, url: path.slice(mountPath.length) })
  if (request.method === 'POST' && mounted.url.startsWith('/oauth2/v2.0/token')) {
    await token(options, callback, mounted, response)
    return
  }
  await callback(mounted, response)
}

/** Shows who one can be, and goes on as the one who was chosen. */
async function choose(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await provider.interactionDetails(request, response)
  const form = request.method === 'POST' ? await readForm(request) : undefined
  const person = people.find(({ key }) => key === form?.get('person'))
  if (person === undefined) {
    response.writeHead(200, headers).end(await choosePage(request.url ?? ''))
    return
  }
  const login = { accountId: person.objectId, remember: true }
  await provider.interactionFinished(request, response, { login, [accountPrompt]: {} })
}

async function token(
  { tokens, trustedIssuer }: PeopleOptions,
  callback: ReturnType<Provider['callback']>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const form = await readForm(request)
  try {
    const accepted = await withAcceptedProof(tokens, trustedIssuer, form)
    await callback(withForm(request, accepted), response)
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    send(response, error.status, { error: error.error, error_description: error.message })
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** A sign-in that is not under way, or has been for too long. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy()
  else send(response, 400, { error: 'invalid_request', error_description: String(error) })
}
