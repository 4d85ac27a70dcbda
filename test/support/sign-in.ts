import { randomBytes } from 'node:crypto'
import type { Incoming } from '../../shared/http/incoming.ts'
import type { Outgoing } from '../../shared/http/outgoing.ts'
import { Refused } from '../../shared/http/refusals.ts'
import type { SignInPorts, TenantPort } from '../../shared/sign-in/ports.ts'
import { createSignIn, type SignIn } from '../../shared/sign-in/sign-in.ts'
import { Sessions } from '../../shared/sign-in/storage/sessions.ts'
import { createTenant } from '../../shared/sign-in/tenant/tenant.ts'
import { MemoryTable, type StorageHook } from './memory-table.ts'
import { clientId, type TestTenant, tenantId } from './test-tenant.ts'

export const publicOrigin = 'https://approver.contoso.test'

export interface SignInBench {
  readonly signIn: SignIn
  readonly sessions: Sessions
  readonly tenantPort: TenantPort
  readonly clock: { at: number }
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Sign-in against a tenant of a test, with sessions in memory and a clock that a test sets. */
export function signInBench(
  tenant: TestTenant,
  change: Partial<SignInPorts> = {},
  hook?: StorageHook,
): SignInBench {
  const clock = { at: Date.now() }
  const now = () => new Date(clock.at)
  const sessions = new Sessions(new MemoryTable('sessions', now, hook ?? (() => undefined)))
  const credential = { getToken: () => Promise.resolve({ token: 'assertion', expiresOnTimestamp: Infinity }) }
  const tenantPort = createTenant({
    ...{ authority: tenant.origin, tenantId, clientId, publicOrigin, clientSecret: undefined },
    ...{ assertionScope: 'api://AzureADTokenExchange/.default', credential, log: silent, now },
    graph: { endpoint: `${tenant.origin}/graph`, scope: 'https://graph.microsoft.com/.default' },
  })
  const signIn = createSignIn({
    sessions,
    tenant: tenantPort,
    namedGroups: () => Promise.resolve([]),
    rules: { publicOrigin, allowGuests: false },
    random: (bytes) => randomBytes(bytes).toString('base64url'),
    now,
    log: silent,
    ...change,
  })
  return { signIn, sessions, tenantPort, clock }
}

/** What a call carries. */
interface Carried {
  readonly cookies?: Record<string, string>
  readonly headers?: Record<string, string>
}

/** A call with cookies and headers. */
export function call(path: string, { cookies = {}, headers = {} }: Carried = {}): Incoming {
  const url = new URL(path, publicOrigin)
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  return {
    method: 'GET',
    url: url.href,
    headers: new Headers({ ...headers, ...(cookie !== '' && { cookie }) }),
    query: url.searchParams,
    params: {},
    text: () => Promise.resolve(''),
  }
}

/** The cookies that a response sets, by name. */
export function cookiesOf({ cookies = [] }: Outgoing): Record<string, string> {
  return Object.fromEntries(cookies.map(({ name, value }) => [name, value]))
}

/** The code with which a call is refused, or "let in". */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'let in'
  } catch (error) {
    if (error instanceof Refused) return error.code
    throw error
  }
}

/** A sign-in that has begun: what the browser keeps, and what the tenant is asked. */
export async function begun(
  signIn: SignIn,
  query = '',
): Promise<{ cookies: Record<string, string>; asked: URLSearchParams }> {
  const outgoing = await signIn.begin(call(`/sign-in${query}`))
  return {
    cookies: cookiesOf(outgoing),
    asked: new URL(outgoing.headers?.['location'] ?? '').searchParams,
  }
}

/** Signs in with the claims; the session's cookies. */
export async function signedIn(
  { signIn }: Pick<SignInBench, 'signIn'>,
  tenant: TestTenant,
  claims = tenant.claims(),
  before: Record<string, string> = {},
): Promise<Record<string, string>> {
  const { cookies, asked } = await begun(signIn)
  tenant.idToken = () => tenant.token({ ...claims, nonce: asked.get('nonce') })
  const back = `/sign-in/callback?code=c&state=${asked.get('state') ?? ''}`
  return cookiesOf(await signIn.end(call(back, { cookies: { ...before, ...cookies } })))
}
