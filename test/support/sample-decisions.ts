import type { Person, SignedIn } from '../../shared/domain/caller.ts'
import type { Outgoing } from '../../shared/http/outgoing.ts'
import { notTaken } from '../../shared/pages/decide-request.ts'
import type { FormState, Problem } from '../../shared/pages/decision-view.ts'
import { rememberPage, rememberView, type ShownRule } from '../../shared/pages/remember-page.ts'
import {
  approvedOnly,
  otherRule,
  problemOfTerms,
  type TypedTerms,
} from '../../shared/pages/remember-request.ts'
import { requestPage } from '../../shared/pages/request-page.ts'
import { type RequestSources, requestView } from '../../shared/pages/request-view.ts'
import { pinnedRule } from '../../shared/remember/pinned-rule.ts'
import {
  annApproves,
  confirmed,
  pageCaller,
  pageSettings,
  pageSources,
  pageStates,
  pinnedSample,
  twoApprovals,
} from './sample-pages.ts'
import { plainTerms } from './sample-rule.ts'

/** The rule of a preview, and what was typed for it. */
export const sampleRule: ShownRule = { content: pinnedSample(), shownHash: 'a'.repeat(64) }
export const sampleTyped: TypedTerms = {
  ...{ reason: 'Nightly load of sales.\nAgreed with Kim.', ticket: 'CHG-1021', days: '90' },
}

/** The caller with other roles. */
export function withRoles(...roles: Person['roles']): SignedIn {
  return { ...pageCaller, caller: { ...(pageCaller.caller as Person), roles } }
}

/** A request whose rule names another group of approvers. */
export const forOthers = pageSources({
  entry: {
    proof: confirmed,
    terms: { ...plainTerms, approvers: ['6b0d2f10-0002-4c1e-8f21-d0a7a9920002'] },
  },
})

const ruleAdmin = withRoles('Approver', 'RuleAdmin')
const required = pageSources({ entry: { proof: confirmed, terms: { ...plainTerms, reasonRequired: true } } })
const known = pageSources({ entry: { proof: confirmed } })
const missing = notTaken({ kind: 'reason-missing', found: required.found }, '')
const approvedOne = pageStates['being approved'] ?? known
const preview = (
  typed: TypedTerms = sampleTyped,
  rule: ShownRule | 'none' = sampleRule,
  problem?: Problem,
): Promise<Outgoing> =>
  rememberPage(
    rememberView(known.found, '0'.repeat(64), typed, rule === 'none' ? undefined : rule, pageSettings),
    {
      ...{ signedIn: ruleAdmin, problem, status: 200 },
    },
  )
function refusedTerms(change: { reason?: string; days?: number }, isAsked: boolean): Problem {
  const terms = { owner: pageCaller.caller.objectId, reason: 'Known.', ticket: '', days: 90, ...change }
  const { refused } = pinnedRule(known.found.record.lastEntry, terms, new Date('2026-12-01T08:00:00Z'))
  if (!refused) throw new Error('The rule can be made.')
  return problemOfTerms({ found: known.found, refusal: refused }, isAsked)
}
const request = (sources: RequestSources, signedIn = pageCaller, form?: FormState): Promise<Outgoing> =>
  requestPage(requestView(sources, pageSettings, signedIn), signedIn, form)

/** Pages on which people decide, or read why they cannot. */
export const decisionPages: Readonly<Record<string, () => Promise<Outgoing>>> = {
  'to a reader': () => request(known, withRoles('Reader')),
  'to an approver whom the rule does not name': () => request(forOthers),
  'to a rule admin': () => request(known, ruleAdmin),
  'to a rule admin, and cannot be remembered': () => request(pageSources(), ruleAdmin),
  'to somebody who approved before': () =>
    request(
      pageSources({
        request: { choices: [{ ...annApproves, required: 2 }] },
        entry: { proof: confirmed, terms: twoApprovals },
      }),
    ),
  'reason missing': () => request(required, pageCaller, missing.form),
  'changed since it was shown': () =>
    request(known, pageCaller, notTaken({ kind: 'changed', found: known.found }, 'Typed,\nand kept.').form),
  'approved, rule not written': () =>
    request(
      approvedOne,
      ruleAdmin,
      approvedOnly({ code: 'list-unavailable', sentence: 'An apply is not finished. Try again when it is.' }),
    ),
  'approved, no rule': () => request(approvedOne, ruleAdmin),
  preview: () => preview(),
  'preview, reason first': () =>
    preview({ ...sampleTyped, reason: '' }, 'none', refusedTerms({ reason: '' }, true)),
  'preview, too many days': () =>
    preview({ ...sampleTyped, days: '999' }, 'none', refusedTerms({ days: 999 }, false)),
  'preview, another rule': () => preview(sampleTyped, sampleRule, otherRule),
}
