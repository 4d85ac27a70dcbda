import type { Cookies } from '../http/cookies.ts'
import { type Outgoing, seeOther } from '../http/outgoing.ts'
import { returnPlace, usualPlace } from '../http/routes.ts'
import { cookieOf, type How, type Pending, pendingSeconds, secretBytes, secretsOf } from './pending.ts'
import type { Prompt, SignInPorts } from './ports.ts'

const prompts: Readonly<Record<How, Prompt>> = { usual: 'usual', renew: 'none', choose: 'select_account' }

/** Begins a sign-in: leads to the tenant. Stores nothing but a cookie in the browser. */
export async function begin(
  { tenant, random }: Pick<SignInPorts, 'tenant' | 'random'>,
  cookies: Cookies,
  query: URLSearchParams,
): Promise<Outgoing> {
  const pending: Pending = {
    secret: random(secretBytes),
    how: howOf(query.get('how')),
    to: returnPlace(query.get('to')) ?? usualPlace,
  }
  const address = await tenant.authorizationAddress(secretsOf(pending), prompts[pending.how])
  return seeOther(address, [cookies.set('sign-in', cookieOf(pending), pendingSeconds)])
}

function howOf(text: string | null): How {
  return text === 'renew' || text === 'choose' ? text : 'usual'
}
