import { timeShown } from '../channels/text/times.ts'
import type { SignedIn } from '../domain/caller.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import { endpointIdOf, type Subject, subjectId } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import { spokenState } from '../domain/spoken-state.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { FoundRequest, SomeOf } from '../ports/requests.ts'
import { type ByHand, decisionByHand } from '../private-link/resource-types/by-hand.ts'
import { type DecisionView, decisionView } from './decision-view.ts'
import { flagsOf } from './flags.ts'
import { type RuleView, ruleOf } from './rule-view.ts'
import type { PageSettings } from './settings.ts'
import { maxId, maxSentence, shown } from './shown.ts'
import { type Standing, standingOf } from './standing.ts'
import { type Verification, verificationOf } from './verification.ts'
import { askOf, factsOf, targetName, type Who, whoAsks } from './who.ts'

/** Everything that the page of a request is made of, as stored. */
export interface RequestSources {
  readonly found: FoundRequest
  /** What ended before for the same requester, and on the same target; newest first. */
  readonly ofRequester: readonly LogEntry[]
  readonly onTarget: readonly LogEntry[]
  /** What is unfinished on the target, this request included. */
  readonly unfinished: SomeOf
  /** The case in which others wait for a decision together with this request; undefined: there are none. */
  readonly caseId: string | undefined
}

/** A label of ours, and a text. `code` is for copying. */
export interface Fact {
  readonly label: string
  readonly text: string
  readonly form: 'words' | 'code'
}

/** One line of a list of requests, with the page it leads to. */
export interface Line {
  readonly path: string
  readonly text: string
  readonly detail: string
}

/** The page of a request, in words. Texts from outside are visible, cut, and text only. */
export interface RequestView {
  readonly title: string
  readonly standing: Standing
  /** Undefined where the record stands for a whole target. */
  readonly who: Who | undefined
  readonly target: { readonly name: string; readonly type: string; readonly groups: string }
  readonly verification: Verification | undefined
  readonly reason: string
  readonly rule: RuleView | undefined
  readonly flags: readonly string[]
  readonly said: string | undefined
  readonly facts: readonly Fact[]
  readonly ofRequester: readonly Line[]
  readonly onTarget: readonly Line[]
  readonly others: { readonly lines: readonly Line[]; readonly beyond: number }
  readonly casePath: string | undefined
  readonly decision: DecisionView
  readonly byHand:
    | {
        readonly portalLink: string
        /** Undefined where Azure publishes no operation, and for a whole target. */
        readonly commands: ByHand | undefined
      }
    | undefined
}

const maxLines = 5

/** Pure: record, entries and settings make the page. */
export function requestView(
  sources: RequestSources,
  settings: PageSettings,
  signedIn: SignedIn,
): RequestView {
  const { found, unfinished } = sources
  const { request, lastEntry } = found.record
  const { subject } = request
  const facts = factsOf(request, lastEntry)
  const isConnection = subject.kind === 'connection'
  const standing = standingOf(found, settings.timeZone)
  const own = subjectId(subject)
  const others = unfinished.records.filter(({ request: other }) => subjectId(other.subject) !== own)
  const lines = others.slice(0, maxLines).map((record) => waitingLine(record, settings))
  const past = (entries: readonly LogEntry[]) =>
    entries
      .filter(({ decisionId }) => decisionId !== request.decisionId)
      .slice(0, maxLines)
      .map((entry) => endedLine(entry, settings))
  return {
    title: askOf(facts),
    standing,
    who: isConnection ? whoAsks(facts) : undefined,
    target: {
      name: targetName(subject.targetId),
      type: parseResourceId(subject.targetId)?.type ?? '',
      groups: groupsOf(request.groupIds),
    },
    verification: isConnection ? verificationOf(lastEntry.proof) : undefined,
    reason: reasonOf(found.record),
    rule: ruleOf(lastEntry),
    flags: flagsOf(lastEntry, request, settings),
    said: saidOf(lastEntry),
    facts: factList(found.record, settings),
    ofRequester: past(sources.ofRequester),
    onTarget: past(sources.onTarget),
    others: {
      lines,
      beyond: Math.max(0, unfinished.total - (unfinished.records.length - others.length) - lines.length),
    },
    casePath: sources.caseId === undefined ? undefined : casePath(sources.caseId),
    decision: decisionView(found, signedIn),
    byHand: request.state.name === 'open' ? byHandOf(subject, request.groupIds, settings) : undefined,
  }
}

/** The page of the request that a decision belongs to. */
export function requestPath(decisionId: string): string {
  return `/requests/${encodeURIComponent(decisionId)}`
}

/** The page of a case. */
export function casePath(caseId: string): string {
  return `/cases/${encodeURIComponent(caseId)}`
}

/** A request that waits, in a list. */
export function waitingLine({ request, lastEntry }: RequestRecord, { timeZone }: PageSettings): Line {
  const state = spokenState(request.state.name, lastEntry.outcome)
  return {
    path: requestPath(request.decisionId),
    text: askOf(factsOf(request, lastEntry)),
    detail: `${state}, since ${timeShown(request.firstSeenAt, timeZone)}`,
  }
}

function endedLine(entry: LogEntry, { timeZone }: PageSettings): Line {
  const rule =
    entry.decidedBy === undefined || entry.state !== 'applied'
      ? ''
      : ` by rule ${shown(entry.decidedBy.ruleId, 80)}`
  return {
    path: requestPath(entry.decisionId),
    text: askOf(entry),
    detail: `${spokenState(entry.state, entry.outcome)}${rule}, ${timeShown(entry.at, timeZone)}`,
  }
}

/** Why it waits. */
function reasonOf({ request: { reason } }: RequestRecord): string {
  return shown(reason.sentence, maxSentence)
}

function saidOf({ subject, requesterSaid }: LogEntry): string | undefined {
  if (subject.kind === 'target' || requesterSaid === undefined || requesterSaid.trim() === '')
    return undefined
  return shown(requesterSaid, maxSentence)
}

function groupsOf(groupIds: readonly string[] | undefined): string {
  if (groupIds === undefined) return 'not shown by Azure'
  return groupIds.length === 0 ? 'none' : groupIds.map((group) => shown(group, 100)).join(', ')
}

function factList({ request, lastEntry }: RequestRecord, { timeZone }: PageSettings): readonly Fact[] {
  const { subject } = request
  const target = parseResourceId(subject.targetId)
  const endpointId = endpointIdOf(subject)
  const { proof } = lastEntry
  return [
    words('Waits since', timeShown(request.firstSeenAt, timeZone)),
    ...(subject.kind === 'connection' ? [words('Group ids', groupsOf(request.groupIds))] : []),
    ...(proof?.requester ? [code('Requester', proof.requester.id.id)] : []),
    ...(subject.kind === 'connection' ? [code('Endpoint', endpointId ?? 'not shown by Azure')] : []),
    ...(endpointId === undefined ? [] : [code("Endpoint's tenant", proof?.endpointTenantId ?? 'unknown')]),
    code('Target', subject.targetId),
    words('Type', target?.type ?? 'unknown'),
    code('Subscription', target?.subscriptionId ?? 'unknown'),
    ...(subject.kind === 'connection'
      ? [code('Connection', parseResourceId(subject.connectionId)?.name ?? '')]
      : []),
    words('Episode', String(request.episode)),
    code('Decision id', request.decisionId),
  ]
}

function words(label: string, text: string): Fact {
  return { label, text: shown(text, maxId), form: 'words' }
}

function code(label: string, text: string): Fact {
  return { label, text: shown(text, maxId), form: 'code' }
}

function byHandOf(
  subject: Subject,
  groupIds: readonly string[] | undefined,
  { portal }: PageSettings,
): NonNullable<RequestView['byHand']> {
  const target = parseResourceId(subject.targetId)
  return {
    portalLink: target ? `${portal}/#resource${encodeURI(target.id)}/overview` : portal,
    commands: subject.kind === 'connection' ? decisionByHand({ ...subject, groupIds }) : undefined,
  }
}
