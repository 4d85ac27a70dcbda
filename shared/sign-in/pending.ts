import { createHmac } from 'node:crypto'
import { returnPlace, usualPlace } from '../http/routes.ts'
import type { SignInSecrets } from './ports.ts'

/** How a sign-in was begun. */
export type How = 'usual' | 'renew' | 'choose'

/** A sign-in that has begun in a browser. It is kept in that browser only, in a cookie that lives for ten minutes. */
export interface Pending {
  readonly secret: string
  readonly how: How
  /** The path of the page to which it leads. */
  readonly to: string
}

export const pendingSeconds = 600
export const secretBytes = 32

const form = /^([\w-]{43})\.(usual|renew|choose)\.([\w-]*)$/

/** The value of the cookie. */
export function cookieOf({ secret, how, to }: Pending): string {
  return `${secret}.${how}.${Buffer.from(to).toString('base64url')}`
}

/** Undefined for a text that is not one of ours. The page is checked again: the cookie is not signed. */
export function pendingOf(cookie: string | undefined): Pending | undefined {
  const [, secret, how, to] = form.exec(cookie ?? '') ?? []
  if (secret === undefined || to === undefined) return undefined
  const path = Buffer.from(to, 'base64url').toString('utf8')
  return { secret, how: how as How, to: returnPlace(path) ?? usualPlace }
}

/** Who does not have the cookie can compute none of these, and one does not reveal the others. */
export function secretsOf({ secret }: Pick<Pending, 'secret'>): SignInSecrets {
  const derived = (purpose: string) =>
    createHmac('sha256', secret).update(`sign-in ${purpose}`).digest('base64url')
  return { state: derived('state'), nonce: derived('nonce'), verifier: derived('verifier') }
}

/** The name under which the sign-in is noted as used. */
export function usedName({ secret }: Pick<Pending, 'secret'>): string {
  return createHmac('sha256', secret).update('sign-in used').digest('hex')
}
