import type { SignedIn } from '../domain/caller.ts'
import { Cookies } from '../http/cookies.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Outgoing, seeOther } from '../http/outgoing.ts'
import { Refused } from '../http/refusals.ts'
import { routes } from '../http/routes.ts'
import { authenticate } from './authenticate.ts'
import { begin } from './begin.ts'
import { endSignIn } from './callback.ts'
import type { SignInPorts } from './ports.ts'
import { isSessionId, keptMs, keyOf } from './session.ts'

/** Sign-in by the app itself, as functions use it. */
export interface SignIn {
  readonly publicOrigin: string
  /** @throws Refused for a caller that is not known. */
  readonly authenticate: (incoming: Pick<Incoming, 'headers'>) => Promise<SignedIn>
  readonly begin: (incoming: Pick<Incoming, 'query'>) => Promise<Outgoing>
  readonly end: (incoming: Pick<Incoming, 'headers' | 'query'>) => Promise<Outgoing>
  readonly signOut: (incoming: Pick<Incoming, 'headers'>) => Promise<Outgoing>
  /** Deletes rows of sessions that ended long ago. */
  readonly forgetEnded: () => Promise<number>
}

export function createSignIn(ports: SignInPorts): SignIn {
  const cookies = new Cookies(ports.rules.publicOrigin)
  const { sessions, now, rules } = ports
  return {
    publicOrigin: rules.publicOrigin,
    authenticate: (incoming) => authenticate(ports, cookies, incoming),
    begin: ({ query }) => begin(ports, cookies, query),
    end: (incoming) => endSignIn(ports, cookies, incoming),
    async signOut(incoming) {
      const id = cookies.read(incoming, 'session')
      if (isSessionId(id)) await sessions.remove(keyOf(id))
      return seeOther(`/${routes.signedOut.route}`, [cookies.clear('session')])
    },
    forgetEnded: () => sessions.forgetBefore(new Date(now().getTime() - keptMs)),
  }
}

/** Sign-in where settings are missing: every call that needs it is refused, and says which they are. */
export function missingSignIn(missing: readonly string[]): SignIn {
  const refuse = () => {
    const names = missing.join(' and ')
    const isOne = missing.length === 1
    return Promise.reject(
      new Refused(
        'sign-in-not-configured',
        `${isOne ? 'Setting' : 'Settings'} ${names} ${isOne ? 'is' : 'are'} missing.`,
      ),
    )
  }
  return {
    publicOrigin: '',
    authenticate: refuse,
    begin: refuse,
    end: refuse,
    signOut: refuse,
    forgetEnded: () => Promise.resolve(0),
  }
}
