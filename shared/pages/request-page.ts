import { html } from 'hono/html'
import type { SignedIn } from '../domain/caller.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { type Html, page } from '../http/page.ts'
import { byHandPart } from './by-hand-part.ts'
import { decisionPart, problemPart } from './decision-part.ts'
import { emptyForm, type FormState } from './decision-view.ts'
import { foreign, idText, lineList, sign } from './parts.ts'
import type { Line, RequestView } from './request-view.ts'
import { requestPath } from './request-view.ts'
import type { RuleView } from './rule-view.ts'
import type { Standing } from './standing.ts'
import type { Finding, Verification } from './verification.ts'

/** The page of one request. */
export function requestPage(
  view: RequestView,
  signedIn: SignedIn,
  form: FormState = emptyForm,
  status = 200,
): Promise<Outgoing> {
  const content = html`${problemPart(form)}
    ${standingPart({ ...view.standing, next: nextOf(view) }, placeOfDecision(view), view.remembered)}
    <div class="columns">
      <div>${summaryPart(view)} ${flagsPart(view.flags)} ${reasonPart(view)} ${saidPart(view.said)}</div>
      <div>
        ${decisionPart(view.decision, form, signedIn)} ${factsPart(view)} ${othersPart(view)}
        ${historyPart(view)}
        ${view.byHand === undefined ? '' : byHandPart(view.byHand, view.who !== undefined)}
      </div>
    </div>`
  return page({ status, title: view.title, content, signedIn, isWide: true })
}

/** The next step of this person. */
function nextOf({ decision, standing: { kind, next } }: RequestView): string {
  if (kind !== 'waiting' && kind !== 'changed') return next
  if (decision.kind === 'none') return decision.next ?? next
  if (decision.kind === 'not-allowed') return 'You can read this request. Others decide it.'
  if (decision.mayNotApprove === undefined) return next
  return `${decision.mayNotApprove} Until then nothing changes in Azure. You can still reject it.`
}

/** Where the page says how to decide. */
function placeOfDecision({ decision, byHand }: RequestView): { id: string; text: string } | undefined {
  if (decision.kind === 'not-allowed') return { id: 'decide', text: 'Why, and whom to ask' }
  if (decision.kind === 'form') return { id: 'decide', text: 'Decide' }
  return byHand === undefined ? undefined : { id: 'by-hand', text: 'Go to Azure' }
}

function standingPart(
  { kind, label, sentence, changes, next, current }: Standing,
  place: { readonly id: string; readonly text: string } | undefined,
  remembered: string | undefined,
): Html {
  return html`<section class="standing ${kind}" aria-labelledby="standing">
    <h2 id="standing">${label}</h2>
    <p>${sentence}</p>
    ${
      changes.length === 0
        ? ''
        : html`<ul>
            ${changes.map((change) => html`<li>${foreign(change)}</li>`)}
          </ul>`
    }
    ${remembered === undefined ? '' : html`<p>${foreign(remembered)}</p>`}
    <p>
      <strong>Next:</strong> ${next}
      ${place === undefined ? '' : html`<a href="#${place.id}">${place.text}</a>`}
    </p>
    ${
      current === undefined
        ? ''
        : html`<p class="actions"><a class="button" href="${requestPath(current)}">The later request</a></p>`
    }
  </section>`
}

function summaryPart({ who, target, verification }: RequestView): Html {
  return html`<section class="card" aria-labelledby="summary">
    <h2 id="summary">${who === undefined ? 'The target' : 'Who asks for what'}</h2>
    <dl>
      ${
        who === undefined
          ? ''
          : html`<dt>Who</dt>
              <dd>
                <strong class="big">${foreign(who.name)}</strong>
                ${who.claim === undefined ? '' : html`<br /><span class="quiet">${foreign(who.claim)}</span>`}
              </dd>`
      }
      <dt>Target</dt>
      <dd>
        <strong class="big">${foreign(target.name)}</strong><br /><span class="quiet"
          >${foreign(target.type)}</span
        >
      </dd>
      ${
        who === undefined
          ? ''
          : html`<dt>Group ids</dt>
              <dd>${foreign(target.groups)}</dd>`
      }
      ${verification === undefined ? '' : verificationPart(verification)}
    </dl>
  </section>`
}

function verificationPart({ sign: match, label, sentence, contradictions, gaps }: Verification): Html {
  return html`<dt>Verification</dt>
    <dd>
      ${sign(match, label)}<br />${sentence} ${findings('contradictions', contradictions)}
      ${contradictions.length === 0 || gaps.length === 0 ? '' : 'Not found out:'} ${findings('gaps', gaps)}
    </dd>`
}

function findings(name: string, list: readonly Finding[]): Html {
  if (list.length === 0) return html``
  return html`<ul class="${name}">
    ${list.map(({ sentence, advice }) => html`<li>${foreign(sentence)} <span class="quiet">${advice}</span></li>`)}
  </ul>`
}

function flagsPart(flags: readonly string[]): Html {
  if (flags.length === 0) return html``
  return html`<section class="card risk" aria-labelledby="risk">
    <h2 id="risk"><span aria-hidden="true">⚠</span> Risk</h2>
    <ul>
      ${flags.map((flag) => html`<li>${flag}</li>`)}
    </ul>
  </section>`
}

function reasonPart({ reason, rule, isOpen, who }: RequestView): Html {
  const title = who === undefined ? 'What happened' : isOpen ? 'Why it was not automatic' : 'Reason'
  return html`<section class="card" aria-labelledby="reason">
    <h2 id="reason">${title}</h2>
    <p>${foreign(reason)}</p>
    ${rule === undefined ? '' : rulePart(rule)}
  </section>`
}

/** A rule as a tree: the rule, and its conditions below it. */
function rulePart({ heading, name, match, conditions }: RuleView): Html {
  return html`<h3>${heading}</h3>
    <ul class="tree">
      <li>
        ${sign(match)} <code>${foreign(name)}</code>
        <ul>
          ${conditions.map(
            (condition) =>
              html`<li>
                ${sign(condition.match)} <strong>${condition.label}</strong>
                <dl class="pair">
                  <dt>expected</dt>
                  <dd>${idText(condition.expected)}</dd>
                  <dt>actual</dt>
                  <dd>${idText(condition.actual)}</dd>
                </dl>
              </li>`,
          )}
        </ul>
      </li>
    </ul>`
}

function saidPart(said: string | undefined): Html {
  if (said === undefined) return html``
  return html`<section class="card" aria-labelledby="said">
    <h2 id="said">The requester wrote</h2>
    <blockquote>${foreign(said)}</blockquote>
    <p class="quiet">Written by whoever asks. It proves nothing.</p>
  </section>`
}

function factsPart({ facts }: RequestView): Html {
  return html`<section class="card" aria-labelledby="facts">
    <h2 id="facts">Facts</h2>
    <dl>
      ${facts.map(
        ({ label, text, form }) =>
          html`<dt>${label}</dt>
            <dd>${form === 'code' ? html`<code>${idText(text)}</code>` : idText(text)}</dd>`,
      )}
    </dl>
  </section>`
}

function othersPart({ others: { lines, beyond }, casePath: path }: RequestView): Html {
  if (lines.length === 0 && path === undefined) return html``
  return html`<section class="card" aria-labelledby="others">
    <h2 id="others">Others that wait</h2>
    ${path === undefined ? '' : html`<p><a href="${path}">All requests of this case, to decide them together</a></p>`}
    ${
      lines.length === 0
        ? ''
        : html`<h3>On the same target</h3>
            ${lineList(lines)}`
    }
    ${beyond > 0 ? html`<p>And ${beyond} more.</p>` : ''}
  </section>`
}

function historyPart({ who, ofRequester, onTarget }: RequestView): Html {
  const list = (title: string, lines: readonly Line[]) =>
    html`<h3>${title}</h3>
      ${lines.length === 0 ? html`<p class="quiet">Nothing before.</p>` : lineList(lines)}`
  return html`<section class="card" aria-labelledby="history">
    <h2 id="history">History</h2>
    ${who === undefined ? '' : list(who.isKnown ? 'Of this requester' : 'Of this endpoint', ofRequester)}
    ${list('Of this target', onTarget)}
  </section>`
}
