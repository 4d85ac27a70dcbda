import type { Connection } from '../../../shared/domain/connection.ts'
import type { Progress } from '../../../shared/domain/connection-write.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import type { Attempt, Hold, OpenCause, Request, RequestState } from '../../../shared/domain/request.ts'
import { nothingKnown, type RuleExplanation, type Verdict } from '../../../shared/domain/verdict.ts'
import type { Evaluated, LifeEvent, Moment } from '../../../shared/request/step.ts'
import { connection, confirmed, endpoint, target } from '../request-parts.ts'

/** Now, in every pair. */
export const now = new Date('2026-11-21T08:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString()

/** The decision that every record is about. */
export const decisionId = 'c0ffee00c0ffee00c0ff.2.7'
/** One that was given up in the same episode. */
const earlierId = 'c0ffee00c0ffee00c0ff.2.5'
const named = `Approved by private-endpoint-approver, decision ${decisionId}, rule sales v1`

function rule(ruleVersion: number, effect: 'allow' | 'deny' = 'allow'): RuleExplanation {
  return { ruleId: 'sales', ruleVersion, effect, mode: 'enforce', match: 'yes', conditions: [] }
}

const holds: readonly (Hold | undefined)[] = [
  undefined,
  { kind: 'burst', knownRules: ['sales v1'] },
  { kind: 'burst', knownRules: 'too-many' },
]

const causes: readonly OpenCause[] = [
  ...(['no-rule-matched', 'burst-limit', 'competing-claim-before'] as const).map((code) => ({
    kind: 'verdict' as const,
    question: { code, refusal: undefined, proof: 'confirmed' as const, rule: 'sales v1' },
  })),
  {
    kind: 'verdict',
    question: { code: 'unproven-requester', refusal: 'could-not-ask', proof: 'platform', rule: undefined },
  },
  { kind: 'refused' },
  { kind: 'endpoint-changed' },
  { kind: 'shown-late' },
  { kind: 'unreadable', sentence: 'No permission.' },
]

const states: readonly RequestState[] = [
  ...causes.map((cause) => ({ name: 'open' as const, cause, notificationId: decisionId })),
  ...each(['approve', 'reject'] as const, (outcome) =>
    each(['sales v1', 'sales v2', undefined], (name) =>
      each(['list-1', 'list-2'], (ruleSetHash) =>
        [undefined, ago(0), ago(1800), ago(1801)].map((busySince) => ({
          ...({ name: 'applying', outcome, rule: name, ruleSetHash, busySince } as const),
        })),
      ),
    ),
  ),
  ...each(['approve', 'reject'] as const, (outcome) =>
    [ago(59), ago(60)].map((at) => ({ name: 'applied' as const, outcome, at })),
  ),
  { name: 'decided-elsewhere' },
  { name: 'withdrawn' },
]

/** Every record that can be built from these parts, and none. */
export function everyRecord(): readonly (Request | undefined)[] {
  return [
    undefined,
    ...each(states, (state) =>
      each(attemptsIn(state), (attempts) =>
        each(holds, (hold) =>
          each(hold ? [undefined] : [undefined, 'sales v1'], (refusedRule) =>
            [endpoint('a').id, undefined].map((endpointId) => ({
              ...request(state, hold, refusedRule, endpointId),
              attempts,
            })),
          ),
        ),
      ),
    ),
  ]
}

/** What may have been sent before, by the decision in force or an earlier one. */
function attemptsIn(state: RequestState): readonly (readonly Attempt[])[] {
  const earlier: Attempt = { decisionId: earlierId, outcome: 'approve' }
  switch (state.name) {
    case 'applying': {
      const now = { decisionId, outcome: state.outcome }
      return state.rule === 'sales v1' ? [[now], [earlier, now]] : [[now]]
    }
    case 'open':
      return state.cause.kind === 'verdict' || state.cause.kind === 'unreadable'
        ? [[], [earlier]]
        : [[{ decisionId, outcome: 'approve' }], [earlier, { decisionId, outcome: 'reject' }], [earlier]]
    case 'applied':
      return [[{ decisionId, outcome: state.outcome }]]
    default:
      return [[]]
  }
}

function request(
  state: RequestState,
  hold: Hold | undefined,
  refusedRule: string | undefined,
  endpointId: string | undefined,
): Request {
  const { id } = connection('c')
  return {
    subject: { kind: 'connection', connectionId: id.id, targetId: target.id, endpointId },
    episode: 2,
    state,
    firstSeenAt: ago(3600),
    decisionId,
    reason: { code: 'allowed-by-rule', sentence: 'Allowed.' },
    groupIds: ['blob'],
    attempts: [],
    refusedRule,
    caseId: hold?.kind === 'burst' ? 'beef00beef00beef00be.1.1' : undefined,
    hold,
  }
}

const unproven: Proof = {
  ...confirmed,
  level: 'platform',
  requester: undefined,
  groupIds: undefined,
  refusals: [{ code: 'could-not-ask', sentence: 'Could not ask.' }],
}
const claimed: Proof = {
  ...unproven,
  refusals: [{ code: 'competing-claim', sentence: 'Two claim it.' }],
}

function verdict(outcome: Verdict['outcome'], change: Partial<Verdict> = {}): Verdict {
  const decidedBy = outcome === 'escalate' ? undefined : rule(1, outcome === 'approve' ? 'allow' : 'deny')
  const explanation = decidedBy ? [decidedBy] : []
  const code = { approve: 'allowed-by-rule', reject: 'denied-by-rule', escalate: 'no-rule-matched' } as const
  return {
    outcome,
    reason: { code: code[outcome], sentence: 'Why.' },
    decidedBy,
    terms: undefined,
    explanation,
    nearest: undefined,
    audited: [],
    ruleSetHash: 'list-1',
    ...change,
  }
}

const verdicts: readonly (readonly [Proof, Verdict])[] = [
  [confirmed, verdict('approve')],
  [confirmed, verdict('approve', { decidedBy: rule(2), explanation: [rule(1), rule(2)] })],
  [confirmed, verdict('approve', { ruleSetHash: 'list-2' })],
  [confirmed, verdict('reject')],
  [confirmed, verdict('escalate')],
  [unproven, verdict('escalate', { reason: { code: 'unproven-requester', sentence: 'Who?' } })],
  [claimed, verdict('escalate', { reason: { code: 'unproven-requester', sentence: 'Which?' } })],
]

const seen = [
  { endpoint: endpoint('a'), groupIds: ['blob'] },
  { endpoint: endpoint('a'), groupIds: ['dfs'] },
  { endpoint: endpoint('a'), groupIds: undefined },
  { endpoint: endpoint('b'), groupIds: ['blob'] },
  { endpoint: undefined, groupIds: ['blob'] },
]
const shown: readonly Connection[] = each(seen, (what) =>
  ['Pending', 'Approved', 'Rejected', 'Disconnected', 'Updating'].map((status) =>
    connection('c', { status, ...what }),
  ),
)

const isOneOf =
  (...statuses: readonly string[]) =>
  (one: Connection) =>
    statuses.includes(one.status)
const waiting = shown.filter(isOneOf('Pending', 'Updating'))
const decided = shown
  .filter(isOneOf('Approved', 'Rejected', 'Disconnected'))
  .flatMap((one) => [
    one,
    { ...one, description: named },
    { ...one, description: named.replace(decisionId, earlierId) },
    { ...one, description: named.replace(decisionId, `${decisionId}9`) },
    { ...one, writeSupport: 'without-description' as const },
  ])
const progresses: readonly Progress[] = ['under-way', 'finished', 'failed']

const evaluations: readonly Evaluated[] = each(verdicts, ([proof, said]) =>
  each([false, true], (isTransient) =>
    [endpoint('a'), undefined].map((evaluatedEndpoint) => ({
      connection: connection('c', { endpoint: evaluatedEndpoint, groupIds: ['blob'] }),
      proof,
      context: nothingKnown,
      verdict: said,
      isTransient,
    })),
  ),
)
/** What is read around a write is compared with these. */
const settled = evaluations.filter(
  ({ verdict: { outcome, ruleSetHash }, isTransient, connection: { endpoint: shows } }) =>
    outcome !== 'escalate' && !isTransient && ruleSetHash === 'list-1' && (outcome === 'approve' || shows),
)
const burst = {
  caseId: 'beef00beef00beef00be.1.9',
  reason: { code: 'burst-limit', sentence: 'Too many.' },
  isJoining: false,
} as const

/** Every event that can be built from these parts. */
export function everyEvent(): readonly LifeEvent[] {
  return [
    ...waiting.map((one) => ({ kind: 'waiting' as const, connection: one })),
    ...each(evaluations, (evaluated) => [
      { kind: 'evaluated' as const, evaluated },
      { kind: 'within-limits' as const, evaluated },
      { kind: 'over-limit' as const, evaluated, burst },
    ]),
    ...each(settled, (evaluated) =>
      each(shown.filter(isOneOf('Pending', 'Approved', 'Rejected', 'Updating')), (one) => [
        { kind: 'read' as const, evaluated, connection: one, progress: 'finished' as const, isNewest: true },
        { kind: 'read' as const, evaluated, connection: one, progress: 'finished' as const, isNewest: false },
        ...progresses.map((progress) => ({
          kind: 'read-back' as const,
          evaluated,
          connection: one,
          progress,
        })),
      ]),
    ),
    ...each(decided, (one) =>
      progresses.map((progress) => ({ kind: 'decided' as const, connection: one, progress })),
    ),
    { kind: 'written' },
    { kind: 'busy', afterSeconds: 2, code: '429' },
    { kind: 'busy', afterSeconds: 900, code: '503' },
    { kind: 'refused', code: 'RequestDisallowedByPolicy', message: 'No.' },
    { kind: 'said-gone' },
    { kind: 'still-there' },
    { kind: 'gone' },
    { kind: 'unreadable', sentence: 'No permission.' },
    { kind: 'unreadable', sentence: 'Another reason.' },
    { kind: 'target-within-limits', sentence: 'No permission.' },
    { kind: 'target-over-limit', sentence: 'No permission.', burst },
    { kind: 'readable' },
  ]
}

/** With passes that follow, and without. */
export const everyMoment: readonly Moment[] = [true, false].map((isFollowed) => ({ at: now, isFollowed }))

function each<T, R>(items: readonly T[], make: (item: T) => readonly R[]): readonly R[] {
  return items.flatMap(make)
}
