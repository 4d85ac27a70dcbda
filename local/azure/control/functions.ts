import { z } from 'zod'
import { isLoopback } from '../event-grid/subscriptions.ts'
import { jsonBody } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey } from '../ids.ts'
import type { World } from '../world.ts'

const body = z.strictObject({
  /** `…/Microsoft.Web/sites/{app}/functions/{function}` */
  resourceId: z.string().regex(/\/functions\/[^/]+$/i, 'is not the id of a function'),
  url: z.url().refine(isLoopback, 'is no loopback address'),
})

/** Registers the address of a function that event subscriptions name by its resource id. */
export function functionControlRoutes(world: World): Route[] {
  return [{ method: 'PUT', template: '/_simulator/functions', handle: (call) => put(world, call) }]
}

function put(world: World, call: Call): Reply {
  const { resourceId, url } = jsonBody(call, body)
  world.functions.set(idKey(resourceId), url)
  return { status: 200, body: { resourceId } }
}
