import { html } from 'hono/html'
import type { SignedIn } from '../domain/caller.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { formToken, page } from '../http/page.ts'
import { askPart, reasonPart, versionPart } from './case-decision-part.ts'
import type { CaseRow, CaseView } from './case-view.ts'
import { foreign, sign } from './parts.ts'
import { casePath } from './request-view.ts'

/** What will be approved, if the person says so once more. */
export interface ConfirmView {
  readonly caseId: string
  readonly path: string
  readonly rows: readonly CaseRow[]
  readonly isReasonRequired: boolean
}

/** Those of the rows that were shown before, have not changed, and that nothing contradicts; undefined: there are none. */
export function confirmView(
  caseId: string,
  { decision, waiting }: CaseView,
  versions: ReadonlyMap<string, string>,
): ConfirmView | undefined {
  if (decision.kind !== 'form') return undefined
  const rows = waiting.filter(
    ({ decisionId, version, isDoubtful, obstacle }) =>
      versions.get(decisionId) === version && !isDoubtful && obstacle === undefined,
  )
  const { path, isReasonRequired } = decision
  return rows.length === 0 ? undefined : { caseId, path, rows, isReasonRequired }
}

/** Asks once more before many requests are approved. Nothing is decided by it. */
export function confirmPage(
  { caseId, path, rows, isReasonRequired }: ConfirmView,
  signedIn: SignedIn,
  reason: string,
): Promise<Outgoing> {
  const { session } = signedIn
  const these = rows.length === 1 ? 'this one' : `these ${rows.length}`
  const content = html`<section class="standing changed" aria-labelledby="standing">
      <h2 id="standing">Nothing is decided yet</h2>
      <p>
        All of them get access to the targets that stand here. Requests that something contradicts, and those
        that have changed meanwhile, are not among them.
      </p>
      <p><strong>Next:</strong> Read the list. <a href="#decide">Decide</a></p>
    </section>
    <section class="card below" aria-labelledby="approved">
      <h2 id="approved">What will be approved</h2>
      <ul class="lines">
        ${rows.map(
          (row) =>
            html`<li>
              <a href="${row.path}">${askPart(row, 'some')}</a
              ><br />${sign(row.verification.sign, row.verification.label)}
              <span class="quiet">since ${row.since}</span> ${foreign(row.flags.join(' '))}
            </li>`,
        )}
      </ul>
    </section>
    <form class="card below" method="post" action="${path}">
      <h2 id="decide">Decide</h2>
      ${session === undefined ? '' : formToken(session)}
      ${rows.map(
        (row) => html`<input type="hidden" name="request" value="${row.decisionId}" />${versionPart(row)}`,
      )}
      ${reasonPart(isReasonRequired, reason)}
      <p class="actions">
        <button class="approve" name="do" value="approve">Approve ${these}</button>
        <a class="button plain" href="${casePath(caseId)}">Back, approve nothing</a>
      </p>
    </form>`
  return page({
    status: 200,
    title: `Approve ${rows.length} ${rows.length === 1 ? 'request' : 'requests'}?`,
    content,
    signedIn,
    isWide: true,
  })
}
