import { describe, expect, it } from 'vitest'
import { done, requeue, sooner } from '../../../shared/review/pass.ts'

describe('of two ends of a pass', () => {
  it.each([
    { a: done, b: done, end: done },
    { a: done, b: requeue(5), end: requeue(5) },
    { a: requeue(5), b: done, end: requeue(5) },
    { a: requeue(5), b: requeue(7), end: requeue(5) },
    { a: requeue(7), b: requeue(5), end: requeue(5) },
  ])('$a and $b, the sooner one counts', ({ a, b, end }) => {
    expect(sooner(a, b)).toEqual(end)
  })
})
