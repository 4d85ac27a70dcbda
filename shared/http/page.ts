import { html, raw } from 'hono/html'
import type { SignedIn } from '../domain/caller.ts'
import { printable } from '../domain/printable.ts'
import type { Outgoing } from './outgoing.ts'
import { formTokenField } from './same-site.ts'
import { stylesheetAddress } from './stylesheet.ts'

/** A part of a page. Values in the template are escaped; only parts made by it are taken as they are. */
export type Html = ReturnType<typeof html>

export interface Page {
  readonly status: number
  readonly title: string
  readonly content: Html
  /** Shown with a button to sign out. */
  readonly signedIn?: SignedIn | undefined
  /** True for pages with columns. */
  readonly isWide?: boolean
}

/** A page of the app, readable without script, on a phone, by keyboard and by a screen reader. */
export async function page({ status, title, content, signedIn, isWide = false }: Page): Promise<Outgoing> {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Private endpoint approver</title>
        <link rel="stylesheet" href="${stylesheetAddress}" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header>
          <a class="name" href="/">Private endpoint approver</a>
          ${signedIn === undefined ? '' : whoAmI(signedIn)}
        </header>
        <main id="content" tabindex="-1" ${isWide ? raw(' class="wide"') : ''}>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: (await document).toString(),
  }
}

function whoAmI({ caller, session }: SignedIn): Html {
  if (session === undefined || caller.kind !== 'person') return html``
  return html`<form class="who" method="post" action="/sign-out">
    ${formToken(session)}
    <span>Signed in as <a href="/account">${printable(caller.name)}</a></span>
    <button class="plain">Sign out</button>
  </form>`
}

/** The hidden field that every form of a signed-in page carries. */
export function formToken({ formToken }: NonNullable<SignedIn['session']>): Html {
  return html`<input type="hidden" name="${formTokenField}" value="${formToken}" />`
}
