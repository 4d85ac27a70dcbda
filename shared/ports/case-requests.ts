import type { CaseKind } from '../domain/case.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import type { RequestRecord } from './ledger.ts'

/** The requests of a case as they are now. */
export interface CaseContent {
  readonly kind: CaseKind
  /** Those that people can decide, first seen first. */
  readonly waiting: readonly RequestRecord[]
  /** Those whose decision is being applied. */
  readonly underWay: readonly RequestRecord[]
  /** The last entries of those that have ended, newest first. Of a burst case, only the last ones. */
  readonly ended: readonly LogEntry[]
  /** How many others there are, which were not read. */
  readonly beyond: number
}

/** How much of a case is read: requests that wait, and requests in all. */
export interface CaseLimits {
  readonly waiting: number
  readonly read: number
}

/** One case, for people. */
export interface CaseReader {
  readonly kind: CaseKind
  content(limits: CaseLimits): Promise<CaseContent>
  /** True for a request of this case. */
  has(record: RequestRecord): Promise<boolean>
}

/** Reads cases for people. Nothing here changes a row. */
export interface CaseRequestsPort {
  /** Undefined when no case has that id. */
  find(caseId: string): Promise<CaseReader | undefined>
  /** The id of the case with others that a request joined; undefined: there are no others. */
  caseOf(record: RequestRecord): Promise<string | undefined>
}
