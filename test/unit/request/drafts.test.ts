import { describe, expect, it } from 'vitest'
import type { OpenCause } from '../../../shared/domain/request.ts'
import type { Draft, LifeEvent } from '../../../shared/request/step.ts'
import {
  ago,
  applying,
  attempt,
  burst,
  byNewRule,
  decided,
  endpoint,
  evaluated,
  type Example,
  known,
  verdictOn,
  now,
  open,
  openAfter,
  openWith,
  ours,
  over,
  readBack,
  refusedOnce,
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
      asked: undefined,
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

  it('that has changed while it waited says so beside its reason, and keeps what is remembered', () => {
    const before = open(undefined, { requesterSaid: 'Please.', changes: 2 })
    const { change, reason, memory } = draftOf(before, within(escalate))
    expect(change).toContain('have changed since the last notification')
    expect([reason, memory]).toEqual([escalate.verdict.reason, {}])
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
  const fresh = { since: now.toISOString(), notBefore: undefined, words: undefined, asked: undefined }

  it('names the outcome, the rule and the list, and begins the deadline for Azure', () => {
    const draft = draftOf(undefined, within(approve))
    expect(draft.state).toEqual({
      ...{ name: 'applying', outcome: 'approve', rule: 'sales v1', ruleSetHash: 'list-1' },
      ...fresh,
    })
    expect([draft.verdict, draft.reason]).toEqual([approve, approve.verdict.reason])
  })

  it('in place of another one keeps the deadline for Azure that it had, and can be sent at once', () => {
    const words = { code: '429', message: 'Slow.' }
    const before = applying({
      since: ago(300),
      notBefore: ago(1),
      words,
      ruleSetHash: 'list-0',
      asked: known,
    })
    expect(draftOf(before, within(approve)).state).toMatchObject({
      ...{ ruleSetHash: 'list-1', since: ago(300), notBefore: undefined, words: undefined, asked: known },
    })
  })

  it('after a refusal knows the question that is open', () => {
    const { state } = openAfter('refused')
    expect(draftOf(openAfter('refused'), within(approve)).state).toMatchObject({
      asked: { notificationId: state.notificationId, since: state.since },
      since: now.toISOString(),
    })
  })

  it('after another question knows none', () => {
    expect(draftOf(open(), within(approve)).state).toMatchObject(fresh)
    expect(draftOf(openAfter('endpoint-changed'), within(approve)).state).toMatchObject(fresh)
  })

  it('of a rejection by no rule names none', () => {
    const draft = draftOf(undefined, within(evaluated('reject', { decidedBy: undefined })))
    expect(draft.state).toMatchObject({ outcome: 'reject', rule: undefined })
  })

  it('by a rule that Azure refused before becomes a question that names the rule', () => {
    const draft = draftOf(
      applying({ rule: 'other v1' }, { refused: refusedOnce(undefined) }),
      verdictOn(approve),
    )
    expect(causeOf(draft)).toMatchObject({ question: { code: 'refused-by-azure', rule: 'sales v1' } })
    expect(draft.verdict).toMatchObject({ verdict: { outcome: 'escalate' } })
  })
})

describe('a refusal of Azure', () => {
  const disallowed = (passes: boolean): LifeEvent => ({
    ...({ kind: 'refused', code: 'RequestDisallowedByPolicy', message: 'No.', passes } as const),
  })
  const again = (since: string) =>
    applying({ asked: known }, { refused: refusedOnce(ago(1), { code: 'RequestDisallowedByPolicy', since }) })

  it.each(['approve', 'reject'] as const)('of what was to %s is remembered with its rule', (outcome) => {
    const draft = draftOf(applying({ outcome }), { kind: 'still-there' })
    expect(causeOf(draft)).toEqual({ kind: 'refused' })
    expect(draft.memory).toEqual({
      attempts: [attempt(outcome)],
      refused: { rule: 'sales v1', code: 'NotFound', since: now.toISOString(), retryAt: ago(-60) },
    })
    expect([draft.verdict, draft.asked]).toEqual([undefined, undefined])
  })

  it('of a decision by no rule names none', () => {
    expect(draftOf(applying({ rule: undefined }), { kind: 'still-there' }).memory).toMatchObject({
      refused: { rule: undefined },
    })
  })

  it('whose cause does not pass is final', () => {
    const draft = draftOf(applying(), disallowed(false))
    expect(draft.memory).toMatchObject({ refused: { retryAt: undefined } })
    expect(draft.reason.sentence).toBe(
      'Azure refused the decision: RequestDisallowedByPolicy ("No."). The same decision is not sent again: decide in the portal.',
    )
  })

  it.each([
    ['a minute', 60, 240],
    ['half an hour', 1800, 3600],
    ['six days', 6 * 24 * 3600, 1800],
  ])(
    'again after %s is sent again at the next of its times, as counted from the first',
    (_, seconds, next) => {
      const { memory } = draftOf(again(ago(seconds)), disallowed(true))
      expect(memory).toMatchObject({ refused: { since: ago(seconds), retryAt: ago(-next) } })
    },
  )

  it('for a week is final, and says so', () => {
    const draft = draftOf(again(ago(7 * 24 * 3600)), disallowed(true))
    expect(draft.memory).toMatchObject({ refused: { retryAt: undefined } })
    expect(draft.reason.sentence).toBe(
      'Azure refused the decision: RequestDisallowedByPolicy ("No."). It was sent again for 7 days and is not sent any more: decide in the portal.',
    )
  })

  it('of another rule, after another question, begins a week of its own', () => {
    const draft = draftOf(applying({ rule: 'sales v2' }, { refused: refusedOnce(ago(1)) }), disallowed(true))
    expect(draft.memory).toMatchObject({ refused: { rule: 'sales v2', since: now.toISOString() } })
  })

  it('for another cause goes on with its week', () => {
    const first = refusedOnce(ago(1))
    const draft = draftOf(applying({ asked: known }, { refused: first }), disallowed(true))
    expect(draft.memory).toMatchObject({ refused: { since: first.since } })
  })
})

describe('a decision that Azure has not carried out in time', () => {
  const late = (since: string) => draftOf(applying({ since }), { kind: 'contradicted' })

  it('failed since the first try, and is sent again at the times of a refusal', () => {
    expect(late(ago(2400)).memory).toMatchObject({ refused: { since: ago(2400), retryAt: ago(-3000) } })
    expect(late(ago(2400)).reason.sentence).toMatch(/^Azure has not carried the decision out for 40 min: /)
  })

  it('says no time that a wrong clock has made, and counts from now', () => {
    const draft = late(ago(-365 * 24 * 3600))
    expect(draft.reason.sentence).toMatch(/^Azure has not carried the decision out: /)
    expect(draft.memory).toMatchObject({ refused: { since: now.toISOString(), retryAt: ago(-60) } })
  })

  it('says no time where a retry was not taken just now', () => {
    const draft = draftOf(applying({ asked: known }), { kind: 'contradicted' })
    expect(draft.reason.sentence).toMatch(/^Azure has not carried the decision out: /)
  })

  it.each([
    { kind: 'unanswered', afterSeconds: 0, code: 'Timeout', message: 'no response' },
    { kind: 'accepted' },
  ] as const)('may be carried out after it was $kind, although somebody is notified', (event) => {
    const { memory } = draftOf(applying({ since: ago(1800) }), event)
    expect(memory.attempts).toEqual([attempt('approve', ago(-600))])
    expect(memory.refused).toBeDefined()
  })
})

describe('another endpoint', () => {
  const elsewhere = { endpoint: endpoint('b') }

  it('behind a decision that is being applied becomes a question of its own', () => {
    const draft = draftOf(applying(), decided(ours(elsewhere)))
    expect(causeOf(draft)).toEqual({ kind: 'endpoint-changed' })
  })

  it('is another question than a decision that is shown late', () => {
    const before = open(undefined, { attempts: [{ ...attempt(), decisionId: 'd.1.1' }] })
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

describe('a decision that is deferred', () => {
  it('keeps what it was, with the words of Azure and the time of the next try', () => {
    const before = applying({ ruleSetHash: 'list-7', since: ago(30) })
    expect(draftOf(before, { kind: 'busy', afterSeconds: 5, code: '429', message: 'Slow.' })).toMatchObject({
      state: { ...before.state, notBefore: ago(-90), words: { code: '429', message: 'Slow.' } },
      verdict: undefined,
      memory: {},
    })
  })

  it('that Azure has taken has ten minutes', () => {
    const draft = draftOf(applying(), waiting({ status: 'Updating' }))
    expect(draft.state).toMatchObject({ notBefore: ago(-600), words: { code: 'NotFinished' } })
  })

  it('keeps words as long as an entry holds', () => {
    const event: LifeEvent = {
      kind: 'busy',
      afterSeconds: 5,
      code: 'c'.repeat(101),
      message: 'm'.repeat(501),
    }
    expect(draftOf(applying(), event).state).toMatchObject({
      words: { code: 'c'.repeat(100), message: 'm'.repeat(500) },
    })
  })

  it('says what is shown where it is nothing', () => {
    const draft = draftOf(applying(), waiting({ status: '', provisioningState: undefined }))
    expect(draft.reason.sentence).toBe(
      'Azure has not carried the decision out yet: the connection shows the status (none) and no provisioning state.',
    )
  })

  it.each([
    { kind: 'unanswered', afterSeconds: 0, code: 'Timeout', message: 'no response' },
    { kind: 'accepted' },
  ] as const)(
    'after it was $kind may be carried out for ten minutes: the last attempt, and no earlier one',
    (event) => {
      const earlier = { ...attempt('reject'), decisionId: 'd.1.1' }
      const { memory } = draftOf(applying({}, { attempts: [earlier, attempt()] }), event)
      expect(memory).toEqual({ attempts: [earlier, attempt('approve', ago(-600))] })
    },
  )

  it('is said to be Pending where Azure said nothing for half an hour', () => {
    const draft = draftOf(applying({ since: ago(1800), notBefore: ago(0) }), waiting())
    expect(draft.reason.sentence).toMatch(/the connection is still Pending\. /)
  })
})

describe('a target that cannot be read', () => {
  it('is open for that reason, and rests on no evaluation', () => {
    const draft = draftOf(undefined, {
      kind: 'target-within-limits',
      problem: { kind: 'unreadable', question: 'No permission.', sentence: 'No permission.' },
    })
    expect([causeOf(draft), draft.verdict]).toEqual([
      { kind: 'unreadable', question: 'No permission.' },
      'target-unreadable',
    ])
  })

  it('or at which Azure fails is open for that, with the words of today', () => {
    const problem = { kind: 'azure-fails', question: 'list 503', sentence: 'For 30 min.' } as const
    const draft = draftOf(undefined, { kind: 'target-within-limits', problem })
    expect([causeOf(draft), draft.reason]).toEqual([
      { kind: 'azure-fails', question: 'list 503' },
      { code: 'azure-fails', sentence: 'For 30 min.' },
    ])
  })

  it('joins a case of which people know as an alarm of its own', () => {
    const problem = { kind: 'unreadable', question: 'No permission.', sentence: 'No permission.' } as const
    const joining = { ...burst, isJoining: true }
    const draft = draftOf(undefined, { kind: 'target-over-limit', problem, burst: joining })
    expect([draft.memory, draft.notice]).toEqual([
      { caseId: burst.caseId },
      { severity: 'alarm', isOfCase: false },
    ])
  })
})

it('nothing is drafted where nothing is written', () => {
  expect(stepOf({ request: undefined, event: waiting() })).toEqual({
    row: 'unseen | applied | decided-elsewhere | withdrawn | open | applying · waiting',
    draft: undefined,
    effect: { kind: 'evaluate' },
  })
})
