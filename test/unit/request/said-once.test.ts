import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNotificationOver, type Request } from '../../../shared/domain/request.ts'
import type { ReasonCode, Verdict } from '../../../shared/domain/verdict.ts'
import { questionIn } from '../../../shared/request/said.ts'
import { isOpen } from '../../../shared/request/table.ts'
import { endpoint, now, open, ours, refusedOnce, rule, said, verdict } from './given.ts'
import { Passes } from './passes.ts'

const minute = 60
const day = 24 * 60 * minute
const maxQuestions = 10
const maxChanges = 5
const lastChange = 'Further changes are not notified'
const lastQuestion = 'Further questions about this request are not notified'

const asks = (code: ReasonCode, change: Partial<Verdict> = {}): Verdict =>
  verdict('escalate', { reason: { code, sentence: `It is ${code}.` }, ...change })
const none = asks('no-rule-matched')
const byRule = asks('asked-by-rule', { decidedBy: rule() })
const maybe = asks('may-be-denied')
const unusable = asks('rules-unreadable', { ruleSetHash: undefined })
const by = (ruleSetHash: string, one: Verdict = none): Verdict => ({ ...one, ruleSetHash })
/** An `ask` rule that nobody knows. */
const another = (version: number): Verdict => asks('asked-by-rule', { decidedBy: rule(version) })

/** A request of whose first question people were notified, by this verdict. */
function opened(first: Verdict = none, change: Partial<Request> = {}): Passes {
  const cause = {
    kind: 'verdict',
    question: { code: first.reason.code, refusal: undefined, proof: 'confirmed', rule: undefined },
  } as const
  const { reason, ruleSetHash } = first
  const request = open(cause, { reason, ruleSetHash })
  const memory = said(questionIn(request) ?? '', { ruleSetHash })
  return new Passes({ request: { ...request, said: [memory], ...change }, verdict: first })
}

/** A pass by each of the verdicts, one after the other. */
function after(passes: Passes, verdicts: readonly Verdict[], seconds = 0): Passes {
  for (const one of verdicts) {
    passes.at = new Date(passes.at.getTime() + seconds * 1000)
    passes.verdict = one
    passes.pass()
  }
  return passes
}

function byTurns(count: number, ...verdicts: readonly Verdict[]): readonly Verdict[] {
  return Array.from({ length: count }, (_, index) => verdicts[index % verdicts.length] ?? none)
}

const codesOf = ({ notified }: Passes) => notified.map(({ code }) => code)

describe('an allow-list that is usable and unusable by turns', () => {
  it('is said once a day, and the question of the usable one is not said again', () => {
    const passes = after(opened(), byTurns(48, unusable, none), 30 * minute)
    expect(codesOf(passes)).toEqual(['rules-unreadable'])
  })

  it('is said once more on the next day', () => {
    const passes = after(opened(), byTurns(96, unusable, none), 30 * minute)
    expect(codesOf(passes)).toEqual(['rules-unreadable', 'rules-unreadable'])
  })

  it('is no new list where the usable one has another hash, and says the same of the request', () => {
    const passes = after(opened(), [unusable, by('list-2'), unusable, by('list-3'), unusable, by('list-4')])
    expect(codesOf(passes)).toEqual(['rules-unreadable'])
    expect(passes.request.reason).toEqual(none.reason)
  })

  it('is no new list where the same one says something else afterwards: that counts as a change', () => {
    const passes = after(opened(), [unusable, byRule])
    expect(codesOf(passes)).toEqual(['rules-unreadable', 'asked-by-rule'])
    expect(passes.request.changes).toBe(1)
  })

  it('has as its question the list, whether it stays unusable for long or not', () => {
    const passes = after(opened(unusable), byTurns(10, unusable), day)
    expect(codesOf(passes)).toEqual([])
  })
})

describe('two lists by turns', () => {
  it('say each of their questions once', () => {
    const passes = after(opened(), byTurns(48, by('list-2', byRule), none), 30 * minute)
    expect(codesOf(passes)).toEqual(['asked-by-rule'])
    expect(passes.request.changes).toBe(0)
  })

  it('that say the same of the request are not notified, nor written', () => {
    const passes = after(opened(), byTurns(48, by('list-2'), none), 30 * minute)
    expect(passes.notified).toEqual([])
    expect(passes.entries.filter(({ kind }) => kind !== 'reminded')).toEqual([])
  })

  it('with an unusable one in between say each of their questions once', () => {
    const passes = after(opened(), byTurns(48, unusable, by('list-2', byRule), unusable, none), 20 * minute)
    expect(codesOf(passes).sort()).toEqual(['asked-by-rule', 'rules-unreadable'])
  })
})

describe('another list at each pass', () => {
  const verdicts = Array.from({ length: 40 }, (_, index) =>
    by(`list-${index + 2}`, index % 2 ? none : byRule),
  )

  it('is notified ten times in all, and the last one says so', () => {
    const passes = after(opened(), verdicts)
    expect(passes.notified).toHaveLength(maxQuestions - 1)
    expect(passes.notified.map(({ sentence }) => sentence.includes(lastQuestion))).toEqual(
      Array.from({ length: 9 }, (_, index) => index === 8),
    )
    expect(passes.request.reason).toEqual(none.reason)
  })

  it('is notified although the request has changed five times', () => {
    const passes = after(opened(none, { changes: maxChanges }), [by('list-2', byRule)])
    expect([codesOf(passes), passes.request.changes]).toEqual([['asked-by-rule'], maxChanges])
  })

  it('says no more of changes of the request once the last question was said', () => {
    const passes = after(opened(), verdicts)
    const before = passes.notified.length
    passes.pass({ description: 'Urgent!', groupIds: ['dfs'] })
    expect(passes.notified).toHaveLength(before)
    expect([passes.request.requesterSaid, passes.request.groupIds]).toEqual(['Urgent!', ['dfs']])
  })
})

describe('questions by one list', () => {
  it('that come back are not said again, and the record shows which one it is now', () => {
    const passes = opened()
    for (const one of byTurns(10, byRule, none, maybe)) {
      after(passes, [one])
      expect(passes.request.reason).toEqual(one.reason)
    }
    expect(codesOf(passes)).toEqual(['asked-by-rule', 'may-be-denied'])
  })

  it('are said five times, the last says so, and nothing of the request is said after it', () => {
    const passes = opened()
    const versions = Array.from({ length: 20 }, (_, index) => another(index + 1))
    after(passes, versions)
    for (let times = 1; times <= 10; times += 1) passes.pass({ description: `Version ${times}` })
    expect(passes.notified.map(({ sentence }) => sentence.includes(lastChange))).toEqual(
      Array.from({ length: maxChanges }, (_, index) => index === maxChanges - 1),
    )
    expect(passes.request.reason).toEqual(versions.at(-1)?.reason)
    expect(passes.request.requesterSaid).toBe('Version 10')
  })

  it('and changes of the message are counted together', () => {
    const passes = opened()
    for (let times = 1; times <= 20; times += 1) {
      passes.verdict = another(times)
      passes.pass({ description: `Version ${Math.floor(times / 2)}` })
    }
    expect(passes.notified).toHaveLength(maxChanges)
    expect(passes.notified.at(-1)?.sentence).toContain(lastChange)
  })

  it('that differ in the sentence only are written, and not said', () => {
    const counts = (count: number) => ({
      ...none,
      reason: { ...none.reason, sentence: `It requires 3 connections at most; actual: ${count}.` },
    })
    const passes = after(opened(), [counts(4), counts(5), counts(5), counts(4)])
    expect(passes.notified).toEqual([])
    expect(passes.entries.map(({ reason }) => reason)).toEqual([4, 5, 4].map((count) => counts(count).reason))
    expect(passes.request.reason).toEqual(counts(4).reason)
  })

  it('are sent although an earlier one is open again before the message goes out: they count as said', () => {
    const passes = after(opened(), [byRule, none])
    const isOver = (id = '') => isNotificationOver(passes.request, id)
    const [first] = passes.request.said
    expect([isOver(first?.notificationId), isOver(passes.notified[0]?.id)]).toEqual([true, false])
    const { said: memory, state } = passes.request
    expect(isNotificationOver({ state, said: [] }, first?.notificationId ?? '')).toBe(false)
    expect(
      isNotificationOver({ state: { name: 'withdrawn' }, said: memory }, passes.notified[0]?.id ?? ''),
    ).toBe(true)
  })

  it('that name equal rules in another order each time are said once each', () => {
    const passes = after(opened(another(1)), byTurns(12, another(2), another(1)))
    expect(codesOf(passes)).toEqual(['asked-by-rule', 'asked-by-rule'])
  })

  it('stay the question of the notification that people have', () => {
    const passes = opened()
    const [first] = passes.request.said
    after(passes, [byRule, none])
    expect(passes.request.state).toMatchObject({ notificationId: first?.notificationId, since: first?.since })
  })
})

describe('what a notification has said before the reason', () => {
  it('is not part of the reason in the record, which stays true', () => {
    const passes = opened().pass({ description: 'Urgent!' })
    expect(passes.notified[0]?.sentence).toContain('have changed since the last notification')
    expect(passes.request.reason).toEqual(none.reason)
    expect(passes.entries).toHaveLength(1)
    expect(passes.pass({ description: 'Urgent!' }).entries).toHaveLength(1)
  })
})

describe('an alarm', () => {
  const alarmed = (change: Partial<Request> = {}) => {
    const passes = opened(none, { changes: 4, ...change })
    passes.step({
      ...({ kind: 'decided', progress: 'finished' } as const),
      connection: ours({ groupIds: ['dfs'] }),
    })
    return passes
  }
  const attempts = [{ decisionId: open().decisionId, outcome: 'approve', mayLandUntil: undefined }] as const

  it('that is the fifth change says that it is the last', () => {
    const passes = alarmed({ attempts })
    expect(codesOf(passes)).toEqual(['endpoint-changed'])
    expect(passes.notified[0]?.sentence).toContain(lastChange)
  })

  it('stays what the record shows, where a question comes back that people know', () => {
    const passes = after(alarmed({ attempts }), [none])
    expect([codesOf(passes), passes.request.reason.code]).toEqual([['endpoint-changed'], 'endpoint-changed'])
  })

  it('is said although ten questions were', () => {
    const passes = alarmed({ attempts, said: [said('verdict x', { times: maxQuestions })] })
    expect(codesOf(passes)).toEqual(['endpoint-changed'])
  })

  it('is none of the ten questions', () => {
    const alarms = ['endpoint-changed', 'shown-late', 'changed-outside'].map((one) => said(one, { times: 5 }))
    const passes = after(opened(none, { said: alarms }), [by('list-2', byRule)])
    expect(codesOf(passes)).toEqual(['asked-by-rule'])
  })
})

describe('a decision that Azure refused before', () => {
  const refused = refusedOnce(undefined)
  const memory = { refused, said: [said(`refused ${refused.code}`)] }
  const approve = verdict('approve')

  it('is what the record shows where its rule decides again after another question, and is not said again', () => {
    const passes = opened(none, memory)
    after(passes, byTurns(8, byRule, approve))
    expect(codesOf(passes)).toEqual(['asked-by-rule'])
    expect(passes.request.state).toMatchObject({ cause: { kind: 'refused' } })
    expect(passes.request.reason).toMatchObject({ code: 'refused-by-azure' })
    after(passes, [byRule])
    expect(passes.request.reason).toEqual(byRule.reason)
  })

  it('and that is refused again after another question is not said again, and its week goes on', () => {
    const passes = opened(none, { ...memory, refused: refusedOnce(now.toISOString()) })
    after(passes, [byRule, approve])
    expect(passes.request.state.name).toBe('applying')
    passes.step({ kind: 'refused', code: refused.code, message: 'No.', passes: true })
    expect([codesOf(passes), isOpen(passes.request)]).toEqual([['asked-by-rule'], true])
    expect(passes.request.refused?.since).toBe(refused.since)
  })
})

describe('a hold', () => {
  it('that alternates with a question is said once', () => {
    const hold = { kind: 'burst', knownRules: ['sales v1'] } as const
    const passes = after(opened(none, { hold, caseId: 'beef.1.1' }), byTurns(12, verdict('approve'), none))
    expect(codesOf(passes)).toEqual(['burst-limit'])
    expect(passes.request.reason).toEqual(none.reason)
  })
})

describe('the same endpoint in its next episode', () => {
  it('asks its questions anew', () => {
    const passes = after(opened(), [byRule])
    passes.verdict = none
    passes.pass({ endpoint: endpoint('b') })
    expect(codesOf(passes)).toEqual(['asked-by-rule', 'no-rule-matched'])
    expect([passes.request.said.length, passes.request.changes]).toEqual([1, 0])
  })
})

describe('whatever is evaluated one after the other in one episode', () => {
  const lists = ['list-1', 'list-2', 'list-3', 'list-4']
  const evaluation = fc.record({
    verdict: fc.oneof(
      fc.constant(unusable),
      fc
        .tuple(
          fc.constantFrom(none, byRule, maybe, another(2), another(3), verdict('approve')),
          fc.constantFrom(...lists),
        )
        .map(([one, list]) => by(list, one)),
    ),
    count: fc.integer({ min: 0, max: 2 }),
    description: fc.constantFrom('', 'Please.', 'Urgent!'),
    minutes: fc.constantFrom(1, 60, 1440),
  })

  it('people are notified ten times at most, and not of changes after the last of them; the record shows what is so now', () => {
    fc.assert(
      fc.property(fc.array(evaluation, { maxLength: 60 }), (evaluations) => {
        const passes = opened()
        for (const { verdict: one, count, description, minutes } of evaluations) {
          const sentence = `${one.reason.sentence} Actual: ${count}.`
          const { changes } = passes.request
          const isLast = passes.notified.some((notification) => notification.sentence.includes(lastChange))
          passes.at = new Date(passes.at.getTime() + minutes * minute * 1000)
          passes.verdict = { ...one, reason: { ...one.reason, sentence } }
          passes.pass({ description })
          const { reason, requesterSaid } = passes.request
          if (isOpen(passes.request))
            expect([reason, requesterSaid]).toEqual([passes.verdict.reason, description])
          if (isLast) expect(passes.request.changes).toBe(changes)
        }
        expect(passes.notified.length).toBeLessThan(maxQuestions)
      }),
      { numRuns: 300 },
    )
  })
})
