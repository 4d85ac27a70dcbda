import type { AzureError, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { subscriptionOf } from '../ids.ts'
import type { Resource } from '../state.ts'
import { ownTenant, subscriptions } from '../well-known.ts'
import type { World } from '../world.ts'

/** A service with its own host name in Azure; here the first segment of the path replaces the host. */
export interface DataPlane {
  readonly prefix: string
  readonly audience: string
  /** The tenant whose tokens are admitted; undefined where all tenants share one host, and the handler decides. */
  readonly owner: (call: Call) => string | undefined
  /** Whether calls must have an api-version. */
  readonly versioned: boolean
  readonly errorBody: (error: AzureError) => JsonObject
  readonly routes: readonly Route[]
}

/** The resource with this type and name, where names are unique in all of Azure. */
export function findByName(world: World, type: string, name: string): Resource | undefined {
  return [...world.store.resources.values()].find(
    (held) => held.type === type && held.name.toLowerCase() === name.toLowerCase(),
  )
}

/** For hosts `{name}.{suffix}`, here `/{prefix}/{name}`: the tenant that owns the resource of that name. */
export function ownerByName(world: World, type: string): (call: Call) => string {
  return (call) => {
    const [, , name = ''] = call.path.split('/')
    const subscription = subscriptionOf(findByName(world, type, name)?.id ?? '')?.toLowerCase()
    const owner = subscriptions.find((held) => held.subscriptionId === subscription)
    return owner?.tenantId ?? ownTenant.tenantId
  }
}
