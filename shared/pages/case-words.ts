import type { CaseKind } from '../domain/case.ts'

interface CaseWords {
  readonly name: string
  readonly sentence: string
  readonly next: string
}

/** What each kind of case is, and what to do about it. */
export const wordsOfCase: Readonly<Record<CaseKind, CaseWords>> = {
  single: { name: 'Case', sentence: 'One request waits.', next: 'Check who asks, and decide it.' },
  group: {
    name: 'Group',
    sentence: 'These requests came together.',
    next: 'Check who asks and for what. Choose those that you can decide, and decide them together.',
  },
  burst: {
    name: 'Burst case',
    sentence:
      'More requests of one source came at once than the burst limit allows. They wait, whatever the rules say.',
    next: 'Find out from the owner of the requester why so many came at once. Then decide all, or some.',
  },
  'competing-claims': {
    name: 'Competing claims',
    sentence: 'These connections claim one endpoint name. At most one of them is genuine.',
    next: 'Ask the owner of the requester which one, by the id of its endpoint. Approve only that one.',
  },
  target: {
    name: 'Target',
    sentence: 'The connections of a target cannot be checked.',
    next: 'Open the request: it says what to do.',
  },
}
