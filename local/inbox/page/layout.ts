import { html } from 'hono/html'
import type { Reply } from '../../azure/http/exchange.ts'
import type { Message } from '../message.ts'

/** HTML whose values are escaped. */
export type Html = ReturnType<typeof html>

const ownSources = [
  ...[
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
  ],
  ...["frame-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
].join('; ')

/** Headers of every page of the inbox itself. */
export const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': ownSources,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** A whole page. */
export async function pageReply(title: string, content: Html, status = 200): Promise<Reply> {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        ${content}
      </body>
    </html>`
  return { status, headers: pageHeaders, text: String(await page) }
}

const kinds = { mail: 'Mail', card: 'Teams card', webhook: 'Webhook' } as const

/** What came, in words. */
export function kindOf({ content }: Message): string {
  return kinds[content.kind]
}

/** A time of day with its date, in UTC. */
export function timeOf(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`
}

/** The state of a message in one word, and whether it is good. */
export function badgeOf({ content, problems }: Message): Html {
  if (content.kind === 'webhook') {
    return content.problem === undefined
      ? html`<span class="badge good">✓ Verified</span>`
      : html`<span class="badge bad">✗ Not verified</span>`
  }
  if (problems.length > 0) return html`<span class="badge bad">✗ Accepted, but would not be shown</span>`
  return html``
}
