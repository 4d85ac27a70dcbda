import type { CaseDecided } from '../decide/decide-case.ts'
import type { CaseDecision } from '../decide/plan-job.ts'
import type { Person, SignedIn } from '../domain/caller.ts'
import { maxReasonLength } from '../domain/choice.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Outgoing, seeOther } from '../http/outgoing.ts'
import { Refused } from '../http/refusals.ts'
import { forgetTyped, typedBefore } from '../http/typed-text.ts'
import type { CaseRequestsPort } from '../ports/case-requests.ts'
import type { DecisionJobsPort, ShownJob } from '../ports/decision-jobs.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { RequestsPort } from '../ports/requests.ts'
import { caseFormIn, type CaseFormState, caseNotTaken, emptyCaseForm, typedInCase } from './case-form.ts'
import { casePage } from './case-page.ts'
import { type CaseView, caseView } from './case-view.ts'
import { confirmPage, confirmView } from './confirm-page.ts'
import { personOf } from './decide-request.ts'
import { readable } from './readable.ts'
import { casePath } from './request-view.ts'
import type { PageSettings } from './settings.ts'

/** What the pages of cases are made from. */
export interface CasePagePorts {
  readonly requests: Pick<RequestsPort, 'find'>
  readonly cases: CaseRequestsPort
  readonly jobs: Pick<DecisionJobsPort, 'ofCase'>
  readonly decideCase: (decision: CaseDecision, person: Person) => Promise<CaseDecided>
  readonly settings: PageSettings
  readonly now: () => Date
}

export interface CasePages {
  /** @throws Refused for a case that is not there. */
  readonly case: (incoming: Incoming, signedIn: SignedIn) => Promise<Outgoing>
  /**
   * Takes what a person decides about a case, and leads to its page, which says what became of each request; or asks
   * once more before many are approved.
   * @throws Refused for a case that is not there, or a form that is none of the app's.
   */
  readonly decideCase: (
    incoming: Pick<Incoming, 'params'>,
    signedIn: SignedIn,
    form: URLSearchParams,
  ) => Promise<Outgoing>
}

/** Requests that wait, and requests that are read to find them. */
const limits = { waiting: 50, read: 1_000 }
const maxJobs = 3
const maxNotDecided = 20

export function createCasePages(ports: CasePagePorts): CasePages {
  const { settings } = ports
  const again = async (
    caseId: string,
    signedIn: SignedIn,
    typed: Omit<CaseFormState, 'problem'>,
    kind: Parameters<typeof caseNotTaken>[0],
  ) => {
    const { problem, status } = caseNotTaken(kind)
    return casePage(await viewOf(ports, caseId, signedIn), signedIn, { ...typed, problem }, status)
  }
  return {
    async case(incoming, signedIn) {
      const view = await viewOf(ports, incoming.params['id'] ?? '', signedIn)
      const reason = typedBefore(settings.publicOrigin, incoming)
      return casePage(view, signedIn, { ...emptyCaseForm, reason })
    },
    async decideCase({ params }, signedIn, form) {
      const caseId = params['id'] ?? ''
      const person = personOf(signedIn)
      const read = caseFormIn(caseId, form)
      const typed = typedInCase(form)
      if (read.kind === 'nothing-chosen') return again(caseId, signedIn, typed, read)
      if (read.kind === 'confirm') {
        if (typed.reason.length > maxReasonLength)
          return again(caseId, signedIn, typed, { kind: 'reason-too-long' })
        const view = confirmView(caseId, await viewOf(ports, caseId, signedIn), read.versions)
        return view
          ? confirmPage(view, signedIn, typed.reason)
          : again(caseId, signedIn, typed, { kind: 'nothing-chosen' })
      }
      const decided = await readable(() => ports.decideCase(read.decision, person))
      if (decided.kind === 'not-found') throw new Refused('case-not-found')
      if (decided.kind !== 'begun') return again(caseId, signedIn, typed, decided)
      return { ...seeOther(casePath(caseId)), cookies: [forgetTyped(settings.publicOrigin)] }
    },
  }
}

async function viewOf(
  { requests, cases, jobs, settings, now }: CasePagePorts,
  caseId: string,
  signedIn: SignedIn,
): Promise<CaseView> {
  const at = now()
  const content = await readable(async () => (await cases.find(caseId))?.content(limits))
  if (!content) throw new Refused('case-not-found')
  const shown = await readable(() => jobs.ofCase(caseId, maxJobs, maxNotDecided))
  const notDecided = await recordsOf(requests, shown)
  return caseView({ caseId, content, jobs: shown, notDecided, at }, settings, signedIn)
}

/** The requests that jobs did not decide, as they are now. One that cannot be read is named by its id. */
async function recordsOf(
  requests: Pick<RequestsPort, 'find'>,
  jobs: readonly ShownJob[],
): Promise<ReadonlyMap<string, RequestRecord>> {
  const ids = jobs.flatMap(({ notRecorded }) => notRecorded.map(({ decisionId }) => decisionId))
  const found = await Promise.allSettled([...new Set(ids)].map((id) => requests.find(id)))
  const records = found.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []))
  return new Map(records.map(({ entry, record }) => [entry.decisionId, record]))
}
