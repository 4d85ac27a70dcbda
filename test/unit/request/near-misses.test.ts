import { describe, expect, it } from 'vitest'
import type { Attempt, Request } from '../../../shared/domain/request.ts'
import type { LifeEvent, TargetProblem } from '../../../shared/request/step.ts'
import {
  ago,
  applied,
  applying,
  attempt,
  byNewRule,
  decisionId,
  decided,
  decidedElsewhere,
  endpoint,
  evaluated,
  type Example,
  verdictOn,
  known,
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
  refusedOnce,
  said,
  rule,
  stepOf,
  unlooked,
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
const isUnreadable = { kind: 'unreadable', question: 'No permission.' } as const
const isFailing = { kind: 'azure-fails', question: 'list 503' } as const
const inTrouble = (kind: TargetProblem['kind'], change: Partial<TargetProblem> = {}): LifeEvent => ({
  kind: 'target-problem',
  problem: { ...(kind === 'unreadable' ? isUnreadable : isFailing), sentence: 'No.', ...change },
})
const saidOften = (times: number): Partial<Request> => ({
  said: [said('unreadable Another reason.', { times })],
})
const wasReadable = (quietUntil: string, change: Partial<Request> = {}) => ({
  ...withdrawn,
  ...{ quietUntil, said: [said('unreadable No permission.')], ...change },
})
const laterId = { decisionId: 'c0ffee00c0ffee00c0ff.2.9' }
const rejecting: Attempt = { ...laterId, outcome: 'reject', mayLandUntil: undefined }
const later: Attempt = { ...rejecting, outcome: 'approve' }
/** What a host wrote whose clock was wrong by years. */
const yearsAhead = ago(-365 * 24 * 3600)
const busy = (afterSeconds: number): LifeEvent => ({
  ...{ kind: 'busy', afterSeconds, code: '429', message: 'Slow down.' },
})
const unanswered: LifeEvent = { kind: 'unanswered', afterSeconds: 0, code: 'Timeout', message: 'no response' }
const accepted: LifeEvent = { kind: 'accepted' }
const refusal = (code: string): LifeEvent => ({ kind: 'refused', code, message: 'No.', passes: true })
const mayLand = (outcome: 'approve' | 'reject', until: string) => ({ attempts: [attempt(outcome, until)] })
const toRefused = 'result → open (refused-by-azure, question); end'
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
      that: 'is evaluated at once after a decision that a wrong clock applied in years',
      request: { ...applied(), state: { name: 'applied', outcome: 'approve', at: yearsAhead } },
      event: waiting(),
      then: 'evaluate',
    },
    {
      that: 'is evaluated while its decision is being applied, and was never tried, however long ago it began',
      request: applying({ since: ago(1800) }),
      event: waiting(),
      then: 'evaluate',
    },
    {
      that: 'is evaluated for a next try just before the half hour is over',
      request: applying({ since: ago(1799.9), notBefore: ago(0) }),
      event: waiting(),
      then: 'evaluate',
    },
    {
      that: 'goes to a person, although the last try was due some minutes ago',
      request: applying({ since: ago(4000), notBefore: ago(299) }),
      event: waiting(),
      then: toRefused,
    },
    {
      that: 'is tried once more after the half hour, when the app itself was away for five minutes',
      request: applying({ since: ago(4000), notBefore: ago(300) }),
      event: waiting(),
      then: 'evaluate',
    },
    {
      that: 'is not tried before its time, even after the half hour',
      request: applying({ since: ago(1800), notBefore: ago(-1) }),
      event: waiting(),
      then: 'retry after 1 s',
    },
    {
      that: 'is tried in a second where the next try is less than that away',
      request: applying({ notBefore: ago(-0.3) }),
      event: waiting(),
      then: 'retry after 1 s',
    },
    {
      that: 'is checked before the next try where a write without a response may be carried out',
      request: applying({ since: ago(20), notBefore: ago(-100) }, mayLand('approve', ago(-580))),
      event: waiting(),
      then: 'retry after 40 s',
    },
    {
      that: 'is checked when the next try is due, where that is sooner',
      request: applying({ since: ago(90), notBefore: ago(-30) }, mayLand('approve', ago(-580))),
      event: waiting(),
      then: 'retry after 30 s',
    },
    {
      that: 'is tried although a wrong clock deferred it for years',
      request: applying({ notBefore: yearsAhead }),
      event: waiting(),
      then: 'evaluate',
    },
    {
      that: 'is tried in an hour where it was deferred for an hour',
      request: applying({ notBefore: ago(-3600) }),
      event: waiting(),
      then: 'retry after 3600 s',
    },
    {
      that: 'in a status that is not known is evaluated where nothing is being applied',
      request: open(),
      event: waiting({ status: 'Updating' }),
      then: 'evaluate',
    },
    {
      that: 'in a status that is not known, for almost half an hour, is read again',
      request: applying({ since: ago(1799), notBefore: ago(1) }),
      event: waiting({ status: 'Updating' }),
      then: 'retry after 900 s',
    },
    {
      that: 'and that somebody is deciding goes to a person where no pass follows',
      request: undefined,
      event: waiting({ status: 'Approving' }),
      then: 'evaluate',
    },
    {
      that: 'in a status that is not known goes to a person although passes follow',
      request: undefined,
      event: waiting({ status: 'Updating' }),
      isFollowed: true,
      then: 'evaluate',
    },
    {
      that: 'and that Azure is rejecting is left alone while open, too',
      request: open(),
      event: waiting({ status: 'Rejecting' }),
      isFollowed: true,
      then: 'end',
    },
  ],
  'an open request that waits': [
    { that: 'is evaluated in a look', request: open(), event: waiting(), then: 'evaluate' },
    {
      that: 'is evaluated when the list is another',
      request: open(),
      event: waiting({}, { ...unlooked, ruleSetHash: 'list-2' }),
      then: 'evaluate',
    },
    {
      that: 'is not evaluated when an earlier pass evaluated it by that list',
      request: open(),
      event: { ...waiting({}, unlooked), ...{ ruleSetHash: 'list-2', evaluatedBy: 'list-2' } },
      then: 'end',
    },
    {
      that: 'is evaluated when an earlier pass evaluated it by another list',
      request: open(),
      event: { ...waiting({}, unlooked), ...{ ruleSetHash: 'list-2', evaluatedBy: 'list-1' } },
      then: 'evaluate',
    },
    {
      that: 'is evaluated when the list cannot be used',
      request: open(),
      event: waiting({}, { ...unlooked, ruleSetHash: undefined }),
      then: 'evaluate',
    },
    {
      that: 'is evaluated when its message is another',
      request: open(),
      event: waiting({ description: 'Now!' }, unlooked),
      then: 'evaluate',
    },
    {
      that: 'is evaluated when its group ids are others',
      request: open(),
      event: waiting({ groupIds: ['dfs'] }, unlooked),
      then: 'evaluate',
    },
    {
      that: 'that shows no group ids has not changed',
      request: open(),
      event: waiting({ groupIds: undefined }, unlooked),
      then: 'end',
    },
    {
      that: 'is the same where its message is longer than a record holds',
      request: open(undefined, { requesterSaid: 'x'.repeat(500) }),
      event: waiting({ description: 'x'.repeat(501) }, unlooked),
      then: 'end',
    },
    {
      that: 'is evaluated after four changes, when there is one more',
      request: open(undefined, { changes: 4 }),
      event: waiting({ description: 'Now!' }, unlooked),
      then: 'evaluate',
    },
    {
      that: 'is evaluated only in a look after five changes',
      request: open(undefined, { changes: 5 }),
      event: waiting({ description: 'Now!' }, unlooked),
      then: 'end',
    },
    {
      that: 'is evaluated when its status is not known any more',
      request: open(),
      event: waiting({ status: 'Updating' }, unlooked),
      then: 'evaluate',
    },
    {
      that: 'is evaluated when it is Pending again after a status that was not known',
      request: open(undefined, { reason: { code: 'unknown-status', sentence: 'Updating?' } }),
      event: waiting({}, unlooked),
      then: 'evaluate',
    },
    {
      that: 'in a status that is still not known has not changed',
      request: open(undefined, { reason: { code: 'unknown-status', sentence: 'Updating?' } }),
      event: waiting({ status: 'Updating' }, unlooked),
      then: 'end',
    },
    {
      that: 'is evaluated after a target that could not be read whole',
      request: open(undefined, { reason: { code: 'target-unreadable', sentence: 'No permission.' } }),
      event: waiting({}, unlooked),
      then: 'evaluate',
    },
  ],
  'a verdict that escalates': [
    {
      that: 'does not wait where no pass follows',
      request: undefined,
      event: verdictOn(unproven('could-not-ask')),
      then: 'count',
    },
    ...(['may-be-denied', 'may-be-asked'] as const).map((code) => ({
      that: `waits where a later pass can prove that it is not ${code}`,
      request: undefined,
      event: verdictOn({
        ...unproven('could-not-ask'),
        verdict: { ...escalate.verdict, reason: { code, sentence: 'Who asks?' } },
      }),
      isFollowed: true,
      then: 'end',
    })),
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
      request: openWith(
        { code: 'unproven-requester', refusal: 'could-not-ask', proof: 'platform' },
        { reason: unproven().verdict.reason },
      ),
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
        evaluated('escalate', {
          decidedBy: rule(),
          reason: { code: 'asked-by-rule', sentence: 'It says escalate.' },
        }),
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
      that: 'is asked anew with another message, a fifth time',
      request: open(undefined, { requesterSaid: 'Please.', changes: 4 }),
      event: verdictOn(escalate),
      then: 'count-as-question',
    },
    {
      that: 'is not asked anew with another message a sixth time, and the record shows it',
      request: open(undefined, { requesterSaid: 'Please.', changes: 5 }),
      event: verdictOn(escalate),
      then: 'escalated → open (no-rule-matched, known); end',
    },
    {
      that: 'is asked anew with other group ids',
      request: open(undefined, { groupIds: ['dfs'] }),
      event: verdictOn(escalate),
      then: 'count-as-question',
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
      event: verdictOn(evaluated('approve', {}, { proof: proofWith('could-not-ask') })),
      isFollowed: true,
      then: 'count',
    },
    {
      that: 'by another version of the rule that Azure refused goes on',
      request: openAfter('refused', 'approve', { refused: refusedOnce(undefined) }),
      event: verdictOn(byNewRule),
      then: 'count',
    },
    {
      that: 'by the rule that Azure refused goes on when its next try is due',
      request: openAfter('refused', 'approve', { refused: refusedOnce(ago(0)) }),
      event: verdictOn(approve),
      then: 'count',
    },
    {
      that: 'by the rule that Azure refused waits for its next try, to the second',
      request: openAfter('refused', 'approve', { refused: refusedOnce(ago(-0.1)) }),
      event: verdictOn(approve),
      then: 'end',
    },
    {
      that: 'by the rule that Azure refused for good stays with people',
      request: openAfter('refused', 'approve', { refused: refusedOnce(undefined) }),
      event: verdictOn(approve),
      then: 'end',
    },
    {
      that: 'by the rule that Azure refused waits for an hour, and as much as clocks differ',
      request: openAfter('refused', 'approve', { refused: refusedOnce(ago(-3660)) }),
      event: verdictOn(approve),
      then: 'end',
    },
    {
      that: 'by the rule that Azure refused does not wait for longer',
      request: openAfter('refused', 'approve', { refused: refusedOnce(ago(-3661)) }),
      event: verdictOn(approve),
      then: 'count',
    },
    {
      that: 'by the rule that Azure refused goes on where a wrong clock deferred it for years',
      request: openAfter('refused', 'approve', { refused: refusedOnce(yearsAhead) }),
      event: verdictOn(approve),
      then: 'count',
    },
    {
      that: 'is taken up again in the retry of a refused decision',
      request: applying({ asked: known }, { refused: refusedOnce(ago(1)) }),
      event: verdictOn(approve),
      then: 'intent → applying (allowed-by-rule); read',
    },
    {
      that: 'is the same as what Azure may still carry out, and goes on',
      request: open(undefined, mayLand('approve', ago(-1))),
      event: verdictOn(approve),
      then: 'count',
    },
    {
      that: 'goes on when Azure has had its time for the opposite',
      request: open(undefined, mayLand('reject', ago(0))),
      event: verdictOn(approve),
      then: 'count',
    },
    {
      that: 'goes on where a wrong clock gave the opposite years',
      request: open(undefined, mayLand('reject', yearsAhead)),
      event: verdictOn(approve),
      then: 'count',
    },
    {
      that: 'waits for the opposite of an earlier episode, too',
      request: { ...decidedElsewhere, ...mayLand('approve', ago(-600)) },
      event: verdictOn(reject),
      then: 'retry after 60 s',
    },
    {
      that: 'waits for the opposite although its intent is written',
      request: applying({}, { attempts: [{ ...rejecting, mayLandUntil: ago(-1) }, attempt()] }),
      event: verdictOn(approve),
      then: 'retry after 60 s',
    },
    {
      that: 'replaces its opposite that is being applied when that cannot be carried out any more',
      request: applying({ outcome: 'reject' }, mayLand('reject', ago(0))),
      event: verdictOn(approve),
      then: 'count',
    },
    {
      that: 'by no rule waits for its next try where Azure refused the one by no rule',
      request: openAfter('refused', 'reject', { refused: refusedOnce(ago(-60), { rule: undefined }) }),
      event: verdictOn(evaluated('reject', { decidedBy: undefined })),
      then: 'end',
    },
    {
      that: 'by no rule stays with people where Azure refused the one by no rule for good',
      request: openAfter('refused', 'reject', { refused: refusedOnce(undefined, { rule: undefined }) }),
      event: verdictOn(evaluated('reject', { decidedBy: undefined })),
      then: 'end',
    },
    {
      that: 'by no rule goes on where Azure refused one by a rule',
      request: openAfter('refused', 'reject', { refused: refusedOnce(undefined) }),
      event: verdictOn(evaluated('reject', { decidedBy: undefined })),
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
      request: { ...withdrawn, refused: refusedOnce(ago(0)) },
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
      then: 'intent → applying (allowed-by-rule); read',
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
      that: 'whose endpoint is hidden is read again',
      request: applying(),
      event: read(lake(hidden)),
      then: 'deferred → applying (allowed-by-rule); retry after 15 s',
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
      request: applying({}, { groupIds: ['blob', 'dfs'] }),
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
      then: 'retry after 15 s',
    },
    {
      that: 'and Disconnected is decided, too',
      request: applying(),
      event: read(lake({ status: 'Disconnected' })),
      then: 'observe',
    },
    {
      that: 'Pending, is written to although Azure was busy for long',
      request: applying({ since: ago(1801) }),
      event: read(lake()),
      then: 'write Approved',
    },
  ],
  'an Azure that is busy': [
    {
      that: 'for almost half an hour is asked again when it is over',
      request: applying({ since: ago(1799) }),
      event: busy(1),
      then: 'deferred → applying (allowed-by-rule); retry after 1 s',
    },
    {
      that: 'is asked again when it says, where that is later',
      request: applying({ since: ago(30) }),
      event: busy(91),
      then: 'deferred → applying (allowed-by-rule); retry after 91 s',
    },
    {
      that: 'is asked again two minutes after the first try, where that is later',
      request: applying({ since: ago(30) }),
      event: busy(20),
      then: 'deferred → applying (allowed-by-rule); retry after 90 s',
    },
    {
      that: 'says so of each try anew',
      request: applying({ since: ago(120), notBefore: ago(0) }),
      event: busy(20),
      then: 'deferred → applying (allowed-by-rule); retry after 480 s',
    },
    {
      that: 'is no reason to wait with a check whether an earlier write was carried out',
      request: applying(
        { since: ago(120), notBefore: ago(0) },
        { attempts: [attempt('approve', ago(-480)), attempt('approve', ago(-600))] },
      ),
      event: busy(300),
      then: 'deferred → applying (allowed-by-rule); retry after 240 s',
    },
    {
      that: 'in the retry of a refused decision leaves the retries to their times',
      request: applying({ asked: known }, { refused: refusedOnce(ago(1), { code: '429' }) }),
      event: busy(20),
      then: 'result → open (refused-by-azure, known); end',
    },
    {
      that: 'in the retry of a decision that was refused otherwise is another question',
      request: applying({ asked: known }, { refused: refusedOnce(ago(1)) }),
      event: busy(20),
      then: toRefused,
    },
    {
      that: 'since a time far ahead, of a wrong clock, goes to a person at once',
      request: applying({ since: ago(-61) }),
      event: busy(20),
      then: toRefused,
    },
    {
      that: 'since a time ahead by as much as clocks differ is asked again',
      request: applying({ since: ago(-60) }),
      event: busy(1),
      then: 'deferred → applying (allowed-by-rule); retry after 15 s',
    },
  ],
  'a write without a response': [
    {
      that: 'is checked after twice the time so far, and soon at first',
      request: applying({ since: ago(20) }),
      event: unanswered,
      then: 'deferred → applying (allowed-by-rule); retry after 40 s',
    },
    {
      that: 'is sent again when it is time, where that is sooner',
      request: applying({ since: ago(90) }),
      event: unanswered,
      then: 'deferred → applying (allowed-by-rule); retry after 30 s',
    },
    {
      that: 'that Azure is still working on is checked soon, and not sent again for ten minutes',
      request: applying({ since: ago(1) }),
      event: accepted,
      then: 'deferred → applying (allowed-by-rule); retry after 5 s',
    },
    {
      that: 'that Azure is still working on, in the retry of a refused decision, is no new question',
      request: applying({ asked: known }, { refused: refusedOnce(ago(1)) }),
      event: accepted,
      then: 'deferred → applying (allowed-by-rule); retry after 5 s',
    },
  ],
  'a decision that Azure refuses': [
    {
      that: 'again for the same cause is the question that people know',
      request: applying({ asked: known }, { refused: refusedOnce(ago(1)) }),
      event: refusal('AuthorizationFailed'),
      then: 'result → open (refused-by-azure, known); end',
    },
    {
      that: 'again for another cause is another question',
      request: applying({ asked: known }, { refused: refusedOnce(ago(1)) }),
      event: refusal('ScopeLocked'),
      then: toRefused,
    },
    {
      that: 'again for a cause that was said before the last one is the question that people know',
      request: applying(
        { asked: known },
        {
          refused: refusedOnce(ago(1)),
          said: [said('refused ScopeLocked'), said('refused AuthorizationFailed')],
        },
      ),
      event: refusal('ScopeLocked'),
      then: 'result → open (refused-by-azure, known); end',
    },
    {
      that: 'again for another cause, after ten questions, is none any more',
      request: applying(
        { asked: known },
        { refused: refusedOnce(ago(1)), said: [said('refused AuthorizationFailed', { times: 10 })] },
      ),
      event: refusal('ScopeLocked'),
      then: 'result → open (refused-by-azure, known); end',
    },
    {
      that: 'for a cause of before, after another question, is the question that people know',
      request: applying({}, { refused: refusedOnce(ago(1)) }),
      event: refusal('AuthorizationFailed'),
      then: 'result → open (refused-by-azure, known); end',
    },
    {
      that: 'for a cause of before, of which nobody has been notified, is a question',
      request: applying({}, { refused: refusedOnce(ago(1)), said: [] }),
      event: refusal('AuthorizationFailed'),
      then: toRefused,
    },
  ],
  'a connection that is read back': [
    {
      that: 'as it was before is not as meant',
      request: applying(),
      event: readBack(lake()),
      then: 'deferred → applying (allowed-by-rule); retry after 5 s',
    },
    {
      that: 'Rejected where Approved was meant is not as meant',
      request: applying(),
      event: readBack(lake({ status: 'Rejected' })),
      then: 'deferred → applying (allowed-by-rule); retry after 5 s',
    },
    {
      that: 'Rejected, as meant, is applied',
      request: applying(rejected),
      event: readBack(oursRejected),
      then: 'result → applied (allowed-by-rule); end',
    },
    {
      that: 'as meant is applied although Azure was busy for long',
      request: applying({ since: ago(1801) }),
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
      that: 'without its endpoint is not believed, and read again',
      request: applying(),
      event: readBack(ours(hidden)),
      then: 'deferred → applying (allowed-by-rule); retry after 5 s',
    },
    {
      that: 'as meant, beside a provisioning state that is not known, is read again, however long it takes',
      request: applying({ since: ago(180) }),
      event: readBack(ours(), 'unknown'),
      then: 'deferred → applying (allowed-by-rule); retry after 360 s',
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
        ...laterId,
        attempts: [attempt(), rejecting],
      }),
      event: decided(ours()),
      then: 'abandoned → open (shown-late, alarm); end',
    },
    {
      that: 'by an earlier decision to approve, while another approval is being applied, is applied',
      request: applying(
        {},
        {
          ...laterId,
          attempts: [attempt(), later],
        },
      ),
      event: decided(ours()),
      then: 'result → applied (allowed-by-rule); end',
    },
    {
      that: 'by an earlier decision, as an alarm has said, is no news',
      request: open({ kind: 'shown-late' }, { attempts: [attempt()] }),
      event: decided(ours({ groupIds: ['dfs'] })),
      then: 'end',
    },
    {
      that: 'by an earlier decision that failed is an alarm, and no rule counts as refused',
      request: applying({}, { ...laterId, attempts: [attempt('reject')] }),
      event: decided(oursRejected, 'failed'),
      then: 'abandoned → open (shown-late, alarm); end',
    },
    {
      that: 'by somebody else after a late one of ours is theirs',
      request: open({ kind: 'shown-late' }, { attempts: [attempt()] }),
      event: decided(lake({ status: 'Rejected' })),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'by an earlier decision, on another endpoint, is an alarm',
      request: open(undefined, { attempts: [attempt()] }),
      event: decided(ours({ endpoint: endpoint('b') })),
      then: 'escalated → open (endpoint-changed, alarm); end',
    },
    {
      that: 'by a decision on the connection that nobody remembers is an alarm',
      request: open(),
      event: decided(ours()),
      then: 'escalated → open (shown-late, alarm); end',
    },
    {
      that: 'by a decision on another connection is of somebody else',
      request: open(),
      event: decided(ours({ description: 'Approved by private-endpoint-approver, decision beef.2.7' })),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'in the words of a decision with the other outcome is of somebody else',
      request: open(undefined, { attempts: [attempt()] }),
      event: decided(ours({ status: 'Rejected' })),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
    {
      that: 'as Disconnected, whatever its description says, is over',
      request: open(),
      event: decided(ours({ status: 'Disconnected', description: `Disconnected, decision ${decisionId}` })),
      then: 'observed → withdrawn by azure (final-state); end',
    },
    {
      that: 'beside a provisioning state that is not known, for almost three minutes, is read again',
      request: applying({ since: ago(179) }),
      event: decided(ours(), 'unknown'),
      then: 'deferred → applying (allowed-by-rule); retry after 358 s',
    },
    {
      that: 'beside a provisioning state that is not known, after a question of some minutes, is applied',
      request: open({ kind: 'refused' }, { attempts: [attempt()] }),
      event: decided(ours(), 'unknown'),
      then: 'result → applied (refused-by-azure); end',
    },
    {
      that: 'beside a provisioning state that is not known, right after a question, is no news yet',
      request: { ...openAfter('refused'), state: { ...openAfter('refused').state, since: ago(179) } },
      event: decided(ours(), 'unknown'),
      then: 'end',
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
  'what Azure shows of a closed record': [
    {
      that: 'is no news where somebody approved again what this app had approved',
      request: applied(),
      event: decided(lake({ status: 'Approved', description: 'Mine.' }), 'failed'),
      then: 'end',
    },
    {
      that: 'is an alarm where an approval was rejected, although its description still names this app',
      request: applied(9, { attempts: [attempt()] }),
      event: decided(ours({ status: 'Rejected' })),
      then: 'escalated → open by azure (changed-outside, alarm); end',
    },
    {
      that: 'is an alarm where an earlier decision of this app replaced the one in force',
      request: applied(9, { ...laterId, attempts: [attempt('reject'), later] }),
      event: decided(ours({ status: 'Rejected', description: `Rejected, decision ${decisionId}` })),
      then: 'escalated → open (shown-late, alarm); end',
    },
    {
      that: 'is an alarm where a withdrawn request was decided by a decision that nobody remembers',
      request: withdrawn,
      event: decided(ours({ description: 'Approved, decision c0ffee00c0ffee00c0ff.1.1' })),
      then: 'escalated → open (shown-late, alarm); end',
    },
    {
      that: 'is no news where somebody else decided, and then otherwise',
      request: { ...decidedElsewhere, attempts: [attempt()] },
      event: decided(lake({ status: 'Rejected' })),
      then: 'end',
    },
    {
      that: 'is no news where its endpoint is hidden',
      request: applied(9, { attempts: [attempt()] }),
      event: decided(ours(hidden)),
      then: 'end',
    },
    {
      that: 'is no news where somebody else’s decision is Disconnected',
      request: decidedElsewhere,
      event: decided(lake({ status: 'Disconnected' })),
      then: 'end',
    },
    {
      that: 'is theirs once the alarm about it has been raised',
      request: open({ kind: 'changed-outside' }),
      event: decided(lake({ status: 'Rejected' })),
      then: 'observed → decided-elsewhere by azure (final-state); end',
    },
  ],
  'a target in trouble': [
    {
      that: 'is a new question when the reason is another',
      request: open({ kind: 'unreadable', question: 'Another reason.' }),
      event: inTrouble('unreadable'),
      then: 'count',
    },
    {
      that: 'is a new question after a question of another kind',
      request: open(),
      event: inTrouble('unreadable'),
      then: 'count',
    },
    {
      that: 'is a new question when it cannot be read after Azure failed',
      request: open(isFailing),
      event: inTrouble('unreadable'),
      then: 'count',
    },
    {
      that: 'is not asked about before the passes that follow, although it was open',
      request: open(),
      event: inTrouble('unreadable'),
      isFollowed: true,
      then: 'end',
    },
    {
      that: 'because Azure fails is asked about although passes follow',
      request: undefined,
      event: inTrouble('azure-fails'),
      isFollowed: true,
      then: 'count',
    },
    {
      that: 'because Azure fails is no new question for as long as one is open, in other words too',
      request: open(isFailing),
      event: inTrouble('azure-fails', { sentence: 'For 60 min.' }),
      then: 'end',
    },
    {
      that: 'because Azure fails, too, is a new question where it cannot be read',
      request: open(isUnreadable),
      event: inTrouble('azure-fails'),
      then: 'count',
    },
    {
      that: 'because Azure fails at something else is a new question',
      request: open(isFailing),
      event: inTrouble('azure-fails', { question: 'part 503' }),
      then: 'count',
    },
    {
      that: 'because Azure fails at something else is none for half an hour',
      request: open(isFailing),
      event: inTrouble('azure-fails', { question: 'part 503', isEarly: true }),
      then: 'end',
    },
    {
      that: 'because Azure fails, at whatever, is a question where none is open',
      request: undefined,
      event: inTrouble('azure-fails', { isEarly: true }),
      then: 'count',
    },
    {
      that: 'is no new question when it was said before the one that is open',
      request: open(isFailing, { said: [said('unreadable No permission.'), said('azure-fails list 503')] }),
      event: inTrouble('unreadable'),
      then: 'end',
    },
    {
      that: 'is a new question after nine others',
      request: open(isFailing, saidOften(9)),
      event: inTrouble('unreadable'),
      then: 'count',
    },
    {
      that: 'is none after ten others',
      request: open(isFailing, saidOften(10)),
      event: inTrouble('unreadable'),
      then: 'end',
    },
    {
      that: 'again, as people know, is open again without a word',
      request: wasReadable(ago(-1)),
      event: inTrouble('unreadable'),
      then: 'escalated → open (target-unreadable, known); end',
    },
    {
      that: 'again an hour after it could be read is a new question',
      request: wasReadable(ago(0)),
      event: inTrouble('unreadable'),
      then: 'count',
    },
    {
      that: 'again for a reason that was not said is a new question',
      request: wasReadable(ago(-1)),
      event: inTrouble('unreadable', { question: 'Another reason.' }),
      then: 'count',
    },
    {
      that: 'again for a reason that was not said is none after ten others',
      request: wasReadable(ago(-1), saidOften(10)),
      event: inTrouble('unreadable'),
      then: 'escalated → open (target-unreadable, known); end',
    },
    {
      that: 'again is no new question for half an hour',
      request: open(isUnreadable, {
        ...{ firstSeenAt: ago(1799), said: [said('unreadable No permission.')] },
      }),
      event: inTrouble('unreadable'),
      then: 'end',
    },
    {
      that: 'again for half an hour is a new question',
      request: open(isUnreadable, {
        ...{ firstSeenAt: ago(1800), said: [said('unreadable No permission.')] },
      }),
      event: inTrouble('unreadable'),
      then: 'count',
    },
    ...[
      { seconds: 1799, then: 'end' },
      { seconds: 1800, then: 'count' },
      { seconds: 7205, then: 'count' },
      { seconds: 7206, then: 'end' },
    ].map(({ seconds, then }) => ({
      that: `as was said, with a connection that has waited for ${seconds} s, two hours after it was said`,
      request: open(isUnreadable, {
        ...{ firstSeenAt: ago(9000), said: [said('unreadable No permission.', { at: ago(7200) })] },
      }),
      event: inTrouble('unreadable', {
        connections: [{ name: 'c-new', since: Date.parse(ago(seconds)) }],
      }),
      then,
    })),
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
      event: inTrouble('unreadable'),
      then: 'retry after 15 s',
    },
  ],
}

describe.each(Object.entries(examplesOf))('%s', (_what, examples) => {
  it.each(examples)('$that: $then', (example) => {
    expect(lineOf(example)).toBe(example.then)
  })
})

it('anything else is called so', () => {
  expect(stepOf({ request: undefined, event: { kind: 'gone' } }).row).toBe('anything else')
})
