import { z } from 'zod'
import { AzureError, jsonBody, param } from '../../http/exchange.ts'
import type { Call, Reply } from '../../http/exchange.ts'
import type { DataPlane } from '../../requesters/data-plane.ts'
import { ownTenant } from '../../well-known.ts'
import { type DirectoryPerson, personById } from './directory.ts'

const checkBody = z.object({ groupIds: z.array(z.guid()).min(1).max(20) })

/** Membership of people in groups: `/graph` stands for `https://graph.microsoft.com`. */
export function graphPlane(): DataPlane {
  return {
    prefix: 'graph',
    audience: 'https://graph.microsoft.com',
    owner: () => ownTenant.tenantId,
    versioned: false,
    errorBody: ({ code, message }) => ({ error: { code, message } }),
    routes: [
      { method: 'POST', template: '/graph/v1.0/users/{user}/checkMemberGroups', handle: checkMemberGroups },
      { method: 'POST', template: '/graph/v1.0/users/{user}/getMemberObjects', handle: getMemberObjects },
    ],
  }
}

function checkMemberGroups(call: Call): Reply {
  const { groups } = requirePerson(call)
  const { groupIds } = jsonBody(call, checkBody)
  return { status: 200, body: { value: groupIds.filter((id) => groups.includes(id.toLowerCase())) } }
}

function getMemberObjects(call: Call): Reply {
  return { status: 200, body: { value: requirePerson(call).groups } }
}

function requirePerson(call: Call): DirectoryPerson {
  const id = param(call, 'user')
  const person = personById(id)
  if (person !== undefined) return person
  throw new AzureError(404, 'Request_ResourceNotFound', `Resource '${id}' does not exist.`)
}
