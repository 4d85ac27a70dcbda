import { describe, expect, it } from 'vitest'
import type { OpenCause } from '../../../shared/domain/request.ts'
import type { Draft } from '../../../shared/request/step.ts'
import {
  ago,
  applying,
  burst,
  byNewRule,
  decided,
  endpoint,
  evaluated,
  type Example,
  verdictOn,
  lake,
  now,
  open,
  openAfter,
  openWith,
  ours,
  over,
  readBack,
  rule,
  stepOf,
  unproven,
  verdict,
  waiting,
  within,
} from './given.ts'

const approve = evaluated('approve')
const escalate = evaluated('escalate')
const burstHold = { hold: { kind: 'burst', knownRules: ['sales v1'] }, caseId: 'beef.1.1' } as const

function draftOf(before: Example['request'], event: Example['event']): Draft {
  const { draft } = stepOf({ request: before, event })
  if (!draft) throw new Error('Nothing is written.')
  return draft
}

function causeOf({ state }: Draft): OpenCause | undefined {
  return state.name === 'open' ? state.cause : undefined
}

describe('a question to people', () => {
  it('rests on the verdict that asks, and puts nothing on hold', () => {
    const draft = draftOf(undefined, within(escalate))
    expect(draft).toEqual({
      kind: 'escalated',
      state: {
        name: 'open',
        cause: {
          kind: 'verdict',
          question: { code: 'no-rule-matched', refusal: undefined, proof: 'confirmed', rule: undefined },
        },
      },
      reason: escalate.verdict.reason,
      actor: { kind: 'policy' },
      verdict: escalate,
      memory: {},
      notice: { severity: 'question', isOfCase: false },
    })
  })

  it('names the first refusal and the rule that asks', () => {
    const made = {
      ...unproven('requester-not-found', 'could-not-ask'),
      verdict: verdict('escalate', { decidedBy: rule(3) }),
    }
    expect(causeOf(draftOf(undefined, within(made)))).toEqual({
      kind: 'verdict',
      question: {
        code: 'no-rule-matched',
        refusal: 'requester-not-found',
        proof: 'platform',
        rule: 'sales v3',
      },
    })
  })

  it('in a burst belongs to the case', () => {
    expect(draftOf(undefined, over(escalate)).memory).toEqual({ caseId: burst.caseId })
  })
})

describe('a request in a burst', () => {
  it('is on hold with the rules as they are', () => {
    const draft = draftOf(open(), over(byNewRule))
    expect(draft.memory).toEqual({
      hold: { kind: 'burst', knownRules: ['sales v1', 'sales v2'] },
      caseId: burst.caseId,
    })
    expect(draft.verdict).toEqual({
      ...byNewRule,
      verdict: { ...byNewRule.verdict, outcome: 'escalate', reason: burst.reason },
    })
  })

  it('that was on hold in another case stays in that', () => {
    const draft = draftOf(openWith({}, burstHold), over(byNewRule))
    expect(draft.memory).toEqual({ hold: burstHold.hold, caseId: 'beef.1.1' })
    expect(draft.reason).toEqual({
      code: 'burst-limit',
      sentence:
        'The request came in burst case beef.1.1 and stays in manual review; a new rule, or a new version of a rule, releases it.',
    })
  })

  it('on hold without a case joins the new one', () => {
    const draft = draftOf(openWith({}, { ...burstHold, caseId: undefined }), over(approve))
    expect([draft.memory.caseId, draft.reason]).toEqual([burst.caseId, burst.reason])
  })
})

describe('a request that stays on hold', () => {
  it('keeps its hold, and is a question for which the deciding rule stays named', () => {
    const draft = draftOf(open(undefined, burstHold), verdictOn(approve))
    expect(draft.memory).toEqual({})
    expect(draft.notice).toEqual({ severity: 'alarm', isOfCase: true })
    expect(causeOf(draft)).toEqual({
      kind: 'verdict',
      question: { code: 'burst-limit', refusal: undefined, proof: 'confirmed', rule: 'sales v1' },
    })
    expect(draft.verdict).toMatchObject({ verdict: { outcome: 'escalate', decidedBy: rule() } })
  })
})

describe('an intent', () => {
  it('names the outcome, the rule and the list, and that Azure is not busy', () => {
    const draft = draftOf(undefined, within(approve))
    expect(draft.state).toEqual({
      name: 'applying',
      outcome: 'approve',
      rule: 'sales v1',
      ruleSetHash: 'list-1',
      busySince: undefined,
    })
    expect([draft.verdict, draft.reason]).toEqual([approve, approve.verdict.reason])
  })

  it('of a rejection by no rule names none', () => {
    const draft = draftOf(undefined, within(evaluated('reject', { decidedBy: undefined })))
    expect(draft.state).toMatchObject({ outcome: 'reject', rule: undefined })
  })

  it('by a rule that Azure refused before becomes a question that names the rule', () => {
    const draft = draftOf(applying({ rule: 'other v1' }, { refusedRule: 'sales v1' }), verdictOn(approve))
    expect(causeOf(draft)).toMatchObject({ question: { code: 'refused-by-azure', rule: 'sales v1' } })
    expect(draft.verdict).toMatchObject({ verdict: { outcome: 'escalate' } })
  })
})

describe('a refusal of Azure', () => {
  it.each(['approve', 'reject'] as const)('of what was to %s is remembered with its rule', (outcome) => {
    const draft = draftOf(applying({ outcome }), { kind: 'still-there' })
    expect(causeOf(draft)).toEqual({ kind: 'refused' })
    expect(draft.memory).toEqual({ refusedRule: 'sales v1' })
    expect(draft.verdict).toBeUndefined()
  })

  it('of a decision by no rule leaves what was remembered', () => {
    expect(draftOf(applying({ rule: undefined }), { kind: 'still-there' }).memory).toStrictEqual({})
  })
})

describe('another endpoint', () => {
  const elsewhere = { endpoint: endpoint('b') }

  it('behind a decision that is being applied becomes a question of its own', () => {
    const draft = draftOf(applying(), decided(ours(elsewhere)))
    expect(causeOf(draft)).toEqual({ kind: 'endpoint-changed' })
  })

  it('is another question than a decision that is shown late', () => {
    const before = open(undefined, { attempts: [{ decisionId: 'd.1.1', outcome: 'approve' }] })
    const draft = draftOf(before, decided(ours({ description: 'decision d.1.1' })))
    expect(causeOf(draft)).toEqual({ kind: 'shown-late' })
  })

  it('behind a decision that Azure refused, too', () => {
    const draft = draftOf(openAfter('refused', 'reject'), decided(ours({ ...elsewhere, status: 'Rejected' })))
    expect(causeOf(draft)).toEqual({ kind: 'endpoint-changed' })
  })
})

describe('a decision that was applied', () => {
  it('is applied now, as the status says', () => {
    expect(draftOf(applying(), readBack(ours())).state).toEqual({
      name: 'applied',
      outcome: 'approve',
      at: now.toISOString(),
    })
    const rejected = draftOf(applying({ outcome: 'reject' }), readBack(ours({ status: 'Rejected' })))
    expect(rejected.state).toMatchObject({ outcome: 'reject' })
  })
})

describe('a decision that Azure is busy with', () => {
  it('is busy since now, and stays what it was', () => {
    const before = applying({ ruleSetHash: 'list-7' })
    expect(draftOf(before, waiting({ status: 'Updating' }))).toMatchObject({
      state: { ...before.state, busySince: now.toISOString() },
      verdict: undefined,
      memory: {},
    })
  })

  it('is said once', () => {
    const event = { kind: 'busy', afterSeconds: 5, code: '429' } as const
    expect(stepOf({ request: applying({ busySince: ago(0) }), event }).draft).toBeUndefined()
  })
})

describe('a target that cannot be read', () => {
  it('is open for that reason, and rests on no evaluation', () => {
    const draft = draftOf(undefined, { kind: 'target-within-limits', sentence: 'No permission.' })
    expect([causeOf(draft), draft.verdict]).toEqual([
      { kind: 'unreadable', sentence: 'No permission.' },
      'target-unreadable',
    ])
  })
})

it('nothing is drafted where nothing is written', () => {
  expect(stepOf({ request: undefined, event: { kind: 'waiting', connection: lake() } })).toEqual({
    row: 'unseen | applied | decided-elsewhere | withdrawn | open | applying · waiting',
    draft: undefined,
    effect: { kind: 'evaluate' },
  })
})
