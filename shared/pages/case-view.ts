import { timeShown } from '../channels/text/times.ts'
import { obstacleInCase } from '../decide/plan-job.ts'
import { isReasonRequired } from '../decide/may-decide.ts'
import { hasRole, type SignedIn } from '../domain/caller.ts'
import type { CaseKind } from '../domain/case.ts'
import { chosenOutcome, spokenChoices } from '../domain/choice.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import { endpointIdOf } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import { spokenState } from '../domain/spoken-state.ts'
import type { CaseContent } from '../ports/case-requests.ts'
import type { ShownJob } from '../ports/decision-jobs.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { wordsOfCase } from './case-words.ts'
import { roleShowsOnly } from './decision-view.ts'
import { flagsOf } from './flags.ts'
import { type JobView, jobView } from './job-view.ts'
import { type Line, requestPath } from './request-view.ts'
import type { PageSettings } from './settings.ts'
import { maxId, maxName, maxSentence, nameShown, shown } from './shown.ts'
import { type Verification, verificationOf } from './verification.ts'
import { askOf, factsOf } from './who.ts'

/** What the page of a case says of it. */
export interface CaseView {
  readonly title: string
  readonly standing: {
    readonly kind: 'waiting' | 'under-way' | 'decided'
    readonly label: string
    readonly sentence: string
    readonly next: string
  }
  readonly jobs: readonly JobView[]
  /** The endpoint name that is claimed; undefined: the case is about something else. */
  readonly claimedName: string | undefined
  readonly waiting: readonly CaseRow[]
  readonly underWay: readonly Line[]
  readonly ended: readonly Line[]
  /** Of those that wait, how many are not shown. */
  readonly beyond: number
  readonly decision: CaseDecisionView
}

/** One request of a case that waits. */
export interface CaseRow {
  readonly decisionId: string
  /** Hash of the last entry that the page shows. */
  readonly version: string
  readonly path: string
  /** Who asks for what. */
  readonly ask: string
  /** What tells competing claims apart. */
  readonly connection: string
  readonly endpointName: string
  readonly endpoint: string
  readonly tenant: string
  readonly verification: Verification
  readonly flags: readonly string[]
  readonly since: string
  /** Approvals so far, where one is not enough; empty otherwise. */
  readonly approvals: string
  /** Why this person cannot decide it; undefined: they can. */
  readonly obstacle: string | undefined
  /** True when it is approved only where somebody chooses it by itself. */
  readonly isDoubtful: boolean
}

/** What a person can do about a case on its page. */
export type CaseDecisionView =
  | {
      readonly kind: 'form'
      /** `which`: one of competing claims at most is approved. */
      readonly asks: 'some' | 'which'
      readonly path: string
      /** ISO 8601: what changes after it is not part of a rejection of all. */
      readonly shownAt: string
      readonly isReasonRequired: boolean
      /** How many can be rejected at once, those that are not shown included; 0: there is no button. */
      readonly toReject: number
      /** How many are approved at once: those that are shown, and that nothing contradicts. */
      readonly toApprove: number
    }
  | { readonly kind: 'not-allowed'; readonly sentence: string; readonly next: string }
  | { readonly kind: 'none' }

const maxEndedLines = 20
/** Of more, nobody finds the one: they are rejected together. */
const maxClaims = 20

/** The path to which the form of a case is sent. */
export function caseDecisionPath(caseId: string): string {
  return `/cases/${encodeURIComponent(caseId)}/decision`
}

/** Everything that the page of a case is made of. */
export interface CaseSources {
  readonly caseId: string
  readonly content: CaseContent
  readonly jobs: readonly ShownJob[]
  /** Requests that jobs did not decide, by decision id. */
  readonly notDecided: ReadonlyMap<string, RequestRecord>
  readonly at: Date
}

/** Pure: the requests of a case make the page. */
export function caseView(
  { caseId, content, jobs, notDecided, at }: CaseSources,
  settings: PageSettings,
  signedIn: SignedIn,
): CaseView {
  const { kind, waiting, underWay, ended, beyond } = content
  const rows = waiting.map((record) => caseRow(kind, record, settings, signedIn))
  const isReasonNeeded = waiting.some(({ lastEntry }) => isReasonRequired(lastEntry.terms))
  const jobViews = jobs.map((job) => jobView(job, notDecided, settings))
  return {
    title: titleOf(content),
    standing: standingOf(content, jobViews),
    jobs: jobViews,
    claimedName: kind === 'competing-claims' ? claimedNameOf(waiting) : undefined,
    waiting: rows,
    underWay: underWay.map((record) => underWayLine(record, settings)),
    ended: ended.slice(0, maxEndedLines).map((entry) => endedLine(entry, settings)),
    beyond,
    decision: decisionOf({ caseId, kind, rows, beyond, at }, isReasonNeeded, signedIn),
  }
}

function caseRow(
  kind: CaseKind,
  record: RequestRecord,
  settings: PageSettings,
  { caller }: SignedIn,
): CaseRow {
  const { request, lastEntry, hash } = record
  const { subject, decisionId } = request
  const verification = verificationOf(lastEntry.proof)
  const obstacle = caller.kind === 'person' ? obstacleInCase(caller, record, undefined) : undefined
  return {
    ...{ decisionId, version: hash, path: requestPath(decisionId), verification },
    ask: askOf(factsOf(request, lastEntry)),
    connection:
      subject.kind === 'connection' ? shown(parseResourceId(subject.connectionId)?.name ?? '', maxName) : '',
    endpointName: nameShown(parseResourceId(endpointIdOf(subject))?.name ?? 'not shown'),
    endpoint: shown(endpointIdOf(subject) ?? 'not shown by Azure', maxId),
    tenant: shown(lastEntry.proof?.endpointTenantId ?? 'unknown', maxName),
    flags: flagsOf(lastEntry, request, settings, kind === 'burst'),
    approvals:
      request.choices.length === 0
        ? ''
        : `${shown(spokenChoices(request.choices), maxSentence)} Further approvals are required.`,
    since: timeShown(request.firstSeenAt, settings.timeZone),
    obstacle: obstacle?.sentence,
    isDoubtful: verification.contradictions.length > 0,
  }
}

function claimedNameOf([first]: readonly RequestRecord[]): string | undefined {
  const endpoint = first && parseResourceId(endpointIdOf(first.request.subject))
  return endpoint && nameShown(endpoint.name)
}

function titleOf({ kind, waiting, underWay, beyond }: CaseContent): string {
  const unfinished = waiting.length + underWay.length + beyond
  return `${wordsOfCase[kind].name}: ${unfinished === 0 ? 'all decided' : counted(unfinished)}`
}

function standingOf(
  { kind, waiting, underWay, ended, beyond }: CaseContent,
  jobs: readonly JobView[],
): CaseView['standing'] {
  const { sentence, next } = wordsOfCase[kind]
  const isBusy = underWay.length > 0 || jobs.some(({ isSettled }) => !isSettled)
  const counts = [
    waiting.length + beyond > 0
      ? `${counted(waiting.length + beyond)} ${be(waiting.length + beyond)} waiting`
      : '',
    underWay.length > 0 ? `${underWay.length} ${be(underWay.length)} being decided` : '',
    // Of a burst case, only the last ones are known.
    ended.length > 0 && kind !== 'burst' ? `${ended.length} ${have(ended.length)} ended` : '',
  ].filter((text) => text !== '')
  const how = `${counts.length === 0 ? 'Nothing waits' : counts.join(', ')}.`
  if (waiting.length > 0)
    return { kind: 'waiting', label: 'Waiting for manual review', sentence: `${sentence} ${how}`, next }
  return isBusy
    ? {
        kind: 'under-way',
        label: 'Being decided',
        sentence: how,
        next: 'Nothing is left to do here. Reload this page to see the result.',
      }
    : {
        kind: 'decided',
        label: 'Nothing waits any more',
        sentence: how,
        next: 'Nothing is left to do. What became of each stands below.',
      }
}

interface ShownRows extends Pick<CaseSources, 'caseId' | 'at'>, Pick<CaseContent, 'kind' | 'beyond'> {
  readonly rows: readonly CaseRow[]
}

function decisionOf(
  { caseId, kind, rows, beyond, at }: ShownRows,
  isReasonNeeded: boolean,
  { caller }: SignedIn,
): CaseDecisionView {
  if (rows.length === 0) return { kind: 'none' }
  if (caller.kind !== 'person' || !hasRole(caller, ['Approver'])) return roleShowsOnly
  const own = rows.filter(({ obstacle }) => obstacle === undefined)
  if (own.length === 0)
    return {
      kind: 'not-allowed',
      sentence: 'None of these requests is yours to decide: each says why.',
      next: 'Open a request, and ask the approvers of its rule. Who they are stands in the rule file.',
    }
  const isWhich =
    kind === 'competing-claims' &&
    rows.length > 1 &&
    rows.length <= maxClaims &&
    own.length === rows.length &&
    beyond === 0
  const sure = own.filter(({ isDoubtful }) => !isDoubtful).length
  return {
    kind: 'form',
    asks: isWhich ? 'which' : 'some',
    path: caseDecisionPath(caseId),
    shownAt: at.toISOString(),
    isReasonRequired: isReasonNeeded,
    toReject: own.length + beyond > 1 ? own.length + beyond : 0,
    toApprove: sure > 1 && kind !== 'competing-claims' ? sure : 0,
  }
}

function underWayLine({ request, lastEntry }: RequestRecord, { timeZone }: PageSettings): Line {
  const outcome = chosenOutcome(request.choices)
  const state = request.state.name === 'open' && outcome !== undefined ? 'applying' : request.state.name
  const by = request.choices.length > 0 ? ` ${shown(spokenChoices(request.choices), maxSentence)}` : ''
  return {
    path: requestPath(request.decisionId),
    text: askOf(factsOf(request, lastEntry)),
    detail: `${spokenState(state, outcome ?? lastEntry.outcome)}, since ${timeShown(lastEntry.at, timeZone)}.${by}`,
  }
}

/** A request that has ended, and who decided it. */
function endedLine(entry: LogEntry, { timeZone }: PageSettings): Line {
  return {
    path: requestPath(entry.decisionId),
    text: askOf(entry),
    detail:
      `${spokenState(entry.state, entry.outcome)}, ${timeShown(entry.at, timeZone)}. ${howEnded(entry)}`.trim(),
  }
}

function howEnded({ state, decidedBy, reason }: LogEntry): string {
  const isByRule = state === 'applied' && decidedBy !== undefined && reason.code !== 'decided-by-person'
  return isByRule ? `By rule ${shown(decidedBy.ruleId, maxName)}.` : shown(reason.sentence, maxSentence)
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'request' : 'requests'}`
}

function be(count: number): string {
  return count === 1 ? 'is' : 'are'
}

function have(count: number): string {
  return count === 1 ? 'has' : 'have'
}
