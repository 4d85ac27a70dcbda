import { describe, expect, it } from 'vitest'
import type { Words } from '../../../shared/domain/words.ts'
import { sameWords, spokenWords } from '../../../shared/domain/words.ts'
import { failedAlike, questionOf } from '../../../shared/review/failing.ts'
import type { Failure } from '../../../shared/review/next-pass.ts'

const down: Words = { code: 'Down', message: 'It is down.' }
const failure = (words = down, since = 0, isWhole = false): Failure => ({
  ...{ id: `/c-${since}`, since, isWhole, afterSeconds: 0 },
  ...{ words: spokenWords(words), question: questionOf(words, isWhole) },
})

describe('what failed in one pass', () => {
  it('is one question for the same words at several parts, since the first', () => {
    const all = failedAlike([failure(down, 5), failure(down, 7)])
    expect(all.map(({ words, since }) => [words, since])).toEqual([['Down ("It is down.")', 5]])
  })

  it('is another question for other words, another code and the whole list', () => {
    const others = [
      failure({ code: 'Down', message: 'Another.' }),
      failure({ code: 'Gone', message: 'It is down.' }),
      failure(down, 0, true),
    ]
    expect(failedAlike([failure(), ...others])).toHaveLength(4)
  })

  it('is another question for each connection that own words name', () => {
    const lacks = (name: string) => failure({ code: 'Differ', message: `lacks ${name}`, isOwn: true })
    expect(failedAlike([lacks('c-1'), lacks('c-2')])).toHaveLength(2)
  })
})

describe('words of Azure are the same', () => {
  it.each([
    ['addresses', 'Client 10.0.0.1 is refused.', 'Client 52.7.10.200 is refused.'],
    ['addresses of version 6', 'Client fe80::1 is refused.', 'Client 2001:db8:0:0:0:0:2:1 is refused.'],
    ['times', 'Since 10:15:02.', 'Since 9:01:17.'],
    ['ids', 'See 3f2504e0-4f89-11d3-9a0c-0305e82c3301.', 'See 9f2504e0-4f89-11d3-9a0c-0305e82c3302.'],
    ['request numbers', 'Request 17 failed, after 3 tries.', 'Request 401 failed, after 12 tries.'],
  ])('where they differ in %s', (_, one, other) => {
    expect(sameWords(one)).toBe(sameWords(other))
  })

  it.each([
    ['a name', 'The lock lock-1 holds.', 'The lock lock-2 holds.'],
    ['a code', '403 AuthorizationFailed', '403 ScopeLocked'],
  ])('not where they differ in %s', (_, one, other) => {
    expect(sameWords(one)).not.toBe(sameWords(other))
  })
})
