import { z } from 'zod'
import { AzureError, jsonBody } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { sameId } from '../ids.ts'
import { renderIngestion } from '../private-link/render.ts'
import { settle } from '../private-link/settle.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { idOf } from './paths.ts'
import { requireResource } from './resources.ts'
import { checkVersion } from './versions.ts'

const type = 'Microsoft.Purview/accounts'
const template = '/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/accounts/{name}'

/** The connections to the ingestion storage of Purview accounts. */
export function ingestionRoutes(world: World): Route[] {
  return [
    {
      method: 'GET',
      template: `${template}/ingestionPrivateEndpointConnections`,
      handle: (call) => listIngestion(world, withType(call)),
    },
    {
      method: 'POST',
      template: `${template}/ingestionPrivateEndpointConnectionStatus`,
      handle: (call) => postIngestionStatus(world, withType(call)),
    },
  ]
}

function listIngestion(world: World, call: Call): Reply {
  const account = requireIngestionAccount(world, call)
  const value = world.store
    .connectionsOf(account.id, true)
    .map((connection) => renderIngestion(idOf(call), connection))
  return { status: 200, body: { value } }
}

const ingestionStatus = z.looseObject({
  privateEndpointId: z.string().min(1),
  status: z.enum(['Approved', 'Rejected']),
})

/** The specification's model requires the endpoint's id, its example passes the connection's: both are accepted. */
function postIngestionStatus(world: World, call: Call): Reply {
  const account = requireIngestionAccount(world, call)
  const { privateEndpointId, status } = jsonBody(call, ingestionStatus)
  const name = privateEndpointId.split('/').at(-1) ?? ''
  const connection = world.store
    .connectionsOf(account.id, true)
    .find(
      (held) => sameId(held.endpointId, privateEndpointId) || held.name.toLowerCase() === name.toLowerCase(),
    )
  if (connection === undefined) {
    throw new AzureError(404, 'NotFound', `No ingestion connection belongs to ${privateEndpointId}.`)
  }
  settle(world, connection, status, connection.description)
  return { status: 200, body: { privateEndpointId, status } }
}

function requireIngestionAccount(world: World, call: Call): Resource {
  const account = requireResource(world, call)
  checkVersion(call, `${type}/ingestionPrivateEndpointConnections`, account.location)
  if (account.properties['ingestionStorage'] !== undefined) return account
  throw new AzureError(
    404,
    'NotFound',
    `${account.name} has managed resources instead of ingestion connections.`,
  )
}

function withType(call: Call): Call {
  return { ...call, params: new Map([...call.params, ['type', 'accounts']]) }
}
