import { type LogEntry, maxSentenceLength } from '../domain/log-entry.ts'
import { cutStored } from '../domain/stored-text.ts'
import type { Context, Reason, RuleExplanation } from '../domain/verdict.ts'
import { cutGroupIds } from './identity.ts'

/** A column holds 32,000 characters. All lengths here are those in JSON. */
const maxEntryLength = 28_000
const maxQuoteLength = 500
const maxConditionLength = 250
const maxAudited = 3
const maxRefusals = 8
const minRefusals = 2
const maxFactLength = 2_000
const maxRulesRecorded = 40

type Texts = Pick<
  LogEntry,
  'proof' | 'groupIds' | 'requesterSaid' | 'decidedBy' | 'nearest' | 'audited' | 'evaluatedRules' | 'context'
>

/** What a long entry does without, least needed first, each in addition to those before. */
const leaner: readonly ((entry: Texts) => Partial<Texts>)[] = [
  () => ({ audited: [] }),
  () => ({ nearest: undefined }),
  () => ({ evaluatedRules: [] }),
  () => ({ context: undefined }),
  ({ proof }) => ({ proof: proof && { ...proof, refusals: proof.refusals.slice(0, minRefusals) } }),
  ({ proof }) => ({ proof: proof && { ...proof, groupIds: undefined } }),
  () => ({ groupIds: undefined }),
  ({ decidedBy }) => ({ decidedBy: decidedBy && { ...decidedBy, conditions: [] } }),
]

/**
 * Cuts the texts of an entry, so that it fits into one column of a table (32,000 characters) whatever texts rules,
 * requesters and Azure contain. An entry that could not be written would leave its request without a decision.
 */
export function bounded<Entry extends Texts>(entry: Entry): Entry {
  let fitting = cutTexts(entry)
  for (const without of leaner) {
    if (JSON.stringify(fitting).length <= maxEntryLength) return fitting
    fitting = { ...fitting, ...without(fitting) }
  }
  return fitting
}

/** A reason as records, entries and notifications hold it. */
export function boundedReason({ code, sentence }: Reason): Reason {
  return { code, sentence: cutStored(sentence, maxSentenceLength) }
}

function cutTexts<Entry extends Texts>(entry: Entry): Entry {
  const { proof, groupIds, requesterSaid, decidedBy, nearest, audited, evaluatedRules } = entry
  return {
    ...entry,
    proof: proof && {
      ...proof,
      groupIds: cutGroupIds(proof.groupIds),
      refusals: proof.refusals
        .slice(0, maxRefusals)
        .map((refusal) => ({ ...refusal, sentence: cutStored(refusal.sentence, maxQuoteLength) })),
    },
    groupIds: cutGroupIds(groupIds),
    requesterSaid: requesterSaid === undefined ? undefined : cutStored(requesterSaid, maxQuoteLength),
    decidedBy: decidedBy && shortened(decidedBy),
    nearest: nearest && shortened(nearest),
    audited: audited.slice(0, maxAudited).map(shortened),
    evaluatedRules: evaluatedRules.slice(0, maxRulesRecorded),
  }
}

/**
 * The facts around a connection in an entry: those that a rule or a route required. Tags or groups that are too long are left out
 * completely, because a part would look like all of them.
 */
export function recordedContext({
  targetTags,
  targetGroups,
  endpointGroups,
  requesterGroups,
}: Context): LogEntry['context'] {
  const known = Object.entries({ targetTags, targetGroups, endpointGroups, requesterGroups }).filter(
    ([, fact]) => fact !== undefined && JSON.stringify(fact).length <= maxFactLength,
  )
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

function shortened(explanation: RuleExplanation): RuleExplanation {
  return {
    ...explanation,
    conditions: explanation.conditions.map((condition) => ({
      ...condition,
      expected: cutStored(condition.expected, maxConditionLength),
      actual: cutStored(condition.actual, maxConditionLength),
    })),
  }
}
