import { isUnfinished, type Request } from './request.ts'

/** How many requests are decided automatically within a window of time. */
export interface BurstLimits {
  readonly windowMs: number
  readonly perRequester: number
  readonly perTarget: number
}

/** One request that was counted. */
export interface Counted {
  /** Names connection and episode: the same request is not counted twice. */
  readonly key: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly isOver: boolean
}

/** What is remembered of one source: its newest requests, oldest first, at most one more than its limit. */
export interface BurstWindow {
  readonly counted: readonly Counted[]
  /** The newest case of the source; undefined when it never had one. */
  readonly caseId: string | undefined
  /** When the newest request came that was over the limit. */
  readonly overAt: number | undefined
}

/** Removing an endpoint and making it anew does not end a case: a request that was withdrawn counts for a day more. */
const withdrawnMs = 24 * 3_600_000

type InCase = Pick<Request, 'state' | 'caseId' | 'hold'>

/** True for a request that keeps its burst case open, or did so within the last day. */
export function isKeptInCase({ state, caseId, hold }: InCase): boolean {
  const isWithdrawn = state.name === 'withdrawn' && hold?.kind === 'burst'
  return caseId !== undefined && (isUnfinished({ state }) || isWithdrawn)
}

/**
 * True for a request that keeps its burst case open.
 * @param since the time of its last log entry, in ISO 8601.
 */
export function keepsCaseOpen(request: InCase, since: string, now: Date): boolean {
  return isKeptInCase(request) && (isUnfinished(request) || now.getTime() - Date.parse(since) < withdrawnMs)
}
