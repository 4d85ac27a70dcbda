import {
  ago,
  applied,
  applying,
  burst,
  decided,
  decisionId,
  endpoint,
  lake,
  open,
  openAfter,
  ours,
  read,
  readBack,
} from './given.ts'
import type { RowExample } from './rows-waiting.ts'

const late = 'The connection is Approved by an earlier decision of this app, which had been given up.'
const earlier = { decisionId, outcome: 'approve' } as const
const changed =
  'Another endpoint, or other group ids of it, stand behind the connection than those that were evaluated.'
const stillBusy = 'Azure refused the decision: it was still busy after half an hour'
const notFinished = 'Azure took the decision and has not finished with it.'
const failed = 'Azure refused the decision: ProvisioningFailed, it could not be carried out'
const statusUnknown = 'The connection is in a status that is not known here; it is read again.'
const fresh = 'unseen | applied | decided-elsewhere | withdrawn'

const updating = lake({ status: 'Updating' })
const elsewhere = lake({ endpoint: endpoint('b') })
const busy = { kind: 'busy', afterSeconds: 20, code: '429' } as const
const unreadable = { kind: 'unreadable', sentence: 'No permission.' } as const

export const applyingRows: readonly RowExample[] = [
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
  {
    row: 'applying · read · status not known, for the first time',
    request: applying(),
    event: read(updating),
    then: 'deferred → applying (allowed-by-rule); retry after 3 s',
    says: statusUnknown,
  },
  {
    row: 'applying · read · status not known, for more than 30 min',
    request: applying({ busySince: ago(1801) }),
    event: read(updating),
    then: 'result → open (refused-by-azure, question); end',
    says: stillBusy,
  },
  {
    row: 'applying · read · status not known',
    request: applying({ busySince: ago(31) }),
    event: read(updating),
    then: 'retry after 4 s',
  },
  {
    row: 'applying · read · Pending, the allow-list has changed',
    request: applying(),
    event: read(lake(), false),
    then: 'retry after 1 s',
  },
  {
    row: 'applying · read · Pending, and the intent is this very decision',
    request: applying(),
    event: read(lake()),
    then: 'write Approved',
  },
  {
    row: 'applying · busy · for the first time',
    request: applying(),
    event: busy,
    then: 'deferred → applying (allowed-by-rule); retry after 20 s',
    says: 'Azure is busy (429); the decision is sent again.',
  },
  {
    row: 'applying · busy · for more than 30 min',
    request: applying({ busySince: ago(1801) }),
    event: busy,
    then: 'result → open (refused-by-azure, question); end',
    says: stillBusy,
  },
  {
    row: 'applying · busy',
    request: applying({ busySince: ago(100) }),
    event: busy,
    then: 'retry after 20 s',
  },
  {
    row: 'applying · refused',
    request: applying(),
    event: { kind: 'refused', code: 'RequestDisallowedByPolicy', message: 'Not\u202Ehere.' },
    then: 'result → open (refused-by-azure, question); end',
    says: 'Azure refused the decision: RequestDisallowedByPolicy, Not\uFFFDhere.',
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
    then: 'result → open (refused-by-azure, question); end',
    says: 'Azure refused the decision: it says that the connection does not exist, and still shows it',
  },
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
    then: 'result → open (refused-by-azure, question); end',
    says: failed,
  },
  {
    row: 'applying · read-back · not finished, or not as meant, for the first time',
    request: applying(),
    event: readBack(ours(), 'under-way'),
    then: 'deferred → applying (allowed-by-rule); retry after 3 s',
    says: notFinished,
  },
  {
    row: 'applying · read-back · not finished, or not as meant, for more than 30 min',
    request: applying({ busySince: ago(1801) }),
    event: readBack(lake()),
    then: 'result → open (refused-by-azure, question); end',
    says: stillBusy,
  },
  {
    row: 'applying · read-back · not finished, or not as meant',
    request: applying({ busySince: ago(50) }),
    event: readBack(lake()),
    then: 'retry after 5 s',
  },
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
    row: 'open · decided · by us, after another endpoint was seen there: that it looks right again settles nothing',
    request: openAfter('endpoint-changed'),
    event: decided(ours()),
    then: 'end',
  },
  {
    row: 'open · decided · by us, not finished',
    request: openAfter('refused'),
    event: decided(ours(), 'under-way'),
    then: 'end',
  },
  {
    row: 'applying · decided · by us, not finished, for the first time',
    request: applying(),
    event: decided(ours(), 'under-way'),
    then: 'deferred → applying (allowed-by-rule); retry after 3 s',
    says: notFinished,
  },
  {
    row: 'applying · decided · by us, not finished, for more than 30 min',
    request: applying({ busySince: ago(1801) }),
    event: decided(ours(), 'under-way'),
    then: 'result → open (refused-by-azure, question); end',
    says: stillBusy,
  },
  {
    row: 'applying · decided · by us, not finished',
    request: applying({ busySince: ago(0) }),
    event: decided(ours(), 'under-way'),
    then: 'retry after 3 s',
  },
  {
    row: 'applying · decided · by us, provisioning failed',
    request: applying(),
    event: decided(ours(), 'failed'),
    then: 'result → open (refused-by-azure, question); end',
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
    row: 'open · decided · by us, by a decision that was given up',
    request: open(undefined, { attempts: [earlier], decisionId: 'c0ffee00c0ffee00c0ff.2.9' }),
    event: decided(ours()),
    then: 'escalated → open (shown-late, alarm); end',
    says: late,
  },
  {
    row: 'applying · decided · by us, by a decision that was given up',
    request: applying({ outcome: 'reject' }, { attempts: [earlier], decisionId: 'c0ffee00c0ffee00c0ff.2.9' }),
    event: decided(ours()),
    then: 'abandoned → open (shown-late, alarm); end',
    says: late,
  },
  {
    row: 'open | applying · decided · Approved or Rejected by somebody else',
    request: open(),
    event: decided(ours()),
    then: 'observed → decided-elsewhere by azure (final-state); end',
    says: 'Somebody decided outside this app: the connection is Approved.',
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
    row: `${fresh} | open · unreadable · passes follow`,
    request: undefined,
    event: unreadable,
    isFollowed: true,
    then: 'end',
  },
  {
    row: 'open · unreadable · for the same reason as before',
    request: open(unreadable),
    event: unreadable,
    then: 'end',
  },
  {
    row: `${fresh} | open · unreadable`,
    request: applied(),
    event: unreadable,
    then: 'count',
  },
  {
    row: `${fresh} | open · target-within-limits`,
    request: applied(),
    event: { kind: 'target-within-limits', sentence: 'No permission.' },
    then: 'escalated → open (target-unreadable, alarm); end',
    says: 'No permission.',
  },
  {
    row: `${fresh} | open · target-over-limit`,
    request: open(),
    event: { kind: 'target-over-limit', sentence: 'No permission.', burst },
    then: 'escalated → open (target-unreadable, alarm of the case); end',
    says: 'No permission.',
  },
  {
    row: 'open · readable',
    request: open(unreadable),
    event: { kind: 'readable' },
    then: 'observed → withdrawn by azure (final-state); end',
    says: 'The connections of this target can be read again.',
  },
]
