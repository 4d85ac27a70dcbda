import type { Caller, SignedIn } from '../domain/caller.ts'
import type { Cookies } from '../http/cookies.ts'
import type { Incoming } from '../http/incoming.ts'
import { Refused } from '../http/refusals.ts'
import { machineOf, personOf, requiredScope } from './caller-of-claims.ts'
import type { SignInPorts } from './ports.ts'
import { isSessionId, keyOf, signedInBy, standingOf } from './session.ts'

const maxTouches = 5

/**
 * Who calls: by the session of a browser, or by a bearer token, which counts alone where there is one. Nothing else that
 * a caller can send is believed, `x-ms-client-principal` included.
 * @throws Refused for everybody else.
 */
export async function authenticate(
  ports: SignInPorts,
  cookies: Cookies,
  incoming: Pick<Incoming, 'headers'>,
): Promise<SignedIn> {
  const authorization = incoming.headers.get('authorization')
  if (authorization !== null) return { caller: await bearer(ports, authorization), session: undefined }
  const id = cookies.read(incoming, 'session')
  if (!isSessionId(id)) throw new Refused('not-signed-in')
  return bySession(ports, id)
}

async function bySession({ sessions, now }: SignInPorts, id: string): Promise<SignedIn> {
  const key = keyOf(id)
  for (let tries = 1; ; tries += 1) {
    const stored = await sessions.read(key)
    if (stored === undefined) throw new Refused('session-unknown')
    const standing = standingOf(stored.session, now())
    if (standing === 'expired') throw new Refused('session-expired')
    if (standing === 'idle') {
      await sessions.remove(key)
      throw new Refused('session-idle')
    }
    // Another call may have noted its use, or somebody ended it: read again.
    const isNoted = standing === 'usable' || (await sessions.touch(stored, now()))
    if (isNoted || tries === maxTouches) return signedInBy(id, stored.session)
  }
}

async function bearer(ports: SignInPorts, authorization: string): Promise<Caller> {
  const token = /^Bearer ([\w.-]{1,16384})$/i.exec(authorization)?.[1]
  if (token === undefined) throw new Refused('token-malformed')
  const claims = await ports.tenant.verify(token)
  // An ID token has the same audience, and is for the browser's sign-in only.
  if (claims.azp === undefined || claims.nonce !== undefined) throw new Refused('token-not-for-calls')
  if (claims.scp === undefined) {
    if (claims.sub !== claims.oid) throw new Refused('token-not-for-calls')
    return machineOf(claims)
  }
  if (!claims.scp.split(' ').includes(requiredScope)) throw new Refused('token-scope-missing')
  return personOf(ports, claims)
}
