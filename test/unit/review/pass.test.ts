import { describe, expect, it } from 'vitest'
import { AzureBusy, AzureFailed } from '../../../shared/ports/azure.ts'
import { both, done, requeue, requeueAfterConflict, troubled } from '../../../shared/review/pass.ts'

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

  const one = troubled(new AzureFailed({ code: 'One', message: 'words' }), 'part')
  const another = troubled(new AzureFailed({ code: 'Another', message: 'words' }), 'part')

  it.each([
    { title: 'of the first alone', a: one, b: done, words: 'One ("words")' },
    { title: 'of the second alone', a: done, b: one, words: 'One ("words")' },
    { title: 'of both, the first', a: one, b: another, words: 'One ("words")' },
  ])('the trouble $title is kept', ({ a, b, words }) => {
    expect(both(a, b).trouble?.words).toBe(words)
  })

  it('all failures are kept', () => {
    const failed = [...(one.failures ?? []), ...(another.failures ?? [])]
    expect(both(one, another).failures).toEqual(failed)
    expect(both(done, another).failures).toEqual(another.failures)
  })

  it('conflicts are kept beside what else happened', () => {
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

describe('the trouble of a pass', () => {
  it.each([true, false])(
    'says what Azure said, and whether it is that of the whole target: %s',
    (isWhole) => {
      const words = { code: 'InternalServerError', message: '500' }
      expect(troubled(new AzureFailed(words), 'part', isWhole)).toEqual({
        trouble: { words: 'InternalServerError ("500")', isWhole, afterSeconds: 0 },
        failures: [{ part: 'part', words, isWhole }],
      })
    },
  )

  it('says how long Azure asked to wait', () => {
    expect(troubled(new AzureBusy(40), 'part', true).trouble?.afterSeconds).toBe(40)
  })
})
