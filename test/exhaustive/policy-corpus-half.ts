import { describe, expect, it } from 'vitest'
import { mustNotOccur, mustOccur } from '../unit/policy/corpus-coverage.ts'
import { corpusSeed, requestsPerSet, ruleSets, runCorpus } from '../unit/policy/corpus.ts'
import { Tally } from '../unit/policy/corpus-tally.ts'

/** The tests of one half of the corpus: each half is a file of its own, so that both can run at once. */
export function testHalf(half: 0 | 1): void {
  const sets = ruleSets / 2

  describe('half a million random requests against random rule sets', () => {
    let tally = new Tally()

    it('get the verdict that the plainest telling of the policy gives, in whatever order the rules are', () => {
      tally = runCorpus(corpusSeed(), half * sets, (half + 1) * sets)
      expect(tally.of('requests')).toBe(sets * requestsPerSet)
    })

    it.each(mustOccur)('and hold $atLeast or more of each $what', ({ things, atLeast }) => {
      expect(tally.scarce(things, atLeast)).toEqual([])
    })

    it('and no rule is missed for capitals, order or repetition', () => {
      expect(mustNotOccur.filter((what) => tally.of(what) > 0)).toEqual([])
    })
  })
}
