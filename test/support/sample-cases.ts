import type { Choice } from '../../shared/domain/choice.ts'
import type { DecisionJob } from '../../shared/domain/decision-job.ts'
import type { Terms } from '../../shared/domain/verdict.ts'
import type { CaseSources } from '../../shared/pages/case-view.ts'
import type { CaseContent } from '../../shared/ports/case-requests.ts'
import type { ShownJob } from '../../shared/ports/decision-jobs.ts'
import type { RequestRecord } from '../../shared/ports/ledger.ts'
import { type Change, confirmed, ended, pageRecord, pageTarget } from './sample-pages.ts'

export const caseId = 'a1b2c3d4e5f60718293a.1.1'
export const caseTime = new Date('2026-12-01T08:00:00.000Z')
const since = '2026-11-30T22:15:00.000Z'

/** A request of a case, by its number. */
export function caseRecord(number: number, { request, entry }: Change = {}): RequestRecord {
  const record = pageRecord({
    request: { decisionId: `${String(number).padStart(20, 'a')}.1.1`, caseId, ...request },
    entry: { proof: confirmed, ...entry },
  })
  return { ...record, hash: String(number).padStart(64, '0') }
}

/** What is in a case; twelve requests of a burst wait, unless changed. */
export function caseContent(change: Partial<CaseContent> = {}): CaseContent {
  const waiting = Array.from({ length: 12 }, (_, index) =>
    caseRecord(index, {
      request: { hold: { kind: 'burst', knownRules: 'too-many' } },
      ...(index % 6 === 5 && { entry: { proof: pageRecord().lastEntry.proof } }),
    }),
  )
  return { kind: 'burst', waiting, underWay: [], ended: [], beyond: 0, ...change }
}

/** A decision on a case; nothing of it is done, unless changed. */
export function sampleJob(change: Partial<DecisionJob> = {}): DecisionJob {
  return {
    ...{ caseId, caseKind: 'burst', reason: 'Agreed with Kim.', at: since, isOrdered: false },
    person: {
      ...{ objectId: 'a11ce000-0001-4d2c-9b3a-c0de5e1f0001', name: 'Ann Approver' },
      ...{ tenantId: 'tenant', groups: [] },
    },
    ...{ total: 800, toApprove: 0, done: 0, recorded: 0, dueAt: since, settledAt: undefined },
    ...change,
  }
}

const choice: Choice = {
  ...{ outcome: 'reject', reason: 'Nobody knows it.', at: since, through: undefined, required: 1 },
  person: { objectId: 'be400000-0002-4d2c-9b3a-c0de5e1f0002', name: 'Ben Approver' },
  shown: { proof: 'confirmed', refusals: [], requesterId: undefined, code: undefined },
}

const refusedId = 'b1b2c3d4e5f60718293b.1.1'
const notRecorded: ShownJob['notRecorded'] = [
  {
    ...{ decisionId: 'b1b2c3d4e5f60718293a.1.1', version: '0'.repeat(64), outcome: 'reject' },
    result: { kind: 'changed', sentence: 'It has changed since it was shown to you.' },
  },
  {
    ...{ decisionId: refusedId, version: '0'.repeat(64), outcome: 'reject' },
    result: { kind: 'refused', sentence: 'The rule names other approvers.' },
  },
]

function sources(change: Partial<CaseContent> = {}, jobs: readonly ShownJob[] = []): CaseSources {
  return {
    caseId,
    content: caseContent(change),
    jobs,
    notDecided: new Map([[refusedId, caseRecord(7)]]),
    at: caseTime,
  }
}

const managed =
  '/subscriptions/c0ffee00-2222-4b7c-9d3e-e58b02b8a002/resourceGroups/rg-managed/providers/Microsoft.Network/privateEndpoints'

function claim(number: number, change: Change = {}): RequestRecord {
  return caseRecord(number, {
    entry: { proof: pageRecord().lastEntry.proof, ...change.entry },
    request: {
      caseId: undefined,
      subject: {
        ...{ kind: 'connection', targetId: pageTarget },
        connectionId: `${pageTarget}/privateEndpointConnections/stlake.${number}`,
        endpointId: `${managed.replace('b8a002', `b8a00${number}`)}/adf-sales.lake-blob`,
      },
      ...change.request,
    },
  })
}

const underWay = [caseRecord(40, { request: { choices: [choice] } })]
const past = [
  ended('applied', {
    ...{
      outcome: 'reject',
      proof: confirmed,
      reason: { code: 'decided-by-person', sentence: 'Rejected by Ben.' },
    },
  }),
  ended('withdrawn', { reason: { code: 'final-state', sentence: 'The connection is gone.' } }),
]
const terms: Terms = {
  ...{ approvers: ['somebody-else'], requiredApprovals: 1, approvalEndsAfter: undefined },
  ...{ reasonRequired: false, expiresAfter: undefined, atExpiry: 'stay-pending' },
}

/** The page of a case in each of its states. */
export const caseStates: Readonly<Record<string, CaseSources>> = {
  'burst case': sources({ beyond: 788 }),
  'burst case, a decision under way': sources({ beyond: 600, underWay, ended: past }, [
    { job: sampleJob({ done: 120, recorded: 120 }), notRecorded: [] },
  ]),
  'burst case, partly decided': sources({ underWay, ended: past }, [
    {
      job: sampleJob({ total: 34, done: 34, recorded: 32, settledAt: since }),
      notRecorded,
    },
  ]),
  group: sources({
    kind: 'group',
    waiting: [
      caseRecord(1),
      caseRecord(2, { entry: { terms } }),
      caseRecord(3, { request: { choices: [{ ...choice, outcome: 'approve', required: 2 }] } }),
    ],
  }),
  'group, all decided': sources({ kind: 'group', waiting: [], ended: past }, [
    { job: sampleJob({ total: 2, toApprove: 2, done: 2, recorded: 2, settledAt: since }), notRecorded: [] },
  ]),
  'competing claims': sources({ kind: 'competing-claims', waiting: [claim(1), claim(2)] }),
  'competing claims, one left': sources({ kind: 'competing-claims', waiting: [claim(1)], ended: past }),
}
