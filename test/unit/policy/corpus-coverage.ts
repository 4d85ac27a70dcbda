import { breakingChanges, harmlessChanges } from './corpus-changes.ts'
import { windowEdges } from './corpus-conditions.ts'
import { nearMissKinds } from './corpus-names.ts'
import { namedParts } from './corpus-near-misses.ts'

const effects = ['allow', 'ask', 'deny'] as const
const requesters = ['resource', 'scope', 'tenant'] as const

/** What half a corpus must hold, and how often at least: a corpus without it would show nothing. */
export const mustOccur: readonly { readonly atLeast: number; readonly things: readonly string[] }[] = [
  { atLeast: 20_000, things: ['approve', 'reject', 'escalate', 'audited'] },
  {
    atLeast: 900,
    things: [
      'allowed-by-rule',
      'denied-by-rule',
      'asked-by-rule',
      'may-be-denied',
      'may-be-asked',
      'no-rule-matched',
      'unproven-requester',
      'rules-unreadable',
    ],
  },
  { atLeast: 2_000, things: effects.flatMap((effect) => requesters.map((kind) => `${effect} of ${kind}`)) },
  { atLeast: 1_000, things: nearMissKinds.map((kind) => `broken by ${kind}`) },
  { atLeast: 500, things: Object.keys(namedParts).map((part) => `broken by ${part}`) },
  { atLeast: 300, things: Object.keys(breakingChanges).map((change) => `broken by ${change}`) },
  { atLeast: 700, things: Object.keys(harmlessChanges).map((change) => `kept by ${change}`) },
  {
    atLeast: 1_000,
    things: windowEdges.flatMap(({ fromNow }) => [`valid from ${fromNow} ms`, `valid until ${fromNow} ms`]),
  },
]

/** What must not occur at all: a rule that means a request means it in other capitals too. */
export const mustNotOccur = Object.keys(harmlessChanges).map((change) => `broken by ${change}`)
