import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Request } from '../../../shared/domain/request.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { nothingKnown } from '../../../shared/domain/verdict.ts'
import { evaluate, prepareRules } from '../../../shared/policy/index.ts'
import { endOfApproval } from '../../../shared/what-if/approval-end.ts'
import { reviewApprovals, type ApprovalsInput, type Recorded } from '../../../shared/what-if/approvals.ts'
import { confirmed, connection, factory, id, target } from '../../support/fake-review.ts'
import { plainRule, plainTerms } from '../../support/sample-rule.ts'

const now = new Date('2026-11-21T12:00:00Z')
const approvedAt = '2026-11-01T12:00:00.000Z'

const ruleOf = (change: Partial<Rule> = {}): Rule => ({
  ...plainRule,
  id: 'sales',
  effect: 'allow',
  target: target.id,
  requester: { kind: 'resource', id: factory.id },
  ...change,
})

const approved = (name: string, change: Partial<Connection> = {}): Connection =>
  connection(name, { status: 'Approved', ...change })

const appliedAs = (outcome: 'approve' | 'reject') => ({ name: 'applied', outcome, at: approvedAt }) as const

/** What the ledger holds once the rule has approved the connection. */
function recordOf(
  actual: Connection,
  { rule = ruleOf(), request = {}, entry = {} }: RecordChange = {},
): Recorded {
  const facts = { connection: { ...actual, status: 'Pending' }, proof: confirmed, context: nothingKnown }
  const verdict = evaluate(facts, prepareRules({ complete: true, rules: [rule], hash: 'h' }), now)
  const common = {
    subject: {
      kind: 'connection' as const,
      connectionId: actual.id.id,
      targetId: actual.target.id,
      endpointId: actual.endpoint?.id,
    },
    episode: 1,
    firstSeenAt: approvedAt,
    decisionId: `${actual.id.name}.1.1`,
    reason: verdict.reason,
    caseId: undefined,
    groupIds: actual.groupIds ?? confirmed.groupIds,
  }
  return {
    request: {
      ...common,
      state: appliedAs('approve'),
      attempts: [],
      requesterSaid: undefined,
      ruleSetHash: undefined,
      changes: 0,
      said: [],
      quietUntil: undefined,
      refused: undefined,
      hold: undefined,
      choices: [],
      ...request,
    },
    lastEntry: {
      ...common,
      sequence: 2,
      kind: 'result',
      at: approvedAt,
      basis: 'follow-up',
      state: 'applied',
      actor: { kind: 'policy' },
      outcome: verdict.outcome,
      proof: confirmed,
      requesterSaid: '',
      decidedBy: verdict.decidedBy,
      nearest: undefined,
      audited: [],
      evaluatedRules: [],
      evaluatedCount: 1,
      context: undefined,
      ruleSetHash: 'h',
      terms: verdict.terms,
      secondsSinceFirstSeen: 0,
      correlationId: undefined,
      ...entry,
    },
  }
}

interface RecordChange {
  readonly rule?: Rule
  readonly request?: Partial<Request>
  readonly entry?: Partial<LogEntry>
}

const one = approved('one')

function review(change: Partial<ApprovalsInput>) {
  return reviewApprovals({
    shown: [one],
    typesNotShown: new Set(),
    recorded: [recordOf(one)],
    rules: [ruleOf()],
    now,
    ...change,
  })
}

const standingWith = (change: Partial<ApprovalsInput>) => {
  const [finding] = review(change).findings
  return [finding?.standing, finding?.why]
}

describe('an approval of this app', () => {
  it('is supported by the rule that approves it today', () => {
    expect(review({}).findings).toMatchObject([
      {
        standing: 'supported',
        supportedBy: 'sales v1',
        seenIn: 'azure',
        connectionId: one.id.id,
        approvedAt,
        endsAt: undefined,
        decisionId: 'one.1.1',
      },
    ])
  })

  it('is found when Azure shows its id in other letters beyond A to Z', () => {
    const inGroup = (name: string) => (of: ResourceId) =>
      id(of.id.replace(/(?<=resourceGroups[/])[^/]+/, name))
    const [small, capital] = [inGroup('rg-\u00E4rzte'), inGroup('rg-\u00C4rzte')]
    const shown = approved('one', { id: small(one.id), target: small(target) })
    const seen = approved('one', { id: capital(one.id), target: capital(target) })
    const rules = [ruleOf({ target: capital(target).id })]
    const [rule] = rules
    const found = review({ shown: [shown], recorded: [recordOf(seen, rule && { rule })], rules })
    expect(found.findings).toMatchObject([{ standing: 'supported', decisionId: 'one.1.1' }])
    expect(found.notShown).toEqual([])
  })

  it('is supported by another rule than the one that approved it', () => {
    expect(review({ rules: [ruleOf({ id: 'other' })] }).findings).toMatchObject([
      { standing: 'supported', supportedBy: 'other v1' },
    ])
  })

  it.each<[string, Rule[], string]>([
    ['is removed', [], 'Rule sales, which approved it, is removed.'],
    [
      'has expired',
      [ruleOf({ validUntil: '2026-11-20' })],
      'Rule sales, which approved it, does not fit any more: time: expected until 2026-11-20, seen a time after that.',
    ],
    [
      'lists other groups',
      [ruleOf({ groupIds: ['dfs'], version: 2 })],
      'Rule sales (v2 now, v1 then), which approved it, does not fit any more: groups: expected only dfs, seen blob.',
    ],
    ['is in audit mode', [ruleOf({ mode: 'audit' })], 'Rule sales, which approved it, is in audit mode now.'],
    [
      'applies to another target',
      [ruleOf({ target: target.id.replace('stlake', 'stother') })],
      'Rule sales, which approved it, applies to other targets now.',
    ],
    [
      'denies',
      [ruleOf({ effect: 'deny' })],
      'Rule sales, which approved it, is of effect deny now. Rule sales (version 1) denies this request.',
    ],
    [
      'stands beside one that denies',
      [ruleOf(), ruleOf({ id: 'no', effect: 'deny' })],
      'Rule no (version 1) denies this request.',
    ],
    [
      'stands beside one that asks',
      [ruleOf(), ruleOf({ id: 'ask', effect: 'ask' })],
      'Rule ask (version 1) requires manual review of this request.',
    ],
    [
      'is removed, and another comes near',
      [ruleOf({ id: 'near', endpointName: 'x' })],
      'Rule sales, which approved it, is removed. The nearest rule is near: endpoint name: expected x, seen adf-sales.one.',
    ],
  ])('is not supported when its rule %s', (_, rules, why) => {
    expect(standingWith({ rules })).toEqual(['unsupported', why])
  })

  it('is not supported beside more of the requester than the rule allows', () => {
    const shown = [one, approved('two')]
    const { findings } = review({ shown, rules: [ruleOf({ maxConnections: 1 })] })
    expect(findings[0]).toMatchObject({
      standing: 'unsupported',
      why: expect.stringContaining('1 that are approved or may be') as string,
    })
    expect(review({ rules: [ruleOf({ maxConnections: 1 })] }).findings[0]?.standing).toBe('supported')
  })

  it('is uncertain when a rule asks for what was not recorded', () => {
    const rules = [ruleOf({ targetTags: [{ name: 'environment', value: 'prod' }] })]
    expect(standingWith({ rules })).toEqual([
      'uncertain',
      'Rule sales may support it; not recorded is the tags of the target.',
    ])
  })

  it('is uncertain when the log holds no proof', () => {
    const recorded = [recordOf(one, { entry: { proof: undefined } })]
    expect(standingWith({ recorded })[0]).toBe('uncertain')
  })
})

describe('an approval for a time', () => {
  const rule = ruleOf({ approvalEndsAfter: 'P30D' })

  it.each([
    ['2026-12-01T11:59:59Z', 'supported'],
    ['2026-12-01T12:00:00Z', 'past-end'],
  ])('at %s is %s', (at, standing) => {
    const recorded = [recordOf(one, { rule })]
    const { findings } = review({ recorded, rules: [rule], now: new Date(at) })
    expect(findings).toMatchObject([{ standing, endsAt: '2026-12-01T12:00:00.000Z' }])
  })

  it('counts by the terms of then, not by those of now', () => {
    const recorded = [recordOf(one, { rule })]
    const [finding] = review({ recorded, rules: [], now: new Date('2026-12-02T00:00:00Z') }).findings
    expect(finding?.why).toBe(
      'Rule sales approved it for P30D, which ended on 2026-12-01 12:00 UTC. The rules of today would not approve it anew.',
    )
  })

  it.each([
    ['PT8H', '2026-11-01T20:00:00.000Z'],
    ['P1D', '2026-11-02T12:00:00.000Z'],
    ['P1M', undefined],
    [undefined, undefined],
  ])('of %s ends at %s', (approvalEndsAfter, end) => {
    const terms = { ...plainTerms, approvalEndsAfter }
    expect(endOfApproval({ at: approvedAt, terms })?.toISOString()).toBe(end)
  })
})

describe('what this app did not approve', () => {
  it.each<[string, readonly Recorded[], string]>([
    ['was never seen', [], 'This app has never seen it wait.'],
    [
      'was answered by somebody',
      [recordOf(one, { request: { state: { name: 'decided-elsewhere' } } })],
      'Somebody decided it outside this app.',
    ],
    [
      'was rejected',
      [recordOf(one, { request: { state: appliedAs('reject') }, entry: { outcome: 'reject' } })],
      'This app has it as rejected; somebody approved it since.',
    ],
    [
      'has another endpoint',
      [recordOf({ ...one, endpoint: connection('two').endpoint })],
      'Another endpoint stands behind it than the one this app approved.',
    ],
  ])('stands outside when it %s', (_, recorded, why) => {
    const { findings } = review({ recorded })
    expect(findings).toMatchObject([
      { standing: 'outside', why, supportedBy: undefined, approvedAt: undefined },
    ])
  })
})

describe('what Azure’s search does not show', () => {
  const hidden = approved('hidden', {
    target: id(target.id.replace('Microsoft.Storage/storageAccounts', 'Microsoft.Web/sites')),
  })
  const record = recordOf(hidden, { rule: ruleOf({ target: hidden.target.id }) })

  it('is taken from the ledger where the type is never shown', () => {
    const typesNotShown = new Set(['microsoft.web/sites'])
    const { findings, notShown } = review({ shown: [], recorded: [record], rules: [], typesNotShown })
    expect(findings).toMatchObject([
      { standing: 'unsupported', seenIn: 'ledger', connectionId: hidden.id.id },
    ])
    expect(notShown).toEqual([])
  })

  it('is only named where it would have been shown', () => {
    const rejected = recordOf(approved('gone'), { request: { state: appliedAs('reject') } })
    const { findings, notShown } = review({ shown: [], recorded: [record, rejected] })
    expect(findings).toEqual([])
    expect(notShown).toEqual([hidden.id.id])
  })
})

it('what is to be acted upon comes first, by id', () => {
  const shown = ['d', 'c', 'b', 'a'].map((name) => approved(name))
  const [, c, b, a] = shown
  const recorded = [c, b, a].flatMap((actual) => (actual ? [recordOf(actual)] : []))
  const rules = [ruleOf({ endpointName: 'adf-sales.c' })]
  expect(
    review({ shown, recorded, rules }).findings.map(({ standing, connectionId }) => [
      standing,
      connectionId.slice(-1),
    ]),
  ).toEqual([
    ['unsupported', 'a'],
    ['unsupported', 'b'],
    ['outside', 'd'],
    ['supported', 'c'],
  ])
})
