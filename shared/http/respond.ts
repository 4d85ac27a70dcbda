import { hasRole, type SignedIn } from '../domain/caller.ts'
import type { Log } from '../ports/log.ts'
import { formOf, type Incoming, pathOf } from './incoming.ts'
import { type Outgoing, seeOther } from './outgoing.ts'
import { refusalResponse, signInAddress } from './refusal-response.ts'
import { Refused, type RefusalCode, refusals } from './refusals.ts'
import type { Guard, Method, RouteRow } from './routes.ts'
import { checkFormToken, checkOrigin } from './same-site.ts'
import { securityHeaders } from './security-headers.ts'
import { keepTyped, pageOfForm, typedIn } from './typed-text.ts'

/** What the guard of a route asks. */
export interface GuardPorts {
  /** The origin at which people reach the app. */
  readonly publicOrigin: string
  /** @throws Refused for a caller that is not known. */
  readonly authenticate: (incoming: Incoming) => Promise<SignedIn>
}

/** What a route does for a call that its guard let through. */
export interface Admitted<G extends Guard> {
  readonly incoming: Incoming
  /** The caller, where the row of the route requires one. */
  readonly signedIn: G extends 'anonymous' | 'function-key' ? undefined : SignedIn
  /** The fields of the form of a POST by a browser; empty otherwise. */
  readonly form: URLSearchParams
}

export type Work<G extends Guard> = (admitted: Admitted<G>) => Outgoing | Promise<Outgoing>

const maxCauses = 5
const safe: readonly string[] = ['GET'] satisfies readonly Method[]

/**
 * Guards a call, does the work, and always responds: the host would leave the caller of a handler that throws without
 * a usable response.
 */
export async function respond<G extends Guard>(
  row: RouteRow & { readonly guard: G },
  incoming: Incoming,
  guardPorts: () => Promise<GuardPorts>,
  log: Log,
  work: Work<G>,
): Promise<Outgoing> {
  try {
    return withHeaders(await work(await admitted(row, incoming, guardPorts)))
  } catch (error) {
    const refused = error instanceof Refused ? error : failure(error)
    logRefusal(log, refused)
    const path = pathOf(incoming)
    if (mayRenew(row, incoming, refused)) return withHeaders(seeOther(signInAddress('renew', path)))
    if (row.isForm && isSessionLost(refused))
      return withHeaders(await keptForm(row, incoming, refused, guardPorts))
    return withHeaders(await refusalResponse(row, refused, path))
  }
}

async function admitted(
  { guard }: RouteRow,
  incoming: Incoming,
  guardPorts: () => Promise<GuardPorts>,
): Promise<Admitted<Guard>> {
  const form = new URLSearchParams()
  if (guard === 'anonymous' || guard === 'function-key') return { incoming, signedIn: undefined, form }
  const { publicOrigin, authenticate } = await guardPorts()
  const isSafe = safe.includes(incoming.method)
  const isBrowser = incoming.headers.get('authorization') === null
  // Before the session is read: the page of another site must not learn whether there is one.
  if (!isSafe && isBrowser) checkOrigin(incoming, publicOrigin)
  const signedIn = await authenticate(incoming)
  const sent = isSafe || signedIn.session === undefined ? form : await formOf(incoming)
  if (!isSafe && signedIn.session !== undefined) checkFormToken(sent, signedIn.session.formToken)
  if (guard !== 'signed-in' && !hasRole(signedIn.caller, guard)) {
    throw new Refused('role-not-sufficient', `This needs the role ${guard.join(' or ')}.`)
  }
  return { incoming, signedIn, form: sent }
}

/** A page that was only to be read is shown again once the tenant has renewed the session; a form is not sent again. */
function mayRenew({ replies }: RouteRow, { method }: Incoming, { code }: Refused): boolean {
  return code === 'session-expired' && replies === 'page' && safe.includes(method)
}

const sessionLost: readonly RefusalCode[] = [
  'not-signed-in',
  'session-unknown',
  'session-idle',
  'session-expired',
]

function isSessionLost({ code }: Refused): boolean {
  return sessionLost.includes(code)
}

/** Nothing that was typed is lost: it stands in the form again after the next sign-in. */
async function keptForm(
  row: RouteRow,
  incoming: Incoming,
  refused: Refused,
  guardPorts: () => Promise<GuardPorts>,
): Promise<Outgoing> {
  const path = pageOfForm(pathOf(incoming))
  const { publicOrigin } = await guardPorts()
  const typed = await typedIn(incoming).catch(() => undefined)
  const response = await refusalResponse(row, refused, path, typed?.text)
  return typed ? { ...response, cookies: [keepTyped(publicOrigin, typed)] } : response
}

/** Only what the SDK of the storage throws has this name. */
function failure(error: unknown): Refused {
  const isStorage = error instanceof Error && error.name === 'RestError'
  return new Refused(isStorage ? 'storage-unavailable' : 'failed', '', { cause: error })
}

/** Names and messages of causes only: other members may hold tokens. */
function logRefusal(log: Log, refused: Refused): void {
  const { code, detail } = refused
  if (refusals[code].status < 500) {
    log.info('A call was refused.', { metric: 'http.refused', code })
    return
  }
  const causes: string[] = []
  for (let { cause } = refused; cause instanceof Error && causes.length < maxCauses; { cause } = cause) {
    causes.push(`${cause.name}: ${cause.message}`)
  }
  log.error('A call failed.', { metric: 'http.failed', code, detail, causes, stack: stackOf(refused.cause) })
}

/** Where an error of our own arose; those of libraries are known by their messages. */
function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack?.split('\n').slice(1, 6).join('\n') : undefined
}

function withHeaders(outgoing: Outgoing): Outgoing {
  return { ...outgoing, headers: { ...securityHeaders, ...outgoing.headers } }
}
