import { html } from 'hono/html'
import type { SignedIn } from '../domain/caller.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { page } from '../http/page.ts'

/** Who is signed in, with which roles, and until when. */
export function accountPage(signedIn: SignedIn): Promise<Outgoing> {
  const { caller, session } = signedIn
  const name = caller.kind === 'person' ? caller.name : caller.clientId
  const groups = caller.kind === 'person' ? caller.groups : []
  const content = html`<div class="card">
    <dl>
      <dt>Name</dt>
      <dd>${name}</dd>
      <dt>Object id</dt>
      <dd><code>${caller.objectId}</code></dd>
      <dt>Roles</dt>
      <dd>${caller.roles.join(', ')}</dd>
      <dt>Groups that rules name</dt>
      <dd>${groups.length === 0 ? 'none' : groups.join(', ')}</dd>
      <dt>Renewed by the tenant</dt>
      <dd>
        ${session === undefined ? 'with the token' : html`<time datetime="${session.expiresAt}">${utc(session.expiresAt)}</time>`}
      </dd>
    </dl>
  </div>`
  return page({ status: 200, title: 'Your account', content, signedIn })
}

function utc(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

/** Shown after a sign-out. The tenant itself still knows the person. */
export function signedOutPage(): Promise<Outgoing> {
  const content = html`<div class="card">
    <p role="status">You are signed out of this app. Your organisation may still know you in this browser.</p>
    <p class="actions">
      <a class="button" href="/sign-in">Sign in</a>
      <a class="button plain" href="/sign-in?how=choose">Sign in as somebody else</a>
    </p>
  </div>`
  return page({ status: 200, title: 'Signed out', content })
}
