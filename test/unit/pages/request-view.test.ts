import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import { requestView } from '../../../shared/pages/request-view.ts'
import type { StandingKind } from '../../../shared/pages/standing.ts'
import {
  type Change,
  confirmed,
  doubted,
  ended,
  openState,
  pageCaller,
  pageRecord,
  pageSettings,
  pageSources,
  pageStates,
} from '../../support/sample-pages.ts'

const viewOf = (change: Change = {}, settings = pageSettings) =>
  requestView(pageSources(change), settings, pageCaller)

describe('where a request stands', () => {
  const kinds: Readonly<Record<string, StandingKind>> = {
    waiting: 'waiting',
    'waiting, of a known requester': 'waiting',
    changed: 'changed',
    'waiting, with one of two approvals': 'waiting',
    'waiting, of a type without operation': 'waiting',
    'being approved': 'under-way',
    'approved by people': 'approved',
    'approved and remembered': 'approved',
    'under way': 'under-way',
    approved: 'approved',
    rejected: 'rejected',
    'decided elsewhere': 'decided-elsewhere',
    withdrawn: 'withdrawn',
    expired: 'expired',
    'of an earlier request': 'earlier',
    'a whole target': 'waiting',
  }

  it.each(Object.entries(pageStates))('%s: is said, with a next step', (name, sources) => {
    const { standing, byHand } = requestView(sources, pageSettings, pageCaller)
    expect(standing.kind).toBe(kinds[name])
    expect(standing.next.length).toBeGreaterThan(10)
    expect(standing.sentence).not.toContain('undefined')
    const undecided: readonly StandingKind[] = ['waiting', 'changed', 'expired', 'earlier']
    expect(byHand !== undefined).toBe(undecided.includes(standing.kind))
  })

  it('says when it expires, and what becomes of it then, in both zones, also over the change of clocks', () => {
    const [open] = [pageSources()]
    const { record } = open.found
    const { state } = record.request
    if (state.name !== 'open') throw new Error('It is not open.')
    const expiring = (atExpiry?: 'reject') => {
      const changed = { ...state, expiresAt: '2027-03-28T01:00:00.000Z', ...(atExpiry && { atExpiry }) }
      const found = { ...open.found, record: { ...record, request: { ...record.request, state: changed } } }
      return requestView({ ...open, found }, pageSettings, pageCaller)
    }
    expect(expiring().standing.sentence).toContain(
      'Expires 2027-03-28 01:00 UTC (03:00 Europe/Berlin): without a decision it stays Pending in Azure then.',
    )
    expect(expiring('reject').standing.sentence).toContain('without a decision it is rejected then.')
    expect(expiring('reject').facts).toContainEqual({
      ...{ label: 'Time to decide', form: 'words' },
      text: 'until 2027-03-28 01:00 UTC (03:00 Europe/Berlin); then it is rejected',
    })
  })

  it('of an expired request says so, and it can still be decided', () => {
    const view = requestView(pageStates['expired'] ?? pageSources(), pageSettings, pageCaller)
    expect(view.standing).toMatchObject({ kind: 'expired', label: 'Expired' })
    expect(view.standing.sentence).toContain(
      'Nobody decided until 2026-12-14 22:15 UTC (23:15 Europe/Berlin).',
    )
    expect(view.standing.next).toMatch(/^It can still be decided\. /)
  })

  it('names the rule by which it was decided, and when in both zones', () => {
    const { standing } = requestView(pageStates['approved'] ?? pageSources(), pageSettings, pageCaller)
    expect(standing.sentence).toBe(
      'By this app, rule sales-lake v3, 2026-11-30 22:15 UTC (23:15 Europe/Berlin).',
    )
  })

  it.each<[string, Partial<LogEntry>, string]>([
    [
      'another endpoint',
      { subject: { ...pageRecord().lastEntry.subject, endpointId: '/x' } as never },
      'Another endpoint is shown.',
    ],
    ['other group ids', { groupIds: ['dfs'] }, 'The group ids were dfs; they are blob.'],
    ['another message', { requesterSaid: 'Hello' }, "The requester's message is another one."],
    ['another proof', { proof: confirmed }, 'The requester is verified in another way.'],
    [
      'another reason',
      { reason: { code: 'burst-limit', sentence: 'Too many.' } },
      'The reason why it waits is another one.',
    ],
    ['nothing that is shown', {}, 'It was evaluated again since; what is shown here is the same.'],
  ])('says what changed since the message: %s', (_title, before, sentence) => {
    const now = pageSources()
    const entry = { ...now.found.entry, ...before, decisionId: 'an.earlier.1' }
    const { standing } = requestView({ ...now, found: { ...now.found, entry } }, pageSettings, pageCaller)
    expect([standing.kind, standing.changes]).toEqual(['changed', [sentence]])
  })

  it('advises to reject what is contradicted, and to decide what is not', () => {
    expect(viewOf().standing.next).toContain('Reject it, unless')
    expect(viewOf({ entry: { proof: confirmed } }).standing.next).toContain('approve it; if not, reject it')
  })

  it('is not "changed" once it is decided, whatever the message said', () => {
    const now = pageStates['approved'] ?? pageSources()
    const entry = { ...now.found.entry, decisionId: 'an.earlier.1', groupIds: ['dfs'] }
    expect(
      requestView({ ...now, found: { ...now.found, entry } }, pageSettings, pageCaller).standing,
    ).toMatchObject({
      ...{ kind: 'approved', changes: [] },
    })
  })

  it('of an earlier request leads to the later one', () => {
    const sources = pageStates['of an earlier request'] ?? pageSources()
    const { standing } = requestView(sources, pageSettings, pageCaller)
    expect(standing.current).toBe(sources.found.record.request.decisionId)
  })
})

describe('who asks', () => {
  it.each([
    ['confirmed', confirmed, 'Data Factory adf-sales asks for stlake (blob)', true],
    ['doubted', doubted, 'Unknown requester asks for stlake (blob)', false],
    ['not asked', undefined, 'Unknown requester asks for stlake (blob)', false],
  ] as const)('%s', (_title, proof, title, isKnown) => {
    const view = viewOf({ entry: { proof } })
    expect([view.title, view.who?.isKnown]).toEqual([title, isKnown])
  })

  it('is a claim only, where the name of the endpoint is all there is', () => {
    expect(viewOf().who?.claim).toContain('"adf-sales". Everybody can choose such a name.')
    expect(viewOf({ entry: { proof: confirmed } }).who?.claim).toBeUndefined()
  })

  it('with look-alike letters is marked', () => {
    const subject = pageRecord().request.subject as { endpointId: string }
    const endpointId = subject.endpointId.replace('adf', '\u0430df')
    const view = viewOf({ request: { subject: { ...subject, endpointId } as never } })
    expect(view.who?.claim).toContain('(not only plain letters)')
    expect(view.flags).toContain('Names hold letters that look like others.')
  })
})

describe('the verification', () => {
  it.each([
    ['yes', 'Verified', confirmed],
    ['unknown', 'Partly verified', { ...doubted, refusals: doubted.refusals.slice(1) }],
    ['no', 'Contradicted', doubted],
    ['no', 'Contradicted', { ...confirmed, refusals: doubted.refusals }],
    ['no', 'Not verified', { ...doubted, level: 'none', refusals: [] }],
    ['unknown', 'Not checked', undefined],
  ] as const)('%s: %s', (sign, label, proof) => {
    expect(viewOf({ entry: { proof } }).verification).toMatchObject({ sign, label })
  })

  it('lists what contradicts apart from what could not be found out, each with advice', () => {
    const { contradictions, gaps } = viewOf().verification ?? { contradictions: [], gaps: [] }
    expect([contradictions.length, gaps.length]).toEqual([1, 1])
    for (const { advice } of [...contradictions, ...gaps]) expect(advice).toMatch(/^[^`]{10,}$/)
  })
})

describe('the rule', () => {
  it('that applies goes before the nearest one', () => {
    const [rule] = [pageRecord().lastEntry.nearest]
    if (!rule) throw new Error('The sample has a nearest rule.')
    expect(viewOf().rule?.heading).toBe('The rule that came nearest')
    expect(viewOf({ entry: { decidedBy: { ...rule, match: 'yes' } } }).rule?.heading).toBe(
      'The rule that applies',
    )
    expect(viewOf({ entry: { decidedBy: { ...rule, match: 'unknown' } } }).rule?.heading).toBe(
      'A rule that may apply',
    )
    expect(viewOf({ entry: { nearest: undefined } }).rule).toBeUndefined()
  })

  it('shows each condition with what it expects and what there is', () => {
    expect(viewOf().rule?.conditions).toContainEqual({
      label: 'groups',
      match: 'no',
      expected: 'dfs',
      actual: 'blob',
    })
  })
})

describe('risk flags', () => {
  const another = 'The endpoint belongs to another tenant.'
  it.each<[string, Change, string]>([
    ['another tenant', {}, another],
    [
      'an unknown tenant',
      { entry: { proof: { ...doubted, endpointTenantId: undefined } } },
      'It is not known which tenant the endpoint belongs to.',
    ],
    ['a competing claim', {}, 'Two connections claim the same endpoint name.'],
    [
      'a no before',
      { request: { reason: { code: 'rejected-before', sentence: 'x' } } },
      'A person has said no to this endpoint before.',
    ],
    [
      'a burst',
      { request: { hold: { kind: 'burst', knownRules: [] } } },
      'More requests came at once than the burst limit allows.',
    ],
    [
      'a refusal',
      { request: { state: { ...openState, cause: { kind: 'refused' } } as never } },
      'Azure refused the decision of this app.',
    ],
    [
      'a link',
      { entry: { requesterSaid: 'see evil.example/approve' } },
      "The requester's message contains a link.",
    ],
    [
      'an address',
      { entry: { requesterSaid: 'ask me@evil.test' } },
      "The requester's message contains a link.",
    ],
    [
      'hidden text',
      { entry: { requesterSaid: 'ap\u200Bproved' } },
      "The requester's message contains invisible characters.",
    ],
  ])('%s', (_title, change, flag) => {
    expect(viewOf(change).flags).toContain(flag)
  })

  it('are none for a requester that is known, in a managed network, with a plain message', () => {
    expect(viewOf({ entry: { proof: confirmed } }).flags).toEqual([])
  })

  it('say nothing about tenants where the own one is not known', () => {
    const own = { ...pageSettings, ownTenantId: undefined }
    expect(viewOf({}, own).flags).not.toContain(another)
  })
})

describe('lists', () => {
  it('have five lines at most, none of them the request itself', () => {
    const sources = pageSources()
    const many = Array.from({ length: 8 }, (_, index) => ended('applied', { decisionId: `other.1.${index}` }))
    const self = ended('applied', { decisionId: sources.found.record.request.decisionId })
    const view = requestView(
      { ...sources, ofRequester: [self, ...many], onTarget: many },
      pageSettings,
      pageCaller,
    )
    expect([view.ofRequester.length, view.onTarget.length]).toEqual([5, 5])
    expect(view.ofRequester.map(({ path }) => path)).not.toContain(`/requests/${self.decisionId}`)
  })

  it('count the others that wait beyond those that are shown', () => {
    const sources = pageSources()
    const view = requestView(
      { ...sources, unfinished: { ...sources.unfinished, total: 40 } },
      pageSettings,
      pageCaller,
    )
    expect([view.others.lines.length, view.others.beyond]).toEqual([1, 38])
  })

  it('say how each ended', () => {
    expect(viewOf().onTarget.map(({ detail }) => detail)).toEqual([
      'approved by rule sales-lake, 2026-11-20 09:30 UTC (10:30 Europe/Berlin)',
      'decided elsewhere, 2026-11-02 09:30 UTC (10:30 Europe/Berlin)',
      'withdrawn, 2026-10-11 19:30 UTC (21:30 Europe/Berlin)',
    ])
  })
})

describe('a record that stands for a whole target', () => {
  const view = requestView(pageStates['a whole target'] ?? pageSources(), pageSettings, pageCaller)

  it('has no requester, no command and no verification, and says what to do', () => {
    expect([view.who, view.verification, view.byHand?.commands]).toEqual([undefined, undefined, undefined])
    expect(view.standing.next).toContain('fix it')
    expect(view.reason).toContain('AuthorizationFailed')
  })
})
