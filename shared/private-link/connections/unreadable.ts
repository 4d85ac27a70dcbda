import type { ResourceId } from '../../domain/resource-id.ts'
import { TargetUnreadable } from '../../ports/azure.ts'
import type { ArmError } from '../arm/error.ts'
import { type Asked, explainLasting } from '../arm/lasting-failure.ts'

const longestSentence = 1_000
const mostOddItems = 3

/**
 * Why something cannot be read and will not be soon, in a sentence that is the same at every look. A failure that may
 * pass (throttling, conflicts, failing servers, no answer in time) comes back as it is.
 */
export function explain(error: ArmError, asked: Asked): Error {
  const sentence = explainLasting(error, asked)
  return sentence === undefined
    ? error
    : new TargetUnreadable(sentence.slice(0, longestSentence), { cause: error })
}

/** Says which items of a list are no connections of the target. The others stand in it and can be reviewed. */
export function problemOfOddItems(target: ResourceId, oddItems: readonly string[]): string {
  const names = [...new Set(oddItems)].sort()
  const named = names.slice(0, mostOddItems).join(', ')
  const more = names.length > mostOddItems ? ` and ${names.length - mostOddItems} more` : ''
  const sentence = `The list of connections has an item whose id is ${named}${more}; expected is one of a connection of ${target.key}. It is not decided here; look at it in the portal.`
  return sentence.slice(0, longestSentence)
}
