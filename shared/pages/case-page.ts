import { html } from 'hono/html'
import type { SignedIn } from '../domain/caller.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { type Html, page } from '../http/page.ts'
import { caseDecisionPart } from './case-decision-part.ts'
import { type CaseFormState, emptyCaseForm } from './case-form.ts'
import type { CaseView } from './case-view.ts'
import { problemPart } from './decision-part.ts'
import type { JobView } from './job-view.ts'
import { foreign, lineList } from './parts.ts'
import type { Line } from './request-view.ts'

/** The page of a case: how far it is, what waits with the form that decides it, and what became of the others. */
export function casePage(
  view: CaseView,
  signedIn: SignedIn,
  form: CaseFormState = emptyCaseForm,
  status = 200,
): Promise<Outgoing> {
  const content = html`${problemPart(form)} ${standingPart(view)} ${view.jobs.map(jobPart)}
  ${caseDecisionPart(view, form, signedIn)} ${linesPart('under-way', 'Being decided', view.underWay)}
  ${linesPart('ended', 'Ended', view.ended)}`
  return page({ status, title: view.title, content, signedIn, isWide: true })
}

function standingPart({ standing: { kind, label, sentence, next }, decision }: CaseView): Html {
  return html`<section class="standing ${kind}" aria-labelledby="standing">
    <h2 id="standing">${label}</h2>
    <p>${sentence}</p>
    <p>
      <strong>Next:</strong> ${next} ${decision.kind === 'none' ? '' : html`<a href="#decide">Decide</a>`}
    </p>
  </section>`
}

function jobPart({ title, sentence, reason, notDecided, beyond }: JobView, index: number): Html {
  const id = `decided-${index}`
  return html`<section class="standing job" aria-labelledby="${id}">
    <h2 id="${id}"><bdi>${title}</bdi></h2>
    <p>${sentence}</p>
    ${reason === undefined ? '' : html`<p>Reason: ${foreign(reason)}</p>`}
    ${
      notDecided.length === 0
        ? ''
        : html`<h3>Not decided</h3>
            ${lineList(notDecided)} ${beyond > 0 ? html`<p>And ${beyond} more.</p>` : ''}`
    }
  </section>`
}

function linesPart(id: string, title: string, lines: readonly Line[]): Html {
  if (lines.length === 0) return html``
  return html`<section class="card below" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${lineList(lines)}
  </section>`
}
