import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import type { Facts } from '../../../shared/domain/verdict.ts'
import {
  RecordedRequests,
  simulate,
  type ChangeKind,
  type SimulationOptions,
} from '../../../shared/what-if/simulate.ts'
import {
  confirmed,
  facts,
  factoryId,
  foreignTenant,
  verdictOf,
  ownEndpointId,
  platform,
  provenFactory,
  rule,
  storageId,
  subscription,
} from '../policy/given.ts'
import { entryOf } from './given.ts'

const byHistory: SimulationOptions = {
  now: new Date('2026-11-20T00:00:00Z'),
  at: undefined,
  against: undefined,
}
const ask = rule({ id: 'ask', effect: 'ask', requester: undefined })
const deny = rule({ id: 'deny', effect: 'deny', requester: undefined })
const allow = rule()

/** The log of one request: evaluated by these rules then. */
function log(about: Facts, then: readonly Rule[], change: Partial<LogEntry> = {}): LogEntry {
  return JSON.parse(JSON.stringify({ ...entryOf(about, verdictOf(then, about)), ...change })) as LogEntry
}

function requestsOf(...entries: readonly LogEntry[]) {
  const requests = new RecordedRequests()
  for (const entry of entries) requests.add(entry)
  return requests.all()
}

function changeOf(entry: LogEntry, rules: readonly Rule[], options = byHistory) {
  const { changes } = simulate(requestsOf(entry), rules, options)
  return { kind: changes[0]?.kind, missing: changes[0]?.missing }
}

function named(name: string): LogEntry['subject'] {
  const connectionId = `${storageId}/privateEndpointConnections/${name}`
  return { kind: 'connection', connectionId, targetId: storageId, endpointId: undefined }
}

describe('a simulation', () => {
  it.each<[ChangeKind, readonly Rule[], readonly Rule[]]>([
    ['newly-approved', [], [allow]],
    ['newly-approved', [deny], [allow]],
    ['newly-rejected', [], [deny]],
    ['newly-rejected', [allow], [deny]],
    ['newly-escalated', [deny], [ask]],
    ['no-longer-approved', [allow], [ask]],
    ['same', [allow], [allow, rule({ id: 'another', target: `/subscriptions/${subscription}` })]],
    ['same', [deny], [deny]],
    ['same', [], [ask]],
  ])('finds a proven request to be %s', (kind, then, tried) => {
    expect(changeOf(log(provenFactory, then), tried)).toEqual({ kind, missing: [] })
  })

  it('evaluates at the time of the verdict, or at another', () => {
    const ended = rule({ validUntil: '2026-11-21T00:00:00Z' })
    const entry = log(provenFactory, [rule()])
    expect(changeOf(entry, [ended]).kind).toBe('same')
    expect(changeOf(entry, [ended], { ...byHistory, at: new Date('2026-11-22T00:00:00Z') }).kind).toBe(
      'no-longer-approved',
    )
  })

  it('compares with other rules instead of what was decided', () => {
    const entry = log(provenFactory, [deny])
    expect(changeOf(entry, [allow], { ...byHistory, against: [allow] }).kind).toBe('same')
    expect(changeOf(entry, [allow], { ...byHistory, against: [] }).kind).toBe('newly-approved')
  })

  it('puts those first that let somebody in', () => {
    const [a, b, c] = ['a', 'b', 'c'] as const
    const requests = requestsOf(
      log(provenFactory, [allow], { subject: named(a) }),
      log(facts(platform('foreign'), { endpoint: ownEndpointId }), [allow], { subject: named(b) }),
      log(provenFactory, [], { subject: named(c) }),
    )
    const tried = [
      allow,
      rule({ id: 'not-foreign', effect: 'deny', requester: { kind: 'tenant', tenantId: foreignTenant } }),
    ]
    expect(simulate(requests, tried, byHistory).changes.map(({ kind }) => kind)).toEqual([
      'newly-approved',
      'newly-rejected',
      'same',
    ])
  })

  it('lists the rules that decided nothing', () => {
    const elsewhere = rule({ id: 'elsewhere', target: '/subscriptions/22222222-2222-2222-2222-222222222222' })
    const audit = rule({ id: 'audit', effect: 'deny', mode: 'audit', requester: undefined })
    const requests = requestsOf(log(provenFactory, []))
    expect(simulate(requests, [allow, elsewhere, audit], byHistory).idleRules).toEqual(['elsewhere'])
  })

  it.each(['no-approving-operation', 'type-not-in-table'] as const)(
    'knows that %s is never answered by rules',
    (code) => {
      const entry = log(provenFactory, [], { reason: { code, sentence: '' } })
      expect(changeOf(entry, [allow]).kind).toBe('same')
    },
  )

  it.each([
    ['unknown-status', 'when the connection is in a status that is known here: that releases the request'],
    ['target-unreadable', 'when every connection of the target can be read: that releases the request'],
  ] as const)('knows that %s passes, and that the rules are asked then', (code, missing) => {
    const entry = log(provenFactory, [], { reason: { code, sentence: '' } })
    expect(changeOf(entry, [allow])).toEqual({ kind: 'maybe-approved', missing: [missing] })
    expect(changeOf(entry, [deny])).toEqual({ kind: 'newly-rejected', missing: [] })
    expect(changeOf(entry, [ask])).toEqual({ kind: 'same', missing: [] })
    expect(changeOf(entry, [allow], { ...byHistory, against: [allow] }).kind).toBe('same')
  })

  describe.each(['burst-limit', 'competing-claim-before', 'allowed-by-rule'] as const)(
    'of an approval that was not carried out (%s)',
    (code) => {
      const outcome = code === 'allowed-by-rule' ? 'approve' : 'escalate'
      const held: Partial<LogEntry> = { outcome, state: 'open', reason: { code, sentence: '' } }
      const entry = log(provenFactory, [allow], held)
      const releases = 'whether another version of the rule decides: that releases the request'

      it('knows that a new version of the rule releases the request', () => {
        expect(changeOf(entry, [allow])).toEqual({ kind: 'maybe-approved', missing: [releases] })
        expect(changeOf(entry, [allow], { ...byHistory, against: [allow] }).kind).toBe('maybe-approved')
      })

      it('knows that facts nobody recorded may let it go, too', () => {
        const missing = ['which connections of the target were Approved', releases]
        expect(changeOf(entry, [rule({ maxConnections: 2 })])).toEqual({ kind: 'maybe-approved', missing })
      })

      it.each([
        [deny, 'newly-rejected'],
        [ask, 'no-longer-approved'],
      ] as const)('takes it for what the rules said of it: %#', (tried, kind) => {
        expect(changeOf(entry, [tried])).toEqual({ kind, missing: [] })
      })

      it('knows that nothing is released that has ended', () => {
        expect(changeOf({ ...entry, state: 'decided-elsewhere' }, [allow])).toEqual({
          kind: 'same',
          missing: [],
        })
      })
    },
  )

  it('does not evaluate a target that could not be read', () => {
    const entry = log(provenFactory, [], {
      subject: { kind: 'target', targetId: storageId },
      proof: undefined,
    })
    expect(changeOf(entry, [allow]).kind).toBe('not-evaluated')
  })

  it('changes nothing when the rules are the same', () => {
    const anyRules = fc.subarray([allow, ask, deny, rule({ id: 'blob', groupIds: ['blob'] })])
    const anyFacts = fc.constantFrom(
      provenFactory,
      facts(platform('foreign'), { endpoint: ownEndpointId }),
      facts(confirmed(factoryId, 'data-factory', ['file'])),
    )
    fc.assert(
      fc.property(anyFacts, anyRules, (about, rules) => {
        expect(changeOf(log(about, rules), rules)).toEqual({ kind: 'same', missing: [] })
      }),
    )
  })
})

describe('facts that were not recorded', () => {
  const unasked = facts({ ...platform('managed'), refusals: [] })
  const refused = facts({
    ...platform('managed'),
    refusals: [{ code: 'no-such-managed-endpoint', sentence: 'No.', about: factoryId.toLowerCase() }],
  })

  it('may make an approval of a request whose requester nobody asked then', () => {
    expect(changeOf(log(unasked, []), [rule({ groupIds: ['blob'] })])).toEqual({
      kind: 'maybe-approved',
      missing: ['what Data Factory adf-prod would say'],
    })
  })

  it.each([
    ['it was asked and said no', refused],
    ['its endpoint lies in no managed network', facts({ ...platform('own'), refusals: [] })],
  ])('do not when %s', (_, about) => {
    expect(changeOf(log(about, []), [allow])).toEqual({ kind: 'same', missing: [] })
  })

  it('do not when something else speaks against it', () => {
    expect(changeOf(log(unasked, []), [rule({ targetTypes: ['Microsoft.Sql/servers'] })]).kind).toBe('same')
    expect(changeOf(log(unasked, []), [allow, ask]).kind).toBe('same')
  })

  it.each([
    [rule({ targetTags: [{ name: 'environment', value: 'prod' }] }), 'the tags of the target'],
    [rule({ maxConnections: 2 }), 'which connections of the target were Approved'],
    [
      rule({ target: '/providers/Microsoft.Management/managementGroups/corp' }),
      'the management groups of the target',
    ],
  ])('are told where a rule asks for them: %#', (tried, missing) => {
    expect(changeOf(log(provenFactory, []), [tried])).toEqual({ kind: 'maybe-approved', missing: [missing] })
    expect(changeOf(log(provenFactory, [allow]), [tried])).toEqual({
      kind: 'not-evaluated',
      missing: [missing],
    })
  })

  it('keep an approval from being called off by a deny that only may match', () => {
    const tagged = rule({
      id: 'tagged',
      effect: 'deny',
      requester: undefined,
      targetTags: [{ name: 'environment', value: 'prod' }],
    })
    expect(changeOf(log(provenFactory, [allow]), [allow, tagged]).kind).toBe('not-evaluated')
    expect(changeOf(log(provenFactory, []), [tagged]).kind).toBe('same')
    expect(changeOf(log(provenFactory, []), [allow, tagged]).kind).toBe('maybe-approved')
  })

  it('keep a rule off the list of those that decide nothing', () => {
    expect(simulate(requestsOf(log(unasked, [])), [allow], byHistory).idleRules).toEqual([])
  })
})

describe('the requests of a log', () => {
  const first = log(provenFactory, [])

  it('are one per episode, by the last verdict on it', () => {
    const second = {
      ...first,
      sequence: 2,
      decisionId: '0123456789abcdef0123.1.2',
      at: '2026-11-20T09:00:00Z',
    }
    const other = { ...first, sequence: 3, decisionId: '0123456789abcdef0123.2.3', episode: 2 }
    expect(requestsOf(first, second, other).map(({ entry }) => entry.sequence)).toEqual([2, 3])
  })

  it('keep the verdict when it is carried out, and say where the request ended', () => {
    const result: LogEntry = {
      ...first,
      sequence: 2,
      kind: 'result',
      basis: 'follow-up',
      state: 'applied',
      at: '2026-11-20T09:00:00Z',
    }
    expect(requestsOf(first, result)).toEqual([{ entry: first, ended: 'applied' }])
  })

  it('leave out what was decided before the time looked at', () => {
    expect(
      requestsOf({ ...first, sequence: 2, kind: 'result', basis: 'follow-up', state: 'applied' }),
    ).toEqual([])
  })
})
