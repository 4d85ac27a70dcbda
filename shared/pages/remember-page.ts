import { html } from 'hono/html'
import { timeShown } from '../channels/text/times.ts'
import type { SignedIn } from '../domain/caller.ts'
import type { RuleContent } from '../domain/rule.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { formToken, type Html, page } from '../http/page.ts'
import type { FoundRequest } from '../ports/requests.ts'
import { type PreviewLine, previewOf } from '../remember/preview.ts'
import { maxDays } from '../remember/terms.ts'
import { problemPart } from './decision-part.ts'
import { type Problem, rulePath } from './decision-view.ts'
import type { TypedTerms } from './remember-request.ts'
import { idText } from './parts.ts'
import type { PageSettings } from './settings.ts'
import { askOf, factsOf } from './who.ts'
import { reasonField } from './reason-field.ts'

/** The page on which a person reads a rule before it is written. */
export interface RememberView {
  readonly title: string
  readonly path: string
  /** Hash of the last entry that the person read. */
  readonly version: string
  readonly typed: TypedTerms
  /** Undefined while what was typed makes no rule. */
  readonly rule:
    | {
        readonly hash: string
        /** Whole: what is confirmed is what was read. */
        readonly lines: readonly PreviewLine[]
        /** What it means that the rule is there. */
        readonly sentence: string
      }
    | undefined
}

/** A rule that would be written, with its hash. */
export interface ShownRule {
  readonly content: RuleContent
  readonly shownHash: string
}

const maxTicketLength = 200

/** Pure: a request, what was typed and the rule that comes of it make the page. */
export function rememberView(
  { record: { request, lastEntry } }: FoundRequest,
  version: string,
  typed: TypedTerms,
  rule: ShownRule | undefined,
  { timeZone }: PageSettings,
): RememberView {
  return {
    title: askOf(factsOf(request, lastEntry)),
    path: rulePath(request.decisionId),
    ...{ version, typed },
    rule: rule && {
      hash: rule.shownHash,
      lines: previewOf(rule.content),
      sentence: `From now on, when the same request comes again, the app approves it by itself and asks nobody, until ${timeShown(rule.content.validUntil ?? '', timeZone)}.`,
    },
  }
}

/** It works without script. Enter in a field shows the rule anew, and never writes it. */
export function rememberPage(
  view: RememberView,
  { signedIn, problem, status }: { signedIn: SignedIn; problem: Problem | undefined; status: number },
): Promise<Outgoing> {
  const content = html`${problemPart({ problem })}
    <form method="post" action="${view.path}" class="steps">
      ${signedIn.session === undefined ? '' : formToken(signedIn.session)}
      <input type="hidden" name="version" value="${view.version}" />
      ${termsPart(view.typed)} ${view.rule === undefined ? '' : rulePart(view.rule.lines)}
      ${confirmPart(view.rule)}
    </form>`
  return page({ status, title: `Approve and remember: ${view.title}`, content, signedIn })
}

const reasonHelp = 'It stands in the rule and in the decision log, and goes to everybody who was notified.'

function termsPart({ reason, ticket, days }: TypedTerms): Html {
  return html`<section class="card" aria-labelledby="terms">
    <h2 id="terms">What you add</h2>
    ${reasonField({ label: 'Reason', help: reasonHelp, isRequired: true }, reason)}
    <div class="fields">
      <div>
        <label for="days">Days until the rule ends</label>
        <input id="days" name="days" type="number" min="1" max="${maxDays}" value="${days}" required />
      </div>
      <div>
        <label for="ticket">Ticket (optional)</label>
        <input
          id="ticket"
          name="ticket"
          maxlength="${maxTicketLength}"
          value="${ticket}"
          autocomplete="off"
        />
      </div>
    </div>
    <p class="actions"><button class="plain" name="step" value="preview">Show the rule with these</button></p>
  </section>`
}

function rulePart(lines: readonly PreviewLine[]): Html {
  return html`<section class="card" aria-labelledby="rule">
    <h2 id="rule">The rule</h2>
    <p class="quiet">
      Every field of it, as a rule file has them. The owner is you, by your object id. It approves exactly
      this, and nothing else.
    </p>
    <dl class="rule">
      ${lines.map(
        ({ label, value }) =>
          html`<dt><code>${label}</code></dt>
            <dd>${idText(value)}</dd>`,
      )}
    </dl>
  </section>`
}

function confirmPart(rule: RememberView['rule']): Html {
  const back = html`<button class="plain" name="step" value="back" formnovalidate>Back</button>`
  if (rule === undefined) return html`<p class="actions">${back}</p>`
  return html`<section class="standing waiting" aria-labelledby="confirm">
    <h2 id="confirm">Nothing is decided yet</h2>
    <p>
      The button checks everything again, approves this request, and writes the rule into the allow-list.
      ${rule.sentence}
    </p>
    <input type="hidden" name="rule" value="${rule.hash}" />
    <p class="actions">
      <button class="approve" name="step" value="confirm">Approve and write this rule</button>
      ${back}
    </p>
  </section>`
}
