import { apiVersion } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey } from '../ids.ts'
import { renderWhole } from '../private-link/notify.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { nestedListRoutes, typeOf } from './paths.ts'

/**
 * Lists of resources: of a subscription or a resource group, of all types or one, and of a nested type in its parent.
 */
export function resourceListRoutes(world: World): Route[] {
  const scopes = ['/subscriptions/{subscription}', '/subscriptions/{subscription}/resourceGroups/{group}']
  return [
    ...scopes.flatMap((scope) => [
      {
        method: 'GET',
        template: `${scope}/resources`,
        handle: (call: Call) => listBelow(world, call, call.path.replace(/\/resources$/i, '')),
      },
      {
        method: 'GET',
        template: `${scope}/providers/{namespace}/{type}`,
        handle: (call: Call) =>
          listBelow(world, call, call.path.replace(/\/providers\/.*$/i, ''), typeOf(call)),
      },
    ]),
    ...nestedListRoutes((call) => listBelow(world, call, call.path, typeOf(call))),
  ]
}

function listBelow(world: World, call: Call, scope: string, type?: string): Reply {
  const isRequired = (resource: Resource): boolean =>
    idKey(resource.id).startsWith(`${idKey(scope)}/`) &&
    (type === undefined || resource.type.toLowerCase() === type.toLowerCase())
  const value = [...world.store.resources.values()]
    .filter(isRequired)
    .map((resource) => renderWhole(world, resource, resource.id, apiVersion(call)))
  return { status: 200, body: { value } }
}
