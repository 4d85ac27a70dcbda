/** What is written on a connection to approve or reject it. */
export interface ConnectionWrite {
  readonly status: 'Approved' | 'Rejected'
  /** Never empty; at most 140 characters. Names the decision. */
  readonly description: string
}

/**
 * The outcome of a write.
 * - `written`: accepted and, by its response, finished; must be confirmed by reading back.
 * - `retry-after`: Azure is busy (429, 409, 503) or still working on it; try again after the wait.
 * - `refused`: final. Trying again would get the same response.
 * - `gone`: the connection no longer exists.
 */
export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'retry-after'; readonly afterSeconds: number; readonly code: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'gone' }

/** Whether Azure is done with a connection, by the end states of its type. */
export type Progress = 'under-way' | 'finished' | 'failed'
