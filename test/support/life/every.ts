import { chosenOutcome } from '../../../shared/domain/choice.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Progress } from '../../../shared/domain/connection-write.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import type {
  Attempt,
  OpenCause,
  RefusedDecision,
  Request,
  RequestState,
  Said,
} from '../../../shared/domain/request.ts'
import {
  nothingKnown,
  type Reason,
  type RuleExplanation,
  type Terms,
  type Verdict,
} from '../../../shared/domain/verdict.ts'
import type { Evaluated, LifeEvent, Moment, TargetProblem } from '../../../shared/request/step.ts'
import { connection, confirmed, endpoint, target } from '../request-parts.ts'
import { chosenEvents, doubted, everyTerms, maker, memoriesOfChoices } from './every-choice.ts'
import { ago, ahead, now, week } from './times.ts'

/** What a host wrote whose clock was wrong by years. */
const yearsAhead = ahead(52 * week)

/** The decision that every record is about. */
export const decisionId = 'c0ffee00c0ffee00c0ff.2.7'
/** One that was given up in the same episode. */
const earlierId = 'c0ffee00c0ffee00c0ff.2.5'
/** One that nobody remembers, on the same connection. */
const forgottenId = 'c0ffee00c0ffee00c0ff.1.3'
const named = (status: string, id: string) => `${status} by private-endpoint-approver, decision ${id}`

function rule(ruleVersion: number, effect: 'allow' | 'deny' = 'allow'): RuleExplanation {
  return { ruleId: 'sales', ruleVersion, effect, mode: 'enforce', match: 'yes', conditions: [] }
}

const noRuleMatched: OpenCause = {
  kind: 'verdict',
  question: { code: 'no-rule-matched', refusal: undefined, proof: 'confirmed', rule: undefined },
}
const causes: readonly OpenCause[] = [
  noRuleMatched,
  ...(['burst-limit', 'competing-claim-before'] as const).map((code) => ({
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
  { kind: 'changed-outside' },
  { kind: 'azure-fails', question: 'list 503' },
  { kind: 'unreadable', question: 'No permission.' },
]

type Applying = Extract<RequestState, { name: 'applying' }>
type Timing = Partial<Pick<Applying, 'since' | 'notBefore' | 'words' | 'asked'>>

/** Of a decision that is being applied: before and after each limit. */
const timings: readonly Timing[] = [
  { since: ago(179) },
  { since: ago(180) },
  { since: ago(1799), notBefore: ago(1) },
  { since: ago(1800) },
  { since: ago(1800), notBefore: ago(0), words: { code: '429', message: 'Slow down.' } },
  { since: ago(1800), notBefore: ago(299) },
  { since: ago(1800), notBefore: ago(300) },
  { since: ago(30), notBefore: ahead(90) },
  { since: ahead(60) },
  { since: ahead(61) },
  { since: yearsAhead, notBefore: yearsAhead },
  { asked: { notificationId: 'beef00beef00beef00be.2.1', since: ago(7200) } },
  { notBefore: ahead(1), asked: { notificationId: 'beef00beef00beef00be.2.1', since: ago(7200) } },
]

function applyingState(change: Partial<Applying>): Applying {
  return {
    ...({ name: 'applying', outcome: 'approve', rule: 'sales v1', ruleSetHash: 'list-1' } as const),
    ...{ since: ago(0), notBefore: undefined, words: undefined, asked: undefined },
    ...change,
  }
}

const open = (cause: OpenCause, since: string) =>
  ({ name: 'open', cause, notificationId: decisionId, since }) as const

const states: readonly RequestState[] = [
  ...causes.map((cause) => open(cause, ago(3600))),
  ...each(['approve', 'reject'] as const, (outcome) =>
    each(['sales v1', 'sales v2', undefined], (rule) =>
      ['list-1', 'list-2'].map((ruleSetHash) => applyingState({ outcome, rule, ruleSetHash })),
    ),
  ),
  ...each(['approve', 'reject'] as const, (outcome) =>
    [ago(59), ago(60), yearsAhead].map((at) => ({ name: 'applied' as const, outcome, at })),
  ),
  { name: 'decided-elsewhere' },
  { name: 'withdrawn' },
]

/** Before and after each limit. */
const statesWithTimes: readonly RequestState[] = [
  ...each<OpenCause, RequestState>([noRuleMatched, { kind: 'refused' }], (cause) =>
    [ago(0), ago(179), ago(180), ago(899), ago(week + 1), yearsAhead].map((since) => open(cause, since)),
  ),
  ...each([ago(100), ago(0), ahead(1)], (expiresAt) => [
    { ...open(noRuleMatched, ago(week)), expiresAt },
    { ...open(noRuleMatched, ago(week)), expiresAt, atExpiry: 'reject' as const },
    { ...open({ kind: 'refused' }, ago(week)), expiresAt },
  ]),
  ...each(['approve', 'reject'] as const, (outcome) =>
    timings.map((timing) => applyingState({ outcome, ...timing })),
  ),
]

const refusals: readonly (RefusedDecision | undefined)[] = [
  undefined,
  ...[ago(0), ahead(1), undefined, yearsAhead].map((retryAt) => ({
    ...{ rule: 'sales v1', code: 'AuthorizationFailed', since: ago(7200), retryAt },
  })),
]

/** What an open request may remember that is not as it is now. */
const memoriesOfOpen: readonly Partial<Request>[] = [
  { requesterSaid: 'Please.' },
  { requesterSaid: 'Please.', changes: 4 },
  { requesterSaid: 'Please.', changes: 5 },
  { requesterSaid: 'Please.', changes: 9 },
  { requesterSaid: 'Please.', changes: 10 },
  { requesterSaid: 'Please.', hold: { kind: 'burst', knownRules: ['sales v1'] }, caseId: 'beef.1.1' },
  {
    requesterSaid: 'Please.',
    refused: { rule: 'sales v1', code: 'ScopeLocked', since: ago(7200), retryAt: undefined },
  },
  { ruleSetHash: undefined },
  { said: [saidOnce('verdict no-rule-matched  confirmed ')], remindedAt: ago(3600) },
  ...(['unknown-status', 'target-unreadable'] as const).map((code): { readonly reason: Reason } => ({
    reason: { code, sentence: 'What?' },
  })),
]

/** What people were notified of, while a target is in trouble and after it. */
const memoriesOfSaid: readonly Partial<Request>[] = [
  { said: [saidOnce('unreadable Another reason.', { times: 9 })] },
  { said: [saidOnce('unreadable Another reason.', { times: 10 })], quietUntil: ahead(1) },
  { said: [saidOnce('unreadable No permission.', { at: ago(7200) })], quietUntil: ahead(1) },
  { said: [saidOnce('unreadable No permission.')], quietUntil: ago(0) },
  { said: [saidOnce('verdict no-rule-matched  confirmed ', { times: 10 })] },
  { said: [saidOnce('verdict no-rule-matched  confirmed ', { ruleSetHash: 'list-1' })], changes: 5 },
  {
    ruleSetHash: undefined,
    said: [
      saidOnce('verdict no-rule-matched  confirmed ', { ruleSetHash: 'list-2' }),
      saidOnce('verdict rules-unreadable   '),
    ],
  },
]

const connectionSubject = {
  kind: 'connection',
  connectionId: connection('c').id.id,
  targetId: target.id,
  endpointId: endpoint('a').id,
} as const

/** What a request may remember beside its state. */
const memoriesWithTimes: readonly Partial<Request>[] = [
  ...refusals.slice(0, 3).map((refused) => ({ refused })),
  { hold: { kind: 'burst', knownRules: ['sales v1'] } },
  ...[ago(20 * 3600 - 1), ago(20 * 3600), yearsAhead].map((remindedAt) => ({ remindedAt })),
  { expired: decisionId },
]
const everyMemory: readonly Partial<Request>[] = [
  ...memoriesWithTimes,
  ...refusals.slice(3).map((refused) => ({ refused })),
  { hold: { kind: 'burst', knownRules: 'too-many' } },
  { subject: { ...connectionSubject, endpointId: undefined } },
]

/** Every record that can be built from these parts, and none. */
export function everyRecord(): readonly (Request | undefined)[] {
  return [
    undefined,
    ...each(states, (state) => [
      ...recordsIn(state, everyMemory),
      ...(state.name === 'open' ? memoriesOfOpen : []).map((memory) => request(state, memory)),
      ...(state.name === 'open' || state.name === 'withdrawn' ? memoriesOfSaid : []).map((memory) =>
        request(state, memory),
      ),
    ]),
    ...each(statesWithTimes, (state) => recordsIn(state, memoriesWithTimes)),
    ...each(statesOfChoices, (state) => memoriesOfChoices.flatMap((memory) => chosenIn(state, memory))),
  ]
}

/** In these, people choose, or what they chose is applied. */
const statesOfChoices: readonly RequestState[] = [
  ...causes.slice(0, 2).map((cause) => open(cause, ago(3600))),
  open({ kind: 'refused' }, ago(3600)),
  ...each(['approve', 'reject'] as const, (outcome) =>
    ['list-1', 'list-2'].map((ruleSetHash) => applyingState({ outcome, rule: undefined, ruleSetHash })),
  ),
  { name: 'applied', outcome: 'approve', at: ago(60) },
]

/** Whatever was sent was decided by a person; what may land is its opposite as well. */
function chosenIn(state: RequestState, memory: Partial<Request>): readonly Request[] {
  const outcome = state.name === 'applying' || state.name === 'applied' ? state.outcome : 'approve'
  const sent = { ...attempt(decisionId, outcome), isByPerson: true } as const
  const maybe = attempt(earlierId, 'approve', ahead(1))
  const isBegun = state.name !== 'open' || state.cause.kind === 'refused'
  const earlier = memory.attempts ?? (memory.refused ? [maybe] : [])
  const chosen = request(state, { ...memory, attempts: isBegun ? [...earlier, sent] : earlier })
  const isTheirs = state.name === 'open' || chosenOutcome(chosen.choices) === outcome
  return isTheirs ? [chosen] : []
}

function recordsIn(state: RequestState, memories: readonly Partial<Request>[]): readonly Request[] {
  return each(attemptsIn(state), (attempts) =>
    memories.map((memory) => request(state, { ...memory, attempts })),
  )
}

const attempt = (id: string, outcome: Attempt['outcome'], mayLandUntil?: string): Attempt => ({
  ...{ decisionId: id, outcome, mayLandUntil },
})

/** What may have been sent before, by the decision in force or an earlier one. */
function attemptsIn(state: RequestState): readonly (readonly Attempt[])[] {
  const earlier = attempt(earlierId, 'approve')
  const maybe = attempt(earlierId, 'approve', ahead(1))
  switch (state.name) {
    case 'applying': {
      const inForce = attempt(decisionId, state.outcome)
      if (state.rule !== 'sales v1') return [[inForce]]
      return [
        [inForce],
        [earlier, inForce],
        [maybe, inForce],
        [attempt(decisionId, state.outcome, ahead(1))],
        [
          maybe,
          attempt(decisionId, state.outcome, ahead(300)),
          attempt(decisionId, state.outcome, ahead(600)),
        ],
      ]
    }
    case 'open':
      return state.cause.kind === 'verdict' || state.cause.kind === 'unreadable'
        ? [[], [earlier], [maybe], [attempt(earlierId, 'reject', ahead(600))]]
        : [
            [attempt(decisionId, 'approve')],
            [earlier, attempt(decisionId, 'reject')],
            [earlier],
            [attempt(decisionId, 'reject', ago(0))],
          ]
    case 'applied':
      return [[attempt(decisionId, state.outcome)], [earlier, attempt(decisionId, state.outcome)]]
    default:
      return [
        [],
        [earlier],
        [attempt(earlierId, 'reject', ahead(1))],
        [attempt(earlierId, 'reject', yearsAhead)],
      ]
  }
}

function request(state: RequestState, change: Partial<Request> = {}): Request {
  return {
    subject: connectionSubject,
    episode: 2,
    state,
    firstSeenAt: ago(3600),
    decisionId,
    reason: { code: 'allowed-by-rule', sentence: 'Allowed.' },
    groupIds: ['blob'],
    attempts: [],
    requesterSaid: connection('c').description,
    ruleSetHash: 'list-1',
    changes: 0,
    said: saidIn(state, change.refused),
    notified: notifiedIn(state),
    remindedAt: undefined,
    expired: undefined,
    quietUntil: undefined,
    refused: undefined,
    caseId: change.hold && 'beef00beef00beef00be.1.1',
    hold: undefined,
    choices: [],
    ...change,
  }
}

/** The notification of what is open, or of what is tried again. */
function notifiedIn(state: RequestState): readonly string[] {
  if (state.name === 'open') return [state.notificationId]
  return state.name === 'applying' && state.asked ? [state.asked.notificationId] : []
}

/** What people were notified of when the request was written. */
function saidIn(state: RequestState, refused: RefusedDecision | undefined): readonly Said[] {
  const questions = [refused && `refused ${refused.code}`]
  if (state.name === 'open' && (state.cause.kind === 'unreadable' || state.cause.kind === 'azure-fails'))
    questions.push(`${state.cause.kind} ${state.cause.question}`)
  return questions.filter((one) => one !== undefined).map((question) => saidOnce(question))
}

function saidOnce(question: string, change: Partial<Said> = {}): Said {
  const notificationId = 'beef00beef00beef00be.2.1'
  return {
    ...{ question, ruleSetHash: undefined, notificationId },
    ...{ since: ago(3600), at: ago(3600), times: 1 },
    ...change,
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
    rulesOver: change.explanation ?? explanation,
    nearest: undefined,
    audited: [],
    ruleSetHash: 'list-1',
    ...change,
  }
}

const noTerms: Terms = {
  ...{ approvalEndsAfter: undefined, approvers: [], requiredApprovals: 1, reasonRequired: false },
  ...{ expiresAfter: undefined, atExpiry: 'stay-pending' },
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
  ['Pending', 'Approved', 'Rejected', 'Disconnected', 'Updating', 'Approving'].map((status) =>
    connection('c', { status, ...what }),
  ),
)

const isOneOf =
  (...statuses: readonly string[]) =>
  (one: Connection) =>
    statuses.includes(one.status)
const waiting = [
  ...shown.filter(isOneOf('Pending', 'Updating', 'Approving')),
  connection('c', { endpoint: endpoint('a'), groupIds: ['blob'], description: 'Now!' }),
]
const decided = shown.filter(isOneOf('Approved', 'Rejected', 'Disconnected')).flatMap((one) => [
  one,
  ...[decisionId, earlierId, forgottenId, `${decisionId}9`, 'beef00beef00beef00be.1.1'].map((id) => ({
    ...one,
    description: named(one.status, id),
  })),
  { ...one, description: named('Approved', decisionId) },
  { ...one, writeSupport: 'without-description' as const },
])
const progresses: readonly Progress[] = ['under-way', 'finished', 'failed', 'unknown']

const evaluations: readonly Evaluated[] = each(verdicts, ([proof, said]) =>
  [endpoint('a'), undefined].map((evaluatedEndpoint) => ({
    connection: connection('c', { endpoint: evaluatedEndpoint, groupIds: ['blob'] }),
    proof,
    context: nothingKnown,
    verdict: said,
  })),
)
/** By what the requester says, as the list shows no group ids. */
const leftOut: readonly Evaluated[] = [['blob'], ['dfs']].map((groupIds) => ({
  connection: connection('c', { endpoint: endpoint('a'), groupIds: undefined }),
  proof: { ...confirmed, groupIds },
  context: nothingKnown,
  verdict: verdict('approve'),
}))
/** What is read around a write is compared with these. */
const settled = [
  ...leftOut,
  ...evaluations.filter(
    ({ verdict: { outcome, ruleSetHash }, connection: { endpoint: shows } }) =>
      outcome !== 'escalate' && ruleSetHash === 'list-1' && (outcome === 'approve' || shows),
  ),
]
/** What matters to people who have chosen. */
const partsOfChoices: readonly { verdict: Verdict; proof: Proof; shows?: Connection['endpoint'] }[] = [
  ...everyTerms.map((terms) => ({
    verdict: verdict('escalate', { terms: { ...noTerms, ...terms } }),
    proof: confirmed,
  })),
  { verdict: verdict('escalate'), proof: { ...confirmed, ...doubted } },
  {
    verdict: verdict('escalate', { reason: { code: 'may-be-denied', sentence: 'Perhaps.' } }),
    proof: confirmed,
  },
  { verdict: verdict('escalate'), proof: confirmed },
  { verdict: verdict('reject'), proof: confirmed },
  { verdict: verdict('escalate'), proof: confirmed, shows: endpoint('b') },
]
const ofChoices: readonly Evaluated[] = partsOfChoices.map(
  ({ verdict: said, proof, shows = endpoint('a') }) => ({
    ...{ verdict: said, proof, context: nothingKnown },
    connection: connection('c', { endpoint: shows, groupIds: ['blob'] }),
  }),
)
const burst = {
  caseId: 'beef00beef00beef00be.1.9',
  reason: { code: 'burst-limit', sentence: 'Too many.' },
  isJoining: true,
} as const

const problems: readonly TargetProblem[] = [
  { kind: 'unreadable', question: 'No permission.', sentence: 'No permission.' },
  { kind: 'unreadable', question: 'Another reason.', sentence: 'Another reason.' },
  { kind: 'azure-fails', question: 'list 503', sentence: 'Azure has failed.' },
  { kind: 'azure-fails', question: 'part 500', sentence: 'Azure has failed.', isEarly: true },
  ...each([1799, 1800, 4000], (seconds) => [
    {
      ...({ kind: 'azure-fails', question: 'list 503', sentence: 'Azure has failed.' } as const),
      connections: [{ name: 'c-new', since: now.getTime() - seconds * 1000 }],
    },
  ]),
]

/** Every event that can be built from these parts. */
export function everyEvent(): readonly LifeEvent[] {
  return [
    ...each(waiting, (one) =>
      each([true, false], (isRecheck) =>
        each(['list-1', 'list-2', undefined], (ruleSetHash) => {
          const listed = { kind: 'waiting', connection: one, isRecheck, ruleSetHash } as const
          return [listed, { ...listed, isConfirmed: true as const }]
        }),
      ),
    ),
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
    ...each(decided, (one) => [
      ...progresses.map((progress) => ({ kind: 'decided' as const, connection: one, progress })),
      { kind: 'decided' as const, connection: one, progress: 'finished' as const, isUnsent: true as const },
      ...progresses.map((progress) => ({
        ...({ kind: 'decided', connection: one, progress, isOnlyListed: true } as const),
      })),
    ]),
    ...chosenEvents,
    ...each(ofChoices, (evaluated) =>
      [[maker.toLowerCase(), 'somebody'], undefined].map((askers) => ({
        ...{ kind: 'evaluated' as const, evaluated },
        askers,
      })),
    ),
    { kind: 'written' },
    { kind: 'accepted' },
    { kind: 'busy', afterSeconds: 2, code: '429', message: 'Slow down.' },
    { kind: 'busy', afterSeconds: 900, code: '409', message: 'Later.' },
    { kind: 'unanswered', afterSeconds: 0, code: 'Timeout', message: 'no response' },
    { kind: 'unanswered', afterSeconds: 900, code: 'ServiceUnavailable', message: 'Later.' },
    { kind: 'contradicted' },
    ...each(['AuthorizationFailed', 'BadRequest'], (code) =>
      [true, false].map((passes) => ({ kind: 'refused' as const, code, message: 'No.', passes })),
    ),
    { kind: 'said-gone' },
    { kind: 'still-there' },
    { kind: 'gone' },
    ...each(problems, (problem) => [
      { kind: 'target-problem' as const, problem },
      { kind: 'target-within-limits' as const, problem },
      { kind: 'target-over-limit' as const, problem, burst },
    ]),
    { kind: 'readable' },
  ]
}

const alone: Moment = { at: now, isFollowed: false }
const followed: Moment = { at: now, isFollowed: true }
const aroundWrite: readonly LifeEvent['kind'][] = ['read', 'read-back']

const evaluatedOfChoices = new Set<Evaluated>(ofChoices)
const isOfChoices = (event: LifeEvent) =>
  event.kind === 'evaluated' && evaluatedOfChoices.has(event.evaluated)

/** Every event with a record, with passes that follow and without; what Azure shows is the same for both. */
export function everyTimeOf(
  events: readonly LifeEvent[],
  before: Request | undefined,
): readonly (readonly [LifeEvent, Moment])[] {
  const isApplying = before?.state.name === 'applying'
  const firstRead = events.find(({ kind }) => kind === 'read')
  const isChosen = before !== undefined && before.choices.length > 0
  return each(events, (event) => {
    if (aroundWrite.includes(event.kind) && !isApplying && event !== firstRead) return []
    if (isOfChoices(event) && !isChosen) return []
    if (aroundWrite.includes(event.kind) || event.kind === 'decided') return [[event, alone] as const]
    return [[event, alone] as const, [event, followed] as const]
  })
}

function each<T, R>(items: readonly T[], make: (item: T) => readonly R[]): readonly R[] {
  return items.flatMap(make)
}
