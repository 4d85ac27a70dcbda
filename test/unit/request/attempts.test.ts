import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../shared/domain/request.ts'
import { attempted, attemptsAfter, mayLand } from '../../../shared/request/attempts.ts'
import type { LifeEvent } from '../../../shared/request/step.ts'
import { ago, applying, attempt, decided, decisionId, lake, now, read, readBack } from './given.ts'

const tenMinutesOn = ago(-600)
const other = (at: number, mayLandUntil?: string): Attempt => ({
  ...{ decisionId: `other.1.${at}`, outcome: 'reject', mayLandUntil },
})
const ofDecision = { decisionId, outcome: 'approve' } as const
const ids = (attempts: readonly Attempt[]) => attempts.map((one) => one.decisionId)
const words = { code: 'C', message: 'Words.' }

describe('an attempt may be carried out', () => {
  it.each([
    ['until its time', ago(-0.1), true],
    ['not from then on', ago(0), false],
    ['not where nothing is awaited', undefined, false],
    ['not where a wrong clock gave it years', ago(-365 * 24 * 3600), false],
  ])('%s', (_, until, isSo) => {
    expect(mayLand(attempt('approve', until), now)).toBe(isSo)
  })
})

describe('one more attempt', () => {
  it('may be carried out for ten minutes from now, whoever sends it', () => {
    expect(attempted([], ofDecision, now)).toEqual([attempt('approve', tenMinutesOn)])
  })

  it('stands beside an earlier one of the same decision that may be carried out', () => {
    const earlier = attempt('approve', ago(-1))
    expect(attempted([earlier], ofDecision, now)).toEqual([earlier, attempt('approve', tenMinutesOn)])
  })

  it.each([undefined, ago(0)])(
    'stands beside one of the same decision of which nothing comes any more',
    (until) => {
      const before = [other(1), attempt('approve', until), other(2)]
      expect(attempted(before, ofDecision, now)).toEqual([...before, attempt('approve', tenMinutesOn)])
    },
  )

  it('stands beside no more than one of the same decision of which nothing comes any more: one whose end nobody saw', () => {
    const unseen = attempt('approve', ago(0))
    const before = [attempt(), unseen, other(2), attempt()]
    expect(attempted(before, ofDecision, now)).toEqual([unseen, other(2), attempt('approve', tenMinutesOn)])
  })

  it('is one of eight: the oldest of which nothing comes any more goes first', () => {
    const landing = other(1, ago(-1))
    const settled = [2, 3, 4, 5, 6, 7].map((at) => other(at))
    const seven = [landing, ...settled]
    expect(ids(attempted(seven, ofDecision, now))).toEqual([...ids(seven), decisionId])
    expect(ids(attempted([...seven, other(8)], ofDecision, now))).toEqual([
      ...ids([landing, ...settled.slice(1), other(8)]),
      decisionId,
    ])
  })

  it('is one of eight: where all may be carried out, the oldest goes', () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8].map((at) => other(at, ago(-1)))
    expect(ids(attempted(all, ofDecision, now))).toEqual([...ids(all.slice(1)), decisionId])
  })
})

describe('of the last attempt', () => {
  const earlier = attempt('approve', ago(-100))
  const request = applying({}, { attempts: [earlier, attempt('approve', ago(-500))] })
  const after = (event: LifeEvent, isInForce?: boolean) => attemptsAfter(request, event, now, isInForce)
  const over = [earlier, attempt('approve')]

  it.each<[string, LifeEvent]>([
    ['an Azure that is busy', { kind: 'busy', afterSeconds: 1, ...words }],
    ['a list and a read that differ', { kind: 'contradicted' }],
    ['a refusal', { kind: 'refused', passes: true, ...words }],
    ['a connection that is there although a write says that it is gone', { kind: 'still-there' }],
  ])('nothing comes any more after %s, and nothing is said of earlier ones', (_, event) => {
    expect(after(event)).toEqual(over)
  })

  it.each<[string, LifeEvent]>([
    ['a read right before the write', read(lake())],
    ['a decision that was read right before the write', { ...decided(lake()), isUnsent: true } as LifeEvent],
  ])('nothing is kept after %s, as nothing was sent', (_, event) => {
    expect(after(event)).toEqual([earlier])
  })

  it('nothing comes any more when its decision is in force without having been sent', () => {
    expect(after({ ...decided(lake()), isUnsent: true } as LifeEvent, true)).toEqual(over)
  })

  it('nothing comes any more when Azure shows it', () => {
    expect(after(readBack(lake()), true)).toEqual(over)
  })

  it.each<LifeEvent>([{ kind: 'accepted' }, { kind: 'unanswered', afterSeconds: 0, ...words }])(
    'something may come for ten minutes from now when its end was not seen',
    (event) => {
      expect(after(event)).toEqual([earlier, attempt('approve', tenMinutesOn)])
    },
  )

  it.each<LifeEvent>([readBack(lake()), decided(lake()), { kind: 'written' }, { kind: 'gone' }])(
    'nothing new is known after %o',
    (event) => {
      expect(after(event)).toBe(request.attempts)
    },
  )
})
