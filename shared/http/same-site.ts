import { timingSafeEqual } from 'node:crypto'
import type { Incoming } from './incoming.ts'
import { Refused } from './refusals.ts'

/** The name of the hidden field in which a form carries the token of its session. */
export const formTokenField = 'formToken'

/**
 * Checks that a page of this app sent a form. Browsers send `Origin: null` for a form on a page with `Referrer-Policy:
 * no-referrer`; then `Sec-Fetch-Site`, which no script can set, says where it came from.
 * @throws Refused otherwise.
 */
export function checkOrigin({ headers }: Pick<Incoming, 'headers'>, publicOrigin: string): void {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') throw new Refused('origin-foreign')
  if (origin !== null && origin !== 'null' && origin !== publicOrigin) throw new Refused('origin-foreign')
  if (site === null && origin !== publicOrigin) throw new Refused('origin-unknown')
}

/** @throws Refused when the form does not carry the token of the session. */
export function checkFormToken(form: URLSearchParams, expected: string): void {
  const given = form.get(formTokenField)
  if (given === null || given === '') throw new Refused('form-token-missing')
  if (!isSame(given, expected)) throw new Refused('form-token-wrong')
}

/** Compares in a time that does not depend on where the texts differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
