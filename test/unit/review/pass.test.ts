import { describe, expect, it } from 'vitest'
import { both, done, requeue, requeueAfterConflict } from '../../../shared/review/pass.ts'

describe('of two ends of a pass', () => {
  it.each([
    { a: done, b: done, backSeconds: undefined },
    { a: done, b: requeue(5), backSeconds: 5 },
    { a: requeue(5), b: done, backSeconds: 5 },
    { a: requeue(5), b: requeue(7), backSeconds: 5 },
    { a: requeue(7), b: requeue(5), backSeconds: 5 },
    { a: { recheckSeconds: 5 }, b: requeue(7), backSeconds: 7 },
  ])('$a and $b, the sooner one counts', ({ a, b, backSeconds }) => {
    expect(both(a, b).backSeconds).toBe(backSeconds)
  })

  it.each([
    [undefined, undefined, undefined],
    [900, undefined, 900],
    [undefined, 900, 900],
    [900, 60, 60],
    [60, 900, 60],
  ])('with looks in %s s and in %s s the next look is in %s s', (a, b, recheckSeconds) => {
    expect(both({ recheckSeconds: a }, { recheckSeconds: b }).recheckSeconds).toBe(recheckSeconds)
  })

  it('conflicts are kept beside what else happened', () => {
    const one = { recheckSeconds: 900 }
    expect(both(requeueAfterConflict(3), one)).toMatchObject({ backSeconds: 8, conflicts: 3, ...one })
    expect(both(one, requeueAfterConflict(3))).toMatchObject({ backSeconds: 8, conflicts: 3, ...one })
  })

  it.each([
    [false, false, false],
    [true, false, true],
    [false, true, true],
  ])('where one needs the series (%s, %s), it is needed: %s', (a, b, needsSeries) => {
    expect(both({ needsSeries: a }, { needsSeries: b }).needsSeries).toBe(needsSeries)
    expect(both(a ? { needsSeries: true } : done, b ? { needsSeries: true } : done).needsSeries).toBe(
      needsSeries,
    )
  })
})
