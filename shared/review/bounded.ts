import { longestGroupRecorded, mostGroupsRecorded, type LogEntry } from '../domain/decision.ts'
import type { RuleExplanation, Surroundings } from '../domain/verdict.ts'

/** A column holds 32,000 characters, of which the ledger adds three ids of 1,024 and the place in the chain. */
const longestEntry = 28_000
const longestQuote = 500
const longestSentence = 1_000
const longestConditionText = 250
const mostAudited = 3
const mostRefusals = 8
const longestFact = 2_000

type Texts = Pick<
  LogEntry,
  'reason' | 'proof' | 'groupIds' | 'requesterSaid' | 'decidedBy' | 'nearest' | 'audited'
>

/**
 * Cuts the texts of an entry, so that it fits into one column of a table (32,000 characters) whatever rules,
 * requesters and Azure say. An entry that could not be written would leave its request without a decision.
 */
export function bounded<Entry extends Texts>(entry: Entry): Entry {
  const cut = cutTexts(entry)
  const leaner = [cut, { ...cut, audited: [] }, { ...cut, audited: [], nearest: undefined }]
  return leaner.find((candidate) => JSON.stringify(candidate).length <= longestEntry) ?? leaner[2] ?? cut
}

function cutTexts<Entry extends Texts>(entry: Entry): Entry {
  const { reason, proof, groupIds, requesterSaid, decidedBy, nearest, audited } = entry
  return {
    ...entry,
    reason: { ...reason, sentence: reason.sentence.slice(0, longestSentence) },
    proof: proof && {
      ...proof,
      groupIds: cutGroups(proof.groupIds),
      refusals: proof.refusals
        .slice(0, mostRefusals)
        .map((refusal) => ({ ...refusal, sentence: refusal.sentence.slice(0, longestQuote) })),
    },
    groupIds: cutGroups(groupIds),
    requesterSaid: requesterSaid?.slice(0, longestQuote),
    decidedBy: decidedBy && shortened(decidedBy),
    nearest: nearest && shortened(nearest),
    audited: audited.slice(0, mostAudited).map(shortened),
  }
}

/**
 * What an entry holds of the facts around a connection: those that a rule asked for. Tags or groups that are too long
 * for it are left out whole, because a part of them would read like all there were.
 */
export function recordedSurroundings({
  targetTags,
  targetGroups,
  endpointGroups,
  requesterGroups,
}: Surroundings): LogEntry['surroundings'] {
  const known = Object.entries({ targetTags, targetGroups, endpointGroups, requesterGroups }).filter(
    ([, fact]) => fact !== undefined && JSON.stringify(fact).length <= longestFact,
  )
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

/** The groups as an entry holds them. */
export function cutGroups(groupIds: readonly string[] | undefined): readonly string[] | undefined {
  return groupIds?.slice(0, mostGroupsRecorded).map((group) => group.slice(0, longestGroupRecorded))
}

function shortened(explanation: RuleExplanation): RuleExplanation {
  return {
    ...explanation,
    conditions: explanation.conditions.map((condition) => ({
      ...condition,
      wanted: condition.wanted.slice(0, longestConditionText),
      seen: condition.seen.slice(0, longestConditionText),
    })),
  }
}
