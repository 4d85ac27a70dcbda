import { param } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import type { Permissions } from '../identity/permissions.ts'
import type { World } from '../world.ts'
import { resourceRoutesOf } from './paths.ts'
import { requireGroup } from './resource-groups.ts'
import { requireResource } from './resources.ts'
import { checkVersion } from './versions.ts'

const type = 'Microsoft.Authorization/permissions'
const rest = `/providers/${type}`

/** The caller's permissions at a subscription, a resource group or a resource. */
export function permissionRoutes(world: World, permissions: Permissions): Route[] {
  const handle =
    (check: (call: Call) => void) =>
    (call: Call): Reply => {
      checkVersion(call, type, 'global')
      check(call)
      const scope = call.path.slice(0, -rest.length)
      return { status: 200, body: { value: permissions.of(call.caller?.clientId ?? '', scope) } }
    }
  const subscription = '/subscriptions/{subscription}'
  return [
    {
      method: 'GET',
      template: `${subscription}${rest}`,
      handle: handle((call) => param(call, 'subscription')),
    },
    {
      method: 'GET',
      template: `${subscription}/resourceGroups/{group}${rest}`,
      handle: handle((call) => requireGroup(world, call)),
    },
    ...resourceRoutesOf(
      'GET',
      rest,
      handle((call) => requireResource(world, call)),
    ),
  ]
}
