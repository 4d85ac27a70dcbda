import { AzureError } from '../azure/http/exchange.ts'
import type { Call, Reply } from '../azure/http/exchange.ts'
import { findRoute } from '../azure/http/router.ts'
import type { Route } from '../azure/http/router.ts'

const ownHosts = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

/**
 * Finds the handler of a call. A page of another origin that a browser shows must not read mails or delete them, so
 * calls under a foreign name or from a foreign origin are refused.
 */
export function replier(routes: readonly Route[]): (call: Call) => Promise<{ reply: Reply; call: Call }> {
  return async (call) => {
    refuseForeign(call)
    const { match, pathKnown } = findRoute(routes, call.method === 'HEAD' ? 'GET' : call.method, call.path)
    if (match === undefined) {
      const status = pathKnown ? 405 : 404
      throw new AzureError(
        status,
        pathKnown ? 'MethodNotAllowed' : 'NotFound',
        `No ${call.method} ${call.path} here.`,
      )
    }
    const known = { ...call, params: match.params }
    return { reply: await match.route.handle(known), call: known }
  }
}

function refuseForeign({ headers: { host = '', origin } }: Call): void {
  const isForeign = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)
  if (!ownHosts.test(host) || isForeign) {
    throw new AzureError(403, 'Forbidden', `Calls to ${host} from ${origin ?? 'nowhere'} are not taken here.`)
  }
}
