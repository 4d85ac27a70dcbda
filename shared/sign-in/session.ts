import { createHash, createHmac } from 'node:crypto'
import type { Person, SignedIn } from '../domain/caller.ts'
import type { Session } from './ports.ts'

const minute = 60_000

/** Roles and groups are never older than this: then the tenant is asked again. */
export const sessionMs = 60 * minute
/** A session that is not used for so long has ended. */
export const idleMs = 20 * minute
/** Use is noted at most this often. */
const touchMs = minute
/** How long the row of an expired session is kept, for the words that its owner sees. */
export const keptMs = 24 * 60 * minute

export const idBytes = 32
const idForm = /^[\w-]{43}$/

/** The key of the row: whoever reads the table cannot use its sessions. */
export function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

export function isSessionId(text: string | undefined): text is string {
  return text !== undefined && idForm.test(text)
}

export function newSession(person: Person, now: Date): Session {
  return { person, createdAt: now, lastUsedAt: now, expiresAt: new Date(now.getTime() + sessionMs) }
}

/** What has become of a session. */
export function standingOf(session: Session, now: Date): 'usable' | 'to be noted' | 'idle' | 'expired' {
  const unusedMs = now.getTime() - session.lastUsedAt.getTime()
  if (unusedMs >= idleMs) return 'idle'
  if (now >= session.expiresAt) return 'expired'
  return unusedMs >= touchMs ? 'to be noted' : 'usable'
}

/** The session as pages see it. The token of its forms is derived from the id, which only the browser has. */
export function signedInBy(id: string, { person, expiresAt }: Session): SignedIn {
  const formToken = createHmac('sha256', id).update('form').digest('base64url')
  return { caller: person, session: { formToken, expiresAt: expiresAt.toISOString() } }
}
