import {
  applied,
  applying,
  ago,
  attempt,
  byNewRule,
  decidedElsewhere,
  endpoint,
  type Example,
  verdictOn,
  open,
  openAfter,
  openFor,
  openWith,
  listed,
  over,
  refusedOnce,
  unlooked,
  unproven,
  waiting,
  withdrawn,
  within,
  evaluated,
} from './given.ts'

/** One example for a row of the table. */
export interface RowExample extends Example {
  /** The name of the row. */
  readonly row: string
  /** See `lineOf`. */
  readonly then: string
  /** The sentence of the log entry, where one is written. */
  readonly says?: string
}

const hour = 3600
const day = 24 * hour
const all = 'unseen | applied | decided-elsewhere | withdrawn | open | applying'
const fresh = 'unseen | applied | decided-elsewhere | withdrawn'
const closed = 'applied | decided-elsewhere | withdrawn'
const onHoldBefore = 'approve or reject, same endpoint, on hold since an earlier episode'
const otherThanBefore = 'other group ids or another message than before'
const changedWords = 'Its group ids or its message have changed since the last notification.'
const burstHold = { hold: { kind: 'burst', knownRules: ['sales v1'] }, caseId: 'beef.1.1' } as const
/** The end of a sentence about a decision that is sent again. */
export const sendsAgain =
  'Remove the cause, or decide in the portal: the app sends it again hourly for 7 days.'
const unknown = waiting({ status: 'Updating' })
const approve = evaluated('approve')
const escalate = evaluated('escalate')

export const waitingRows: readonly RowExample[] = [
  {
    row: 'applied · waiting · applied less than 60 s ago, same endpoint, passes follow',
    request: applied(59),
    event: waiting(),
    isFollowed: true,
    then: 'end',
  },
  {
    row: 'applied · waiting · applied less than 60 s ago, same endpoint',
    request: applied(59),
    event: waiting(),
    then: 'retry after 15 s',
  },
  {
    row: `${fresh} | open · waiting · somebody is deciding it, and passes follow`,
    request: undefined,
    event: waiting({ status: 'Approving' }),
    isFollowed: true,
    then: 'end',
  },
  {
    row: `${closed} | open | applying · waiting · only a list shows it, by which an episode would begin or end, or an open request be evaluated again`,
    request: open(),
    event: listed(),
    then: 'confirm',
  },
  {
    row: 'open | applying · waiting · another endpoint is shown',
    request: open(),
    event: waiting({ endpoint: endpoint('b') }),
    then: 'observed → withdrawn by azure (final-state); see-again',
    says: 'Another endpoint stands behind the connection; this request is over.',
  },
  {
    row: 'open · waiting · only a list shows it, and its question expires, or a reminder is due',
    request: openFor(4 * hour),
    event: listed({}, unlooked),
    then: 'confirm',
  },
  {
    row: 'open · waiting · its question expires, and the rule rejects then',
    request: openFor(14 * day, {}, { expiresAt: ago(0), atExpiry: 'reject' }),
    event: waiting({}, unlooked),
    then: 'expired → open (expired, known); see-again',
    says: 'Rejected, as nobody decided until 2026-11-21 08:00 UTC.',
  },
  {
    row: 'open · waiting · its question expires; it stays Pending',
    request: openFor(14 * day, {}, { expiresAt: ago(60) }),
    event: waiting({}, unlooked),
    then: 'expired → open (expired, known); see-again',
    says: 'Nobody decided until 2026-11-21 07:59 UTC; the connection stays Pending in Azure. It can still be decided on its page.',
  },
  {
    row: 'open · waiting · a reminder is due',
    request: openFor(4 * hour),
    event: waiting({}, unlooked),
    then: 'reminded → open (no-rule-matched, known); see-again',
    says: 'It waits for a decision since 2026-11-21 04:00 UTC.',
  },
  {
    row: 'applying · waiting · status not known, for 30 min',
    request: applying({ since: ago(1800) }),
    event: unknown,
    then: 'result → open (refused-by-azure, question); end',
    says: `Azure has not carried the decision out for 30 min: the connection shows the status Updating and the provisioning state Succeeded. ${sendsAgain}`,
  },
  {
    row: 'applying · waiting · status not known, for the first time',
    request: applying({ since: ago(30) }),
    event: unknown,
    then: 'deferred → applying (allowed-by-rule); retry after 60 s',
    says: 'Azure has not carried the decision out yet: the connection shows the status Updating and the provisioning state Succeeded.',
  },
  {
    row: 'applying · waiting · status not known',
    request: applying({ since: ago(1799), notBefore: ago(1) }),
    event: unknown,
    then: 'retry after 900 s',
  },
  {
    row: 'applying · waiting · tried for 30 min',
    request: applying({ since: ago(1800), notBefore: ago(0), words: { code: '429', message: 'Slow.' } }),
    event: waiting(),
    then: 'result → open (refused-by-azure, question); end',
    says: `Azure has not carried the decision out for 30 min: 429 ("Slow."). ${sendsAgain}`,
  },
  {
    row: 'applying · waiting · before the next try',
    request: applying({ since: ago(30), notBefore: ago(-90) }),
    event: waiting(),
    then: 'retry after 90 s',
  },
  {
    row: 'open · waiting · nothing has changed, and no recheck is due',
    request: open(),
    event: waiting({}, unlooked),
    then: 'end',
  },
  { row: `${all} · waiting`, request: undefined, event: waiting(), then: 'evaluate' },
]

export const evaluatedRows: readonly RowExample[] = [
  {
    row: `${all} · evaluated · escalate, later passes may change it and follow`,
    request: undefined,
    event: verdictOn(unproven('could-not-ask')),
    isFollowed: true,
    then: 'end',
  },
  {
    row: `${fresh} · evaluated · escalate`,
    request: decidedElsewhere,
    event: verdictOn(escalate),
    then: 'count',
  },
  {
    row: 'open · evaluated · escalate, a new question',
    request: openWith({ code: 'may-be-denied' }),
    event: verdictOn(escalate),
    then: 'escalated → open (no-rule-matched, question); end',
    says: 'It says escalate.',
  },
  {
    row: `open · evaluated · approve or reject, by a rule that Azure refused before, ${otherThanBefore}`,
    request: openAfter('refused', 'approve', { refused: refusedOnce(undefined), requesterSaid: 'Please.' }),
    event: verdictOn(approve),
    then: 'escalated → open (refused-by-azure, question); end',
    says: `${changedWords} Azure refused the decision of this rule before: AuthorizationFailed. The same decision is not sent again: decide in the portal.`,
  },
  {
    row: `open · evaluated · escalate or on hold, ${otherThanBefore}`,
    request: open(undefined, { requesterSaid: 'Please.' }),
    event: verdictOn(escalate),
    then: 'count-as-question',
  },
  {
    row: 'open · evaluated · escalate, and the record shows something else',
    request: open(undefined, { reason: { code: 'no-rule-matched', sentence: 'Another rule was nearest.' } }),
    event: verdictOn(escalate),
    then: 'escalated → open (no-rule-matched, known); end',
    says: 'It says escalate.',
  },
  { row: 'open · evaluated · escalate', request: open(), event: verdictOn(escalate), then: 'end' },
  {
    row: 'applying · evaluated · escalate',
    request: applying(),
    event: verdictOn(escalate),
    then: 'abandoned → open (no-rule-matched, question); end',
    says: 'It says escalate.',
  },
  {
    row: 'open · evaluated · approve or reject, by a rule that Azure refused before, and the record shows something else',
    request: open(undefined, { refused: refusedOnce(undefined) }),
    event: verdictOn(approve),
    then: 'escalated → open (refused-by-azure, known); end',
    says: 'Azure refused the decision of this rule before: AuthorizationFailed. The same decision is not sent again: decide in the portal.',
  },
  {
    row: 'open · evaluated · approve or reject, by a rule that Azure refused before',
    request: openAfter('refused', 'approve', { refused: refusedOnce(ago(-1)) }),
    event: verdictOn(approve),
    then: 'end',
  },
  {
    row: 'applying · evaluated · approve or reject, by a rule that Azure refused before',
    request: applying({ rule: 'other v1' }, { refused: refusedOnce(undefined) }),
    event: verdictOn(approve),
    then: 'abandoned → open (refused-by-azure, question); end',
    says: 'Azure refused the decision of this rule on this request before.',
  },
  {
    row: `${closed} | open | applying · evaluated · approve or reject, while Azure may still carry out the opposite`,
    request: open(undefined, { attempts: [attempt('reject', ago(-1))] }),
    event: verdictOn(approve),
    then: 'retry after 60 s',
  },
  {
    row: 'applying · evaluated · the same decision, by the same rule of the same list',
    request: applying(),
    event: verdictOn(approve),
    then: 'intent → applying (allowed-by-rule); read',
    says: 'Rule sales allows it.',
  },
  {
    row: 'open · evaluated · approve or reject, on hold, and the record shows something else',
    request: open(undefined, burstHold),
    event: verdictOn(approve),
    then: 'escalated → open (burst-limit, alarm of the case); end',
    says: 'The request came in burst case beef.1.1 and stays in manual review; a new rule, or a new version of a rule, releases it.',
  },
  {
    row: 'open · evaluated · approve or reject, on hold',
    request: openWith({ code: 'burst-limit', rule: 'sales v1' }, burstHold),
    event: verdictOn(approve),
    then: 'end',
  },
  {
    row: 'applying · evaluated · approve or reject, on hold',
    request: applying({ ruleSetHash: 'list-0' }, burstHold),
    event: verdictOn(approve),
    then: 'abandoned → open (burst-limit, alarm of the case); end',
    says: 'The request came in burst case beef.1.1 and stays in manual review; a new rule, or a new version of a rule, releases it.',
  },
  {
    row: `${closed} · evaluated · ${onHoldBefore}`,
    request: { ...withdrawn, ...burstHold },
    event: verdictOn(approve),
    then: 'count-as-question',
  },
  {
    row: `${all} · evaluated · approve or reject`,
    request: open(),
    event: verdictOn(approve),
    then: 'count',
  },
]

export const countedRows: readonly RowExample[] = [
  {
    row: `${fresh} · within-limits · escalate`,
    request: withdrawn,
    event: within(escalate),
    then: 'escalated → open (no-rule-matched, question); end',
    says: 'It says escalate.',
  },
  {
    row: `${fresh} · over-limit · escalate`,
    request: undefined,
    event: over(escalate),
    then: 'escalated → open (no-rule-matched, alarm of the case); end',
    says: 'It says escalate.',
  },
  {
    row: `${closed} · over-limit · ${onHoldBefore}`,
    request: { ...withdrawn, ...burstHold },
    event: over(approve),
    then: 'escalated → open (burst-limit, alarm of the case); end',
    says: 'The request came in burst case beef.1.1 and stays in manual review; a new rule, or a new version of a rule, releases it.',
  },
  {
    row: `${fresh} · over-limit · approve or reject`,
    request: applied(),
    event: over(approve),
    then: 'escalated → open (burst-limit, alarm of the case); end',
    says: 'Too many came.',
  },
  {
    row: `open · within-limits · escalate or on hold, ${otherThanBefore}`,
    request: open(undefined, { requesterSaid: 'Please.' }),
    event: within(escalate),
    then: 'escalated → open (no-rule-matched, question); end',
    says: `${changedWords} It says escalate.`,
  },
  {
    row: `open · over-limit · escalate or on hold, ${otherThanBefore}`,
    request: open(undefined, { requesterSaid: 'Please.' }),
    event: over(escalate),
    then: 'escalated → open (no-rule-matched, alarm of the case); end',
    says: `${changedWords} It says escalate.`,
  },
  {
    row: `open · over-limit · approve or reject, released from a hold, ${otherThanBefore}`,
    request: open(undefined, { ...burstHold, requesterSaid: 'Please.' }),
    event: over(byNewRule),
    then: 'escalated → open (burst-limit, question); end',
    says: `${changedWords} The request came in burst case beef.1.1 and stays in manual review; a new rule, or a new version of a rule, releases it.`,
  },
  {
    row: 'open · over-limit · approve or reject, and the record shows something else, or approved by people',
    request: open(),
    event: over(approve),
    then: 'escalated → open (burst-limit, alarm of the case); end',
    says: 'Too many came.',
  },
  {
    row: 'open · over-limit · approve or reject',
    request: openWith({ code: 'burst-limit', rule: 'sales v1' }),
    event: over(approve),
    then: 'end',
  },
  {
    row: 'applying · over-limit · approve or reject',
    request: applying(),
    event: over(approve),
    then: 'abandoned → open (burst-limit, alarm of the case); end',
    says: 'Too many came.',
  },
  {
    row: `${closed} · within-limits · ${onHoldBefore}`,
    request: { ...applied(), ...burstHold },
    event: within(approve),
    then: 'escalated → open (burst-limit, question); end',
    says: 'The request came in burst case beef.1.1 and stays in manual review; a new rule, or a new version of a rule, releases it.',
  },
  {
    row: `${all} · within-limits · approve or reject`,
    request: undefined,
    event: within(approve),
    then: 'intent → applying (allowed-by-rule); read',
    says: 'It says approve.',
  },
]
