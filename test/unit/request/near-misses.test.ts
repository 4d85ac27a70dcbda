import { describe, expect, it } from 'vitest'
import {
  ago,
  applied,
  applying,
  byNewRule,
  decisionId,
  decided,
  decidedElsewhere,
  endpoint,
  evaluated,
  type Example,
  verdictOn,
  lake,
  lineOf,
  open,
  openAfter,
  openWith,
  ours,
  over,
  proofWith,
  read,
  readBack,
  rule,
  stepOf,
  unproven,
  waiting,
  withdrawn,
  within,
} from './given.ts'

/** An example beside a row: a condition that just does not hold, or just does. */
interface NearMiss extends Example {
  readonly that: string
  readonly then: string
}

const approve = evaluated('approve')
const reject = evaluated('reject')
const escalate = evaluated('escalate')
const hidden = { endpoint: undefined }
const burstHold = { hold: { kind: 'burst', knownRules: ['sales v1'] }, caseId: 'beef.1.1' } as const
const unreadable = { kind: 'unreadable', sentence: 'No permission.' } as const
const rejected = { outcome: 'reject' } as const
const oursRejected = ours({ status: 'Rejected' })
const noEndpoint = { subject: { ...open().subject, endpointId: undefined } } as const

const examplesOf: Readonly<Record<string, readonly NearMiss[]>> = {
  'a connection that waits': [
    {
      that: 'with the endpoint that was recorded, whatever the case of its letters, goes on',
      request: open(),
      event: waiting({ endpoint: { ...endpoint('a'), id: endpoint('a').id.toUpperCase() } }),
      then: 'evaluate',
    },
    {
      that: 'that hides its endpoint is not over',
      request: open(),
      event: waiting(hidden),
      then: 'evaluate',
    },
    {
      that: 'of which no endpoint was recorded is not over when one is shown',
      request: open(undefined, noEndpoint),
      event: waiting(),
      then: 'evaluate',
    },
    {
      that: 'and whose decision is being applied is over, too, behind another endpoint',
      request: applying(),
      event: waiting({ endpoint: endpoint('b') }),
      then: 'observed → withdrawn by azure (final-state); see-again',
    },
    {
      that: 'is evaluated 60 s after its decision was applied',
      request: applied(60),
      event: waiting(),
      then: 'evaluate',
    },
    {
      that: 'is evaluated 60 s after its decision was applied, although passes follow',
      request: applied(60),
      event: waiting(),
      isFollowed: true,
      then: 'evaluate',
    },
    {
      that: 'is evaluated at once after a decision on another endpoint',
      request: applied(1),
      event: waiting({ endpoint: endpoint('b') }),
      then: 'evaluate',
    },
    {
      that: 'and hides its endpoint may be an older list',
      request: applied(1),
      event: waiting(hidden),
      then: 'retry after 15 s',
    },
    {
      that: 'is evaluated while its decision is being applied, however long Azure has been busy',
      request: applying({ busySince: ago(1801) }),
      event: waiting(),
      then: 'evaluate',
    },
    {
      that: 'in a status that is not known is evaluated where nothing is being applied',
      request: open(),
      event: waiting({ status: 'Updating' }),
      then: 'evaluate',
    },
    {
      that: 'in a status that is not known, for half an hour to the second, is read again',
      request: applying({ busySince: ago(1800) }),
      event: waiting({ status: 'Updating' }),
      then: 'retry after 180 s',
    },
  ],
  'a verdict that escalates': [
    {
      that: 'waits for later passes where a fact could not be read',
      request: undefined,
      event: verdictOn(evaluated('escalate', {}, { isTransient: true })),
      isFollowed: true,
      then: 'end',
    },
    {
      that: 'does not wait where no pass follows',
      request: undefined,
      event: verdictOn(evaluated('escalate', {}, { isTransient: true })),
      then: 'count',
    },
    {
      that: 'does not wait where no later pass can change it',
      request: undefined,
      event: verdictOn(escalate),
      isFollowed: true,
      then: 'count',
    },
    {
      that: 'waits when one of several refusals may pass',
      request: undefined,
      event: verdictOn(unproven('requester-not-found', 'could-not-ask')),
      isFollowed: true,
      then: 'end',
    },
    {
      that: 'does not wait when no refusal may pass',
      request: undefined,
      event: verdictOn(unproven('requester-not-found')),
      isFollowed: true,
      then: 'count',
    },
    {
      that: 'does not wait where the proof is not the reason',
      request: undefined,
      event: verdictOn(evaluated('escalate', {}, { proof: proofWith('could-not-ask') })),
      isFollowed: true,
      then: 'count',
    },
    {
      that: 'waits for an ordinary endpoint that could not be asked',
      request: undefined,
      event: verdictOn({
        ...unproven('could-not-ask'),
        proof: { ...proofWith('could-not-ask'), isManagedTenant: false },
      }),
      isFollowed: true,
      then: 'end',
    },
    {
      that: 'does not wait for an endpoint of a foreign tenant, which can never be read',
      request: undefined,
      event: verdictOn({
        ...unproven('endpoint-not-readable'),
        proof: { ...proofWith('endpoint-not-readable'), isManagedTenant: false },
      }),
      isFollowed: true,
      then: 'count',
    },
    {
      that: 'waits where nobody knows the tenant yet',
      request: undefined,
      event: verdictOn({
        ...unproven('tenant-unknown'),
        proof: { ...proofWith('tenant-unknown'), isManagedTenant: undefined },
      }),
      isFollowed: true,
      then: 'end',
    },
    {
      that: 'does not wait beside a competing claim',
      request: undefined,
      event: verdictOn(unproven('could-not-ask', 'competing-claim')),
      isFollowed: true,
      then: 'count',
    },
    {
      that: 'does not wait beside a hidden competing claim',
      request: undefined,
      event: verdictOn(unproven('could-not-ask', 'competing-claim-hidden')),
      isFollowed: true,
      then: 'count',
    },
    {
      that: 'waits beside a competing claim that may still be explained',
      request: undefined,
      event: verdictOn(unproven('competing-claim-unexplained')),
      isFollowed: true,
      then: 'end',
    },
    {
      that: 'is not asked again for the same reason, refusal, proof and rule',
      request: openWith({ code: 'unproven-requester', refusal: 'could-not-ask', proof: 'platform' }),
      event: verdictOn(unproven('could-not-ask')),
      then: 'end',
    },
    ...(
      [
        ['reason', { code: 'may-be-denied' }],
        ['refusal', { refusal: 'could-not-ask' }],
        ['level of proof', { proof: 'platform' }],
        ['rule', { rule: 'sales v1' }],
      ] as const
    ).map(([part, question]) => ({
      that: `is asked anew when the ${part} is another`,
      request: openWith(question),
      event: verdictOn(escalate),
      then: 'escalated → open (no-rule-matched, question); end',
    })),
    {
      that: 'by a rule is not asked again while the rule is the same',
      request: openWith({ code: 'asked-by-rule', rule: 'sales v1' }),
      event: verdictOn(
        evaluated('escalate', { decidedBy: rule(), reason: { code: 'asked-by-rule', sentence: 'Ask.' } }),
      ),
      then: 'end',
    },
    {
      that: 'is asked anew after Azure refused',
      request: openAfter('refused'),
      event: verdictOn(escalate),
      then: 'escalated → open (no-rule-matched, question); end',
    },
    {
      that: 'is nobody’s business while a request is open and counted',
      request: open(),
      event: within(escalate),
      then: 'end',
    },
  ],
  'a verdict that approves or rejects': [
    {
      that: 'does not wait for later passes',
      request: undefined,
      event: verdictOn(evaluated('approve', {}, { isTransient: true })),
      isFollowed: true,
      then: 'count',
    },
    {
      that: 'by another version of the rule that Azure refused goes on',
      request: openAfter('refused', 'approve', { refusedRule: 'sales v1' }),
      event: verdictOn(byNewRule),
      then: 'count',
    },
    {
      that: 'by no rule is none that Azure refused',
      request: openAfter('refused'),
      event: verdictOn(evaluated('reject', { decidedBy: undefined })),
      then: 'count',
    },
    {
      that: 'by the rule that Azure refused in an episode that is over goes on',
      request: { ...withdrawn, refusedRule: 'sales v1' },
      event: verdictOn(approve),
      then: 'count',
    },
    ...(
      [
        ['another outcome', { outcome: 'reject' }],
        ['another rule', { rule: 'other v1' }],
        ['no rule', { rule: undefined }],
        ['another list', { ruleSetHash: 'list-0' }],
      ] as const
    ).map(([part, state]) => ({
      that: `is counted anew where the intent was for ${part}`,
      request: applying(state),
      event: verdictOn(approve),
      then: 'count',
    })),
    {
      that: 'by no rule, as the intent, is taken up again',
      request: applying({ rule: undefined, outcome: 'reject' }),
      event: verdictOn(evaluated('reject', { decidedBy: undefined })),
      then: 'read',
    },
    {
      that: 'by a new version of the rule releases a request that is on hold',
      request: openWith({ code: 'burst-limit', rule: 'sales v1' }, burstHold),
      event: verdictOn(byNewRule),
      then: 'count as release',
    },
    {
      that: 'releases an intent that is on hold, too',
      request: applying({ ruleSetHash: 'list-0' }, burstHold),
      event: verdictOn(byNewRule),
      then: 'count as release',
    },
    {
      that: 'is a question after an episode with a hold',
      request: { ...decidedElsewhere, ...burstHold },
      event: verdictOn(approve),
      then: 'count-as-question',
    },
    {
      that: 'is no release after an episode with a hold, where a newer rule decides',
      request: { ...decidedElsewhere, ...burstHold },
      event: verdictOn(byNewRule),
      then: 'count',
    },
    {
      that: 'is no question after an episode with a hold, where another endpoint asks',
      request: { ...decidedElsewhere, ...burstHold },
      event: verdictOn(evaluated('approve', {}, { connection: lake({ endpoint: endpoint('b') }) })),
      then: 'count',
    },
    {
      that: 'within the limits begins a decision on an open request',
      request: open(),
      event: within(reject),
      then: 'intent → applying (denied-by-rule); read',
    },
    {
      that: 'over a limit, with another rule, is a new question',
      request: openWith({ code: 'burst-limit', rule: 'sales v1' }),
      event: over(byNewRule),
      then: 'escalated → open (burst-limit, alarm of the case); end',
    },
  ],
  'a connection that is read before the write': [
    {
      that: 'whose endpoint differs only in the case of its letters is the same',
      request: applying(),
      event: read(lake({ endpoint: { ...endpoint('a'), id: endpoint('a').id.toUpperCase() } })),
      then: 'write Approved',
    },
    {
      that: 'whose endpoint is hidden is another than the one that was evaluated',
      request: applying(),
      event: read(lake(hidden)),
      then: 'abandoned → open (endpoint-changed, alarm); end',
    },
    {
      that: 'whose endpoint was hidden when it was evaluated is another, although an older list showed it',
      request: applying(),
      event: read(lake(), true, evaluated('approve', {}, { connection: lake(hidden) })),
      then: 'abandoned → open (endpoint-changed, alarm); end',
    },
    {
      that: 'whose endpoint is not the one of the record is another',
      request: applying({}, { subject: { ...open().subject, endpointId: endpoint('b').id } as never }),
      event: read(lake()),
      then: 'abandoned → open (endpoint-changed, alarm); end',
    },
    {
      that: 'that never showed an endpoint is the same',
      request: applying({}, noEndpoint),
      event: read(lake(hidden), true, evaluated('approve', {}, { connection: lake(hidden) })),
      then: 'write Approved',
    },
    {
      that: 'that shows an endpoint where none was recorded is another',
      request: applying({}, noEndpoint),
      event: read(lake()),
      then: 'abandoned → open (endpoint-changed, alarm); end',
    },
    {
      that: 'with other group ids is another',
      request: applying(),
      event: read(lake({ groupIds: ['dfs'] })),
      then: 'abandoned → open (endpoint-changed, alarm); end',
    },
    {
      that: 'with the group ids in another order and case is the same',
      request: applying(),
      event: read(
        lake({ groupIds: ['DFS', 'blob'] }),
        true,
        evaluated('approve', {}, { connection: lake({ groupIds: ['blob', 'dfs'] }) }),
      ),
      then: 'write Approved',
    },
    {
      that: 'is rejected where the intent says so',
      request: applying(rejected),
      event: read(lake(), true, reject),
      then: 'write Rejected',
    },
    {
      that: 'is not written to by an intent for another decision',
      request: applying({ rule: 'other v1' }),
      event: read(lake()),
      then: 'retry after 3 s',
    },
    {
      that: 'and Disconnected is decided, too',
      request: applying(),
      event: read(lake({ status: 'Disconnected' })),
      then: 'observe',
    },
    {
      that: 'Pending, is written to although Azure was busy for long',
      request: applying({ busySince: ago(1801) }),
      event: read(lake()),
      then: 'write Approved',
    },
  ],
  'an Azure that is busy': [
    {
      that: 'for half an hour to the second is asked again',
      request: applying({ busySince: ago(1800) }),
      event: { kind: 'busy', afterSeconds: 20, code: '429' },
      then: 'retry after 180 s',
    },
    {
      that: 'is asked again when it says, where that is later',
      request: applying({ busySince: ago(1800) }),
      event: { kind: 'busy', afterSeconds: 181, code: '429' },
      then: 'retry after 181 s',
    },
    {
      that: 'is asked again after a tenth of the time so far, in whole seconds',
      request: applying({ busySince: ago(301) }),
      event: { kind: 'busy', afterSeconds: 20, code: '429' },
      then: 'retry after 31 s',
    },
  ],
  'a connection that is read back': [
    {
      that: 'as it was before is not as meant',
      request: applying(),
      event: readBack(lake()),
      then: 'deferred → applying (allowed-by-rule); retry after 3 s',
    },
    {
      that: 'Rejected where Approved was meant is not as meant',
      request: applying(),
      event: readBack(lake({ status: 'Rejected' })),
      then: 'deferred → applying (allowed-by-rule); retry after 3 s',
    },
    {
      that: 'Rejected, as meant, is applied',
      request: applying(rejected),
      event: readBack(oursRejected),
      then: 'result → applied (allowed-by-rule); end',
    },
    {
      that: 'as meant is applied although Azure was busy for long',
      request: applying({ busySince: ago(1801) }),
      event: readBack(ours()),
      then: 'result → applied (allowed-by-rule); end',
    },
    {
      that: 'and has failed is refused, whatever its status',
      request: applying(),
      event: readBack(lake(), 'failed'),
      then: 'result → open (refused-by-azure, question); end',
    },
    {
      that: 'without its endpoint is not believed',
      request: applying(),
      event: readBack(ours(hidden)),
      then: 'abandoned → open (endpoint-changed, alarm); end',
    },
  ],
  'a decision that Azure shows': [
    {
      that: 'is ours while it is being applied',
      request: applying(),
      event: decided(ours()),
      then: 'result → applied (allowed-by-rule); end',
    },
    {
      that: 'and failed, after Azure refused it, is no news',
      request: openAfter('refused'),
      event: decided(ours(), 'failed'),
      then: 'end',
    },
    {
      that: 'by an earlier decision to approve, while a rejection is being applied, is an alarm',
      request: applying(rejected, {
        decisionId: 'c0ffee00c0ffee00c0ff.2.9',
        attempts: [
          { decisionId, outcome: 'approve' },
          { decisionId: 'c0ffee00c0ffee00c0ff.2.9', outcome: 'reject' },
        ],
      }),
      event: decided(ours()),
      then: 'abandoned → open (shown-late, alarm); end',
    },
    {
      that: 'by an earlier decision to approve, while another approval is being applied, is applied',
      request: applying(
        {},
        {
          decisionId: 'c0ffee00c0ffee00c0ff.2.9',
          attempts: [
            { decisionId, outcome: 'approve' },
            { decisionId: 'c0ffee00c0ffee00c0ff.2.9', outcome: 'approve' },
          ],
        },
      ),
      event: decided(ours()),
      then: 'result → applied (allowed-by-rule); end',
    },
    {
      that: 'by an earlier decision, as an alarm has said, is no news',
      request: open({ kind: 'shown-late' }, { attempts: [{ decisionId, outcome: 'approve' }] }),
      event: decided(ours({ groupIds: ['dfs'] })),
      then: 'end',
    },
    {
      that: 'by an earlier decision that failed is an alarm, and no rule counts as refused',
      request: applying(
        {},
        { decisionId: 'c0ffee00c0ffee00c0ff.2.9', attempts: [{ decisionId, outcome: 'reject' }] },
      ),
      event: decided(oursRejected, 'failed'),
      then: 'abandoned → open (shown-late, alarm); end',
    },
    {
      that: 'by somebody else after a late one of ours is theirs',
      request: open({ kind: 'shown-late' }, { attempts: [{ decisionId, outcome: 'approve' }] }),
      event: decided(lake({ status: 'Rejected' })),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'by an earlier decision, on another endpoint, is an alarm',
      request: open(undefined, { attempts: [{ decisionId, outcome: 'approve' }] }),
      event: decided(ours({ endpoint: endpoint('b') })),
      then: 'escalated → open (endpoint-changed, alarm); end',
    },
    {
      that: 'by a decision that was never sent is of somebody else',
      request: open(),
      event: decided(ours()),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'with the other outcome than was sent is of somebody else',
      request: open(undefined, { attempts: [{ decisionId, outcome: 'reject' }] }),
      event: decided(ours()),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'of somebody else, not finished, is theirs',
      request: openAfter('refused'),
      event: decided(lake({ status: 'Approved' }), 'under-way'),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'of somebody else that failed, while ours was being applied, is theirs',
      request: applying(),
      event: decided(lake({ status: 'Approved' }), 'failed'),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'of somebody else, not finished, while ours was being applied, is theirs',
      request: applying(),
      event: decided(lake({ status: 'Approved' }), 'under-way'),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'of somebody else after another endpoint was seen is theirs',
      request: openAfter('endpoint-changed'),
      event: decided(lake({ status: 'Approved' })),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'rejected by somebody else is theirs',
      request: open(),
      event: decided(lake({ status: 'Rejected' })),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'of a finished request is no news',
      request: applied(),
      event: decided(ours()),
      then: 'end',
    },
  ],
  'a target that cannot be read': [
    {
      that: 'is a new question when the reason is another',
      request: open({ kind: 'unreadable', sentence: 'Another reason.' }),
      event: unreadable,
      then: 'count',
    },
    {
      that: 'is a new question after a question of another kind',
      request: open(),
      event: unreadable,
      then: 'count',
    },
    {
      that: 'is not asked about before the passes that follow, although it was open',
      request: open(),
      event: unreadable,
      isFollowed: true,
      then: 'end',
    },
    {
      that: 'and can be read again is no news where nothing was open',
      request: withdrawn,
      event: { kind: 'readable' },
      then: 'end',
    },
  ],
  'anything else': [
    { that: 'on a connection nobody knows ends', request: undefined, event: { kind: 'gone' }, then: 'end' },
    {
      that: 'on an open request ends',
      request: open(),
      event: { kind: 'written' },
      then: 'end',
    },
    {
      that: 'does not leave a decision alone that is being applied',
      request: applying(),
      event: unreadable,
      then: 'retry after 3 s',
    },
  ],
}

describe.each(Object.entries(examplesOf))('%s', (_what, examples) => {
  it.each(examples)('$that: $then', (example) => {
    expect(lineOf(stepOf(example))).toBe(example.then)
  })
})

it('anything else is called so', () => {
  expect(stepOf({ request: undefined, event: { kind: 'gone' } }).row).toBe('anything else')
})
