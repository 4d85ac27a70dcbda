import { app, type HttpResponseInit } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { respond, type Work } from '../shared/http/respond.ts'
import { type RouteName, type RouteRow, routes } from '../shared/http/routes.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Registers the HTTP function of a row in the table of routes: method, path and guard are the row's. */
export function serveRoute<Name extends RouteName>(
  name: Name,
  work: Work<(typeof routes)[Name]['guard']>,
): void {
  const row: RouteRow & { readonly guard: (typeof routes)[Name]['guard'] } = routes[name]
  app.http(name, {
    // Left out, it would be the name of the function.
    route: row.route === '' ? '/' : row.route,
    methods: [...row.methods],
    authLevel: row.guard === 'function-key' ? 'function' : 'anonymous',
    handler: (request, context) => {
      const log = functionLog(context)
      return withLog(log, async () => {
        const { status, headers, cookies, body, jsonBody } = await respond(
          row,
          request,
          guardPorts,
          log,
          work,
        )
        const response: HttpResponseInit = { status, ...(headers && { headers: { ...headers } }) }
        if (cookies) response.cookies = cookies.map((cookie) => ({ ...cookie }))
        if (body !== undefined) response.body = body
        if (jsonBody !== undefined) response.jsonBody = jsonBody
        return response
      })
    },
  })
}

async function guardPorts() {
  const { signIn } = await startedApp()
  return signIn
}
