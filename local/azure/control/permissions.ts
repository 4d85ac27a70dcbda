import { z } from 'zod'
import { jsonBody } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import type { Permissions } from '../identity/permissions.ts'

const actions = z.array(z.string().min(1)).default([])
const body = z.strictObject({
  /** An ARM id; `/` is everything. */
  scope: z.string().startsWith('/').default('/'),
  /** Without one, every client. */
  clientId: z.string().min(1).optional(),
  permissions: z.array(
    z.strictObject({
      actions,
      notActions: actions,
      dataActions: actions,
      notDataActions: actions,
    }),
  ),
})

/** Sets permissions, and resets them to the default. */
export function permissionControlRoutes(permissions: Permissions): Route[] {
  const template = '/_simulator/permissions'
  return [
    { method: 'PUT', template, handle: (call) => set(permissions, call) },
    {
      method: 'DELETE',
      template,
      handle: () => {
        permissions.clear()
        return { status: 204 }
      },
    },
  ]
}

function set(permissions: Permissions, call: Call): Reply {
  const { clientId, ...expected } = jsonBody(call, body)
  permissions.set({ ...expected, clientId })
  return { status: 200, body: expected }
}
