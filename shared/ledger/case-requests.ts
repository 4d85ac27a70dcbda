import type { CaseContent, CaseRequestsPort } from '../ports/case-requests.ts'
import type { Requests } from './requests.ts'

/** The requests of cases. Burst cases are the only ones so far: they are named by the decision that opened them. */
export class CaseRequests implements CaseRequestsPort {
  readonly #requests: Pick<Requests, 'inBurstCase'>

  constructor(requests: Pick<Requests, 'inBurstCase'>) {
    this.#requests = requests
  }

  async requestsOf(caseId: string, max: number): Promise<CaseContent | undefined> {
    const { records, total } = await this.#requests.inBurstCase(caseId, max)
    return records.length === 0 ? undefined : { kind: 'burst', records, total }
  }
}
