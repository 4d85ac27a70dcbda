import { type CookieName, Cookies } from './cookies.ts'
import { formOf, type Incoming, pathOf } from './incoming.ts'
import type { Cookie } from './outgoing.ts'

/** What somebody typed into the form of a page when their session had ended. */
export interface TypedText {
  /** Of the page. */
  readonly path: string
  readonly text: string
}

const cookieName = 'typed' satisfies CookieName
const keptSeconds = 600
/** A cookie of more than 4 KB is not kept by browsers. */
const maxTextLength = 600
/** The one field that people type. */
const field = 'reason'

/** The page whose form is sent to a path below it. */
export function pageOfForm(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

/** What was typed into a form that is sent; undefined: nothing, or too much to keep. */
export async function typedIn(incoming: Incoming): Promise<TypedText | undefined> {
  const text = (await formOf(incoming)).get(field) ?? ''
  if (text === '' || text.length > maxTextLength) return undefined
  return { path: pageOfForm(pathOf(incoming)), text }
}

/** Keeps it in the browser for ten minutes: there is no session in which it could be kept. */
export function keepTyped(publicOrigin: string, typed: TypedText): Cookie {
  const value = Buffer.from(JSON.stringify(typed)).toString('base64url')
  return new Cookies(publicOrigin).set(cookieName, value, keptSeconds)
}

export function forgetTyped(publicOrigin: string): Cookie {
  return new Cookies(publicOrigin).clear(cookieName)
}

/** What was typed on a page before its session ended; empty: nothing. */
export function typedBefore(publicOrigin: string, incoming: Incoming): string {
  const value = new Cookies(publicOrigin).read(incoming, cookieName)
  if (value === undefined) return ''
  try {
    const stored = JSON.parse(Buffer.from(value, 'base64url').toString()) as Partial<TypedText> | null
    const isOfPage = stored?.path === pathOf(incoming) && typeof stored.text === 'string'
    return isOfPage && stored.text ? stored.text.slice(0, maxTextLength) : ''
  } catch {
    return ''
  }
}
