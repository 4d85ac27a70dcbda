import { z } from 'zod'
import { jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey, newEtag } from '../ids.ts'
import { databricksAccounts } from '../requesters/databricks.ts'
import { fabricWorkspaces } from '../requesters/fabric.ts'
import { ownTenant, tenants } from '../well-known.ts'
import type { World } from '../world.ts'

const body = z.strictObject({
  tenantId: z
    .string()
    .refine((id) => tenants.some(({ tenantId }) => tenantId === id), 'is no tenant of the simulated Azure')
    .default(ownTenant.tenantId),
  region: z.string().default('westeurope'),
})

/** Creates requesters that are no resources of Azure Resource Manager, in any tenant. */
export function requesterControlRoutes(world: World): Route[] {
  const put = (path: string, type: string, collection: string): Route => ({
    method: 'PUT',
    template: `/_simulator/${path}/{id}`,
    handle: (call) => putRequester(world, call, type, collection),
  })
  return [
    put('fabric/workspaces', 'Fabric/workspaces', fabricWorkspaces),
    put('databricks/accounts', 'Databricks/accounts', databricksAccounts),
  ]
}

function putRequester(world: World, call: Call, type: string, collection: string): Reply {
  const { tenantId, region } = jsonBody(call, body)
  const name = param(call, 'id')
  const id = `${collection}/${name}`
  world.store.resources.set(idKey(id), {
    id,
    type,
    name,
    location: region,
    tags: {},
    body: {},
    properties: { tenantId },
    etag: newEtag(),
  })
  world.store.changed()
  return { status: 200, body: { id: name, tenantId, region } }
}
