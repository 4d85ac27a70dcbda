import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import { endpointIdOf, type OpenCause, type Request } from '../../../shared/domain/request.ts'
import { next } from '../../../shared/request/life.ts'
import type { Evaluated } from '../../../shared/request/step.ts'
import { isOpen } from '../../../shared/request/table.ts'
import {
  ago,
  alone,
  applied,
  attempt,
  byNewRule,
  decided,
  decidedElsewhere,
  endpoint,
  lake,
  noRule,
  open,
  ours,
  over,
  refusedOnce,
  verdict,
  withdrawn,
} from './given.ts'
import { type Open, Passes } from './passes.ts'

const maxChanges = 5

const reason = { code: 'no-rule-matched', sentence: 'It says escalate.' } as const
const causes: Readonly<Record<string, OpenCause>> = {
  'no rule': { kind: 'verdict', question: noRule },
  refused: { kind: 'refused' },
  'endpoint changed': { kind: 'endpoint-changed' },
  'shown late': { kind: 'shown-late' },
  'changed outside': { kind: 'changed-outside' },
}

const memories: Readonly<Record<string, Partial<Request>>> = {
  nothing: {},
  'a refusal that is tried again': { refused: refusedOnce(ago(-900)) },
  'a refusal for good': { refused: refusedOnce(undefined) },
  'a burst case': { caseId: 'beef.1.1' },
  'a hold': { hold: { kind: 'burst', knownRules: ['sales v1'] }, caseId: 'beef.1.1' },
  'a hold and a refusal': {
    ...{ hold: { kind: 'burst', knownRules: ['sales v1'] }, caseId: 'beef.1.1' },
    refused: refusedOnce(undefined),
  },
}

const claimed = { code: 'competing-claim-before', sentence: 'Another endpoint claimed the name.' } as const
const verdicts: Readonly<Record<string, Evaluated['verdict']>> = {
  'the policy escalates': verdict('escalate'),
  'a claim holds it': { ...verdict('approve'), outcome: 'escalate', reason: claimed },
  'a rule approves': verdict('approve'),
  'a rule rejects': verdict('reject'),
}

/** True where a rule decides whose decision Azure refused. */
const isRefused = ({ request: { refused }, verdict: { outcome } }: Open) =>
  refused !== undefined && outcome !== 'escalate'

/** Every open request that a pass leaves open when nothing about it has changed. */
const waitingForPeople = (): readonly Open[] =>
  Object.entries(causes).flatMap(([cause, kind]) =>
    Object.entries(memories).flatMap(([memory, remembered]) =>
      Object.entries(verdicts).flatMap(([said, byPolicy]): readonly Open[] => {
        const before = { request: open(kind, { reason, ...remembered }), verdict: byPolicy }
        const { request } = new Passes(before).pass()
        const that = `open for ${cause}, with ${memory}, where ${said}`
        return isOpen(request) ? [{ that, request, verdict: byPolicy }] : []
      }),
    ),
  )

const changes: Readonly<Record<string, Partial<Connection>>> = {
  'the message': { description: 'Urgent!' },
  'the group ids': { groupIds: ['dfs'] },
  both: { description: 'Urgent!', groupIds: ['dfs'] },
}

it('requests that wait for people are open for every cause, with every memory', () => {
  expect(waitingForPeople().length).toBeGreaterThan(60)
  const names = waitingForPeople()
    .map(({ that }) => that)
    .join('\n')
  for (const name of [...Object.keys(memories), 'no rule', 'refused', ...Object.keys(verdicts)])
    expect(names).toContain(name)
})

/** One test of all of them: a failure names the one. */
const itOfEach = (title: string, check: (before: Open) => void) =>
  it(title, () => {
    for (const before of waitingForPeople()) check(before)
  })

describe.each(Object.entries(changes))('where %s of a waiting request changes', (_, change) => {
  itOfEach('people are notified of it, once', (before) => {
    const passes = new Passes(before).pass(change)
    expect(passes.notified, before.that).toHaveLength(1)
    expect(passes.notified[0]?.caseId, before.that).toBeUndefined()
    expect(passes.request, before.that).toMatchObject(
      'description' in change ? { requesterSaid: change.description } : { groupIds: change.groupIds },
    )
    expect(passes.pass(change).notified, before.that).toHaveLength(1)
  })

  itOfEach('it waits on, for the same reason', (before) => {
    const { request } = new Passes(before).pass(change)
    expect(request.state.name, before.that).toBe('open')
    expect(request.reason.code, before.that).toBe(
      isRefused(before) ? 'refused-by-azure' : before.request.reason.code,
    )
    expect([request.hold, request.refused], before.that).toEqual([
      before.request.hold,
      before.request.refused,
    ])
  })
})

describe('a waiting request that changes again and again', () => {
  itOfEach('is notified anew five times, with new questions', (before) => {
    const passes = new Passes(before)
    for (let times = 1; times <= 12; times += 1) passes.pass({ description: `Version ${times}` })
    expect(passes.notified, before.that).toHaveLength(maxChanges - before.request.changes)
    expect(passes.notified.at(-1)?.sentence, before.that).toContain('Further changes are not notified')
  })

  itOfEach('one of many at once is part of a case', (before) => {
    const passes = new Passes(before, true).pass({ description: 'Urgent!' })
    expect(passes.notified, before.that).toHaveLength(1)
    expect(passes.notified[0]?.caseId !== undefined, before.that).toBe(!isRefused(before))
    // A member that left its case would end it.
    if (before.request.hold) expect(passes.request.caseId).toBe(before.request.caseId)
  })
})

it('a request that a newer rule releases, and that stays over the limit, is notified anew of a change, once', () => {
  const { hold, caseId } = open(undefined, memories['a hold'])
  const cause = { kind: 'verdict', question: { ...noRule, code: 'burst-limit', rule: 'sales v2' } } as const
  const before = open(cause, { hold, caseId })
  const connection = lake({ description: 'Urgent!' })
  const { draft, row } = next(before, over({ ...byNewRule, connection }), alone)
  expect(row).toContain('released from a hold')
  expect([draft?.memory, draft?.notice]).toEqual([
    { hold, caseId },
    { severity: 'question', isOfCase: false },
  ])
  expect(draft?.change).toContain('have changed')
  expect(next(before, over(byNewRule), alone).draft).toBeUndefined()
  expect(next(open(cause), over({ ...byNewRule, connection }), alone).draft?.change).toBeUndefined()
})

describe('where the endpoint of a waiting request', () => {
  itOfEach('is another one, the request is over', (before) => {
    const { request } = new Passes(before).pass({ endpoint: endpoint('b') })
    expect(request.episode, before.that).toBe(before.request.episode + 1)
    expect(endpointIdOf(request.subject)).toBe(endpoint('b').id)
  })

  itOfEach('is not shown, nothing is new', (before) => {
    const passes = new Passes(before).pass({ endpoint: undefined })
    expect([passes.notified, passes.request], before.that).toEqual([[], before.request])
  })
})

describe('a decision that Azure shows late, of which people were notified', () => {
  const lateId = 'c0ffee00c0ffee00c0ff.2.3'
  const late = open({ kind: 'shown-late' }, { attempts: [{ ...attempt(), decisionId: lateId }] })
  const description = `Approved by private-endpoint-approver, decision ${lateId}`
  const stepOn = (change: Partial<Connection>) => next(late, decided(ours({ description, ...change })), alone)

  it('is an alarm anew on another endpoint, once', () => {
    const elsewhere = { endpoint: endpoint('b') }
    expect(stepOn(elsewhere).draft?.reason.code).toBe('endpoint-changed')
    const after = open({ kind: 'endpoint-changed' }, { attempts: late.attempts })
    expect(next(after, decided(ours({ description, ...elsewhere })), alone).draft).toBeUndefined()
  })

  it.each([decidedElsewhere, withdrawn, applied()])(
    'is one alarm on another endpoint after $state.name',
    (before) => {
      const step = next(
        { ...before, attempts: late.attempts },
        decided(ours({ description, endpoint: endpoint('b') })),
        alone,
      )
      expect(step.draft?.reason.code).toBe('endpoint-changed')
    },
  )

  it('is none where it is as it was, or the endpoint is not shown', () => {
    expect(stepOn({}).draft).toBeUndefined()
    expect(stepOn({ endpoint: undefined }).draft).toBeUndefined()
  })
})
