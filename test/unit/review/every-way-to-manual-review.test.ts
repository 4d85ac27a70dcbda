import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { NotificationLines } from '../../../shared/channels/log/notification-lines.ts'
import type { Choice } from '../../../shared/domain/choice.ts'
import type { Progress } from '../../../shared/domain/connection-write.ts'
import type { LedgerChange } from '../../../shared/domain/ledger-change.ts'
import type { EntryKind } from '../../../shared/domain/log-entry.ts'
import type { Notification } from '../../../shared/domain/notification.ts'
import type { OpenCause, Request, RequestState } from '../../../shared/domain/request.ts'
import { nothingKnown, type ReasonCode, type Verdict } from '../../../shared/domain/verdict.ts'
import { changeOf } from '../../../shared/request/entry.ts'
import { life, next } from '../../../shared/request/life.ts'
import { questionIn } from '../../../shared/request/said.ts'
import type { BurstCase, Evaluated, LifeEvent, Moment } from '../../../shared/request/step.ts'
import { rowName } from '../../../shared/request/table.ts'
import { FakeReview } from '../../support/fake-review.ts'
import { confirmed, connection, endpoint, target } from '../../support/request-parts.ts'
import { sampleEntry } from '../../support/sample-request.ts'

const at = new Date('2026-11-21T08:00:00Z')
const ago = (seconds: number) => new Date(at.getTime() - seconds * 1000).toISOString()
const later = (seconds: number) => ago(-seconds)
const decisionId = 'c0ffee.2.7'
const earlierId = 'c0ffee.2.5'
const caseId = 'beef.1.9'

/** How each reason comes about. A code that is new does not compile until it is added here. */
const reasons: Readonly<Record<ReasonCode, 'of a verdict' | 'of a step' | 'never waits'>> = {
  'allowed-by-rule': 'never waits',
  'denied-by-rule': 'never waits',
  'final-state': 'never waits',
  'decided-by-person': 'never waits',
  expired: 'never waits',
  'asked-by-rule': 'of a verdict',
  'may-be-denied': 'of a verdict',
  'may-be-asked': 'of a verdict',
  'no-rule-matched': 'of a verdict',
  'unproven-requester': 'of a verdict',
  'rules-unreadable': 'of a verdict',
  'unknown-status': 'of a verdict',
  'no-approving-operation': 'of a verdict',
  'type-not-in-table': 'of a verdict',
  'target-unreadable': 'of a verdict',
  'competing-claim-before': 'of a verdict',
  'rejected-before': 'of a verdict',
  'claims-unreadable': 'of a verdict',
  'refused-by-azure': 'of a step',
  'endpoint-changed': 'of a step',
  'shown-late': 'of a step',
  'changed-outside': 'of a step',
  'azure-fails': 'of a step',
  'burst-limit': 'of a step',
  'choice-outdated': 'of a step',
  'requested-by-approver': 'of a step',
}
const codesThat = (way: (typeof reasons)[ReasonCode]) =>
  (Object.keys(reasons) as ReasonCode[]).filter((code) => reasons[code] === way)

const asked = { notificationId: earlierId, since: ago(7200) }
const refused = { rule: 'sales v1', code: 'ScopeLocked', since: ago(7200), retryAt: ago(1) }

const causes: readonly OpenCause[] = [
  {
    kind: 'verdict',
    question: { code: 'no-rule-matched', refusal: undefined, proof: 'confirmed', rule: undefined },
  },
  { kind: 'refused' },
  { kind: 'endpoint-changed' },
  { kind: 'shown-late' },
  { kind: 'changed-outside' },
  { kind: 'azure-fails', question: 'list 503' },
  { kind: 'unreadable', question: 'No permission.' },
]

const states: readonly RequestState[] = [
  ...causes.map((cause) => ({
    ...({ name: 'open', cause } as const),
    ...{ notificationId: decisionId, since: ago(7200) },
  })),
  ...(['approve', 'reject'] as const).flatMap((outcome) =>
    [ago(10), ago(1900)].flatMap((since) =>
      [undefined, ago(1)].flatMap((notBefore) =>
        [undefined, asked].map((question) => ({
          ...({ name: 'applying', outcome, rule: 'sales v1', ruleSetHash: 'list-1', since } as const),
          ...{ notBefore, words: undefined, asked: question },
        })),
      ),
    ),
  ),
  ...(['approve', 'reject'] as const).map((outcome) => ({
    ...({ name: 'applied', outcome } as const),
    at: ago(3600),
  })),
  { name: 'decided-elsewhere' },
  { name: 'withdrawn' },
]

function requestIn(state: RequestState, change: Partial<Request>): Request {
  const outcome = 'outcome' in state ? state.outcome : 'approve'
  return {
    subject: {
      ...({ kind: 'connection', connectionId: connection('c').id.id, targetId: target.id } as const),
      endpointId: endpoint('a').id,
    },
    ...{ episode: 2, state, firstSeenAt: ago(7200), decisionId },
    reason: { code: 'allowed-by-rule', sentence: 'Allowed.' },
    groupIds: ['blob'],
    attempts: [
      { decisionId: earlierId, outcome: 'approve', mayLandUntil: undefined },
      { decisionId, outcome, mayLandUntil: undefined },
    ],
    ...{ requesterSaid: connection('c').description, ruleSetHash: 'list-1', changes: 0 },
    notified: state.name === 'open' ? [state.notificationId] : [],
    ...{
      said: [],
      remindedAt: undefined,
      expired: undefined,
      quietUntil: undefined,
      refused: undefined,
      caseId: undefined,
      hold: undefined,
      choices: [],
    },
    ...change,
  }
}

/** People were notified of the question two hours ago. */
const said = (question: string): Request['said'] => [
  { question, ruleSetHash: 'list-1', ...asked, at: asked.since, times: 1 },
]

const approval: Choice = {
  ...({ outcome: 'approve', person: { objectId: 'a11ce', name: 'Ann' }, reason: undefined } as const),
  ...{ at: ago(60), through: undefined, required: 1 },
  shown: {
    proof: confirmed.level,
    refusals: [],
    requesterId: confirmed.requester?.id.id,
    code: 'no-rule-matched',
  },
}

const records: readonly (Request | undefined)[] = [
  undefined,
  ...states.flatMap((state) => [
    requestIn(state, {}),
    requestIn(state, { attempts: [] }),
    requestIn(state, { refused }),
    requestIn(state, { refused, said: said('refused ScopeLocked') }),
    requestIn(state, { said: said('unreadable Another reason.'), quietUntil: later(60) }),
    requestIn(state, { said: said(`verdict no-rule-matched  ${confirmed.level} `) }),
    requestIn(state, { refused: { ...refused, retryAt: undefined } }),
    requestIn(state, { hold: { kind: 'burst', knownRules: ['sales v1'] }, caseId }),
    requestIn(state, { hold: { kind: 'burst', knownRules: [] }, caseId, requesterSaid: 'Please.' }),
    requestIn(state, { refused: { ...refused, retryAt: undefined }, requesterSaid: 'Please.' }),
    requestIn(state, { choices: [approval] }),
    requestIn(state, { choices: [approval], requesterSaid: 'Please.' }),
    requestIn(state, { choices: [approval], hold: { kind: 'burst', knownRules: ['sales v1'] }, caseId }),
  ]),
]

const rule = {
  ...({ ruleId: 'sales', ruleVersion: 1, effect: 'allow', mode: 'enforce', match: 'yes' } as const),
  conditions: [],
}

function verdict(outcome: Verdict['outcome'], code: ReasonCode): Verdict {
  const decidedBy = outcome === 'escalate' ? undefined : rule
  return {
    ...{ outcome, decidedBy, reason: { code, sentence: 'Why.' } },
    ...{ terms: undefined, explanation: [rule], rulesOver: [rule], nearest: undefined },
    ...{ audited: [], ruleSetHash: 'list-1' },
  }
}

const verdicts = [
  verdict('approve', 'allowed-by-rule'),
  verdict('reject', 'denied-by-rule'),
  ...codesThat('of a verdict').map((code) => verdict('escalate', code)),
]
const seenAs = [
  connection('c', { endpoint: endpoint('a'), groupIds: ['blob'] }),
  connection('c', { endpoint: endpoint('b'), groupIds: ['blob'] }),
  connection('c', { endpoint: undefined, groupIds: ['dfs'] }),
]
const live = seenAs.flatMap((one) => [
  one,
  { ...one, status: 'Odd' },
  ...['Approved', 'Rejected', 'Disconnected'].flatMap((status) => [
    { ...one, status, description: 'By hand.' },
    { ...one, status, description: `${status} by private-endpoint-approver, decision ${decisionId}` },
    { ...one, status, description: `${status} by private-endpoint-approver, decision ${earlierId}` },
    { ...one, status, description: `${status} by private-endpoint-approver, decision c0ffee.9.9` },
  ]),
])
const progresses: readonly Progress[] = ['under-way', 'finished', 'failed', 'unknown']
const bursts: readonly BurstCase[] = [false, true].map((isJoining) => ({
  ...{ caseId, isJoining, reason: { code: 'burst-limit', sentence: 'Too many.' } },
}))
const problems = [
  { kind: 'unreadable', question: 'Another reason.', sentence: 'Another reason.' },
  { kind: 'azure-fails', question: 'list 503', sentence: 'For half an hour.' },
] as const
const words = { code: 'ScopeLocked', message: 'Locked.' }

const events: readonly LifeEvent[] = [
  ...live.flatMap((one): LifeEvent[] => [
    { kind: 'waiting', connection: one, isRecheck: true, ruleSetHash: 'list-1' },
    ...progresses.map((progress) => ({ kind: 'decided' as const, connection: one, progress })),
  ]),
  ...seenAs
    .flatMap((one) =>
      verdicts.map((said): Evaluated => ({
        ...{ connection: one, proof: confirmed, context: nothingKnown, verdict: said },
      })),
    )
    .flatMap((evaluated): LifeEvent[] => [
      { kind: 'evaluated', evaluated },
      { kind: 'evaluated', evaluated, askers: ['a11ce'] },
      { kind: 'within-limits', evaluated },
      ...bursts.map((burst) => ({ kind: 'over-limit' as const, evaluated, burst })),
      ...(evaluated.verdict.outcome === 'escalate' ? [] : live).flatMap((one) =>
        progresses.flatMap((progress): LifeEvent[] => [
          { kind: 'read', evaluated, connection: one, progress, isNewest: true },
          { kind: 'read-back', evaluated, connection: one, progress },
        ]),
      ),
    ]),
  { kind: 'written' },
  { kind: 'accepted' },
  { kind: 'busy', afterSeconds: 5, ...words },
  { kind: 'refused', ...words, passes: true },
  { kind: 'refused', ...words, code: 'Malformed', passes: false },
  { kind: 'unanswered', afterSeconds: 0, ...words },
  { kind: 'said-gone' },
  { kind: 'contradicted' },
  { kind: 'still-there' },
  { kind: 'gone' },
  ...problems.flatMap((problem): LifeEvent[] => [
    { kind: 'target-problem', problem },
    { kind: 'target-within-limits', problem },
    ...bursts.map((burst) => ({ kind: 'target-over-limit' as const, problem, burst })),
  ]),
  { kind: 'readable' },
  { kind: 'chosen', choice: approval },
]
const moments: readonly Moment[] = [true, false].map((isFollowed) => ({ at, isFollowed }))

interface Way {
  readonly row: string
  readonly request: Request | undefined
  readonly change: LedgerChange
  readonly isKnown: boolean
}

/** True where people were notified of the question before. */
function isKnownBy(request: Request | undefined, { request: { state } }: LedgerChange): boolean {
  const ids = [
    ...(request?.said ?? []).map(({ notificationId }) => notificationId),
    ...(request?.state.name === 'open' ? [request.state.notificationId] : []),
  ]
  return state.name === 'open' && ids.includes(state.notificationId)
}

/** Every step into `open` that these records, events and moments make. */
function everyWay(): readonly Way[] {
  const ways: Way[] = []
  for (const request of records) {
    const lastEntry = request && { ...sampleEntry(request), sequence: 3 }
    const recorded = request && lastEntry && { request, lastEntry }
    const subject = { ...requestIn({ name: 'withdrawn' }, {}).subject }
    for (const event of events) {
      for (const moment of moments) {
        const { row, draft } = next(request, event, moment)
        // A person's choice leaves the question open as it is.
        if (draft?.state.name !== 'open' || draft.kind === 'chosen') continue
        const stamp = { subject, at, correlationId: undefined, entryId: 'c0ffee.2.8' }
        const change = changeOf(recorded, draft, stamp)
        ways.push({ row, request, change, isKnown: isKnownBy(request, change) })
      }
    }
  }
  return ways
}

function causeOf({ state }: Request): string {
  return state.name === 'open' ? state.cause.kind : ''
}

function questionSince({ state }: Request): string | undefined {
  return state.name === 'open' ? state.since : undefined
}

const levels = { question: 'warn', alarm: 'error' } as const
const ways = everyWay()
/** These say something of a question that is open already. */
const ofOpen: readonly string[] = ['chosen', 'reminded', 'expired'] satisfies EntryKind[]
const intoOpen = life.filter(({ writes }) => writes?.to === 'open' && !ofOpen.includes(writes.entry))

interface Line {
  readonly level: 'warn' | 'error'
  readonly message: string
  readonly facts: Readonly<Record<string, unknown>> | undefined
}

async function linesOf(notification: Notification): Promise<readonly Line[]> {
  const lines: Line[] = []
  const write = (level: Line['level']) => (message: string, facts?: Record<string, unknown>) => {
    lines.push({ level, message, facts })
  }
  await new NotificationLines({ info: () => undefined, warn: write('warn'), error: write('error') }).write(
    notification,
  )
  return lines
}

describe('every way into manual review', () => {
  it('is a row of the table, and each such row is walked here', () => {
    const walked = new Set(ways.map(({ row }) => row))
    expect(intoOpen.map(rowName).filter((name) => !walked.has(name))).toEqual([])
    expect(walked.size).toBe(new Set(intoOpen.map(rowName)).size)
  })

  it('is walked for every reason that a request can wait for', () => {
    const walked = new Set(ways.map(({ change }) => change.entry.reason.code))
    expect([...walked].sort()).toEqual([...codesThat('of a verdict'), ...codesThat('of a step')].sort())
  })

  it('has exactly one notification, which is that of the open question', () => {
    const wrong = ways.filter(({ isKnown, change: { request, entry, notification } }) => {
      if (isKnown || request.state.name !== 'open') return false
      return (
        notification?.id !== request.state.notificationId ||
        notification.code !== entry.reason.code ||
        !notification.sentence.endsWith(entry.reason.sentence)
      )
    })
    expect(wrong.map(({ row }) => row)).toEqual([])
  })

  it('has none only where people know the question: a verdict or a refusal that is met again, a target in trouble again, an intent that is given up again', () => {
    const silent = ways.filter(({ change }) => change.notification === undefined)
    expect(silent.length).toBeGreaterThan(0)
    const wrong = silent.filter(({ request, change: { request: after }, isKnown }) => {
      const question = questionIn(after)
      const ofBefore = request?.state.name === 'open' ? [request.state] : []
      const isSame = [asked, ...ofBefore].some(({ since }) => questionSince(after) === since)
      const isOpen = request !== undefined && questionIn(request) === question
      return !isKnown || !isSame || !(isOpen || request?.said.some((one) => one.question === question))
    })
    expect(wrong.map(({ row }) => row)).toEqual([])
    const kinds = silent.map(({ change: { request: after, entry } }) => `${entry.kind} ${causeOf(after)}`)
    expect([...new Set(kinds)].sort()).toEqual([
      'abandoned verdict',
      'escalated refused',
      'escalated unreadable',
      'escalated verdict',
      'result refused',
    ])
  })

  it('writes exactly one log line with the metric that operators alert on, whatever the reason', async () => {
    const found = new Map<ReasonCode, Set<string>>()
    const wrong: string[] = []
    for (const { row, change } of ways) {
      const { notification, entry } = change
      if (!notification) continue
      const [line, ...more] = await linesOf(notification)
      const isOne = more.length === 0 && line?.level === levels[notification.severity]
      const isNamed = line?.facts?.['metric'] === 'notification' && line.facts['code'] === entry.reason.code
      if (!isOne || !isNamed) wrong.push(row)
      found.set(notification.code, (found.get(notification.code) ?? new Set()).add(line?.level ?? ''))
    }
    expect(wrong).toEqual([])
    expect([...found.keys()].sort()).toEqual([...codesThat('of a verdict'), ...codesThat('of a step')].sort())
    for (const code of ['endpoint-changed', 'shown-late', 'changed-outside', 'azure-fails'] as const)
      expect([code, ...(found.get(code) ?? [])]).toEqual([code, 'error'])
  })
})

it('docs/deploy.md tells operators to alert on the metric that every way into manual review writes', () => {
  const page = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8')
  const alerts = page.split('\n').find((line) => line.includes('Set an alert on'))
  expect(alerts).toContain('every line with the metric `notification`')
  for (const metric of ['azure.fails', 'ledger.conflicts', 'ledger.conflict-after-write', 'outbox.failed'])
    expect(alerts).toContain(`\`${metric}\``)
})

const waits = /^(warn|error) (A request waits|.*manual review|Azure has failed at a target)/

describe('a whole review writes the line that operators alert on, once, when a request', () => {
  const stories: Readonly<Record<string, (world: FakeReview) => void>> = {
    'is refused by Azure for good': (world) => {
      world.outcomes = [{ kind: 'refused', code: 'Malformed', message: 'No.', passes: false }]
    },
    'is refused by Azure for a while': (world) => {
      world.outcomes = Array.from({ length: 5 }, () => ({
        ...({ kind: 'refused', code: 'ScopeLocked', message: 'No.', passes: true } as const),
      }))
    },
    'meets an Azure that is busy for half an hour': (world) => {
      world.outcomes = Array.from({ length: 50 }, () => ({
        ...({ kind: 'retry-after', afterSeconds: 5, code: 'Conflict', message: 'Busy.' } as const),
      }))
    },
    'comes to a failed state': (world) => world.set('mpe', { provisioningState: 'Failed' }),
    'is never finished': (world) => world.set('mpe', { provisioningState: 'Updating' }),
    'is named by no rule': (world) => (world.rules = { complete: true, rules: [], hash: 'none' }),
    'meets an allow-list that cannot be used': (world) =>
      (world.rules = { complete: false, problem: 'It is gone.' }),
  }

  it.each(Object.entries(stories))('%s', async (_, prepare) => {
    const world = new FakeReview()
    world.live = [connection('mpe')]
    prepare(world)
    for (let passes = 0; passes < 20; passes += 1) {
      await world.review()
      world.time += 200_000
    }
    expect(world.unfinished()).toHaveLength(1)
    expect(world.logged.filter((line) => waits.test(line))).toEqual([
      'warn A request waits for manual review.',
    ])
  })
})
