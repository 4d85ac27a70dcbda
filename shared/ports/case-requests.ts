import type { CaseKind } from '../domain/case.ts'
import type { RequestRecord } from './ledger.ts'

/** The requests of a case as they are now. */
export interface CaseContent {
  readonly kind: CaseKind
  /** Those that are shown. */
  readonly records: readonly RequestRecord[]
  readonly total: number
}

/** Reads cases for people. */
export interface CaseRequestsPort {
  /** Undefined when no case has that id, or none of its requests waits any more. */
  requestsOf(caseId: string, max: number): Promise<CaseContent | undefined>
}
