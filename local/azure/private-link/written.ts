import { z } from 'zod'
import { asObject, AzureError, jsonBody } from '../http/exchange.ts'
import type { Call } from '../http/exchange.ts'
import { sameId } from '../ids.ts'
import type { Connection, ConnectionStatus } from '../state.ts'
import type { TargetType } from './target-types/index.ts'
import { neededMembers } from './target-types/published-writes.ts'

const connectionBody = z.looseObject({
  properties: z.looseObject({
    privateEndpoint: z.looseObject({ id: z.string().nullish() }).nullish(),
    privateLinkServiceConnectionState: z.looseObject({
      status: z.string(),
      description: z.string().nullish(),
    }),
  }),
})

/** The change that a body of a connection requests. */
export interface Written {
  readonly status: ConnectionStatus
  readonly description: string
}

/** Reads the body of a write, with the peculiarities of the target's type. Throws the type's own refusal. */
export function readWritten(call: Call, type: TargetType, connection: Connection): Written {
  const body = jsonBody(call, connectionBody)
  const { privateEndpoint, privateLinkServiceConnectionState: state } = body.properties
  checkEtag(call, type, connection)
  checkEndpoint(connection, privateEndpoint?.id)
  checkReadOnlyMembers(type, body)
  checkNeededMembers(type, body)
  return {
    status: readStatus(type, connection, state.status),
    description: readDescription(type, connection, state.description),
  }
}

function checkEtag(call: Call, type: TargetType, connection: Connection): void {
  const expected = call.headers['if-match']
  if (!type.ifMatch || expected === undefined || expected === '*' || expected === connection.etag) return
  throw new AzureError(412, 'PreconditionFailed', `The etag ${expected} is not the current one.`)
}

/** Only the platform writes the endpoint id; a body with another one gets 404, as users reported. */
function checkEndpoint(connection: Connection, given: string | null | undefined): void {
  if (given === undefined || given === null || sameId(given, connection.endpointId)) return
  throw new AzureError(404, 'NotFound', `There is no connection ${connection.name} of ${given}.`)
}

const readOnly = ['provisioningState', 'groupIds', 'groupId', 'linkIdentifier']

/**
 * Some providers refuse read-only members that a client sends back (Azure/azure-cli#20424 has code and message); others
 * ignore them. Which of them refuse is inferred from what their schemas call read-only.
 */
function checkReadOnlyMembers(type: TargetType, body: z.infer<typeof connectionBody>): void {
  const state = asObject(body.properties.privateLinkServiceConnectionState)
  const isMemberSent = readOnly.some((name) => name in body.properties) || type.stateExtra in state
  const isDescriptionSent = (state['description'] ?? undefined) !== undefined
  const isRefused = type.readOnlyMembers === 'refused' && isMemberSent
  if (!isRefused && !(type.description === 'read-only' && isDescriptionSent)) return
  throw new AzureError(400, 'InvalidResource', 'Property set method not found.')
}

/** The endpoint's id can be missing: Microsoft's own client for private link services leaves it out. */
function checkNeededMembers(type: TargetType, body: z.infer<typeof connectionBody>): void {
  const state = asObject(body.properties.privateLinkServiceConnectionState)
  const isThere = (member: string) => {
    const [first = '', nested] = member.split('.')
    if (nested !== undefined) return first !== 'state' || nested in state
    return first in body || first in body.properties
  }
  const missing = neededMembers(type.type).filter((member) => !isThere(member))
  if (missing.length === 0) return
  const fields = missing.join(', ')
  throw new AzureError(
    400,
    'ValidationError',
    `One or more fields contain incorrect values: ${fields} is missing.`,
  )
}

function readStatus(type: TargetType, connection: Connection, expected: string): ConnectionStatus {
  const status = (['Approved', 'Rejected'] as const).find(
    (word) => word === expected || type.statusWords[word] === expected,
  )
  if (status === undefined) throw stateError(`status "${expected}" cannot be set; Approved and Rejected can`)
  if (connection.status === 'Disconnected') throw stateError('the connection is Disconnected')
  if (type.sameStateRefused && connection.status === status) {
    throw new AzureError(
      400,
      'InvalidValuesForRequestParameters',
      `Values for request parameters are invalid: privateLinkServiceConnectionState.status (already ${status}).`,
    )
  }
  if (type.rejectedIsFinal && connection.status === 'Rejected' && status === 'Approved') {
    throw new AzureError(
      400,
      'BadRequest',
      'Approving a rejected private endpoint connection is not supported; create the endpoint again.',
    )
  }
  return status
}

/** The code is the one that users saw with SQL servers; that other types have the same one is inferred. */
function readDescription(type: TargetType, connection: Connection, given: string | null | undefined): string {
  if (type.description === 'read-only') return connection.description
  const description = given ?? ''
  if (type.description === 'optional' || description.trim() !== '') return description
  throw new AzureError(
    400,
    'InvalidResourceIdSegment',
    'parameters.properties.privateLinkServiceConnectionState: description is missing or empty.',
  )
}

function stateError(message: string): AzureError {
  return new AzureError(400, 'BadRequest', `privateLinkServiceConnectionState: ${message}.`)
}
