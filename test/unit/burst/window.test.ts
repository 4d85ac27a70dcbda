import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BurstWindow } from '../../../shared/domain/burst.ts'
import { countRequest } from '../../../shared/policy/index.ts'

const limit = { max: 3, windowMs: 100 }

/** One source, asked in order: the case of each request, or `-` for one within the limit. */
function ask(asked: readonly { key: string; at: number; isRelease?: boolean }[], max = limit.max) {
  let window: BurstWindow | undefined
  return asked.map(({ key, at, isRelease = false }) => {
    const count = countRequest(window, { key, at, isRelease, decisionId: `case-${key}` }, { ...limit, max })
    window = count.window
    return count.caseId ?? '-'
  })
}

/** Requests a, b, c… at these times. */
const at = (...times: number[]) =>
  times.map((time, index) => ({ key: 'abcdefghijkl'.charAt(index), at: time }))

describe('requests of one source', () => {
  it.each([
    ['up to the limit are within it', at(0, 1, 2), '- - -'],
    ['over it share the case that the first of them opens', at(0, 1, 2, 3, 4), '- - - case-d case-d'],
    ['are within it again when the window has passed', at(0, 1, 2, 102, 103), '- - - - -'],
    ['at the very end of the window no longer count', at(0, 1, 2, 100), '- - - -'],
    ['a moment before its end still do', at(0, 1, 2, 99), '- - - case-d'],
    [
      'that go on count also when they are over it',
      at(0, 1, 2, 90, 91, 92, 150),
      `- - - ${'case-d '.repeat(4).trim()}`,
    ],
    [
      'that keep coming stay in one case, however long',
      at(0, 1, 2, 50, 51, 52, 120, 149),
      `- - - ${'case-d '.repeat(5).trim()}`,
    ],
    [
      'of the next burst open a case of their own',
      at(0, 1, 2, 3, 200, 201, 202, 203),
      '- - - case-d - - - case-h',
    ],
  ])('%s', (_, asked, expected) => {
    expect(ask(asked).join(' ')).toBe(expected)
  })

  it.each([
    ['count as long as the others', at(50, 51, 52, 10, 11, 111), '- - - case-d case-d case-f'],
    ['do not close a case early', at(50, 51, 52, 60, 10, 115), '- - - case-d case-d case-d'],
  ])('of an instance whose clock is slow %s', (_, asked, expected) => {
    expect(ask(asked).join(' ')).toBe(expected)
  })

  it('that are asked about again stand as they stood, and are not counted twice', () => {
    const [a, b, c, d] = at(0, 1, 2, 3)
    const asked = [a, a, a, b, c, d, d, a].filter((request) => request !== undefined)
    expect(ask(asked)).toEqual(['-', '-', '-', '-', '-', 'case-d', 'case-d', '-'])
  })
})

describe('a request that is released', () => {
  it('is within the limit when the others are, and over it without being counted while they are not', () => {
    const burst = at(0, 1, 2, 3)
    const release = (time: number) => ({ key: 'd', at: time, isRelease: true })
    expect(ask([...burst, release(50), release(99), release(100), { key: 'x', at: 101 }])).toEqual([
      ...['-', '-', '-', 'case-d'],
      ...['case-d', 'case-d', '-', '-'],
    ])
  })

  it('and looked at again and again does not keep its own burst alive', () => {
    const burst = at(0, 1, 2, 3, 4, 5)
    const passes = [10, 50, 90, 104, 105, 106].flatMap((time) =>
      ['d', 'e', 'f'].map((key) => ({ key, at: time, isRelease: true })),
    )
    expect(ask([...burst, ...passes]).filter((stands) => stands === '-')).toHaveLength(3 + 9)
  })
})

describe('whatever comes in whatever order', () => {
  const anyRequests = fc
    .array(
      fc.record({
        key: fc.integer({ min: 0, max: 60 }),
        wait: fc.integer({ min: 0, max: 40 }),
        isRelease: fc.boolean(),
      }),
      {
        maxLength: 120,
      },
    )
    .map((steps) => {
      let time = 1000
      return steps.map(({ key, wait, isRelease }) => ({ key: `k${key}`, at: (time += wait), isRelease }))
    })
  const anyMax = fc.integer({ min: 1, max: 6 })

  it('never are more than the limit counted as within it in any window', () => {
    let bursts = 0
    fc.assert(
      fc.property(anyRequests, anyMax, (requests, max) => {
        const within: number[] = []
        let window: BurstWindow | undefined
        for (const request of requests) {
          const count = countRequest(window, { ...request, decisionId: request.key }, { ...limit, max })
          if (count.caseId !== undefined) bursts += 1
          else if (count.window !== window) within.push(request.at)
          window = count.window
        }
        for (const end of within) {
          const inWindow = within.filter((time) => time > end - limit.windowMs && time <= end)
          expect(inWindow.length).toBeLessThanOrEqual(max)
        }
      }),
      { numRuns: 2000 },
    )
    expect(bursts).toBeGreaterThan(1000)
  })

  it('what is remembered never grows, and a case is named as soon as one is over it', () => {
    fc.assert(
      fc.property(anyRequests, anyMax, (requests, max) => {
        let window: BurstWindow | undefined
        for (const request of requests) {
          const count = countRequest(window, { ...request, decisionId: request.key }, { ...limit, max })
          window = count.window
          expect(window.counted.length).toBeLessThanOrEqual(max + 1)
          if (count.caseId !== undefined && !request.isRelease) expect(window.caseId).toBe(count.caseId)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('asking about the same request at once gives the same answer and changes nothing', () => {
    fc.assert(
      fc.property(anyRequests, anyMax, (requests, max) => {
        let window: BurstWindow | undefined
        for (const { key, at: time } of requests) {
          const asked = { key, at: time, isRelease: false, decisionId: `case-${key}` }
          const first = countRequest(window, asked, { ...limit, max })
          const again = countRequest(first.window, asked, { ...limit, max })
          expect(again.caseId).toBe(first.caseId)
          expect(again.window).toBe(first.window)
          window = first.window
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('while the newest case of the source is open', () => {
  const open: BurstWindow = {
    counted: [{ key: 'old', at: 0, isOver: true }],
    caseId: 'case-old',
    overAt: 0,
  }
  const count = (window: BurstWindow, isHeldBy: ((caseId: string) => boolean | undefined) | undefined) =>
    countRequest(window, { key: 'new', at: 1000, decisionId: 'case-new', isRelease: false, isHeldBy }, limit)

  it('whether it holds a request has to be looked up first, and nothing is counted before', () => {
    const counted = count(open, () => undefined)
    expect(counted).toEqual({ window: open, caseId: undefined, isJoining: false, inQuestion: 'case-old' })
    expect(counted.window).toBe(open)
  })

  it('a request that it holds is over the limit, as the first of its window, and is counted', () => {
    const counted = count(open, () => true)
    expect(counted).toMatchObject({ caseId: 'case-old', isJoining: true, inQuestion: undefined })
    expect(counted.window).toEqual({
      counted: [{ key: 'new', at: 1000, isOver: true }],
      caseId: 'case-old',
      overAt: 1000,
    })
    expect(count(counted.window, () => true)).toEqual(counted)
  })

  it('a second one of the same window joins without another word', () => {
    const { window } = count(open, () => true)
    const next = { key: 'next', at: 1001, decisionId: 'case-next', isRelease: false, isHeldBy: () => true }
    expect(countRequest(window, next, limit)).toMatchObject({ caseId: 'case-old', isJoining: false })
  })

  it.each([
    ['that it does not hold', () => false],
    ['of a verdict that no case holds', undefined],
  ])('a request %s is within the limit', (_, isHeldBy) => {
    expect(count(open, isHeldBy)).toMatchObject({ caseId: undefined, inQuestion: undefined })
  })

  it('a request that is to be released is not held by it', () => {
    const release = { key: 'new', at: 1000, decisionId: 'd', isRelease: true, isHeldBy: () => true }
    expect(countRequest(open, release, limit).caseId).toBeUndefined()
  })

  it('nothing is looked up where there is no case, or where the request is over the limit anyway', () => {
    const never = () => expect.unreachable('It was looked up.')
    expect(
      count({ ...open, caseId: undefined, overAt: undefined, counted: [] }, never).caseId,
    ).toBeUndefined()
    const full = [997, 998, 999].map((time, index) => ({ key: `k${index}`, at: time, isOver: true }))
    expect(count({ ...open, counted: full, overAt: 999 }, never).caseId).toBe('case-old')
  })
})
