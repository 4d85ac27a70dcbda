import { randomUUID } from 'node:crypto'
import { apiVersion, AzureError, jsonBody, param } from '../../azure/http/exchange.ts'
import type { Call, Caller, Reply } from '../../azure/http/exchange.ts'
import type { Route } from '../../azure/http/router.ts'
import type { Tokens } from '../../azure/identity/tokens.ts'
import type { Losses } from '../losses.ts'
import { emailBody, mailOf } from './email-body.ts'
import type { Quota } from './quota.ts'

const apiVersions = ['2023-03-31', '2025-09-01']
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** The SDK asks for the scope `https://communication.azure.com//.default`. */
const audience = /^https:\/\/communication\.azure\.com\/?$/

/** What the email service needs. */
export interface EmailService {
  readonly tokens: Tokens
  readonly quota: Quota
  readonly losses: Losses
}

/**
 * The two calls of Azure Communication Services that its SDK for email makes. A mail that is sent again under the same
 * `Operation-Id` is accepted and not delivered twice.
 */
export function emailRoutes(service: EmailService): Route[] {
  return [
    { method: 'POST', template: '/emails:send', handle: (call) => send(service, call) },
    { method: 'GET', template: '/emails/operations/{operation}', handle: (call) => status(service, call) },
  ]
}

async function send(service: EmailService, call: Call): Promise<Reply> {
  const { clientId } = await admit(service, call)
  service.quota.count('send')
  const operationId = operationIdOf(call)
  const body = jsonBody(call, emailBody)
  if (!service.losses.hasAccepted('email-service', operationId)) {
    service.losses.deliver(mailOf(body, operationId, clientId, call.rawBody))
  }
  const location = `${call.origin}/emails/operations/${operationId}?api-version=${apiVersion(call)}`
  return {
    status: 202,
    headers: { 'Operation-Location': location, 'Retry-After': '30' },
    body: { id: operationId, status: 'Running', error: null },
  }
}

async function status(service: EmailService, call: Call): Promise<Reply> {
  await admit(service, call)
  service.quota.count('status')
  const operationId = param(call, 'operation').toLowerCase()
  if (!service.losses.hasAccepted('email-service', operationId)) {
    throw new AzureError(404, 'OperationNotFound', `There is no operation ${operationId}.`)
  }
  return { status: 200, body: { id: operationId, status: 'Succeeded', error: null } }
}

async function admit(service: EmailService, call: Call): Promise<Caller> {
  const [, token] = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '') ?? []
  if (token === undefined)
    throw denied('The Authorization header is missing or has another scheme than Bearer.')
  const caller = await service.tokens.verify(token).catch((error: unknown) => {
    throw denied(error instanceof Error ? error.message : String(error))
  })
  if (!audience.test(caller.audience)) {
    throw denied(`The token's audience is ${caller.audience}; expected: https://communication.azure.com.`)
  }
  if (!apiVersions.includes(apiVersion(call))) {
    const expected = apiVersions.join(', ')
    throw new AzureError(400, 'BadRequest', `api-version is "${apiVersion(call)}"; expected: ${expected}.`)
  }
  return caller
}

function denied(message: string): AzureError {
  return new AzureError(401, 'Denied', message, { 'x-ms-error-code': 'Denied' })
}

/** The sender's own id of the operation, so that it can send again; otherwise a new one. */
function operationIdOf(call: Call): string {
  const given = call.headers['operation-id']
  if (given === undefined) return randomUUID()
  if (typeof given === 'string' && uuid.test(given)) return given.toLowerCase()
  throw new AzureError(400, 'BadRequest', `Operation-Id is "${String(given)}"; expected: a UUID.`)
}
