import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { released, takenFor, takenThrough } from '../../../shared/cases/sends.ts'
import type { Send, Sends } from '../../../shared/domain/sends.ts'

const minuteMs = 60_000
const start = Date.parse('2026-11-21T08:00:00.000Z')
const send = (minute: number, change: Partial<Send> = {}): Send => ({
  at: start + minute * minuteMs,
  ...{ key: `m${minute}`, source: 's', isDigest: false },
  ...change,
})

/** Sends at these minutes, each to the recipient; what became of each. */
function allOf(sends: readonly Send[], perHour = 10) {
  let before: Sends = []
  return sends.map((one) => {
    const { sends: after, allowed } = takenFor(before, perHour, one)
    before = after
    return allowed
  })
}

describe('what a recipient gets in an hour', () => {
  it('is at most half of one source; the rest goes into the digest', () => {
    const allowed = allOf([0, 1, 2, 3, 4, 5, 6].map((minute) => send(minute)))
    expect(allowed).toEqual(['now', 'now', 'now', 'now', 'now', 'in-digest', 'in-digest'])
  })

  it('leaves room for one digest', () => {
    const allowed = allOf(Array.from({ length: 11 }, (_, minute) => send(minute, { source: `s${minute}` })))
    expect(allowed.slice(8)).toEqual(['now', 'in-digest', 'in-digest'])
  })

  it('is one digest, and the next one an hour later', () => {
    const digests = [send(0, { isDigest: true }), send(20, { isDigest: true }), send(60, { isDigest: true })]
    expect(allOf(digests)).toEqual(['now', { notBefore: start + 60 * minuteMs }, 'now'])
  })

  it('counts a message that is sent again once, when it was sent last', () => {
    const first = takenFor([], 10, send(0, { key: 'm' })).sends
    expect(takenFor(first, 10, send(50, { key: 'm' })).sends).toEqual([send(50, { key: 'm' })])
  })

  it('is not what was certainly not taken', () => {
    expect(released([send(0), send(1)], 'm0')).toEqual([send(1)])
    const before = [send(1)]
    expect(released(before, 'm0')).toBe(before)
  })

  it('counts a time that lies ahead, by a wrong clock, as now', () => {
    expect(takenFor([send(500, { key: 'x' })], 10, send(0)).sends[0]).toMatchObject({ key: 'x', at: start })
  })
})

describe('what goes through a channel', () => {
  const limits = [
    { max: 2, seconds: 60 },
    { max: 3, seconds: 3600 },
  ]

  it('waits for the limit that frees last', () => {
    const sends = [0, 0.5].map((minute) => send(minute))
    expect(takenThrough(sends, limits, send(0.6)).allowed).toEqual({ notBefore: start + minuteMs })
    const more = [...sends, send(2)]
    expect(takenThrough(more, limits, send(3)).allowed).toEqual({ notBefore: start + 60 * minuteMs })
    expect(takenThrough(more, limits, send(60)).allowed).toBe('now')
  })

  it('is not counted where the channel has no limits', () => {
    const before: Sends = []
    expect(takenThrough(before, [], send(0))).toEqual({ sends: before, allowed: 'now' })
  })

  it('is never more than 2,000 in any window: a larger limit is not remembered', () => {
    const full = Array.from({ length: 2_000 }, () => send(0, { key: '' }))
    expect(takenThrough(full, [{ max: 5_000, seconds: 60 }], send(0)).allowed).not.toBe('now')
  })
})

it('in every sliding hour the limits hold, however messages come', () => {
  const arrival = fc.record({
    wait: fc.integer({ min: 0, max: 30 }),
    message: fc.integer({ min: 0, max: 60 }),
  })
  fc.assert(
    fc.property(
      fc.array(arrival, { maxLength: 80 }),
      fc.integer({ min: 2, max: 12 }),
      (arrivals, perHour) => {
        let minute = 0
        let before: Sends = []
        const sent: Send[] = []
        for (const { wait, message } of arrivals) {
          minute += wait
          const source = 'abc'.charAt(message % 3)
          const one = send(minute, { key: String(message), source, isDigest: message % 5 === 0 })
          const { sends, allowed } = takenFor(before, perHour, one)
          before = sends
          if (allowed === 'now') sent.push(one)
        }
        for (const { at } of sent) {
          const inHour = sent.filter((one) => one.at >= at && one.at < at + 60 * minuteMs)
          const messages = new Set(inHour.map(({ key }) => key))
          const digests = new Set(inHour.filter(({ isDigest }) => isDigest).map(({ key }) => key))
          expect(digests.size).toBeLessThanOrEqual(1)
          expect(messages.size).toBeLessThanOrEqual(perHour)
          for (const source of ['a', 'b', 'c']) {
            const ofSource = inHour.filter((one) => one.source === source && !one.isDigest)
            expect(new Set(ofSource.map(({ key }) => key)).size).toBeLessThanOrEqual(perHour / 2)
          }
        }
      },
    ),
  )
})
