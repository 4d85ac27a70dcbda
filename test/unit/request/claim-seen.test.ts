import { describe, expect, it } from 'vitest'
import type { Claim } from '../../../shared/domain/claim.ts'
import { claimAfter, doubtedBy, fateOf, isForgotten, isKnown } from '../../../shared/request/claim-seen.ts'
import {
  applied,
  applying,
  attempt,
  decisionId,
  endpoint,
  lake,
  now,
  open,
  ours,
  proofWith,
} from './given.ts'

const attempted = (outcome: 'approve' | 'reject') => ({ attempts: [attempt(outcome)] })
const description = ours().description
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
      'is Approved in the words of a rejection',
      ours(),
      applied(9, attempted('reject')),
      'approved-by-person',
    ],
    ['is Rejected by us', ours({ status: 'Rejected' }), applied(9, attempted('reject')), 'rejected-by-app'],
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
      applied(9, attempted('reject')),
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
    expect(fateOf(live, record)).toBe(fate)
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
      connections: [{ connectionId: lake().id.id, status: 'Pending', description: '', fate: 'waiting' }],
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
    expect(doubtedBy(first, proofWith('requester-not-found', code), now) !== undefined).toBe(isNoted)
  })

  it('notes that once in ninety days', () => {
    const doubted = doubtedBy(first, proofWith('competing-claim'), now) as Claim
    expect(doubtedBy(doubted, proofWith('competing-claim'), later(90 * day - 1))).toBeUndefined()
    expect(doubtedBy(doubted, proofWith('competing-claim'), later(90 * day))?.doubt?.at).toBe(
      later(90 * day).toISOString(),
    )
  })
})
