import { breakingChangesAround } from './corpus-changes-around.ts'
import { breakingChanges, harmlessChanges } from './corpus-changes.ts'
import { windowEdges } from './corpus-conditions.ts'
import { type NearMiss, nearMissKinds } from './corpus-names.ts'
import { namedParts } from './corpus-near-misses.ts'
import { managedKinds } from './corpus-requesters.ts'

const sameToAzure: NearMiss = 'other case beyond A to Z'
const effects = ['allow', 'ask', 'deny'] as const
const requesters = ['resource', 'scope', 'tenant', 'management-group'] as const

/** What half a corpus must hold, and how often at least: a corpus without it would show nothing. */
export const mustOccur: readonly {
  readonly what: string
  readonly atLeast: number
  readonly things: readonly string[]
}[] = [
  {
    what: 'outcome',
    atLeast: 20_000,
    things: ['approve', 'reject', 'escalate'],
  },
  {
    what: 'reason',
    atLeast: 1_000,
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
  {
    what: 'effect of each kind of requester, matched',
    atLeast: 1_200,
    things: effects.flatMap((effect) => requesters.map((kind) => `${effect} of ${kind}`)),
  },
  {
    what: 'effect of each kind in managed networks, matched by a confirmed one and by a possible one',
    atLeast: 80,
    things: effects.flatMap((effect) =>
      managedKinds.flatMap((kind) => [`${effect} of ${kind}: yes`, `${effect} of ${kind}: unknown`]),
    ),
  },
  {
    what: 'effect of each kind in managed networks, not confirmed there',
    atLeast: 40,
    things: effects.flatMap((effect) =>
      managedKinds.map((kind) => `${effect} of ${kind}: unknown in a managed network`),
    ),
  },
  {
    what: 'way to spell a name nearly right, which a rule then missed',
    atLeast: 700,
    things: nearMissKinds.filter((kind) => kind !== sameToAzure).map((kind) => `broken by ${kind}`),
  },
  {
    what: 'way to spell a name that only Azure takes for the same, which an allow then missed',
    atLeast: 150,
    things: [`broken by ${sameToAzure}`],
  },
  {
    what: 'name spelled nearly right, which a rule then missed',
    atLeast: 400,
    things: Object.keys(namedParts).map((part) => `broken by ${part}`),
  },
  {
    what: 'other change that took a match away',
    atLeast: 180,
    things: Object.keys(breakingChanges).map((change) => `broken by ${change}`),
  },
  {
    what: 'change of what stands around, that took a match away',
    atLeast: 80,
    things: Object.keys(breakingChangesAround).map((change) => `broken by ${change}`),
  },
  {
    what: 'change that takes no match away',
    atLeast: 350,
    things: Object.keys(harmlessChanges).map((change) => `kept by ${change}`),
  },
  {
    what: 'edge of a validity',
    atLeast: 1_000,
    things: windowEdges.flatMap(({ fromNow }) => [`valid from ${fromNow} ms`, `valid until ${fromNow} ms`]),
  },
  {
    what: 'match of an audit rule',
    atLeast: 10_000,
    things: ['audited'],
  },
]

/** What must not occur at all: a rule that means a request means it in other capitals too. */
export const mustNotOccur = Object.keys(harmlessChanges).map((change) => `broken by ${change}`)
