import { describe, expect, it } from 'vitest'
import type { Fate } from '../../../shared/domain/claim.ts'
import { fateOf } from '../../../shared/request/claim-fate.ts'
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
  open,
  ours,
  request,
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
