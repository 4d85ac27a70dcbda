import { html } from 'hono/html'
import type { CaseKind } from '../domain/case.ts'
import type { SignedIn } from '../domain/caller.ts'
import { timeShown } from '../channels/text/times.ts'
import type { CaseContent } from '../ports/case-requests.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { page } from '../http/page.ts'
import { spokenState } from '../domain/spoken-state.ts'
import { flagsOf } from './flags.ts'
import { foreign, sign } from './parts.ts'
import { requestPath } from './request-view.ts'
import type { PageSettings } from './settings.ts'
import { maxName, shown } from './shown.ts'
import { verificationOf } from './verification.ts'
import { factsOf, targetName, whoAsks } from './who.ts'

/** What the page of a case says of it. */
export interface CaseView {
  readonly title: string
  readonly sentence: string
  readonly next: string
  readonly rows: readonly CaseRow[]
  readonly beyond: number
}

/** One request of a case. */
export interface CaseRow {
  readonly path: string
  readonly who: string
  readonly target: string
  readonly groups: string
  readonly verification: ReturnType<typeof verificationOf>
  readonly flags: readonly string[]
  readonly state: string
  readonly since: string
}

const words: Readonly<
  Record<CaseKind, { readonly name: string; readonly sentence: string; readonly next: string }>
> = {
  single: { name: 'Case', sentence: 'One request waits.', next: 'Open it, and check who asks.' },
  group: {
    name: 'Group',
    sentence: 'These requests came together.',
    next: 'Open each, and check who asks and for what.',
  },
  burst: {
    name: 'Burst case',
    sentence:
      'More requests of one source came at once than the burst limit allows. They wait, whatever the rules say.',
    next: 'Find out from the owner of the requester why so many came at once. Then open and decide them.',
  },
  'competing-claims': {
    name: 'Competing claims',
    sentence: 'These connections claim one endpoint name. At most one of them is genuine.',
    next: 'Ask the owner of the requester which one. Approve only that one, and reject the others.',
  },
  target: {
    name: 'Target',
    sentence: 'The connections of a target cannot be checked.',
    next: 'Open the request: it says what to do.',
  },
}

/** Pure: the requests of a case make the page. */
export function caseView({ kind, records, total }: CaseContent, settings: PageSettings): CaseView {
  const { name, sentence, next } = words[kind]
  return {
    title: `${name}: ${total} ${total === 1 ? 'request' : 'requests'}`,
    ...{ sentence, next, beyond: total - records.length },
    rows: records.map(({ request, lastEntry }) => ({
      path: requestPath(request.decisionId),
      who: whoAsks(factsOf(request, lastEntry)).name,
      target: targetName(request.subject.targetId),
      groups: (request.groupIds ?? []).map((group) => shown(group, maxName)).join(', '),
      verification: verificationOf(lastEntry.proof),
      flags: flagsOf(lastEntry, request, settings),
      state: spokenState(request.state.name, lastEntry.outcome),
      since: timeShown(request.firstSeenAt, settings.timeZone),
    })),
  }
}

/** The page of a case: its requests, each with its own page. */
export function casePage(
  { title, sentence, next, rows, beyond }: CaseView,
  signedIn: SignedIn,
): Promise<Outgoing> {
  const content = html`<section class="standing waiting" aria-labelledby="standing">
      <h2 id="standing">Waiting for manual review</h2>
      <p>${sentence}</p>
      <p><strong>Next:</strong> ${next}</p>
    </section>
    <div class="table" role="region" aria-labelledby="requests" tabindex="0">
      <table>
        <caption id="requests">
          Requests of this case
        </caption>
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col">Groups</th>
            <th scope="col">Verification</th>
            <th scope="col">Risk</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <th scope="row">
                  <a href="${row.path}"><bdi>${row.who}</bdi> asks for <bdi>${row.target}</bdi></a>
                </th>
                <td data-label="Groups">${row.groups === '' ? 'not shown' : foreign(row.groups)}</td>
                <td data-label="Verification">${sign(row.verification.sign, row.verification.label)}</td>
                <td data-label="Risk">${row.flags.length === 0 ? 'none known' : row.flags.join(' ')}</td>
                <td data-label="State">${row.state}, since ${row.since}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${beyond > 0 ? html`<p>And ${beyond} more. They come up here when some of these are decided.</p>` : ''}`
  return page({ status: 200, title, content, signedIn, isWide: true })
}
