/**
 * Requests that are shown and decided together.
 * - `single`: one request.
 * - `group`: requests of one requester, or to one subscription of targets, that came together.
 * - `burst`: too many requests of one source at once.
 * - `competing-claims`: connections that claim one endpoint name; the question is which.
 * - `target`: a target whose connections cannot be read.
 */
export type CaseKind = 'single' | 'group' | 'burst' | 'competing-claims' | 'target'
