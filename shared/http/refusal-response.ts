import { html } from 'hono/html'
import { visible, visibleLines } from '../domain/printable.ts'
import { page, type Html } from './page.ts'
import type { Outgoing } from './outgoing.ts'
import { type Refused, type RefusalCode, refusals } from './refusals.ts'
import { returnPlace, type RouteRow, usualPlace } from './routes.ts'

/** Codes after which a new sign-in helps, and whether the person should choose the account. */
const signInHelps: Partial<Record<RefusalCode, 'usual' | 'choose'>> = {
  'not-signed-in': 'usual',
  'session-unknown': 'usual',
  'session-idle': 'usual',
  'session-expired': 'usual',
  'sign-in-not-begun': 'usual',
  'state-other': 'usual',
  'state-used': 'usual',
  'nonce-other': 'usual',
  'code-refused': 'usual',
  'sign-in-denied': 'choose',
  'other-person': 'choose',
  'role-missing': 'choose',
  'guest-refused': 'choose',
}

/** Codes after which the first page helps. */
const firstPageHelps: readonly RefusalCode[] = [
  'link-malformed',
  'link-key-unknown',
  'link-signature',
  'link-expired',
  'request-not-found',
  'case-not-found',
  'record-unreadable',
]

/**
 * What a refused call gets: a page for people, a problem (RFC 9457) for programs.
 * @param typed what the person wrote into the form that was not taken.
 */
export async function refusalResponse(
  row: Pick<RouteRow, 'replies'>,
  { code, detail }: Refused,
  path: string,
  typed?: string,
): Promise<Outgoing> {
  const { status, title, next } = refusals[code]
  const headers = {
    'x-refusal': code,
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(status === 503 && { 'retry-after': '60' }),
  }
  if (row.replies === 'problem') {
    const body = JSON.stringify({
      type: 'about:blank',
      title,
      status,
      detail: `${detail} ${next}`.trim(),
      code,
    })
    return { status, headers: { ...headers, 'content-type': 'application/problem+json' }, body }
  }
  const shown = await page({ status, title, content: content(code, visible(detail), next, path, typed) })
  return { ...shown, headers: { ...shown.headers, ...headers } }
}

function content(code: RefusalCode, detail: string, next: string, path: string, typed?: string): Html {
  const how = signInHelps[code]
  return html`<div class="card">
    ${detail === '' ? '' : html`<p>${detail}</p>`}
    <p>${next}</p>
    ${typed === undefined ? '' : typedPart(typed)} ${how === undefined ? '' : signInLink(how, path)}
    ${
      firstPageHelps.includes(code)
        ? html`<p class="actions"><a class="button" href="${usualPlace}">What waits</a></p>`
        : ''
    }
    <p class="quiet">Code: <code>${code}</code></p>
  </div>`
}

function typedPart(typed: string): Html {
  return html`<p>
      <strong>Nothing was decided.</strong> What you wrote stands in the form again when you have signed in:
    </p>
    <blockquote>${visibleLines(typed)}</blockquote>`
}

/** The address at which a sign-in begins that leads back to the page, if sign-ins lead there. */
export function signInAddress(how: 'usual' | 'renew' | 'choose', path: string): string {
  const query = new URLSearchParams()
  const place = returnPlace(path)
  if (how !== 'usual') query.set('how', how)
  if (place !== undefined) query.set('to', place)
  return query.size === 0 ? '/sign-in' : `/sign-in?${query.toString()}`
}

function signInLink(how: 'usual' | 'choose', path: string): Html {
  const text = how === 'usual' ? 'Sign in' : 'Sign in as somebody else'
  return html`<p class="actions"><a class="button" href="${signInAddress(how, path)}">${text}</a></p>`
}
