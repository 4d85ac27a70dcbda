import type { Progress } from '../../../shared/domain/connection-write.ts'
import type { Expiry } from '../../../shared/domain/expiry.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import type {
  AskedQuestion,
  Attempt,
  OpenCause,
  Question,
  RefusedDecision,
  Said,
  Request,
  RequestState,
  WrittenOutcome,
} from '../../../shared/domain/request.ts'
import {
  nothingKnown,
  type Reason,
  type RuleExplanation,
  type Verdict,
} from '../../../shared/domain/verdict.ts'
import type { BurstCase, Evaluated, LifeEvent, Moment, Step } from '../../../shared/request/step.ts'
import type { At, EventOf } from '../../../shared/request/table.ts'
import { next } from '../../../shared/request/life.ts'
import { knownAgain } from '../../../shared/request/said.ts'
import { confirmed, connection, endpoint, target } from '../../support/request-parts.ts'

export { confirmed, endpoint, target }

export const now = new Date('2026-11-21T08:00:00.000Z')
export const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString()
/** Nothing follows by itself. */
export const alone: Moment = { at: now, isFollowed: false }
export const followed: Moment = { at: now, isFollowed: true }

export const decisionId = 'c0ffee00c0ffee00c0ff.2.7'
export const burst: BurstCase = {
  caseId: 'beef00beef00beef00be.1.9',
  reason: { code: 'burst-limit', sentence: 'Too many came.' },
  isJoining: false,
}

/** The connection as a list shows it. */
export function lake(change: Partial<Connection> = {}): Connection {
  return connection('mpe', { endpoint: endpoint('a'), groupIds: ['blob'], ...change })
}

/** As Azure shows it after our write. */
export function ours(change: Partial<Connection> = {}): Connection {
  const description = `Approved by private-endpoint-approver, decision ${decisionId}`
  return lake({ status: 'Approved', description, ...change })
}

export function request<State extends RequestState>(
  state: State,
  change: Partial<Request> = {},
): Request & { readonly state: State } {
  return {
    subject: {
      kind: 'connection',
      connectionId: lake().id.id,
      targetId: target.id,
      endpointId: endpoint('a').id,
    },
    episode: 2,
    firstSeenAt: ago(3600),
    decisionId,
    reason: { code: 'allowed-by-rule', sentence: 'Rule sales allows it.' },
    groupIds: ['blob'],
    attempts: [],
    requesterSaid: lake().description,
    ruleSetHash: 'list-1',
    changes: 0,
    said: saidIn(state, change.refused),
    notified: notifiedIn(state),
    remindedAt: undefined,
    expired: undefined,
    quietUntil: undefined,
    refused: undefined,
    caseId: undefined,
    hold: undefined,
    choices: [],
    ...change,
    state,
  }
}

/** The notification of what is open. */
function notifiedIn(state: RequestState): readonly string[] {
  return state.name === 'open' ? [state.notificationId] : []
}

/** What people were notified of when the request was written. */
export function saidIn(state: RequestState, refused: RefusedDecision | undefined): readonly Said[] {
  const about = state.name === 'open' && 'question' in state.cause ? state.cause : undefined
  const isOfTarget = about?.kind === 'unreadable' || about?.kind === 'azure-fails'
  const questions = [
    ...(refused ? [`refused ${refused.code}`] : []),
    ...(isOfTarget ? [`${about.kind} ${about.question}`] : []),
  ]
  return questions.map((question) => said(question))
}

/** A question that people were notified of two hours ago, or when it says. */
export function said(question: string, change: Partial<Said> = {}): Said {
  const notificationId = 'c0ffee00c0ffee00c0ff.2.5'
  return {
    ...{ question, ruleSetHash: undefined, notificationId },
    ...{ since: ago(3600), at: ago(3600), times: 1 },
    ...change,
  }
}

export const noRule: Question = {
  code: 'no-rule-matched',
  refusal: undefined,
  proof: 'confirmed',
  rule: undefined,
}
const noRuleMatched: OpenCause = { kind: 'verdict', question: noRule }

/** The attempt of the decision in force; `mayLandUntil`: Azure has not responded to it. */
export function attempt(outcome: WrittenOutcome = 'approve', mayLandUntil?: string): Attempt {
  return { decisionId, outcome, mayLandUntil }
}

/** The question of a refusal of which somebody has been notified. */
export const known: AskedQuestion = { notificationId: 'c0ffee00c0ffee00c0ff.2.5', since: ago(7200) }

/** Azure refused the decision of rule sales v1; it is sent again then, or never. */
export function refusedOnce(
  retryAt: string | undefined,
  change: Partial<RefusedDecision> = {},
): RefusedDecision {
  return { rule: 'sales v1', code: 'AuthorizationFailed', since: ago(7200), retryAt, ...change }
}

/** Waits for manual review, because no rule matched unless said otherwise. */
export function open(cause: OpenCause = noRuleMatched, change: Partial<Request> = {}): At<'open'> {
  const state = { name: 'open', cause, notificationId: decisionId, since: ago(3600) } as const
  return request(state, { reason: reasonOf(cause), ...change })
}

/** As the policy says it below, or as Azure refused it. */
function reasonOf(cause: OpenCause): Reason {
  if (cause.kind === 'refused') return { code: 'refused-by-azure', sentence: 'Azure refused it.' }
  if (cause.kind === 'verdict') return { code: cause.question.code, sentence: 'It says escalate.' }
  return { code: 'allowed-by-rule', sentence: 'Rule sales allows it.' }
}

/** Waits for manual review for so many seconds. */
export function openFor(seconds: number, change: Partial<Request> = {}, expiry: Expiry = {}): At<'open'> {
  const before = open(undefined, change)
  return { ...before, state: { ...before.state, ...expiry, since: ago(seconds) } }
}

/** Waits for manual review after a decision was sent, or may have been. */
export function openAfter(
  kind: 'refused' | 'endpoint-changed',
  outcome: WrittenOutcome = 'approve',
  change: Partial<Request> = {},
): At<'open'> {
  return open({ kind }, { attempts: [attempt(outcome)], ...change })
}

/** Waits for manual review of a question that differs from the usual one in a part. */
export function openWith(question: Partial<Question>, change: Partial<Request> = {}): At<'open'> {
  return open({ kind: 'verdict', question: { ...noRule, ...question } }, change)
}

/** An approval by rule sales v1 is being applied. */
export function applying(
  state: Partial<Omit<At<'applying'>['state'], 'name'>> = {},
  change: Partial<Request> = {},
): At<'applying'> {
  const usual = {
    ...({ outcome: 'approve', rule: 'sales v1', ruleSetHash: 'list-1', since: ago(0) } as const),
    ...{ notBefore: undefined, words: undefined, asked: undefined },
  }
  const applied = { ...usual, ...state, name: 'applying' } as const
  return request(applied, { attempts: [attempt(applied.outcome)], ...change })
}

export function applied(secondsAgo = 3600, change: Partial<Request> = {}): At<'applied'> {
  return request({ name: 'applied', outcome: 'approve', at: ago(secondsAgo) }, change)
}

export const decidedElsewhere = request({ name: 'decided-elsewhere' })
export const withdrawn = request({ name: 'withdrawn' })

export function rule(ruleVersion = 1, change: Partial<RuleExplanation> = {}): RuleExplanation {
  return {
    ...{ ruleId: 'sales', ruleVersion, effect: 'allow', mode: 'enforce', match: 'yes', conditions: [] },
    ...change,
  }
}

const codes = { approve: 'allowed-by-rule', reject: 'denied-by-rule', escalate: 'no-rule-matched' } as const

/** What the policy says: by rule sales v1 of list-1, unless it escalates. */
export function verdict(outcome: Verdict['outcome'], change: Partial<Verdict> = {}): Verdict {
  const decidedBy = outcome === 'escalate' ? undefined : rule()
  return {
    outcome,
    reason: { code: codes[outcome], sentence: `It says ${outcome}.` },
    decidedBy,
    terms: undefined,
    explanation: decidedBy ? [decidedBy] : [],
    rulesOver: change.explanation ?? (decidedBy ? [decidedBy] : []),
    nearest: undefined,
    audited: [],
    ruleSetHash: 'list-1',
    ...change,
  }
}

export function evaluated(
  outcome: Verdict['outcome'],
  change: Partial<Verdict> = {},
  facts: Partial<Evaluated> = {},
): Evaluated {
  return {
    connection: lake(),
    proof: confirmed,
    context: nothingKnown,
    verdict: verdict(outcome, change),
    ...facts,
  }
}

/** By another version of the rule, which nobody knew before. */
export const byNewRule = evaluated('approve', { decidedBy: rule(2), explanation: [rule(1), rule(2)] })

export function proofWith(...codes: readonly Proof['refusals'][number]['code'][]): Proof {
  const refusals = codes.map((code) => ({ code, sentence: `It is ${code}.` }))
  return { ...confirmed, level: 'platform', requester: undefined, groupIds: undefined, refusals }
}

/** Escalated because nobody knows who asks. */
export function unproven(...codes: readonly Proof['refusals'][number]['code'][]): Evaluated {
  const reason = { code: 'unproven-requester', sentence: 'Who asks?' } as const
  return evaluated('escalate', { reason }, { proof: proofWith(...codes) })
}

/** As a list and a read show it in a pass that looks at open requests; `news`: in another pass, or by another list. */
export const waiting = (
  change: Partial<Connection> = {},
  news: Partial<Pick<EventOf<'waiting'>, 'isRecheck' | 'ruleSetHash'>> = {},
): LifeEvent => ({ ...listed(change, news), isConfirmed: true })
/** As `waiting`, and only the list has shown it. */
export const listed = (
  change: Partial<Connection> = {},
  news: Partial<Pick<EventOf<'waiting'>, 'isRecheck' | 'ruleSetHash'>> = {},
): EventOf<'waiting'> => ({
  ...({ kind: 'waiting', connection: lake(change), isRecheck: true, ruleSetHash: 'list-1' } as const),
  ...news,
})
/** In a pass that does not look at open requests. */
export const unlooked = { isRecheck: false } as const
export const verdictOn = (made: Evaluated): LifeEvent => ({ kind: 'evaluated', evaluated: made })
export const within = (made: Evaluated): LifeEvent => ({ kind: 'within-limits', evaluated: made })
export const over = (made: Evaluated): LifeEvent => ({ kind: 'over-limit', evaluated: made, burst })
export const read = (live: Connection, isNewest = true, made = evaluated('approve')): LifeEvent => ({
  ...{ kind: 'read', evaluated: made, connection: live, progress: 'finished', isNewest },
})
export const readBack = (live: Connection, progress: Progress = 'finished'): LifeEvent => ({
  ...{ kind: 'read-back', evaluated: evaluated('approve'), connection: live, progress },
})
export const decided = (live: Connection, progress: Progress = 'finished'): LifeEvent => ({
  ...{ kind: 'decided', connection: live, progress },
})
export const listedAs = (live: Connection): LifeEvent => ({
  ...{ kind: 'decided', connection: live, progress: 'finished', isOnlyListed: true },
})

/** One line of a table of examples. */
export interface Example {
  readonly request: Request | undefined
  readonly event: LifeEvent
  /** True when further passes follow; left out: none does. */
  readonly isFollowed?: boolean
}

export function stepOf({ request: before, event, isFollowed = false }: Example): Step {
  return next(before, event, isFollowed ? followed : alone)
}

/** A step in a line: what is written, with the reason and who is notified, and what is done next. */
export function lineOf(example: Example): string {
  const { draft, effect } = stepOf(example)
  return draft ? `${writtenOf(draft, example.request)}; ${effectOf(effect)}` : effectOf(effect)
}

function writtenOf(draft: NonNullable<Step['draft']>, before: Request | undefined): string {
  const { kind, state, reason, actor, notice, asked } = draft
  const by = actor.kind === 'policy' ? '' : ` by ${actor.kind}`
  const isKnown = asked ?? (before && knownAgain(before, draft, now))
  const how = isKnown ? 'known' : `${notice.severity}${notice.isOfCase ? ' of the case' : ''}`
  const notified = state.name === 'open' ? `, ${how}` : ''
  return `${kind} → ${state.name}${by} (${reason.code}${notified})`
}

function effectOf(effect: Step['effect']): string {
  switch (effect.kind) {
    case 'count':
      return effect.isRelease ? 'count as release' : 'count'
    case 'retry-after':
      return `retry after ${effect.afterSeconds} s`
    case 'write':
      return `write ${effect.write.status}`
    default:
      return effect.kind
  }
}
