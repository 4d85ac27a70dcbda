import type { Choice } from '../../shared/domain/choice.ts'
import type { SignedIn } from '../../shared/domain/caller.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import type { Proof } from '../../shared/domain/proof.ts'
import { parseRequesterId } from '../../shared/domain/requester-id.ts'
import type { Request, RequestState, Subject } from '../../shared/domain/request.ts'
import { parseResourceId } from '../../shared/domain/resource-id.ts'
import type { RuleContent } from '../../shared/domain/rule.ts'
import type { RuleExplanation, Terms } from '../../shared/domain/verdict.ts'
import type { RequestSources } from '../../shared/pages/request-view.ts'
import type { PageSettings } from '../../shared/pages/settings.ts'
import type { RequestRecord } from '../../shared/ports/ledger.ts'
import { pinnedRule } from '../../shared/remember/pinned-rule.ts'
import { sampleEntry, sampleRequest } from './sample-request.ts'
import { plainTerms } from './sample-rule.ts'

const key = 'a1b2c3d4e5f60718293a'
const ownTenantId = '11111111-aaaa-4bbb-8ccc-dddddddddddd'
const otherTenantId = '99999999-aaaa-4bbb-8ccc-dddddddddddd'
const subscription = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001'
const managed =
  '/subscriptions/c0ffee00-2222-4b7c-9d3e-e58b02b8a002/resourceGroups/rg-managed/providers/Microsoft.Network/privateEndpoints'
export const pageTarget = `${subscription}/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake`
const factoryId = `${subscription}/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales`
const since = '2026-11-30T22:15:00.000Z'

export const pageSettings: PageSettings = {
  ownTenantId,
  publicOrigin: 'https://approver.example',
  portal: 'https://portal.azure.com',
  timeZone: 'Europe/Berlin',
}

export const pageCaller: SignedIn = {
  caller: {
    ...{ kind: 'person', tenantId: ownTenantId, objectId: 'a11ce000-0001-4d2c-9b3a-c0de5e1f0001' },
    ...{ name: 'Ann Approver', roles: ['Approver'], groups: [] },
  },
  session: { formToken: 'form-token', expiresAt: '2026-12-01T12:00:00.000Z' },
}

const rule: RuleExplanation = {
  ...{ ruleId: 'sales-lake', ruleVersion: 3, effect: 'allow', mode: 'enforce', match: 'no' },
  conditions: [
    { name: 'target', match: 'yes', expected: `${subscription}/resourceGroups/rg-lake`, actual: pageTarget },
    { name: 'targetTags', match: 'yes', expected: 'env=prod', actual: 'env=prod, owner=lake-team' },
    { name: 'groupIds', match: 'no', expected: 'dfs', actual: 'blob' },
    { name: 'requester', match: 'unknown', expected: 'Data Factory adf-sales', actual: 'not known' },
    { name: 'proof', match: 'no', expected: 'confirmed', actual: 'platform' },
  ],
}

export const confirmed: Proof = {
  level: 'confirmed',
  requester: { kind: 'data-factory', id: requesterId(factoryId) },
  ...{ endpointTenantId: otherTenantId, isManagedTenant: true, groupIds: ['blob'], refusals: [] },
}

export const doubted: Proof = {
  ...{ level: 'platform', requester: undefined, endpointTenantId: otherTenantId, isManagedTenant: false },
  groupIds: undefined,
  refusals: [
    {
      code: 'competing-claim',
      sentence:
        'Another connection of the target, stlake.77aa, has an endpoint named "adf-sales.lake-blob", too.',
    },
    {
      code: 'endpoint-not-readable',
      sentence: 'The endpoint lies in a subscription of the tenant 99999999, which this app cannot read.',
    },
  ],
}

export const openState: RequestState = {
  name: 'open',
  cause: {
    kind: 'verdict',
    question: { code: 'no-rule-matched', refusal: undefined, proof: 'platform', rule: undefined },
  },
  notificationId: `${key}.1.1`,
  since,
}

export interface Change {
  readonly request?: Partial<Request>
  readonly entry?: Partial<LogEntry>
}

/** A record and its last entry; a question of somebody whom nobody could verify, unless changed. */
export function pageRecord({ request: changed, entry }: Change = {}): RequestRecord {
  const subject: Subject = {
    ...{ kind: 'connection', targetId: pageTarget, endpointId: `${managed}/adf-sales.lake-blob` },
    connectionId: `${pageTarget}/privateEndpointConnections/stlake.4f3c9a52`,
  }
  const request = sampleRequest('open', {
    ...{ subject, state: openState, firstSeenAt: since, decisionId: `${key}.1.1` },
    reason: {
      code: 'no-rule-matched',
      sentence:
        'No rule matched. The nearest one, sales-lake, requires the group dfs and a confirmed requester.',
    },
    requesterSaid: 'Needed for the monthly report, agreed with Kim.',
    ...changed,
  })
  const last = sampleEntry(request, {
    ...{ at: since, proof: doubted, nearest: rule, evaluatedCount: 4 },
    requesterSaid: request.requesterSaid,
    ...entry,
  })
  return { request, lastEntry: { sequence: 1, ...last }, hash: '0'.repeat(64), version: 'v' }
}

/** An entry of something that ended before. */
export function ended(state: LogEntry['state'], change: Partial<LogEntry> = {}): LogEntry {
  const { lastEntry } = pageRecord()
  const at = change.at ?? '2026-11-20T09:30:00.000Z'
  return { ...lastEntry, decisionId: `${key.replace('a', 'b')}.1.2`, state, kind: 'result', at, ...change }
}

export function pageSources(change: Change = {}, others: Partial<RequestSources> = {}): RequestSources {
  const record = pageRecord(change)
  return {
    found: { entry: record.lastEntry, record },
    ...{ ofRequester: [], remembered: undefined },
    onTarget: [
      ended('applied', { outcome: 'approve', proof: confirmed, decidedBy: { ...rule, match: 'yes' } }),
      ended('decided-elsewhere', { at: '2026-11-02T09:30:00.000Z' }),
      ended('withdrawn', { at: '2026-10-11T19:30:00.000Z' }),
    ],
    unfinished: {
      records: [
        record,
        pageRecord({
          request: {
            decisionId: `${key.replace('a', 'c')}.1.1`,
            subject: {
              ...{ kind: 'connection', targetId: pageTarget, endpointId: `${managed}/adf-sales.lake-dfs` },
              connectionId: `${pageTarget}/privateEndpointConnections/stlake.77aa`,
            },
            groupIds: ['dfs'],
          },
        }),
      ],
      total: 2,
    },
    caseId: undefined,
    ...others,
  }
}

const applying: RequestState = {
  ...({
    name: 'applying',
    outcome: 'approve',
    rule: 'sales-lake v3',
    ruleSetHash: 'h',
    since,
    asked: undefined,
  } as const),
  notBefore: '2026-11-30T22:20:00.000Z',
  words: { code: 'ScopeLocked', message: 'The scope cannot perform the write operation.' },
}
const deciding = { decidedBy: { ...rule, match: 'yes' }, proof: confirmed, outcome: 'approve' } as const
const approvedState = { name: 'applied', outcome: 'approve', at: since } as const
const rejectedState = { name: 'applied', outcome: 'reject', at: since } as const
const targetSubject = { kind: 'target', targetId: pageTarget } as const
const unreadable =
  'Azure refused to list the connections of stlake: AuthorizationFailed. Give the app the role "Private Endpoint Approver" on this target.'

const ann = { objectId: pageCaller.caller.objectId, name: 'Ann Approver' } as const
export const annApproves: Choice = {
  ...{
    outcome: 'approve',
    reason: 'Known supplier, ticket 4711.',
    at: since,
    through: undefined,
    required: 1,
  },
  person: ann,
  shown: { proof: 'confirmed', refusals: [], requesterId: undefined, code: undefined },
}
const benApproves: Choice = {
  ...annApproves,
  ...{ reason: undefined, required: 2 },
  person: { objectId: 'a11ce000-0002-4d2c-9b3a-c0de5e1f0001', name: 'Ben Approver' },
}
export const twoApprovals: Terms = { ...plainTerms, requiredApprovals: 2, approvers: [] }
const byPeopleReason = {
  code: 'decided-by-person',
  sentence: 'Approved by Ann Approver (“Known supplier, ticket 4711.”).',
} as const
const byPeople = {
  ...({ proof: confirmed, outcome: 'approve', nearest: undefined } as const),
  actor: { kind: 'person', objectId: ann.objectId, name: ann.name },
} as const

/** The rule that remembers a request of a confirmed requester. */
export function pinnedSample(): RuleContent {
  const { lastEntry } = pageRecord({ entry: { proof: confirmed } })
  const terms = {
    owner: ann.objectId,
    reason: 'Nightly load of sales.\nAgreed with Kim.',
    ...{ ticket: 'CHG-1021', days: 90 },
  }
  const { content, refused } = pinnedRule(lastEntry, terms, new Date(since))
  if (refused) throw new Error(refused.sentence)
  return content
}

/** The page of a request in each of its states. */
export const pageStates: Readonly<Record<string, RequestSources>> = {
  waiting: pageSources(),
  'waiting, of a known requester': pageSources(
    {
      entry: {
        ...{ proof: confirmed, decidedBy: { ...rule, effect: 'ask', match: 'yes' }, nearest: undefined },
      },
      request: {
        caseId: `${key}.1.1`,
        hold: { kind: 'burst', knownRules: 'too-many' },
        reason: {
          code: 'burst-limit',
          sentence: 'More than 50 requests of one requester came within 10 minutes.',
        },
      },
    },
    {
      ofRequester: [ended('applied', { outcome: 'approve', proof: confirmed })],
      caseId: `${key}.1.1`,
    },
  ),
  changed: changedSources(),
  'waiting, with one of two approvals': pageSources({
    request: { choices: [benApproves] },
    entry: { proof: confirmed, terms: twoApprovals },
  }),
  'waiting, of a type without operation': pageSources({
    request: {
      reason: {
        code: 'no-approving-operation',
        sentence: 'Azure publishes no operation that approves connections of this type.',
      },
    },
    entry: { proof: confirmed },
  }),
  'being approved': pageSources({
    request: { choices: [annApproves] },
    entry: { proof: confirmed, kind: 'chosen' },
  }),
  'approved by people': pageSources({
    request: { state: approvedState, reason: byPeopleReason, choices: [benApproves, annApproves] },
    entry: { ...byPeople, state: 'applied' },
  }),
  'approved and remembered': pageSources(
    {
      request: { state: approvedState, reason: byPeopleReason, choices: [annApproves] },
      entry: { ...byPeople, state: 'applied' },
    },
    {
      remembered: { ...pinnedSample(), version: 1, changedBy: ann.objectId, changedAt: since },
    },
  ),
  'under way': pageSources({
    request: { state: applying, decisionId: `${key}.1.2` },
    entry: { ...deciding, state: 'applying' },
  }),
  approved: pageSources({
    request: { state: approvedState },
    entry: { ...deciding, state: 'applied' },
  }),
  rejected: pageSources({
    request: {
      state: rejectedState,
      reason: { code: 'denied-by-rule', sentence: 'The rule no-foreign denies it.' },
    },
    entry: { ...deciding, outcome: 'reject', state: 'applied' },
  }),
  'decided elsewhere': pageSources({
    request: { state: { name: 'decided-elsewhere' } },
    entry: {
      state: 'decided-elsewhere',
      actor: { kind: 'azure' },
      reason: { code: 'final-state', sentence: 'Azure shows it as Approved, by somebody else.' },
    },
  }),
  withdrawn: pageSources({
    request: { state: { name: 'withdrawn' } },
    entry: { state: 'withdrawn', reason: { code: 'final-state', sentence: 'The connection is gone.' } },
  }),
  expired: pageSources({
    request: {
      state: { ...openState, expiresAt: '2026-12-14T22:15:00.000Z' },
      expired: openState.notificationId,
    },
  }),
  'of an earlier request': earlierSources(),
  'a whole target': pageSources({
    request: {
      ...{ subject: targetSubject, groupIds: undefined, requesterSaid: undefined },
      state: { ...openState, cause: { kind: 'unreadable', question: 'the list' } },
      reason: { code: 'target-unreadable', sentence: unreadable },
    },
    entry: { proof: undefined, nearest: undefined },
  }),
}

function changedSources(): RequestSources {
  const now = pageSources({ request: { decisionId: `${key}.1.4`, groupIds: ['blob', 'dfs'] } })
  const entry = pageRecord({ request: { requesterSaid: 'Please' }, entry: { proof: confirmed } }).lastEntry
  return { ...now, found: { ...now.found, entry } }
}

function earlierSources(): RequestSources {
  const now = pageSources({ request: { decisionId: `${key}.2.4`, episode: 2 } })
  return { ...now, found: { ...now.found, entry: pageRecord().lastEntry } }
}

function requesterId(text: string) {
  const id = parseRequesterId(text)
  if (!id || !parseResourceId(text)) throw new Error(`${text} is no id.`)
  return id
}
