import { html } from 'hono/html'
import type { SignedIn } from '../domain/caller.ts'
import { maxReasonLength } from '../domain/choice.ts'
import { formToken, type Html } from '../http/page.ts'
import type { DecisionView, FormState, RememberOffer } from './decision-view.ts'
import { foreign } from './parts.ts'
import { maxSentence, shown } from './shown.ts'
import { reasonField } from './reason-field.ts'

/** Why the form was not taken: the first thing on the page. */
export function problemPart({ problem }: Pick<FormState, 'problem'>): Html {
  if (problem === undefined) return html``
  const { title, sentence, next, kind = 'rejected' } = problem
  return html`<section class="standing ${kind}" role="alert" aria-labelledby="problem">
    <h2 id="problem">${title}</h2>
    <p>${foreign(shown(sentence, maxSentence))}</p>
    ${next === undefined ? '' : html`<p><strong>Next:</strong> ${next}</p>`}
  </section>`
}

/** The form in which a person decides. It works without script; nothing in it has the focus by itself. */
export function decisionPart(view: DecisionView, form: FormState, { session }: SignedIn): Html {
  if (view.kind === 'none') return html``
  if (view.kind === 'not-allowed')
    return html`<section class="card" aria-labelledby="decide">
      <h2 id="decide">Decide</h2>
      <p>${view.sentence}</p>
      <p><strong>Next:</strong> ${view.next}</p>
    </section>`
  return html`<section class="card" aria-labelledby="decide">
    <h2 id="decide">Decide</h2>
    ${view.approvals === undefined ? '' : html`<p>${shown(view.approvals, 1_000)}</p>`}
    <form method="post" action="${view.path}">
      ${session === undefined ? '' : formToken(session)}
      <input type="hidden" name="version" value="${view.version}" />
      ${reasonPart(view.isReasonRequired, form.reason)}
      ${view.mayNotApprove === undefined ? '' : html`<p>${view.mayNotApprove}</p>`}
      <dl class="choices">
        ${view.mayNotApprove === undefined ? approval(view.approve) : ''} ${rememberPart(view.remember)}
        <dt>
          <button class="reject" name="outcome" value="reject" aria-describedby="reject-help">Reject</button>
        </dt>
        <dd id="reject-help">${view.reject}</dd>
      </dl>
      ${
        view.remember?.why === undefined
          ? ''
          : html`<p class="quiet">
              It cannot be remembered by a rule. ${foreign(shown(view.remember.why, maxSentence))}
            </p>`
      }
    </form>
  </section>`
}

function reasonPart(isRequired: boolean, reason: string): Html {
  const label = `Reason${isRequired ? ' (the rule requires one)' : ' (optional)'}`
  const help = `At most ${maxReasonLength} characters. It stands in the decision log beside your name, and goes to everybody who was notified. The requester does not see it.`
  return reasonField({ label, help, isRequired }, reason)
}

function approval(sentence: string): Html {
  return html`<dt>
      <button class="approve" name="outcome" value="approve" aria-describedby="approve-help">Approve</button>
    </dt>
    <dd id="approve-help">${sentence}</dd>`
}

function rememberPart(offer: RememberOffer | undefined): Html {
  if (offer?.path === undefined) return html``
  return html`<dt>
      <button
        class="approve plain"
        name="step"
        value="preview"
        formaction="${offer.path}"
        aria-describedby="remember-help"
      >
        Approve and remember…
      </button>
    </dt>
    <dd id="remember-help">
      Shows you a rule that approves this request by itself next time. Nothing is decided before you confirm
      it.
    </dd>`
}
