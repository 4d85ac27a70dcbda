import { timeShown } from '../channels/text/times.ts'
import type { ShownJob } from '../ports/decision-jobs.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { Line } from './request-view.ts'
import { requestPath } from './request-view.ts'
import type { PageSettings } from './settings.ts'
import { maxName, maxSentence, shown } from './shown.ts'
import { askOf, factsOf } from './who.ts'

/** How far a decision on a case is, in words. */
export interface JobView {
  /** "Ann Approver decided to reject 34 requests". */
  readonly title: string
  readonly sentence: string
  readonly reason: string | undefined
  readonly isSettled: boolean
  /** Requests that were not decided, each with the reason. */
  readonly notDecided: readonly Line[]
  readonly beyond: number
}

/** Pure: a stored decision makes its part of the page. */
export function jobView(
  { job, notRecorded }: ShownJob,
  records: ReadonlyMap<string, RequestRecord>,
  { timeZone }: PageSettings,
): JobView {
  const { person, total, toApprove, done, recorded, settledAt, at } = job
  const isSettled = settledAt !== undefined
  const toReject = total - toApprove
  const what = [
    toApprove > 0 ? `to approve ${counted(toApprove)}` : '',
    toReject > 0 ? `to reject ${counted(toReject)}` : '',
  ].filter((text) => text !== '')
  const missing = done - recorded
  const progress = isSettled
    ? `${recorded} of ${total} are decided${missing === 0 ? '' : `; ${missing} ${missing === 1 ? 'is' : 'are'} not, for the reasons below`}.`
    : `${recorded} of ${total} are decided so far. Reload this page to see how far it is; you can leave it meanwhile.`
  return {
    title: `${shown(person.name, maxName)} decided ${what.join(' and ')}`,
    sentence: `${progress} Since ${timeShown(at, timeZone)}.`,
    reason: job.reason === undefined ? undefined : shown(job.reason, maxSentence),
    isSettled,
    notDecided: notRecorded.map(({ decisionId, result }) => ({
      path: requestPath(decisionId),
      text: textOf(decisionId, records.get(decisionId)),
      detail: shown(result?.sentence ?? '', maxSentence),
    })),
    beyond: Math.max(0, missing - notRecorded.length),
  }
}

function textOf(decisionId: string, record: RequestRecord | undefined): string {
  return record ? askOf(factsOf(record.request, record.lastEntry)) : `Request ${shown(decisionId, maxName)}`
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'request' : 'requests'}`
}
