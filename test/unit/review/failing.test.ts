import { describe, expect, it } from 'vitest'
import type { FailingPart } from '../../../shared/domain/target-work.ts'
import type { Words } from '../../../shared/domain/words.ts'
import { sameWords } from '../../../shared/domain/words.ts'
import { failedAlike, failingAfter, type Failure } from '../../../shared/review/failing.ts'

const hourMs = 3_600_000
const at = 10 * hourMs
const down: Words = { code: 'Down', message: 'It is down.' }
const failure = (part: string, words = down, isWhole = false): Failure => ({ part, words, isWhole })
const part = (name: string, since: number, lastAt = since): FailingPart => ({ part: name, since, lastAt })

describe('what Azure fails at after a pass', () => {
  it('fails since the first time in a row, however its id is written', () => {
    expect(failingAfter([part('/a', 5)], { failures: [failure('/A'), failure('/b')] }, at)).toEqual([
      part('/a', 5, at),
      part('/b', at),
    ])
  })

  it('is over where it was settled', () => {
    expect(failingAfter([part('/a', 5, at)], { settled: ['/A'] }, at)).toEqual([])
  })

  it('fails on where it failed and was settled otherwise in one pass', () => {
    const made = { settled: ['/a'], failures: [failure('/a')] }
    expect(failingAfter([part('/a', 5)], made, at)).toEqual([part('/a', 5, at)])
  })

  it('is remembered for an hour where no pass came to it', () => {
    expect(failingAfter([part('/a', 5, at - hourMs)], {}, at)).toHaveLength(1)
    expect(failingAfter([part('/a', 5, at - hourMs - 1)], {}, at)).toEqual([])
  })

  it('is remembered of twenty parts, those that fail for longest', () => {
    const before = Array.from({ length: 20 }, (_, index) => part(`/${index}`, index, at))
    expect(failingAfter(before, { failures: [failure('/new')] }, at)).toEqual(before)
  })
})

describe('what failed in one pass', () => {
  it('is one question for the same words at several parts, since the first', () => {
    const failing = [part('/a', 7), part('/b', 5)]
    const all = failedAlike({ failures: [failure('/a'), failure('/b')] }, failing, at)
    expect(all.map(({ words, since }) => [words, since])).toEqual([['Down ("It is down.")', 5]])
  })

  it('is another question for other words, another code and the whole list', () => {
    const others = [
      failure('/b', { code: 'Down', message: 'Another.' }),
      failure('/c', { code: 'Gone', message: 'It is down.' }),
      failure('/d', down, true),
    ]
    expect(failedAlike({ failures: [failure('/a'), ...others] }, [], at)).toHaveLength(4)
  })

  it('is another question for each connection that own words name', () => {
    const lacks = (name: string) => failure(name, { code: 'Differ', message: `lacks ${name}`, isOwn: true })
    expect(failedAlike({ failures: [lacks('c-1'), lacks('c-2')] }, [], at)).toHaveLength(2)
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
