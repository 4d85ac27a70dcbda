import type { Words } from './words.ts'

/** What is written on a connection to approve or reject it. */
export interface ConnectionWrite {
  readonly status: 'Approved' | 'Rejected'
  /** Never empty; at most 140 characters. Names the decision. */
  readonly description: string
}

/**
 * The outcome of a write, with Azure's words, where it said any.
 * - `written`: accepted and, by its response, finished; must be confirmed by reading back.
 * - `accepted`: Azure has taken it and is still working on it.
 * - `retry-after`: Azure is busy (429, 409, 412) and does not carry it out; try again after the wait.
 * - `refused`: Azure does not carry it out. `passes`: the cause is one that people remove elsewhere (a permission, a lock,
 *   a policy) or that ends by itself; otherwise trying again would get the same response.
 * - `unanswered`: no response, or one that does not tell. The write may have been carried out, or may be later. Azure may
 *   ask for a wait all the same.
 * - `gone`: the connection no longer exists.
 */
export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'accepted' }
  | ({ readonly kind: 'retry-after'; readonly afterSeconds: number } & Words)
  | ({ readonly kind: 'refused'; readonly passes: boolean } & Words)
  | ({ readonly kind: 'unanswered'; readonly afterSeconds: number } & Words)
  | { readonly kind: 'gone' }

/** Whether Azure is done with a connection, by the states of its type; `unknown`: it shows a state that is not listed. */
export type Progress = 'under-way' | 'finished' | 'failed' | 'unknown'
