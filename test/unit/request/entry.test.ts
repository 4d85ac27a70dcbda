import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Request, Subject } from '../../../shared/domain/request.ts'
import type { LedgerChange } from '../../../shared/domain/ledger-change.ts'
import { changeOf, episodeOf, type Stamp } from '../../../shared/request/entry.ts'
import type { Draft, LifeEvent } from '../../../shared/request/step.ts'
import { plainTerms } from '../../support/sample-rule.ts'
import {
  ago,
  applied,
  applying,
  attempt,
  byNewRule,
  burst,
  confirmed,
  decided,
  decidedElsewhere,
  endpoint,
  evaluated,
  known,
  verdictOn,
  lake,
  now,
  open,
  openWith,
  ours,
  over,
  proofWith,
  readBack,
  refusedOnce,
  rule,
  stepOf,
  target,
  unproven,
  withdrawn,
  within,
} from './given.ts'

const entryId = 'c0ffee00c0ffee00c0ff.2.8'
const subject: Subject = {
  kind: 'connection',
  connectionId: lake().id.id,
  targetId: target.id,
  endpointId: endpoint('a').id,
}
const stamp: Stamp = { subject, at: now, correlationId: 'event-1', entryId }
const groups = { names: ['prod'], isWhole: true }
const basis = {
  outcome: 'approve',
  proof: confirmed,
  groupIds: ['blob'],
  requesterSaid: 'Please.',
  decidedBy: rule(1),
  nearest: rule(2),
  audited: [rule(3)],
  evaluatedRules: [{ ruleId: 'sales', ruleVersion: 1, effect: 'allow', mode: 'enforce', match: 'yes' }],
  evaluatedCount: 7,
  ruleSetHash: 'list-1',
  terms: { ...plainTerms, approvalEndsAfter: 'P30D', approvers: ['ops'], requiredApprovals: 2 },
  context: { targetGroups: groups },
} as const
/** The entry before: only what its decision rests on counts. */
const lastEntry: LogEntry = {
  ...basis,
  sequence: 7,
  kind: 'intent',
  basis: 'verdict',
  at: ago(60),
  decisionId: 'another decision',
  subject,
  episode: 99,
  state: 'applying',
  actor: { kind: 'policy' },
  reason: { code: 'may-be-asked', sentence: 'Other.' },
  caseId: 'another case',
  firstSeenAt: ago(99),
  secondsSinceFirstSeen: 99,
  correlationId: 'event-0',
}

function changed(before: Request | undefined, event: LifeEvent, stamped: Partial<Stamp> = {}): LedgerChange {
  const { draft } = stepOf({ request: before, event })
  if (!draft) throw new Error('Nothing is written.')
  return changeOf(before && { request: before, lastEntry }, draft, { ...stamp, ...stamped })
}

const approve = evaluated('approve')
const escalate = evaluated('escalate')
const hold = { kind: 'burst', knownRules: ['sales v1'] } as const
const refused = refusedOnce(undefined, { rule: 'sales v0' })
const remembered = { hold, caseId: 'beef.1.1', refused, changes: 2 }

describe('the episode', () => {
  it.each([
    ['is the first of a connection nobody knows', undefined, 1],
    ['goes on while a request is open', open(), 2],
    ['goes on while a decision is being applied', applying(), 2],
    ['is the next one after a decision', applied(), 3],
    ['is the next one after a decision elsewhere', decidedElsewhere, 3],
    ['is the next one after a withdrawal', withdrawn, 3],
  ])('%s', (_what, before, episode) => {
    expect(episodeOf(before)).toBe(episode)
  })
})

describe('an entry that a verdict begins', () => {
  it('holds where the request stands and what the verdict rests on', () => {
    const made = evaluated(
      'approve',
      { explanation: [rule(1), rule(2)], nearest: rule(2), audited: [rule(3)], terms: plainTerms },
      { context: { ...approve.context, targetGroups: groups } },
    )
    expect(changed(undefined, within(made)).entry).toEqual({
      kind: 'intent',
      basis: 'verdict',
      at: now.toISOString(),
      decisionId: entryId,
      subject,
      episode: 1,
      state: 'applying',
      actor: { kind: 'policy' },
      reason: made.verdict.reason,
      caseId: undefined,
      firstSeenAt: now.toISOString(),
      secondsSinceFirstSeen: 0,
      correlationId: 'event-1',
      outcome: 'approve',
      proof: confirmed,
      groupIds: ['blob'],
      requesterSaid: lake().description,
      decidedBy: rule(1),
      nearest: rule(2),
      audited: [rule(3)],
      evaluatedRules: [1, 2].map((ruleVersion) => ({
        ruleId: 'sales',
        ruleVersion,
        effect: 'allow',
        mode: 'enforce',
        match: 'yes',
      })),
      evaluatedCount: 2,
      ruleSetHash: 'list-1',
      terms: plainTerms,
      context: { targetGroups: groups },
    })
  })

  it('on an open request counts from its first sight', () => {
    const { request, entry } = changed(open(), within(approve))
    expect([entry.episode, entry.firstSeenAt, entry.secondsSinceFirstSeen]).toEqual([2, ago(3600), 3600])
    expect([request.episode, request.firstSeenAt, request.decisionId]).toEqual([2, ago(3600), entryId])
  })

  it('never counts less than nothing, where clocks differ', () => {
    const later = open(undefined, { firstSeenAt: ago(-5) })
    expect(changed(later, within(approve)).entry.secondsSinceFirstSeen).toBe(0)
  })

  it('cuts what is too long for it', () => {
    const made = evaluated('escalate', {}, { connection: lake({ description: 'x'.repeat(501) }) })
    expect(changed(undefined, within(made)).entry.requesterSaid).toHaveLength(500)
  })

  it('of a target that cannot be read rests on nothing', () => {
    const whole: Subject = { kind: 'target', targetId: target.id }
    const change = changed(
      undefined,
      {
        kind: 'target-within-limits',
        problem: { kind: 'unreadable', question: 'No permission.', sentence: 'No permission.' },
      },
      { subject: whole },
    )
    expect(change.entry).toMatchObject({
      basis: 'verdict',
      subject: whole,
      outcome: 'escalate',
      audited: [],
      evaluatedRules: [],
      evaluatedCount: 0,
    })
    const { proof, groupIds, requesterSaid, decidedBy, nearest, ruleSetHash, terms, context } = change.entry
    expect([proof, groupIds, requesterSaid, decidedBy, nearest, ruleSetHash, terms, context]).toEqual(
      Array.from({ length: 8 }, () => undefined),
    )
    expect([change.request.groupIds, change.request.subject]).toEqual([undefined, whole])
  })
})

describe('group ids of a decision', () => {
  it('are those of the connection, or else those of the second witness', () => {
    const hidden = evaluated('approve', {}, { connection: lake({ groupIds: undefined }) })
    const witness = { ...confirmed, groupIds: ['vault'] }
    const idsOf = ({ request, entry }: LedgerChange) => [request.groupIds, entry.groupIds]
    expect(idsOf(changed(undefined, within({ ...approve, proof: witness })))).toEqual([['blob'], ['blob']])
    expect(idsOf(changed(undefined, within({ ...hidden, proof: witness })))).toEqual([['vault'], ['vault']])
    expect(idsOf(changed(undefined, within({ ...hidden, proof: proofWith() })))).toEqual([
      undefined,
      undefined,
    ])
  })

  it('are cut to what a record holds', () => {
    const made = evaluated('approve', {}, { connection: lake({ groupIds: ['x'.repeat(101)] }) })
    expect(changed(undefined, within(made)).request.groupIds).toEqual(['x'.repeat(100)])
  })
})

describe('what a request remembers', () => {
  const memoryOf = ({ request }: LedgerChange) => ({
    hold: request.hold,
    caseId: request.caseId,
    refused: request.refused,
    changes: request.changes,
  })
  const nothing = { hold: undefined, caseId: undefined, refused: undefined, changes: 0 }

  it('is nothing at first', () => {
    expect(memoryOf(changed(undefined, within(approve)))).toEqual(nothing)
  })

  it('is kept from verdict to verdict within an episode', () => {
    const change = changed(open(undefined, remembered), within(approve))
    expect(memoryOf(change)).toEqual(remembered)
    expect(change.entry.caseId).toBe('beef.1.1')
  })

  it('is dropped between episodes where another endpoint asks', () => {
    const subject = { ...decidedElsewhere.subject, endpointId: endpoint('b').id }
    const change = changed({ ...decidedElsewhere, ...remembered }, within(byNewRule), { subject })
    expect(memoryOf(change)).toEqual(nothing)
    expect([change.request.episode, change.request.firstSeenAt]).toEqual([3, now.toISOString()])
    expect(change.entry.caseId).toBeUndefined()
  })

  it.each([
    ['the same endpoint', endpoint('a').id],
    ['the same endpoint in other letters', endpoint('A').id.toUpperCase()],
    ['an endpoint that is not shown', undefined],
  ])('is kept between episodes, as far as it holds, where %s asks', (_, endpointId) => {
    const subject = { ...decidedElsewhere.subject, endpointId }
    const change = changed({ ...decidedElsewhere, ...remembered }, within(approve), { subject })
    expect(memoryOf(change)).toEqual({ ...nothing, hold, caseId: remembered.caseId })
    expect([change.request.episode, change.request.firstSeenAt]).toEqual([3, now.toISOString()])
    expect(change.entry.caseId).toBe(remembered.caseId)
  })

  it('of a case is dropped between episodes where there was no hold', () => {
    const change = changed({ ...decidedElsewhere, caseId: 'beef.1.1' }, within(approve))
    expect(memoryOf(change)).toEqual(nothing)
  })

  it('is changed by what the draft says, and kept in its other parts', () => {
    const change = changed(open(undefined, { refused }), over(approve))
    expect(memoryOf(change)).toEqual({ ...nothing, refused, hold, caseId: burst.caseId, changes: 1 })
  })

  it('is what the requester said and the list that was evaluated last, as a record holds them', () => {
    const made = evaluated(
      'escalate',
      { ruleSetHash: 'list-9' },
      { connection: lake({ description: 'x'.repeat(501) }) },
    )
    const { request } = changed(open(), within(made))
    expect([request.requesterSaid, request.ruleSetHash]).toEqual(['x'.repeat(500), 'list-9'])
    expect(changed(open(undefined, { requesterSaid: '' }), { kind: 'gone' }).request).toMatchObject({
      ...{ requesterSaid: '', ruleSetHash: 'list-1' },
    })
  })

  it('counts changes only within an episode', () => {
    expect(changed({ ...withdrawn, changes: 5 }, within(escalate)).request.changes).toBe(0)
    const once = changed(open(undefined, { requesterSaid: 'Please.', changes: 1 }), within(escalate))
    expect(once.request.changes).toBe(2)
  })

  it('is kept and changed by what follows a decision', () => {
    const change = changed(applying({}, remembered), { kind: 'still-there' })
    expect(memoryOf(change)).toEqual({
      ...remembered,
      refused: { rule: 'sales v1', code: 'NotFound', since: now.toISOString(), retryAt: ago(-60) },
    })
  })
})

describe('an entry that says what became of a decision', () => {
  it('carries over what the decision rests on, and nothing else', () => {
    const { entry, request } = changed(applying({}, { caseId: 'beef.1.1' }), readBack(ours()))
    expect(entry).toEqual({
      ...basis,
      kind: 'result',
      basis: 'follow-up',
      at: now.toISOString(),
      decisionId: open().decisionId,
      subject,
      episode: 2,
      state: 'applied',
      actor: { kind: 'policy' },
      reason: applying().reason,
      caseId: 'beef.1.1',
      firstSeenAt: ago(3600),
      secondsSinceFirstSeen: 3600,
      correlationId: 'event-1',
    })
    expect(request).toEqual({
      ...applying({}, { caseId: 'beef.1.1' }),
      state: { name: 'applied', outcome: 'approve', at: now.toISOString() },
    })
  })

  it('that Azure is busy leaves the reason of the decision alone', () => {
    const { entry, request } = changed(applying(), {
      ...{ kind: 'busy', afterSeconds: 5, code: '429', message: 'Slow down.' },
    })
    expect(entry.reason.sentence).toBe('Azure has not carried the decision out yet: 429 ("Slow down.").')
    expect(request.reason).toEqual(applying().reason)
  })

  it('by Azure names it, and gives the request its reason', () => {
    const { entry, request } = changed(open(), { kind: 'gone' })
    expect(entry.actor).toEqual({ kind: 'azure' })
    expect(request.reason).toEqual(entry.reason)
  })

  it('needs a decision', () => {
    const { draft } = stepOf({ request: applying(), event: readBack(ours()) })
    expect(() => changeOf(undefined, draft as Draft, stamp)).toThrow(
      'There is no decision that this could be said of.',
    )
  })
})

describe('the endpoint of a request', () => {
  const hiddenNow: Subject = { ...subject, endpointId: undefined }
  const endpointOf = ({ request }: LedgerChange) =>
    request.subject.kind === 'connection' ? request.subject.endpointId : 'none'

  it('that is hidden for once stays known within its episode', () => {
    expect(endpointOf(changed(open(), within(approve), { subject: hiddenNow }))).toBe(endpoint('a').id)
  })

  it('is as it is seen now where it is shown', () => {
    const another: Subject = { ...subject, endpointId: endpoint('b').id }
    expect(endpointOf(changed(open(), within(approve), { subject: another }))).toBe(endpoint('b').id)
  })

  it('of another episode is forgotten', () => {
    expect(endpointOf(changed(withdrawn, within(approve), { subject: hiddenNow }))).toBeUndefined()
    expect(endpointOf(changed(undefined, within(approve), { subject: hiddenNow }))).toBeUndefined()
  })

  it('is none of a whole target, before and after', () => {
    const whole: Subject = { kind: 'target', targetId: target.id }
    const unreadable: LifeEvent = {
      kind: 'target-within-limits',
      problem: { kind: 'unreadable', question: 'No permission.', sentence: 'No permission.' },
    }
    expect(changed(open(), unreadable, { subject: whole }).request.subject).toEqual(whole)
    expect(changed(open(undefined, { subject: whole }), within(approve)).request.subject).toEqual(subject)
  })
})

describe('a notification', () => {
  it('goes with each way into an open question, and is named by its entry', () => {
    const { notification, request } = changed(undefined, within(escalate))
    expect(notification).toEqual({
      id: entryId,
      kind: 'question',
      about: [],
      severity: 'question',
      code: 'no-rule-matched',
      sentence: 'It says escalate.',
      decisionId: entryId,
      targetId: target.id,
      connectionId: lake().id.id,
      caseId: undefined,
      since: now.toISOString(),
    })
    expect(request.state).toMatchObject({ name: 'open', notificationId: entryId })
  })

  it('of a refusal names the decision that was refused, and itself by the new entry', () => {
    const { notification } = changed(applying(), { kind: 'still-there' })
    expect([notification?.id, notification?.decisionId, notification?.since]).toEqual([
      entryId,
      open().decisionId,
      ago(3600),
    ])
  })

  it('is not sent again for the same refusal of a retry: the open question keeps its id, and the age of what was said', () => {
    const before = applying({ asked: known }, { refused: refusedOnce(ago(1), { code: 'NotFound' }) })
    const { request, notification, entry } = changed(before, { kind: 'still-there' })
    expect(notification).toBeUndefined()
    expect(request.state).toEqual({ name: 'open', cause: { kind: 'refused' }, ...known, since: ago(3600) })
    expect([entry.kind, entry.state]).toEqual(['result', 'open'])
  })

  it('of a question begins its age', () => {
    expect(changed(undefined, within(escalate)).request.state).toMatchObject({ since: now.toISOString() })
  })

  it('of a request in a burst is one of its case', () => {
    expect(changed(undefined, over(approve)).notification).toMatchObject({
      severity: 'alarm',
      caseId: burst.caseId,
    })
  })

  it('of another question of a request in a case is none of the case', () => {
    const asked = changed(openWith({ code: 'may-be-denied' }, { caseId: 'beef.1.1' }), verdictOn(escalate))
    expect([asked.request.caseId, asked.notification?.caseId]).toEqual(['beef.1.1', undefined])
  })

  it('of a whole target names no connection', () => {
    const whole: Subject = { kind: 'target', targetId: target.id }
    const unreadable: LifeEvent = {
      kind: 'target-within-limits',
      problem: { kind: 'unreadable', question: 'x', sentence: 'x'.repeat(1001) },
    }
    const { notification } = changed(undefined, unreadable, { subject: whole })
    expect(notification).toMatchObject({ severity: 'alarm', targetId: target.id, connectionId: undefined })
    expect(notification?.sentence).toHaveLength(1000)
  })

  it('about another endpoint is an alarm', () => {
    const change = changed(applying(), decided(ours({ endpoint: endpoint('b') })))
    expect(change.notification?.severity).toBe('alarm')
  })

  it('is none of what is no question', () => {
    expect(changed(undefined, within(approve)).notification).toBeUndefined()
  })

  it('is one of a competing claim, too', () => {
    expect(changed(undefined, within(unproven('competing-claim'))).notification?.severity).toBe('question')
  })
})

describe('a request that more cannot be said of', () => {
  const oversized = (character: string) =>
    evaluated(
      'escalate',
      {
        explanation: Array.from({ length: 200 }, (_, at) =>
          rule(999_999_999, { ruleId: `${at}`.padStart(100, 'r'), match: 'no' }),
        ),
        reason: { code: 'no-rule-matched', sentence: character.repeat(20_000) },
      },
      { proof: proofWith('competing-claim') },
    )

  it.each(['x', '"', '\\', 'é'])(
    'fits into its column, as do its entry and notification: %s',
    (character) => {
      const { draft } = stepOf({ request: undefined, event: within(oversized(character)) })
      if (!draft) throw new Error('Nothing is written.')
      const { request, entry, notification } = changeOf(undefined, draft, stamp)
      for (const column of [request, entry, notification])
        expect(JSON.stringify(column).length).toBeLessThan(30_000)
      const sentence = character.repeat(1_000 / (JSON.stringify(character).length - 2))
      expect([request.reason, entry.reason].map((reason) => reason.sentence)).toEqual([sentence, sentence])
      expect(notification?.sentence).toBe(sentence)
    },
  )
})

describe('attempts', () => {
  it('grow with each intent, and the last eight are kept', () => {
    let recorded: Parameters<typeof changeOf>[0]
    for (let at = 1; at <= 9; at += 1) {
      const { draft } = stepOf({
        request: undefined,
        event: within(evaluated(at % 2 ? 'approve' : 'reject')),
      })
      if (!draft) throw new Error('Nothing is written.')
      const { request } = changeOf(recorded, draft, { ...stamp, entryId: `d.2.${at}` })
      recorded = { request, lastEntry }
    }
    const { attempts } = recorded?.request ?? {}
    expect(attempts?.map(({ decisionId }) => decisionId)).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 9].map((at) => `d.2.${at}`),
    )
    expect(attempts?.map(({ outcome }) => outcome).slice(0, 2)).toEqual(['reject', 'approve'])
  })

  it('begin with none', () => {
    const { draft } = stepOf({ request: undefined, event: within(evaluated('approve')) })
    if (!draft) throw new Error('Nothing is written.')
    const { request } = changeOf(undefined, draft, stamp)
    expect(request.attempts).toEqual([{ ...attempt('approve', ago(-600)), decisionId: entryId }])
  })

  it('stay as they are while the request is escalated', () => {
    const { draft } = stepOf({ request: undefined, event: within(evaluated('escalate')) })
    if (!draft) throw new Error('Nothing is written.')
    const before = open(undefined, { attempts: [{ ...attempt('approve', ago(-1)), decisionId: 'old' }] })
    const { request } = changeOf({ request: before, lastEntry }, draft, stamp)
    expect(request.attempts).toEqual(before.attempts)
  })

  it('are kept in the next episode', () => {
    const { draft } = stepOf({ request: applied(), event: within(evaluated('approve')) })
    if (!draft) throw new Error('Nothing is written.')
    const before = applied(3600, { attempts: [{ ...attempt('approve', ago(-1)), decisionId: 'old' }] })
    const { request } = changeOf({ request: before, lastEntry }, draft, stamp)
    expect(request.attempts).toEqual([
      ...before.attempts,
      { ...attempt('approve', ago(-600)), decisionId: entryId },
    ])
  })
})
