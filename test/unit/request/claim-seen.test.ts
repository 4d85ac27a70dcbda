import { describe, expect, it } from 'vitest'
import type { Claim, PersonsNo } from '../../../shared/domain/claim.ts'
import type { KnownRules } from '../../../shared/domain/request.ts'
import { isKnown, type Seen } from '../../../shared/request/claim-entry.ts'
import { claimAfter, crowded, doubtedBy, isCrowded, isForgotten } from '../../../shared/request/claim-seen.ts'
import { ago, endpoint, lake, now, proofWith, rule } from './given.ts'

describe('a claim', () => {
  const seen = (
    change: Parameters<typeof lake>[0] = {},
    fate: 'waiting' | 'rejected-by-person' = 'waiting',
  ) => [{ connection: lake(change), fate }]
  /** The claim of an endpoint, of which these connections are listed and new. */
  const after = (
    before: Claim | undefined,
    news: readonly Seen[],
    at = now,
    { knownRules, earlierNo }: { knownRules?: KnownRules; earlierNo?: PersonsNo } = {},
  ) => {
    const listed = news.map(({ connection }) => connection)
    return claimAfter(before, { endpoint: endpoint('a'), listed, news, earlierNo, knownRules }, at)
  }
  const first = after(undefined, seen())
  const later = (ms: number) => new Date(now.getTime() + ms)
  const day = 24 * 3_600_000

  it('begins at the first sight', () => {
    expect(first).toEqual({
      endpointId: endpoint('a').id,
      firstSeenAt: now.toISOString(),
      lastSeenAt: now.toISOString(),
      connections: [
        {
          ...{ connectionId: lake().id.id, status: 'Pending', description: '', fate: 'waiting' },
          since: now.toISOString(),
        },
      ],
      approvedAt: undefined,
      refusal: undefined,
      doubt: undefined,
      held: undefined,
      crowdedAt: undefined,
    })
  })

  it('stays the same object while nothing changes, for a day', () => {
    expect(after(first, [], later(day - 1))).toBe(first)
    expect(after(first, [], later(day))).toEqual({
      ...first,
      lastSeenAt: later(day).toISOString(),
    })
  })

  it('knows a connection by its id in any case, its status, and the words of a decision', () => {
    const { id } = lake()
    expect(
      isKnown(first, lake({ id: { ...id, id: id.id.toUpperCase() }, description: 'Other words.' })),
    ).toBe(true)
    expect(isKnown(first, lake({ status: 'Rejected' }))).toBe(false)
    expect(isKnown(undefined, lake())).toBe(false)
    const no = after(first, seen({ status: 'Rejected', description: 'No.' }))
    expect(isKnown(no, lake({ status: 'Rejected', description: 'No.' }))).toBe(true)
    expect(isKnown(no, lake({ status: 'Rejected', description: 'Never.' }))).toBe(false)
    expect(no.connections).toHaveLength(1)
  })

  it('keeps a person’s “no” while its connection waits again, and the newest of two', () => {
    const no = after(first, seen({ status: 'Rejected' }, 'rejected-by-person'), now, {
      knownRules: ['sales v1'],
    })
    expect(no.refusal).toEqual({
      at: now.toISOString(),
      fate: 'rejected-by-person',
      knownRules: ['sales v1'],
    })
    const again = after(no, seen(), later(1))
    expect(again.refusal).toEqual(no.refusal)
    const second = after(again, seen({ status: 'Rejected' }, 'rejected-by-person'), later(2), {
      knownRules: [],
    })
    expect(second.refusal).toEqual({ at: later(2).toISOString(), fate: 'rejected-by-person', knownRules: [] })
  })

  it('takes over an earlier “no” to its connection once, and keeps a newer one', () => {
    const earlierNo = { at: ago(60), fate: 'rejected-by-person', knownRules: ['sales v1'] } as const
    const taken = after(first, [], now, { earlierNo })
    expect(taken.refusal).toEqual(earlierNo)
    expect(after(taken, [], later(1), { earlierNo })).toBe(taken)
    const no = after(first, seen({ status: 'Rejected' }, 'rejected-by-person'))
    expect(after(no, [], later(1), { earlierNo })).toBe(no)
  })

  describe('that a connection hides its endpoint', () => {
    const hidden = (status: string) => lake({ status, endpoint: undefined })

    it('and is Approved, is no approval of the endpoint', () => {
      const approved = [{ connection: hidden('Approved'), fate: 'approved-by-person' }] as const
      expect(after(undefined, approved).approvedAt).toBeUndefined()
      expect(isKnown(first, hidden('Approved'))).toBe(true)
      expect(isKnown(first, hidden('Rejected'))).toBe(false)
      expect(isKnown(undefined, hidden('Approved'))).toBe(false)
    })

    it('and nobody knows which, is a claim of its own', () => {
      const news = [{ connection: hidden('Pending'), fate: 'waiting' }] as const
      const sight = { endpoint: undefined, listed: [], news, earlierNo: undefined, knownRules: undefined }
      const claim = claimAfter(undefined, sight, now)
      expect(claim).toMatchObject({ endpointId: undefined, connections: [{ connectionId: lake().id.id }] })
      expect(isKnown(claim, hidden('Pending'))).toBe(true)
      expect(isKnown(claim, hidden('Approved'))).toBe(false)
    })
  })

  describe('with more connections than fit', () => {
    const numbered = (count: number, description = 'x'.repeat(140), from = 0) =>
      Array.from({ length: count }, (_, index) => ({
        connection: lake({
          id: { ...lake().id, id: `${lake().id.id}${from + index}` },
          status: 'Rejected',
          description,
        }),
        fate: 'rejected-by-person' as const,
      }))
    const numbersOf = ({ connections }: Claim) =>
      connections.map(({ connectionId }) => Number(connectionId.slice(lake().id.id.length)))
    const full = after(undefined, numbered(200))

    it('keeps as many as fit, and notes that there were more', () => {
      const count = numbersOf(full).length
      expect(count).toBeGreaterThan(20)
      expect(JSON.stringify(full.connections).length).toBeLessThanOrEqual(17_001)
      expect(numbersOf(full)).toEqual(Array.from({ length: count }, (_, index) => index))
      expect(full.crowdedAt).toBe(now.toISOString())
      expect(after(undefined, numbered(count)).crowdedAt).toBeUndefined()
    })

    it('changes no more, as long as the same ones are listed, for a day', () => {
      const listed = numbered(200).map(({ connection }) => connection)
      const news = numbered(200).slice(full.connections.length)
      const sight = { endpoint: endpoint('a'), listed, news, earlierNo: undefined, knownRules: ['sales v2'] }
      expect(claimAfter(full, sight, later(day - 1))).toBe(full)
      const renewed = later(day).toISOString()
      expect(claimAfter(full, sight, later(day))).toEqual({
        ...full,
        lastSeenAt: renewed,
        crowdedAt: renewed,
      })
    })

    it('forgets those first that are listed no longer, and minds where one of them was a person’s “no”', () => {
      const waited = after(
        undefined,
        numbered(200).map((one) => ({ ...one, fate: 'waiting' as const })),
      )
      const next = after({ ...waited, crowdedAt: undefined }, numbered(1, 'y'.repeat(140), 900), later(1))
      const [oldest] = numbersOf(next)
      expect(oldest).toBeGreaterThan(0)
      expect(numbersOf(next)).toEqual([...numbersOf(waited).slice(oldest), 900])
      expect(next.crowdedAt).toBeUndefined()
      const afterNo = after({ ...full, crowdedAt: undefined }, numbered(1, 'y'.repeat(140), 900), later(1))
      expect(afterNo.crowdedAt).toBe(later(1).toISOString())
    })
  })

  it('notes once a day that more was seen beside it, and minds that for ninety days', () => {
    const noted = crowded(first, later(1))
    expect(noted).toEqual({ ...first, lastSeenAt: later(1).toISOString(), crowdedAt: later(1).toISOString() })
    if (!noted) throw new Error('Nothing was noted.')
    expect(crowded(noted, later(day))).toBeUndefined()
    expect(crowded(noted, later(day + 1))?.crowdedAt).toBe(later(day + 1).toISOString())
    expect(isCrowded(first, now)).toBe(false)
    expect(isCrowded(noted, later(90 * day))).toBe(true)
    expect(isCrowded(noted, later(90 * day + 1))).toBe(false)
  })

  it('is forgotten ninety days after it was seen', () => {
    expect(isForgotten(first, later(90 * day - 1))).toBe(false)
    expect(isForgotten(first, later(90 * day))).toBe(true)
  })

  it.each([
    ['competing-claim', true],
    ['competing-claim-hidden', true],
    ['competing-claim-unexplained', true],
    ['competing-claims-unknown', false],
    ['could-not-ask', false],
  ] as const)('notes that the proof found a %s: %s', (code, isNoted) => {
    expect(doubtedBy(first, proofWith('requester-not-found', code), [rule()], now) !== undefined).toBe(
      isNoted,
    )
  })

  describe('that the proof found a competing claim is noted', () => {
    const found = (claim: Claim, ms: number, rules = [rule()]) =>
      doubtedBy(claim, proofWith('competing-claim'), rules, later(ms))
    const doubted = found(first, 0) ?? first
    const held = (ms: number, knownRules: readonly string[] | 'too-many' = ['sales v1']) => ({
      ...doubted,
      held: { at: later(ms).toISOString(), knownRules },
    })

    it('once in ninety days', () => {
      expect(found(doubted, 90 * day - 1)).toBeUndefined()
      expect(found(doubted, 90 * day)?.doubt?.at).toBe(later(90 * day).toISOString())
    })

    it.each([
      ['once more after a person’s approval', { ...doubted, approvedAt: later(1).toISOString() }, true],
      ['not after an approval that came before it', { ...doubted, approvedAt: ago(1) }, false],
      ['not after one at the same time', { ...doubted, approvedAt: now.toISOString() }, false],
      ['not while the rules are those of the hold', held(1, ['sales v1', 'sales v2']), false],
      ['once more when a rule is newer than the hold', held(0), true],
      ['not when a rule is newer than a hold before it', held(-1), false],
      ['not where too many rules were known', held(1, 'too-many'), false],
    ])('%s', (_, claim, isNoted) => {
      const again = found(claim, 5, [rule(1), rule(2)])
      expect(again?.doubt?.at).toBe(isNoted ? later(5).toISOString() : undefined)
      if (again) expect(found(again, 6, [rule(1), rule(2)])).toBeUndefined()
    })
  })
})
