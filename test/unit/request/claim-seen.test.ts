import { describe, expect, it } from 'vitest'
import type { Claim, Fate } from '../../../shared/domain/claim.ts'
import { claimAfter, doubtedBy, fateOf, isForgotten, isKnown } from '../../../shared/request/claim-seen.ts'
import type { Request } from '../../../shared/domain/request.ts'
import {
  ago,
  applied,
  applying,
  attempt,
  decidedElsewhere,
  decisionId,
  endpoint,
  lake,
  now,
  open,
  ours,
  proofWith,
  request,
  rule,
} from './given.ts'

const attempted = (outcome: 'approve' | 'reject') => ({ attempts: [attempt(outcome)] })
const description = ours().description
const rejectedNow = { status: 'Rejected' } as const
const rejectedByUs = (change: Partial<Request> = {}) =>
  request({ name: 'applied', outcome: 'reject', at: ago(9) }, { ...attempted('reject'), ...change })
const plain = { writeSupport: 'without-description' } as const

describe('the fate of a connection', () => {
  it.each([
    ['waits', lake(), undefined, 'waiting'],
    ['waits in a status that is not known', lake({ status: 'Removing' }), applied(), 'waiting'],
    ['is Approved by us', ours(), applied(9, attempted('approve')), 'approved-by-app'],
    ['is Approved while we apply it', ours(), applying(), 'approved-by-app'],
    ['is Approved, and was never seen', ours(), undefined, 'approved-by-person'],
    [
      'is Approved in other words',
      lake({ status: 'Approved' }),
      applied(9, attempted('approve')),
      'approved-by-person',
    ],
    [
      'is Approved in words that name a decision on it',
      ours(),
      applied(9, attempted('reject')),
      'approved-by-app',
    ],
    ['is Rejected by us', ours(rejectedNow), rejectedByUs(), 'rejected-by-app'],
    ['is Rejected while we apply it', ours(rejectedNow), applying({ outcome: 'reject' }), 'rejected-by-app'],
    [
      'is Rejected by us, and hides its endpoint',
      ours({ ...rejectedNow, endpoint: undefined }),
      rejectedByUs(),
      'rejected-by-app',
    ],
    [
      'is Rejected in the words of an earlier episode',
      ours({ ...rejectedNow, description: 'decision c0ffee00c0ffee00c0ff.1.3' }),
      rejectedByUs({
        attempts: [attempt('reject'), { ...attempt('reject'), decisionId: 'c0ffee00c0ffee00c0ff.1.3' }],
      }),
      'rejected-by-person',
    ],
    [
      'is Rejected in words that its message had before',
      ours(rejectedNow),
      rejectedByUs({ requesterSaid: `As before: "${description.toUpperCase()}"!` }),
      'rejected-by-person',
    ],
    [
      'is Rejected in our words, while it waited for a person',
      ours(rejectedNow),
      open({ kind: 'refused' }, attempted('reject')),
      'rejected-by-person',
    ],
    [
      'is Rejected in our words, after a person decided it',
      ours(rejectedNow),
      { ...decidedElsewhere, ...attempted('reject') },
      'rejected-by-person',
    ],
    [
      'is Rejected in our words with more behind them than we write',
      ours({ ...rejectedNow, description: description.padEnd(141, '.') }),
      rejectedByUs(),
      'rejected-by-person',
    ],
    [
      'is Rejected in our words, with another endpoint',
      ours({ ...rejectedNow, endpoint: endpoint('b') }),
      rejectedByUs(),
      'rejected-by-person',
    ],
    [
      'is Rejected in our words, and we apply an approval',
      ours(rejectedNow),
      applying({}, attempted('reject')),
      'rejected-by-person',
    ],
    [
      'is Rejected in our words, and nobody knew whether we had rejected it',
      ours(rejectedNow),
      open({ kind: 'refused' }, { attempts: [attempt('reject', ago(60))] }),
      'rejected-by-app',
    ],
    [
      'is Rejected in words that its message had before, and nobody knew whether we had rejected it',
      ours(rejectedNow),
      open({ kind: 'refused' }, { attempts: [attempt('reject', ago(60))], requesterSaid: description }),
      'rejected-by-person',
    ],
    [
      'keeps no description, and is Rejected as the record says',
      lake({ ...rejectedNow, ...plain }),
      rejectedByUs(),
      'rejected-by-app',
    ],
    [
      'keeps no description, and is Rejected while we apply it',
      lake({ ...rejectedNow, ...plain }),
      applying({ outcome: 'reject' }),
      'rejected-by-person',
    ],
    [
      'is Approved in a person’s words about a question of ours',
      lake({ status: 'Approved', description: 'Fine, see c0ffee00c0ffee00c0ff.2.5.' }),
      open(),
      'approved-by-person',
    ],
    [
      'is Approved in words that its message had before',
      ours(),
      applied(9, { ...attempted('approve'), requesterSaid: description }),
      'approved-by-app',
    ],
    [
      'keeps no description, and is Approved after an approval that we gave up',
      lake({ status: 'Approved', ...plain }),
      open(undefined, attempted('approve')),
      'approved-by-app',
    ],
    [
      'keeps no description, and is Approved after an approval of an earlier episode',
      lake({ status: 'Approved', ...plain }),
      open(undefined, { attempts: [{ ...attempt(), decisionId: 'c0ffee00c0ffee00c0ff.1.3' }] }),
      'approved-by-person',
    ],
    [
      'is Disconnected with a description that its message had before',
      lake({ status: 'Disconnected', description }),
      applied(9, { ...attempted('approve'), requesterSaid: description }),
      'taken-back',
    ],
    [
      'keeps no description, and is Disconnected with one that names our approval',
      lake({ status: 'Disconnected', description, ...plain }),
      applied(9, attempted('approve')),
      'taken-back',
    ],
    ['is Rejected, and was never seen', lake({ status: 'Rejected' }), undefined, 'rejected-by-person'],
    ['is Rejected, and waited for a person', lake({ status: 'Rejected' }), open(), 'rejected-by-person'],
    [
      'is Rejected after our approval',
      lake({ status: 'Rejected' }),
      applied(9, attempted('approve')),
      'taken-back',
    ],
    [
      'is Rejected in the words of our approval',
      ours({ status: 'Rejected' }),
      applied(9, attempted('approve')),
      'taken-back',
    ],
    [
      'is Rejected in the words of a longer id',
      ours({ status: 'Rejected', description: `${decisionId}1` }),
      rejectedByUs(),
      'rejected-by-person',
    ],
    ['is Disconnected, and we never approved it', lake({ status: 'Disconnected' }), open(), 'disconnected'],
    ['is Disconnected, and was never seen', lake({ status: 'Disconnected' }), undefined, 'disconnected'],
    [
      'is Disconnected in other words than our approval',
      lake({ status: 'Disconnected' }),
      applied(9, attempted('approve')),
      'taken-back',
    ],
    [
      'is Disconnected with our approval still there',
      lake({ status: 'Disconnected', description }),
      applied(9, attempted('approve')),
      'disconnected',
    ],
    [
      'keeps no description, and the record says Approved',
      lake({ status: 'Approved', ...plain }),
      applied(9, attempted('approve')),
      'approved-by-app',
    ],
    [
      'keeps no description, and the record says nothing',
      lake({ status: 'Approved', ...plain }),
      open(),
      'approved-by-person',
    ],
    [
      'keeps no description, and is Rejected after our approval',
      lake({ status: 'Rejected', ...plain }),
      applied(9, attempted('approve')),
      'taken-back',
    ],
  ] as const)('that %s', (_, live, record, fate) => {
    expect(fateOf(live, record, undefined)).toBe(fate)
  })

  it.each([
    ['since before our rejection', 'waiting', ago(9), 'rejected-by-app'],
    ['since after our rejection', 'waiting', ago(8), 'rejected-by-person'],
    ['no longer', 'rejected-by-app', ago(8), 'rejected-by-app'],
  ] as const)('that is Rejected in our words, and waited %s', (_, fate, since, expected) => {
    const before = { connectionId: lake().id.id, status: '', description: '', fate, since }
    expect(fateOf(ours(rejectedNow), rejectedByUs(), before)).toBe(expected)
    expect(fateOf(lake({ ...rejectedNow, ...plain }), rejectedByUs(), before)).toBe(expected)
  })
})

describe('the fate of a connection that was seen before', () => {
  const before = (fate: Fate, since = ago(8)) => ({
    ...{ connectionId: lake().id.id, status: '', description: '', fate, since },
  })
  const lost = open({ kind: 'refused' }, { attempts: [attempt('reject', ago(60))] })

  it('and Approved by us stays so while only its text changes', () => {
    const other = lake({ status: 'Approved', description: 'Hello.' })
    const record = applied(9, attempted('approve'))
    expect(fateOf(other, record, before('approved-by-app'))).toBe('approved-by-app')
    expect(fateOf(other, record, before('taken-back'))).toBe('approved-by-person')
    expect(fateOf(other, record, before('waiting'))).toBe('approved-by-person')
  })

  it('and has waited since our rejection could have come is a person’s', () => {
    expect(fateOf(ours(rejectedNow), lost, before('waiting', ago(60)))).toBe('rejected-by-app')
    expect(fateOf(ours(rejectedNow), lost, before('waiting', ago(59)))).toBe('rejected-by-person')
  })
})

describe('a claim', () => {
  const seen = (
    change: Parameters<typeof lake>[0] = {},
    fate: 'waiting' | 'rejected-by-person' = 'waiting',
  ) => [{ connection: lake(change), fate }]
  const first = claimAfter(undefined, endpoint('a'), seen(), undefined, now)
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
    })
  })

  it('stays the same object while nothing changes, for a day', () => {
    expect(claimAfter(first, endpoint('a'), [], undefined, later(day - 1))).toBe(first)
    expect(claimAfter(first, endpoint('a'), [], undefined, later(day))).toEqual({
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
    const no = claimAfter(
      first,
      endpoint('a'),
      seen({ status: 'Rejected', description: 'No.' }),
      undefined,
      now,
    )
    expect(isKnown(no, lake({ status: 'Rejected', description: 'No.' }))).toBe(true)
    expect(isKnown(no, lake({ status: 'Rejected', description: 'Never.' }))).toBe(false)
    expect(no.connections).toHaveLength(1)
  })

  it('keeps a person’s “no” while its connection waits again, and the newest of two', () => {
    const no = claimAfter(
      first,
      endpoint('a'),
      seen({ status: 'Rejected' }, 'rejected-by-person'),
      ['sales v1'],
      now,
    )
    expect(no.refusal).toEqual({
      at: now.toISOString(),
      fate: 'rejected-by-person',
      knownRules: ['sales v1'],
    })
    const again = claimAfter(no, endpoint('a'), seen(), undefined, later(1))
    expect(again.refusal).toEqual(no.refusal)
    const second = claimAfter(
      again,
      endpoint('a'),
      seen({ status: 'Rejected' }, 'rejected-by-person'),
      [],
      later(2),
    )
    expect(second.refusal).toEqual({ at: later(2).toISOString(), fate: 'rejected-by-person', knownRules: [] })
  })

  it('knows the last twelve connections', () => {
    const many = Array.from({ length: 14 }, (_, index) => ({
      connection: lake({ id: { ...lake().id, id: `${lake().id.id}${index}` } }),
      fate: 'waiting' as const,
    }))
    const { connections } = claimAfter(undefined, endpoint('a'), many, undefined, now)
    expect(connections.map(({ connectionId }) => connectionId.slice(lake().id.id.length))).toEqual(
      Array.from({ length: 12 }, (_, index) => `${index + 2}`),
    )
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
