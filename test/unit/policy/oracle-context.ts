import type { Rule } from '../../../shared/domain/rule.ts'
import type { Facts, ManagementGroups, Match } from '../../../shared/domain/verdict.ts'
import { isEndpoint, isNamedByEndpoints, isNeverNamed } from './oracle-kinds.ts'
import { known, type Condition } from './oracle-match.ts'
import { alike, isScope, lastNameOf, managementGroupOf, type Spelling, strict } from './oracle-text.ts'

/** Whether a subscription with these groups above it lies under that one. */
export function under(groups: ManagementGroups | undefined, name: string, { isSame }: Spelling): Match {
  if (groups === undefined) return 'unknown'
  if (groups.names.some((each) => isSame(each, name))) return 'yes'
  return groups.isWhole || groups.names.some((each) => alike.isSame(each, name)) ? 'no' : 'unknown'
}

/** Where the rule counts. Undefined for a target that cannot be understood. */
export function placeOf(target: string, spelling: Spelling): Condition | undefined {
  const name = managementGroupOf(target)
  if (name !== undefined) return ({ context }) => under(context.targetGroups, name, spelling)
  if (!isScope(target)) return undefined
  const covers = spelling.coveredBy(target)
  return ({ connection }) => known(covers(connection.target.id))
}

/** Every tag that the rule lists, with that very value. */
export function tagsOf({ targetTags }: Rule, { isSame }: Spelling): Condition | undefined {
  if (targetTags.length === 0) return undefined
  return ({ context: { targetTags: actual } }) => {
    if (actual === undefined) return 'unknown'
    const missing = targetTags.filter(
      (expected) => !actual.some((tag) => isSame(tag.name, expected.name) && tag.value === expected.value),
    )
    return known(missing.length === 0)
  }
}

/** Room for one more: others that are approved and may be of the same requester are fewer than the most. */
export function roomOf({ maxConnections, requester }: Rule): Condition | undefined {
  if (maxConnections === undefined) return undefined
  const mayBeTheirs = theirsOf(requester)
  return ({ connection, context: { approved } }: Facts) => {
    if (approved === undefined) return 'unknown'
    const others = approved.filter(({ id }) => !strict.isSame(id.id, connection.id.id))
    const theirs = others.filter(({ endpoint }) => endpoint === undefined || mayBeTheirs(endpoint.id))
    return known(theirs.length + 1 <= maxConnections)
  }
}

/** Whether an endpoint with that id may be of those whom the rule names; where one cannot tell, it may. */
function theirsOf(requester: Rule['requester']): (endpoint: string) => boolean {
  if (requester?.kind === 'scope' && isScope(requester.pattern)) return alike.coveredBy(requester.pattern)
  if (requester?.kind !== 'resource') return () => true
  const { id } = requester
  if (isEndpoint(id)) return alike.oneOf([id])
  if (isNeverNamed(id)) return (endpoint) => !lastNameOf(endpoint).includes('.')
  if (!isNamedByEndpoints(id)) return () => true
  const isName = alike.oneOf([lastNameOf(id)])
  return (endpoint) => {
    const [claimed = '', ...rest] = lastNameOf(endpoint).split('.')
    return rest.length > 0 && isName(claimed)
  }
}
