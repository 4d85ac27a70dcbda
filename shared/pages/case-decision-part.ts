import { html, raw } from 'hono/html'
import type { SignedIn } from '../domain/caller.ts'
import { maxReasonLength } from '../domain/choice.ts'
import { formToken, type Html } from '../http/page.ts'
import { type CaseFormState, noneOfThem, versionField } from './case-form.ts'
import type { CaseDecisionView, CaseRow, CaseView } from './case-view.ts'
import { foreign, idText, sign } from './parts.ts'
import { reasonField } from './reason-field.ts'

type FormView = Extract<CaseDecisionView, { kind: 'form' }>

/** What waits, and below it the form. It works without script; nothing in it is chosen by itself. */
export function caseDecisionPart(view: CaseView, form: CaseFormState, { session }: SignedIn): Html {
  const { decision, waiting, beyond } = view
  if (waiting.length === 0) return html``
  if (decision.kind !== 'form')
    return html`${tablePart(view, undefined, form)}
    ${
      decision.kind === 'none'
        ? ''
        : html`<section class="card below" aria-labelledby="decide">
            <h2 id="decide">Decide</h2>
            <p>${decision.sentence}</p>
            <p><strong>Next:</strong> ${decision.next}</p>
          </section>`
    }`
  return html`<form method="post" action="${decision.path}">
    ${session === undefined ? '' : formToken(session)}
    <input type="hidden" name="shownAt" value="${decision.shownAt}" />
    ${tablePart(view, decision.asks, form)}
    <section class="card below" aria-labelledby="decide">
      <h2 id="decide">${decision.asks === 'which' ? 'Which one is genuine?' : 'Decide'}</h2>
      ${reasonPart(decision.isReasonRequired, form.reason)}
      ${decision.asks === 'which' ? whichPart(waiting.length) : somePart(decision, waiting, beyond)}
    </section>
  </form>`
}

/** A reason for all of them. */
export function reasonPart(isRequired: boolean, reason: string): Html {
  const label = `Reason${isRequired ? ' (a rule requires one)' : ' (optional)'}`
  const help = `At most ${maxReasonLength} characters, for all of them. It stands in the decision log beside your name. The requester does not see it.`
  return reasonField({ label, help, isRequired }, reason)
}

/** The hidden field that binds a decision to what was shown. */
export function versionPart({ decisionId, version }: CaseRow): Html {
  return html`<input type="hidden" name="${versionField}${decisionId}" value="${version}" />`
}

function whichPart(count: number): Html {
  return html`<dl class="choices">
    <dt><button name="do" value="which" aria-describedby="which-help">Decide</button></dt>
    <dd id="which-help">
      The ${count === 2 ? 'other one is' : 'others are'} rejected first, and then the one that you chose above
      is approved. With “None of them”, all are rejected. If any of them has changed since this page was
      shown, nothing is decided.
    </dd>
  </dl>`
}

function somePart({ toApprove, toReject }: FormView, waiting: readonly CaseRow[], beyond: number): Html {
  const doubtful = waiting.filter(({ isDoubtful, obstacle }) => isDoubtful && obstacle === undefined).length
  return html`<dl class="choices">
      <dt>
        <button class="approve" name="do" value="approve" aria-describedby="approve-help">
          Approve chosen
        </button>
      </dt>
      <dd id="approve-help">
        The app checks each again, and sets the connections that you chose above to Approved. Their requesters
        can then reach the targets.
      </dd>
      <dt>
        <button class="reject" name="do" value="reject" aria-describedby="reject-help">Reject chosen</button>
      </dt>
      <dd id="reject-help">
        The app sets the connections that you chose above to Rejected. To ask again, a requester makes the
        endpoint anew.
      </dd>
    </dl>
    ${
      toReject === 0
        ? ''
        : html`<h3>All at once, whatever is chosen above</h3>
            <dl class="choices">
              <dt>
                <button class="reject" name="do" value="reject-all" aria-describedby="reject-all-help">
                  Reject all ${toReject} that wait
                </button>
              </dt>
              <dd id="reject-all-help">
                ${beyond > 0 ? `Also the ${beyond} that are not shown. ` : ''}What has changed since this page
                was shown stays.
              </dd>
              ${toApprove === 0 ? '' : approveAll(toApprove, doubtful, beyond)}
            </dl>`
    }`
}

function approveAll(toApprove: number, doubtful: number, beyond: number): Html {
  const left = [
    doubtful > 0
      ? `The ${doubtful === 1 ? 'one' : doubtful} that something contradicts ${doubtful === 1 ? 'is' : 'are'} not among them: choose ${doubtful === 1 ? 'it' : 'each'} by itself.`
      : '',
    beyond > 0 ? 'Nobody approves what was not shown: the others come up here afterwards.' : '',
  ].filter((text) => text !== '')
  return html`<dt>
      <button class="plain" name="do" value="approve-all" aria-describedby="approve-all-help" formnovalidate>
        Review and approve ${toApprove}
      </button>
    </dt>
    <dd id="approve-all-help">Shows what would be approved, and asks again. ${left.join(' ')}</dd>`
}

function tablePart(
  { waiting, beyond, claimedName }: CaseView,
  asks: FormView['asks'] | undefined,
  { chosen }: CaseFormState,
): Html {
  return html`<div class="table" role="region" aria-labelledby="requests" tabindex="0">
      <table>
        <caption id="requests">
          ${claimedName === undefined ? 'Requests that wait' : html`Connections that claim the name <bdi>${claimedName}</bdi>`}
        </caption>
        <thead>
          <tr>
            <th scope="col">${asks === undefined ? 'Request' : 'Choose'}</th>
            ${asks === 'which' ? html`<th scope="col">Endpoint</th>` : ''}
            <th scope="col">Verification</th>
            <th scope="col">Risk</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          ${waiting.map((row, index) => rowPart(row, index, asks, chosen.includes(row.decisionId)))}
        </tbody>
      </table>
      ${asks === 'which' ? nonePart(chosen.includes(noneOfThem)) : ''}
    </div>
    ${beyond > 0 ? html`<p>And ${beyond} more. They come up here when some of these are decided.</p>` : ''}`
}

function nonePart(isChosen: boolean): Html {
  return html`<p class="none-of-them">
    <span class="choose">
      <input type="radio" id="none" name="which" value="${noneOfThem}" ${isChosen ? raw('checked') : ''} />
      <label for="none">None of them</label>
    </span>
  </p>`
}

function rowPart(row: CaseRow, index: number, asks: FormView['asks'] | undefined, isChosen: boolean): Html {
  const { path, endpoint, tenant, verification, flags, since, approvals, obstacle } = row
  return html`<tr>
    <th scope="row">
      ${asks === undefined || obstacle !== undefined ? askPart(row, 'some') : chooser(row, index, asks, isChosen)}
      <a class="details" href="${path}" aria-label="Details of request ${index + 1}">Details</a>
    </th>
    ${
      asks === 'which'
        ? html`<td data-label="Endpoint">
            <code>${idText(endpoint)}</code><br /><span class="quiet">Tenant ${foreign(tenant)}</span>
          </td>`
        : ''
    }
    <td data-label="Verification">${sign(verification.sign, verification.label)}</td>
    <td data-label="Risk">${flags.length === 0 ? 'none known' : flags.join(' ')}</td>
    <td data-label="Since">
      ${since}${approvals === '' ? '' : html`<br />${foreign(approvals)}`}
      ${obstacle === undefined ? '' : html`<br /><strong>${foreign(obstacle)}</strong>`}
    </td>
  </tr>`
}

/** Box or button, with what is asked for as its label: the whole of it can be clicked. */
function chooser(row: CaseRow, index: number, asks: FormView['asks'], isChosen: boolean): Html {
  const { decisionId } = row
  const id = `request-${index}`
  const field = asks === 'which' ? raw('type="radio" name="which"') : raw('type="checkbox" name="request"')
  return html`<span class="choose">
      <input ${field} id="${id}" value="${decisionId}" ${isChosen ? raw('checked') : ''} />
      <label for="${id}">${askPart(row, asks)}</label> </span
    >${versionPart(row)}`
}

/** Who asks for what, and what tells it apart from others of the case. */
export function askPart({ ask, connection, endpointName }: CaseRow, asks: FormView['asks']): Html {
  return asks === 'which'
    ? html`<bdi>${ask}</bdi>, connection <bdi>${connection}</bdi>`
    : html`<bdi>${ask}</bdi>, endpoint <bdi>${endpointName}</bdi>`
}
