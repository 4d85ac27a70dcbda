import { html } from 'hono/html'
import type { SignedIn } from '../domain/caller.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { page } from '../http/page.ts'
import type { SomeOf } from '../ports/requests.ts'
import { lineList } from './parts.ts'
import { type Line, waitingLine } from './request-view.ts'
import type { PageSettings } from './settings.ts'

/** What waits, in words. */
export interface WaitingView {
  readonly title: string
  readonly lines: readonly Line[]
  readonly beyond: number
}

/** Pure: what waits makes the page. */
export function waitingView({ records, total }: SomeOf, settings: PageSettings): WaitingView {
  const count = total === 0 ? 'Nothing waits' : total === 1 ? 'One request waits' : `${total} requests wait`
  return {
    title: `${count} for manual review`,
    lines: records.map((record) => waitingLine(record, settings)),
    beyond: total - records.length,
  }
}

/** The first page: what waits for manual review, oldest first. */
export function waitingPage({ title, lines, beyond }: WaitingView, signedIn: SignedIn): Promise<Outgoing> {
  const content =
    lines.length === 0
      ? html`<div class="card">
          <p>Nothing is left to do. When a request needs you, you get a message.</p>
        </div>`
      : html`<div class="card">
          <p class="quiet">Oldest first. Open one to see who asks for what.</p>
          ${lineList(lines)}
          ${beyond > 0 ? html`<p>And ${beyond} more, which came later. They come up here when some of these are decided.</p>` : ''}
        </div>`
  return page({ status: 200, title, content, signedIn })
}

/** The first page of somebody whose roles show no requests. */
export function noRequestsPage(signedIn: SignedIn): Promise<Outgoing> {
  const content = html`<div class="card">
    <p>
      Your role, ${signedIn.caller.roles.join(', ')}, does not show requests. The roles Reader and Approver
      do.
    </p>
    <p><strong>Next:</strong> Ask whoever assigns the roles of this app for one of them.</p>
    <p class="actions"><a class="button plain" href="/account">Your account</a></p>
  </div>`
  return page({ status: 200, title: 'You are signed in', content, signedIn })
}
