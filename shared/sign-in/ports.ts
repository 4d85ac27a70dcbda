import type { Person } from '../domain/caller.ts'
import type { Log } from '../ports/log.ts'
import type { TokenClaims } from './token-claims.ts'

/** What is stored of a session. Its id is not: only the hash of it is, as the key. */
export interface Session {
  readonly person: Person
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly lastUsedAt: Date
}

/** A session as it was read; the version guards the next write. */
export interface StoredSession {
  readonly key: string
  readonly version: string
  readonly session: Session
}

export interface SessionsPort {
  read(key: string): Promise<StoredSession | undefined>
  insert(key: string, session: Session): Promise<void>
  /** False when the session was ended, or used by another call, in between. */
  touch(stored: StoredSession, at: Date): Promise<boolean>
  remove(key: string): Promise<void>
  wasUsed(name: string): Promise<boolean>
  /** False when the name was used before. */
  useOnce(name: string, at: Date): Promise<boolean>
  all(): AsyncIterable<StoredSession>
  /** Deletes sessions that expired, and names that were used, before the time. Returns how many. */
  forgetBefore(time: Date): Promise<number>
}

/** What binds the response of the tenant to the sign-in that asked for it. */
export interface SignInSecrets {
  readonly state: string
  readonly nonce: string
  /** Of PKCE. */
  readonly verifier: string
}

/** How the tenant should treat the person: as usual, without asking anything, or letting them choose an account. */
export type Prompt = 'usual' | 'none' | 'select_account'

/** The tenant, as an OpenID provider. Everything throws Refused. */
export interface TenantPort {
  authorizationAddress(secrets: SignInSecrets, prompt: Prompt): Promise<string>
  /** Exchanges the code in a response for an ID token, and checks it. */
  redeem(response: URLSearchParams, secrets: SignInSecrets): Promise<TokenClaims>
  /** Checks a token: key, algorithm, issuer, audience, tenant, times. */
  verify(token: string): Promise<TokenClaims>
  /** Which of the groups a person is in, nested membership included. */
  memberOf(objectId: string, groups: readonly string[]): Promise<readonly string[]>
}

export interface SignInPorts {
  readonly sessions: SessionsPort
  readonly tenant: TenantPort
  /** Object ids, in lower case, of the groups that rules name. */
  readonly namedGroups: () => Promise<readonly string[]>
  readonly rules: SignInRules
  /** So many random bytes, as base64url. */
  readonly random: (bytes: number) => string
  readonly now: () => Date
  readonly log: Log
}

export interface SignInRules {
  /** The origin at which people reach the app. */
  readonly publicOrigin: string
  readonly allowGuests: boolean
}
