import type { Person } from '../domain/caller.ts'
import type { Cookies } from '../http/cookies.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Outgoing, seeOther } from '../http/outgoing.ts'
import { signInAddress } from '../http/refusal-response.ts'
import { Refused } from '../http/refusals.ts'
import { isSame } from '../http/same-site.ts'
import { personOf } from './caller-of-claims.ts'
import { type Pending, pendingOf, secretsOf, usedName } from './pending.ts'
import type { SignInPorts } from './ports.ts'
import { idBytes, isSessionId, keyOf, newSession, sessionMs } from './session.ts'

/** What a tenant says when it will not sign somebody in without asking them something. */
const needsPerson = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]

/**
 * Ends a sign-in: checks that this browser began it, exchanges the code, and makes a new session. An earlier session of
 * the browser ends, so that nobody can plant one.
 * @throws Refused with one code for each reason.
 */
export async function endSignIn(
  ports: SignInPorts,
  cookies: Cookies,
  incoming: Pick<Incoming, 'headers' | 'query'>,
): Promise<Outgoing> {
  const pending = pendingOf(cookies.read(incoming, 'sign-in'))
  if (pending === undefined) throw new Refused('sign-in-not-begun')
  const secrets = secretsOf(pending)
  if (!isSame(incoming.query.get('state') ?? '', secrets.state)) throw new Refused('state-other')
  const problem = incoming.query.get('error')
  if (problem !== null && pending.how === 'renew' && needsPerson.includes(problem)) {
    return seeOther(signInAddress('usual', pending.to), [cookies.clear('sign-in')])
  }
  if (await ports.sessions.wasUsed(usedName(pending))) throw new Refused('state-used')
  if (problem !== null) throw new Refused('sign-in-denied', tenantSaid(problem, incoming.query))
  const person = await personOf(ports, await ports.tenant.redeem(incoming.query, secrets))
  // Only now, so that calls that somebody makes up write nothing.
  if (!(await ports.sessions.useOnce(usedName(pending), ports.now()))) throw new Refused('state-used')
  const earlier = cookies.read(incoming, 'session')
  if (isSessionId(earlier)) await endEarlier(ports, pending, person, keyOf(earlier))
  const id = ports.random(idBytes)
  await ports.sessions.insert(keyOf(id), newSession(person, ports.now()))
  ports.log.info('A person signed in.', { metric: 'sign-in', objectId: person.objectId, roles: person.roles })
  return seeOther(pending.to, [cookies.set('session', id, keptSeconds), cookies.clear('sign-in')])
}

/** Longer than the session: an expired one is renewed by the tenant without a question. */
const keptSeconds = (2 * sessionMs) / 1000

/** A renewal that nobody saw must not change who somebody is. */
async function endEarlier(
  { sessions }: SignInPorts,
  { how }: Pending,
  person: Person,
  key: string,
): Promise<void> {
  const earlier = await sessions.read(key)
  await sessions.remove(key)
  const isOther = earlier !== undefined && earlier.session.person.objectId !== person.objectId
  if (how === 'renew' && isOther) throw new Refused('other-person')
}

/** The words of the tenant are not repeated: whoever made the link may have written them. */
function tenantSaid(problem: string, query: URLSearchParams): string {
  const code = /\bAADSTS\d{1,9}\b/.exec(query.get('error_description') ?? '')?.[0]
  const name = /^\w{1,60}$/.test(problem) ? problem : 'an error'
  return `The tenant responded with ${name}${code === undefined ? '' : ` (${code})`}.`
}
