import { describe, expect, it } from 'vitest'
import { decisionsTable } from '../../../cli/decisions/decisions-table.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import { endpoint, target } from '../../support/fake-review.ts'

function entry(change: Partial<LogEntry> = {}): LogEntry {
  return {
    sequence: 1,
    kind: 'escalated',
    at: '2026-11-21T13:58:04.123Z',
    decisionId: '32e2aef180674169d04b.1.1',
    basis: 'verdict',
    subject: {
      kind: 'connection',
      connectionId: `${target.id}/privateEndpointConnections/a`,
      targetId: target.id,
      endpointId: endpoint('adf-salesdepartment.mpe-lake-of-all').id,
    },
    episode: 1,
    state: 'open',
    actor: { kind: 'policy' },
    reason: { code: 'no-rule-matched', sentence: 'No rule matched this request.' },
    outcome: 'escalate',
    proof: undefined,
    groupIds: ['dfs'],
    requesterSaid: undefined,
    decidedBy: undefined,
    nearest: undefined,
    audited: [],
    evaluatedRules: [],
    evaluatedCount: 0,
    ruleSetHash: undefined,
    terms: undefined,
    context: undefined,
    caseId: undefined,
    firstSeenAt: '2026-11-21T13:58:03.123Z',
    secondsSinceFirstSeen: 1,
    correlationId: undefined,
    ...change,
  }
}

const ofCase = (caseId: string, change: Partial<LogEntry> = {}) => entry({ caseId, ...change })
const rows = (table: string) => table.split('\n').slice(3, -1)

describe('the table of decisions', () => {
  it.each([
    [undefined, 120],
    [40, 80],
    [80, 80],
    [100, 100],
    [130, 130],
    [160, 160],
    [250, 160],
  ])('in a terminal of %s columns is %i wide', (columns, width) => {
    const table = decisionsTable([ofCase('c'), ofCase('c'), entry({ state: 'decided-elsewhere' })], columns)
    for (const line of table.split('\n')) expect(line).toHaveLength(width)
    expect(table).not.toContain('…  ')
  })

  it('shows the ids of the decisions from 130 columns on', () => {
    expect(decisionsTable([ofCase('0a.1.1')], 129)).not.toMatch(/Decision|32e2aef180674169d04b|0a\.1\.1/)
    expect(decisionsTable([ofCase('0a.1.1')], 130)).toMatch(
      /Decision[^]*32e2aef180674169d04b\.1\.1[^]*0a\.1\.1/,
    )
  })

  it.each([
    [{}, 'manual review'],
    [{ kind: 'result', state: 'applied', outcome: 'approve' }, 'approved'],
    [{ kind: 'result', state: 'applied', outcome: 'reject' }, 'rejected'],
    [{ kind: 'observed', state: 'withdrawn' }, 'withdrawn'],
    [{ kind: 'intent', state: 'applying' }, 'intent'],
  ] as const)('says in a word what became of the request: %j is %s', (change, word) => {
    expect(decisionsTable([entry(change)], 160)).toContain(`│ ${word} `)
  })

  it('shows the groups behind the target', () => {
    expect(decisionsTable([entry()], 160)).toContain('│ stlake (dfs) ')
    expect(decisionsTable([entry({ groupIds: ['blob', 'dfs'] })], 160)).toContain('│ stlake (blob, dfs) ')
    expect(decisionsTable([entry({ groupIds: undefined })], 160)).toMatch(/│ stlake +│/)
  })

  it('breaks a long name at its joints', () => {
    const table = decisionsTable([entry()], 110)
    expect(table).toMatch(/│ adf-salesdepartment\. +│/)
    expect(table).toMatch(/│ mpe-lake-of-all +│/)
  })

  it('shows no control characters of somebody else', () => {
    expect(decisionsTable([entry({ groupIds: ['\u001b[2J'] })], 160)).not.toContain('\u001b')
  })

  it('folds entries of one case that follow each other, with the time of the last one', () => {
    const later = { at: '2026-11-21T13:59:00.000Z' }
    const table = decisionsTable(
      [ofCase('c'), ...Array<LogEntry>(10).fill(ofCase('c')), ofCase('c', later)],
      160,
    )
    expect(rows(table)).toHaveLength(3)
    expect(rows(table)[2]).toMatch(/^│ 13:59:00 │ … and 11 more of this case +│$/)
  })

  it.each([
    ['of no case', [entry(), entry()]],
    ['of two cases', [ofCase('c'), ofCase('d')]],
    ['with another between them', [ofCase('c'), entry(), ofCase('c')]],
    ['of which one was answered', [ofCase('c'), ofCase('c', { kind: 'result', state: 'applied' })]],
  ])('does not fold entries %s', (_, entries) => {
    const table = decisionsTable(entries, 160)
    expect(table).not.toContain('more of this case')
    expect(table.match(/13:58:04/g)).toHaveLength(entries.length)
  })
})
