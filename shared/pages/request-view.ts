import { timeShown } from '../channels/text/times.ts'
import { hasRole, type SignedIn } from '../domain/caller.ts'
import { chosenOutcome } from '../domain/choice.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import { connectionIdOf, endpointIdOf, type Request, subjectId } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { Rule } from '../domain/rule.ts'
import { spokenState } from '../domain/spoken-state.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { FoundRequest, SomeOf } from '../ports/requests.ts'
import { type InAzure, inAzure } from '../private-link/resource-types/by-hand.ts'
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
  /** The rule that approve-and-remember wrote for this request. */
  readonly remembered: Rule | undefined
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
  /** True until a decision is being applied. */
  readonly isOpen: boolean
  readonly rule: RuleView | undefined
  readonly flags: readonly string[]
  readonly said: string | undefined
  readonly facts: readonly Fact[]
  readonly ofRequester: readonly Line[]
  readonly onTarget: readonly Line[]
  readonly others: { readonly lines: readonly Line[]; readonly beyond: number }
  readonly casePath: string | undefined
  readonly decision: DecisionView
  /** Whether a rule remembers what people approved; undefined: nothing to say. */
  readonly remembered: string | undefined
  /** Undefined where nothing is left to decide. */
  readonly byHand: InAzure | undefined
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
    isOpen: request.state.name === 'open',
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
    remembered: rememberedSentence(sources, settings, signedIn),
    byHand: isUndecided(request) ? byHandOf(request, settings) : undefined,
  }
}

function isUndecided({ state, choices }: Request): boolean {
  return state.name === 'open' && chosenOutcome(choices) === undefined
}

/** Who may not write rules is not shown that there is none. */
function rememberedSentence(
  { found, remembered }: RequestSources,
  { timeZone }: PageSettings,
  { caller }: SignedIn,
): string | undefined {
  const { request } = found.record
  if (chosenOutcome(request.choices) !== 'approve' || found.entry.episode !== request.episode)
    return undefined
  if (remembered === undefined)
    return hasRole(caller, ['RuleAdmin'])
      ? 'No rule in the allow-list remembers this request. If you have just confirmed one, reload this page.'
      : undefined
  const { id, version, validUntil } = remembered
  const until = validUntil === undefined ? '' : ` until ${timeShown(validUntil, timeZone)}`
  return `Rule ${shown(id, maxSentence)} v${version} was written: when the same request comes again, the app approves it by itself${until}.`
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
    ...expiryFact(request, timeZone),
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

function expiryFact({ state }: RequestRecord['request'], timeZone: string | undefined): readonly Fact[] {
  if (state.name !== 'open' || state.expiresAt === undefined) return []
  const then = state.atExpiry === 'reject' ? 'is rejected' : 'stays Pending'
  return [words('Time to decide', `until ${timeShown(state.expiresAt, timeZone)}; then it ${then}`)]
}

function words(label: string, text: string): Fact {
  return { label, text: shown(text, maxId), form: 'words' }
}

function code(label: string, text: string): Fact {
  return { label, text: shown(text, maxId), form: 'code' }
}

function byHandOf({ subject, groupIds }: Request, { portal }: PageSettings): InAzure {
  const { targetId } = subject
  const recorded = {
    targetId,
    connectionId: connectionIdOf(subject),
    endpointId: endpointIdOf(subject),
    groupIds,
  }
  return inAzure(recorded, portal)
}
