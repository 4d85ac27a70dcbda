import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Facts } from '../../../shared/domain/verdict.ts'
import { bounded } from '../../../shared/request/bounded.ts'
import { factsOf } from '../../../shared/what-if/recorded.ts'
import { confirmed, facts, factoryId, verdictOf, platform, provenFactory, rule } from '../policy/given.ts'
import { entryOf } from './given.ts'

const allowed = verdictOf([rule()], provenFactory)

/** What the log gives back of these facts: cut to fit, stored as text, and read. */
function recorded(about: Facts, change: Partial<LogEntry> = {}): Facts | undefined {
  const stored = bounded({ ...entryOf(about, allowed), ...change })
  return factsOf(JSON.parse(JSON.stringify(stored)) as LogEntry)
}

describe('the facts of a recorded decision', () => {
  it.each([
    ['a proven factory', provenFactory],
    ['an unproven endpoint of a foreign tenant', facts(platform('foreign'))],
    ['a connection that shows its groups', facts(confirmed(factoryId), { groupIds: ['dfs'] })],
    ['a connection without an endpoint', facts(platform('foreign'), { endpoint: undefined })],
    [
      'a target with tags in a management group',
      facts(
        confirmed(factoryId),
        {},
        {
          targetTags: [{ name: 'environment', value: 'prod' }],
          targetGroups: { names: ['corp'], isWhole: true },
          endpointGroups: { names: [], isWhole: false },
        },
      ),
    ],
  ])('lead to the same verdict as those it was reached by: %s', (_, about) => {
    const rules = [
      rule({ groupIds: ['blob'] }),
      rule({ id: 'ask', effect: 'ask', groupIds: ['dfs'] }),
      rule({ id: 'deny', effect: 'deny', requester: { kind: 'tenant', tenantId: 'cccccccc' } }),
    ]
    const again = recorded(about)
    expect(again && verdictOf(rules, again)).toEqual(verdictOf(rules, about))
  })

  it('have the context that were recorded, and nothing of those that were not', () => {
    const groups = { names: ['corp'], isWhole: true }
    expect(
      recorded(facts(confirmed(factoryId), {}, { targetGroups: groups, approved: [] }))?.context,
    ).toEqual({
      targetTags: undefined,
      targetGroups: groups,
      endpointGroups: undefined,
      requesterGroups: undefined,
      approved: undefined,
    })
    expect(recorded(provenFactory, { context: undefined })?.context.targetGroups).toBeUndefined()
  })

  it('are not there for a target that could not be read', () => {
    const entry = entryOf(provenFactory, allowed)
    expect(
      factsOf({ ...entry, subject: { kind: 'target', targetId: entry.subject.targetId } }),
    ).toBeUndefined()
  })

  it.each([
    ['no-approving-operation', { writeSupport: 'no-operation', status: 'Pending' }],
    ['type-not-in-table', { writeSupport: 'unlisted-type', status: 'Pending' }],
    ['unknown-status', { writeSupport: 'with-description', status: 'Unknown' }],
  ] as const)('say why nothing was answered: %s', (code, expected) => {
    expect(recorded(provenFactory, { reason: { code, sentence: '' } })?.connection).toMatchObject(expected)
  })

  it('never let an allow match that would not have matched the whole list of groups', () => {
    const shown = fc.array(fc.constantFrom('blob', 'x'.repeat(99), 'x'.repeat(100), 'x'.repeat(101)), {
      maxLength: 24,
    })
    fc.assert(
      fc.property(fc.option(shown, { nil: undefined }), shown, (onTarget, stated) => {
        const about = facts(
          confirmed(factoryId, 'data-factory', stated),
          onTarget === undefined ? {} : { groupIds: onTarget },
        )
        const only = [rule({ groupIds: ['blob', 'x'.repeat(99), 'x'.repeat(100)] })]
        const again = recorded(about)
        const outcomes = [again && verdictOf(only, again).outcome, verdictOf(only, about).outcome]
        expect([
          ['approve', 'approve'],
          ['escalate', 'approve'],
          ['escalate', 'escalate'],
        ]).toContainEqual(outcomes)
      }),
    )
  })

  it('hold the groups of a list that was not cut', () => {
    const short = Array.from({ length: 19 }, (_, index) => `group-${index}`)
    expect(recorded(facts(confirmed(factoryId), { groupIds: short }))?.connection.groupIds).toEqual(short)
  })
})
