import type { EventKind, LifeEvent } from '../../../shared/request/step.ts'
import {
  ago,
  applied,
  applying,
  attempt,
  confirmed,
  evaluated,
  burst,
  decided,
  decidedElsewhere,
  endpoint,
  lake,
  listedAs,
  open,
  openAfter,
  ours,
  read,
  readBack,
  said,
  withdrawn,
} from './given.ts'
import { type RowExample, sendsAgain } from './rows-waiting.ts'

const late = 'The connection is Approved by an earlier decision of this app, which is not in force any more.'
const earlier = attempt()
const laterId = { decisionId: 'c0ffee00c0ffee00c0ff.2.9' }
const changed =
  'Another endpoint, or other group ids of it, stand behind the connection than those that were evaluated.'
const fresh = 'unseen | applied | decided-elsewhere | withdrawn'
const closed = 'applied | decided-elsewhere | withdrawn'

const updating = lake({ status: 'Updating' })
const elsewhere = lake({ endpoint: endpoint('b') })
const hidden = { endpoint: undefined }
const unknownGroupIds = {
  connection: lake({ groupIds: undefined }),
  proof: { ...confirmed, groupIds: undefined },
}
const busy = { kind: 'busy', afterSeconds: 20, code: '429', message: 'Slow down.' } as const
const unanswered = { kind: 'unanswered', afterSeconds: 0, code: 'Timeout', message: 'no response' } as const
const disallowed = { code: 'RequestDisallowedByPolicy', message: 'Not\u202Ehere.' }
const refused = { kind: 'refused', ...disallowed, passes: true } as const
const unreadable = { kind: 'unreadable', question: 'No permission.', sentence: 'No permission.' } as const
const problem: LifeEvent = { kind: 'target-problem', problem: unreadable }

const yet = (words: string) => `Azure has not carried the decision out yet: ${words}.`
const forHalfAnHour = (words: string) =>
  `Azure has not carried the decision out for 30 min: ${words}. ${sendsAgain}`
const notSent = 'The same decision is not sent again: decide in the portal.'
const failed = `Azure refused the decision: the provisioning of the connection failed. ${notSent}`
const endpointHidden = 'the list shows an endpoint or group ids that a read of the connection does not show'
const shows = (status: string) =>
  `the connection shows the status ${status} and the provisioning state Succeeded`
const working = 'the decision is accepted, and Azure is still working on it'
const contradiction =
  'the list of the target shows the connection, and a read of it says that it does not exist'
const toOpen = 'result → open (refused-by-azure, question); end'
const toApplying = (seconds: number) => `deferred → applying (allowed-by-rule); retry after ${seconds} s`
const tooLong = applying({ since: ago(1800) })

/** The rows for a decision that was not taken, and is sent again. */
function sentAgainRows(
  on: EventKind,
  what: string,
  { event, words, seconds }: { readonly event: LifeEvent; readonly words: string; readonly seconds: number },
): readonly RowExample[] {
  const named = (when: string) => `applying · ${on}${when && ` · ${when}`}`
  return [
    {
      row: named(what ? `${what}, for 30 min` : 'for 30 min'),
      ...{ request: tooLong, event, then: toOpen, says: forHalfAnHour(words) },
    },
    { row: named(what), request: applying(), event, then: toApplying(seconds), says: yet(words) },
  ]
}

/** The rows for a decision that Azure took and is not done with. */
function awaitedRows(
  on: EventKind,
  what: string,
  { event, words }: { readonly event: LifeEvent; readonly words: string },
): readonly RowExample[] {
  const row = `applying · ${on} · ${what}`
  return [
    { row: `${row}, for 30 min`, request: tooLong, event, then: toOpen, says: forHalfAnHour(words) },
    { row: `${row}, for the first time`, request: applying(), event, then: toApplying(5), says: yet(words) },
    { row, request: applying({ since: ago(9), notBefore: ago(-591) }), event, then: 'retry after 18 s' },
  ]
}

export const applyingRows: readonly RowExample[] = [
  ...sentAgainRows('read', 'the endpoint, or group ids, are not shown', {
    ...{ event: read(lake(hidden)), words: endpointHidden, seconds: 15 },
  }),
  {
    row: 'applying · read · group ids that the list left out, and others than were evaluated',
    request: applying({}, { groupIds: undefined }),
    event: read(lake(), true, evaluated('approve', {}, unknownGroupIds)),
    then: 'deferred → applying (allowed-by-rule); evaluate',
    says: 'The decision was not sent: a read shows group ids that the list left out.',
  },
  {
    row: 'applying · read · another endpoint, or other group ids, than were evaluated',
    request: applying(),
    event: read(elsewhere),
    then: 'abandoned → open (endpoint-changed, alarm); end',
    says: changed,
  },
  {
    row: 'applying · read · decided already',
    request: applying(),
    event: read(lake({ status: 'Rejected' })),
    then: 'observe',
  },
  ...awaitedRows('read', 'status not known', { event: read(updating), words: shows('Updating') }),
  {
    row: 'applying · read · Pending, the allow-list has changed',
    request: applying(),
    event: read(lake(), false),
    then: toApplying(1),
    says: 'The decision was not sent: the allow-list has changed since the request was evaluated.',
  },
  {
    row: 'applying · read · Pending, and the intent is this very decision',
    request: applying(),
    event: read(lake()),
    then: 'write Approved',
  },
  ...sentAgainRows('busy', '', { event: busy, words: '429 ("Slow down.")', seconds: 20 }),
  ...sentAgainRows('unanswered', '', { event: unanswered, words: 'Timeout ("no response")', seconds: 5 }),
  {
    row: 'open · contradicted · as a notification has said',
    request: openAfter('refused'),
    event: { kind: 'contradicted' },
    then: 'end',
  },
  ...sentAgainRows('contradicted', '', {
    ...{ event: { kind: 'contradicted' }, words: contradiction, seconds: 15 },
  }),
  ...sentAgainRows('accepted', '', { event: { kind: 'accepted' }, words: working, seconds: 5 }),
  {
    row: 'applying · refused',
    request: applying(),
    event: refused,
    then: toOpen,
    says: `Azure refused the decision: RequestDisallowedByPolicy ("Not\uFFFDhere."). Exempt the target from the policy that Azure names, or decide in the portal: the app sends it again after 1, 5 and 30 minutes, then hourly, for 7 days.`,
  },
  {
    row: 'applying · said-gone',
    request: applying(),
    event: { kind: 'said-gone' },
    then: 'read-if-gone',
  },
  { row: 'applying · written', request: applying(), event: { kind: 'written' }, then: 'read-back' },
  {
    row: 'applying · still-there',
    request: applying(),
    event: { kind: 'still-there' },
    then: toOpen,
    says: `Azure refused the decision: a write says that the connection does not exist, and a read shows it. Remove the cause, or decide in the portal: the app sends it again after 1, 5 and 30 minutes, then hourly, for 7 days.`,
  },
  ...awaitedRows('read-back', 'the endpoint is not shown', {
    ...{ event: readBack(ours(hidden)), words: endpointHidden },
  }),
  {
    row: 'applying · read-back · another endpoint, or other group ids, than were evaluated',
    request: applying(),
    event: readBack(ours({ groupIds: ['dfs'] })),
    then: 'abandoned → open (endpoint-changed, alarm); end',
    says: changed,
  },
  {
    row: 'applying · read-back · provisioning failed',
    request: applying(),
    event: readBack(ours(), 'failed'),
    then: toOpen,
    says: failed,
  },
  ...awaitedRows('read-back', 'not finished, or not as meant', {
    ...{ event: readBack(ours(), 'under-way'), words: shows('Approved') },
  }),
  {
    row: 'applying · read-back · as meant',
    request: applying(),
    event: readBack(ours()),
    then: 'result → applied (allowed-by-rule); end',
    says: 'Rule sales allows it.',
  },
]

export const decidedRows: readonly RowExample[] = [
  {
    row: `${closed} | open | applying · decided · only a list shows it, by which something would be recorded`,
    request: open(),
    event: listedAs(lake({ status: 'Approved' })),
    then: 'confirm',
  },
  {
    row: 'open · decided · by us, after another endpoint was seen there: that it looks right again settles nothing',
    request: openAfter('endpoint-changed'),
    event: decided(ours()),
    then: 'end',
  },
  {
    row: 'open | applying · decided · by us, for some minutes, beside a provisioning state that is not known',
    request: applying({ since: ago(180) }),
    event: decided(ours({ provisioningState: 'Ready' }), 'unknown'),
    then: 'result → applied (allowed-by-rule); end',
    says: 'The connection is Approved; its provisioning state, Ready, is not known here.',
  },
  {
    row: 'open · decided · by us, not finished',
    request: openAfter('refused'),
    event: decided(ours(), 'under-way'),
    then: 'end',
  },
  ...awaitedRows('decided', 'by us, not finished', {
    ...{ event: decided(ours(), 'under-way'), words: shows('Approved') },
  }),
  {
    row: 'applying · decided · by us, provisioning failed',
    request: applying(),
    event: decided(ours(), 'failed'),
    then: toOpen,
    says: failed,
  },
  {
    row: 'open | applying · decided · by us',
    request: openAfter('refused'),
    event: decided(ours()),
    then: 'result → applied (final-state); end',
    says: 'Azure carried the decision out after all.',
  },
  {
    row: 'open · decided · by us, as a notification has said',
    request: openAfter('endpoint-changed'),
    event: decided(ours({ endpoint: endpoint('b') })),
    then: 'end',
  },
  {
    row: `${closed} · decided · by us, on another endpoint`,
    request: applied(9, { attempts: [earlier] }),
    event: decided(ours({ endpoint: endpoint('b') })),
    then: 'escalated → open (endpoint-changed, alarm); end',
    says: changed,
  },
  {
    row: 'applied · decided · as this app decided',
    request: applied(),
    event: decided(lake({ status: 'Approved' })),
    then: 'end',
  },
  {
    row: `${closed} · decided · by us, by an earlier decision, or one that was changed since`,
    request: { ...decidedElsewhere, attempts: [earlier] },
    event: decided(ours()),
    then: 'escalated → open (shown-late, alarm); end',
    says: late,
  },
  {
    row: 'applied · decided · Approved or Rejected by somebody else',
    request: applied(),
    event: decided(lake({ status: 'Rejected' })),
    then: 'escalated → open by azure (changed-outside, alarm); end',
    says: 'Somebody changed a decision of this app outside of it: the connection is Rejected now.',
  },
  {
    row: 'applied · decided · Disconnected',
    request: applied(),
    event: decided(lake({ status: 'Disconnected' })),
    then: 'observed → withdrawn by azure (final-state); end',
    says: 'The connection is Disconnected; it no longer waits for a decision.',
  },
  {
    row: `${closed} · decided`,
    request: withdrawn,
    event: decided(lake({ status: 'Rejected' })),
    then: 'end',
  },
  {
    row: 'open · decided · by us, on another endpoint or other group ids',
    request: openAfter('refused'),
    event: decided(ours({ endpoint: endpoint('b') })),
    then: 'escalated → open (endpoint-changed, alarm); end',
    says: changed,
  },
  {
    row: 'applying · decided · by us, on another endpoint or other group ids',
    request: applying(),
    event: decided(ours({ groupIds: ['dfs'] })),
    then: 'abandoned → open (endpoint-changed, alarm); end',
    says: changed,
  },
  {
    row: 'open · decided · by us, by an earlier decision',
    request: open(undefined, { attempts: [earlier], ...laterId }),
    event: decided(ours()),
    then: 'escalated → open (shown-late, alarm); end',
    says: late,
  },
  {
    row: 'applying · decided · by us, by an earlier decision',
    request: applying({ outcome: 'reject' }, { attempts: [earlier], ...laterId }),
    event: decided(ours()),
    then: 'abandoned → open (shown-late, alarm); end',
    says: late,
  },
  {
    row: 'open | applying · decided · Approved or Rejected by somebody else, with another endpoint',
    request: open(),
    event: decided(lake({ status: 'Approved', endpoint: endpoint('other') })),
    then: 'observed → withdrawn by azure (final-state); end',
    says: 'Another endpoint stands behind the connection; this request is over.',
  },
  {
    row: 'open · decided · changed by somebody else, as a notification has said',
    request: open({ kind: 'changed-outside' }, { attempts: [attempt('approve')] }),
    event: decided(lake({ status: 'Rejected' })),
    then: 'end',
  },
  {
    row: 'open | applying · decided · Approved or Rejected by somebody else',
    request: open(),
    event: decided(lake({ status: 'Approved' })),
    then: 'observed → decided-elsewhere by azure (final-state); end',
    says: 'Decided outside this app: the connection is Approved.',
  },
  {
    row: 'open | applying · decided · Disconnected',
    request: applying(),
    event: decided(lake({ status: 'Disconnected' })),
    then: 'observed → withdrawn by azure (final-state); end',
    says: 'The connection is Disconnected; it no longer waits for a decision.',
  },
  {
    row: 'open | applying · gone',
    request: applying(),
    event: { kind: 'gone' },
    then: 'observed → withdrawn by azure (final-state); end',
    says: 'The connection is gone; there is nothing left to decide.',
  },
]

export const wholeTargetRows: readonly RowExample[] = [
  {
    row: `${fresh} | open · target-problem · it cannot be read, and passes follow`,
    request: undefined,
    event: problem,
    isFollowed: true,
    then: 'end',
  },
  {
    row: 'withdrawn · target-problem · as a notification has said, and it could be read for less than an hour',
    request: {
      ...withdrawn,
      ...{ quietUntil: ago(-1), said: [said('unreadable No permission.')] },
    },
    event: problem,
    then: 'escalated → open (target-unreadable, known); end',
    says: 'No permission.',
  },
  {
    row: 'open · target-problem · as a notification has said',
    request: open({ kind: 'unreadable', question: 'No permission.' }),
    event: problem,
    then: 'end',
  },
  {
    row: 'open · target-problem · at something else, for less than half an hour',
    request: open({ kind: 'unreadable', question: 'No permission.' }),
    event: {
      kind: 'target-problem',
      problem: { kind: 'azure-fails', question: 'part 503', sentence: 'Azure fails.', isEarly: true },
    },
    then: 'end',
  },
  {
    row: `${fresh} | open · target-problem`,
    request: applied(),
    event: problem,
    then: 'count',
  },
  {
    row: `${fresh} | open · target-within-limits`,
    request: applied(),
    event: { kind: 'target-within-limits', problem: unreadable },
    then: 'escalated → open (target-unreadable, alarm); end',
    says: 'No permission.',
  },
  {
    row: `${fresh} | open · target-over-limit`,
    request: open(),
    event: { kind: 'target-over-limit', problem: unreadable, burst },
    then: 'escalated → open (target-unreadable, alarm of the case); end',
    says: 'No permission.',
  },
  {
    row: 'open · readable',
    request: open({ kind: 'unreadable', question: 'No permission.' }),
    event: { kind: 'readable' },
    then: 'observed → withdrawn by azure (final-state); end',
    says: 'The target can be read and decided again.',
  },
]
