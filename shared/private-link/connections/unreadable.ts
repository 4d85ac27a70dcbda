import { maxSentenceLength } from '../../domain/log-entry.ts'
import type { ResourceId } from '../../domain/resource-id.ts'
import { TargetUnreadable } from '../../ports/azure.ts'
import type { ArmError } from '../arm/error.ts'
import { type Asked, explainLasting } from '../arm/lasting-failure.ts'

const maxOddItems = 3

/**
 * A lasting failure as a sentence that is the same at every review pass. A transient failure (throttling, conflicts,
 * failing servers, timeouts) is returned unchanged.
 */
export function explain(error: ArmError, asked: Asked): Error {
  const sentence = explainLasting(error, asked)
  return sentence === undefined
    ? error
    : new TargetUnreadable(sentence.slice(0, maxSentenceLength), { cause: error })
}

/** Names the items of a list that are no connections of the target. The others can be reviewed. */
export function problemOfOddItems(target: ResourceId, oddItems: readonly string[]): string {
  const names = [...new Set(oddItems)].sort()
  const named = names.slice(0, maxOddItems).join(', ')
  const more = names.length > maxOddItems ? ` and ${names.length - maxOddItems} more` : ''
  const sentence = `The list of connections has an item whose id is ${named}${more}; expected is one of a connection of ${target.key}. It is not decided here; look at it in the portal.`
  return sentence.slice(0, maxSentenceLength)
}
