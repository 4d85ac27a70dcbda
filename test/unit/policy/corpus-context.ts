import type { Connection } from '../../../shared/domain/connection.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import type { Rule, Tag } from '../../../shared/domain/rule.ts'
import type { ManagementGroups, Context } from '../../../shared/domain/verdict.ts'
import { inOtherCase } from './corpus-names.ts'
import type { Random } from './corpus-random.ts'

/** What stands around a request, in a form whose every part can still be changed by itself. */
export interface Around {
  readonly targetGroups: ManagementGroups | undefined
  readonly endpointGroups: ManagementGroups | undefined
  readonly requesterGroups: ManagementGroups | undefined
  readonly tags: readonly Tag[] | undefined
  /** Endpoints of the approved connections of the target; undefined for one that is not shown. */
  readonly approved: readonly (string | undefined)[] | undefined
  /** Whether the connection that is evaluated stands among the approved ones. */
  readonly isItselfApproved: boolean
}

const groupNames = ['s\u00E4nk', 'sink-2', 'r\u00E4sk-team', 'r\u00E4sk-teams', 'k\u0131osk', 'k\u00E4mter']
const tagsToPick: readonly Tag[] = ['environment', 'task-i', 'risk', 'gr\u00F6\u00DFe'].flatMap((name) =>
  ['Prod', 'disk', ''].map((value) => ({ name, value })),
)
/** The most that `maxConnections` of a rule says. */
export const maxConnections = 3

export function anyManagementGroup(random: Random): string {
  const name = random.pick(groupNames)
  return random.chance(0.1) ? inOtherCase(name, random) : name
}

/** The id of a management group. */
export function managementGroupId(name: string): string {
  return `/providers/Microsoft.Management/managementGroups/${name}`
}

/** True for a target that is meant as a management group. */
export function isManagementGroup(target: string): boolean {
  return /[/]managementGroups[/]./i.test(target)
}

/** Each name once. */
export function anyTags(random: Random): readonly Tag[] {
  const some = random.shuffled(random.some(tagsToPick, 0.3))
  return some.filter(({ name }, index) => some.findIndex((other) => other.name === name) === index)
}

/** Whatever can stand around a request; for a rule: what it requires there, mostly. */
export function anyAround(
  rule: Pick<Rule, 'target' | 'targetTags' | 'requester'> | undefined,
  endpoints: readonly string[],
  random: Random,
): Around {
  const asked = rule?.requester?.kind === 'management-group' ? [rule.requester.name] : []
  const over = rule && isManagementGroup(rule.target) ? [rule.target.replace(/.*[/]/, '')] : []
  const others = anyTags(random).filter(
    ({ name }) => !rule?.targetTags.some((tag) => tag.name.toLowerCase() === name),
  )
  return {
    targetGroups: anyGroupsWith(over, random),
    endpointGroups: anyGroupsWith(asked, random),
    requesterGroups: anyGroupsWith(asked, random),
    tags: random.chance(0.08) ? undefined : random.shuffled([...(rule?.targetTags ?? []), ...others]),
    approved: random.chance(0.08)
      ? undefined
      : random.some([...endpoints, undefined], random.pick([0, 0.05, 0.2])),
    isItselfApproved: random.chance(0.1),
  }
}

function anyGroupsWith(expected: readonly string[], random: Random): ManagementGroups | undefined {
  if (random.chance(0.08)) return undefined
  const names = expected.map((name) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
  return {
    names: random.shuffled([...new Set(['tenant-root', ...names, ...random.some(groupNames, 0.2)])]),
    isWhole: random.chance(0.8),
  }
}

/** What the policy sees of it. */
export function contextOf(around: Around, connection: Connection, read: (id: string) => ResourceId): Context {
  const { targetGroups, endpointGroups, requesterGroups, tags, approved, isItselfApproved } = around
  const others = approved?.map((endpoint, index) => ({
    ...connection,
    id: read(`${connection.target.id}/privateEndpointConnections/approved-${index}`),
    endpoint: endpoint === undefined ? undefined : read(endpoint),
    status: 'Approved',
  }))
  const itself = isItselfApproved ? [{ ...connection, status: 'Approved' }] : []
  return {
    targetGroups,
    endpointGroups,
    requesterGroups,
    targetTags: tags,
    approved: others && [...itself, ...others],
  }
}
