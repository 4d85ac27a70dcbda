import type { ManagementGroups } from '../../../shared/domain/verdict.ts'
import type { Change } from './corpus-edits.ts'
import type { Draft } from './corpus-draft.ts'
import { inOtherCase } from './corpus-names.ts'
import { maxConnections, type Around } from './corpus-context.ts'

type GroupsAround = 'targetGroups' | 'endpointGroups' | 'requesterGroups'

const groupsOfRequester = ['endpointGroups', 'requesterGroups'] as const

/** Changes of what stands around a request that make no rule mean it less. */
export const harmlessChangesAround = {
  'tag names in other capitals': (draft, random) =>
    withTags(draft, (tags) => tags.map(({ name, value }) => ({ name: inOtherCase(name, random), value }))),
  'tags in another order': (draft, random) => withTags(draft, (tags) => random.shuffled(tags)),
  'a tag that nobody asks for': (draft) =>
    withTags(draft, (tags) => [{ name: 'nobody-asks', value: 'x' }, ...tags]),
  'itself among the approved ones': (draft) => withAround(draft, { isItselfApproved: true }),
  'management groups in another order': (draft, random) =>
    withGroups(draft, ['targetGroups', ...groupsOfRequester], (groups) => ({
      ...groups,
      names: random.shuffled(groups.names),
    })),
} satisfies Record<string, Change>

/** Changes of what stands around a request of which each takes something away that some rule wants. */
export const breakingChangesAround = {
  'no management groups of the target known': (draft) => withAround(draft, { targetGroups: undefined }),
  'no management groups of who asks known': (draft) =>
    withAround(draft, { endpointGroups: undefined, requesterGroups: undefined }),
  'other management groups of the target': (draft) => withGroups(draft, ['targetGroups'], renamed),
  'other management groups of who asks': (draft) => withGroups(draft, groupsOfRequester, renamed),
  'no tags known': (draft) => withAround(draft, { tags: undefined }),
  'no tags': (draft) => withAround(draft, { tags: [] }),
  'tag values in other capitals': (draft) =>
    withTags(draft, (tags) => tags.map(({ name, value }) => ({ name, value: `${value.toUpperCase()}.` }))),
  'tag names in the other case of a letter beyond A to Z': (draft) =>
    withTags(draft, (tags) =>
      tags.map(({ name, value }) => ({ name: name.replace('\u00F6', '\u00D6'), value })),
    ),
  'management groups in the other case of a letter beyond A to Z': (draft) =>
    withGroups(draft, ['targetGroups', ...groupsOfRequester], inOtherLetters),
  'tag names with a letter more': (draft) =>
    withTags(draft, (tags) => tags.map(({ name, value }) => ({ name: `${name}s`, value }))),
  'no approved connections known': (draft) => withAround(draft, { approved: undefined }),
  'as many approved connections of this endpoint': (draft) =>
    withApproved(
      draft,
      Array.from({ length: maxConnections }, () => draft.endpoint),
    ),
  'as many approved connections that hide their endpoint': (draft) =>
    withApproved(
      draft,
      Array.from({ length: maxConnections }, () => undefined),
    ),
} satisfies Record<string, Change>

function withAround(draft: Draft, change: Partial<Around>): Draft {
  return { ...draft, around: { ...draft.around, ...change } }
}

function withTags(draft: Draft, edit: (tags: NonNullable<Around['tags']>) => Around['tags']): Draft {
  const { tags } = draft.around
  return withAround(draft, { tags: tags && edit(tags) })
}

function withApproved(draft: Draft, more: readonly (string | undefined)[]): Draft {
  return withAround(draft, { approved: [...(draft.around.approved ?? []), ...more] })
}

function withGroups(
  draft: Draft,
  which: readonly GroupsAround[],
  edit: (groups: ManagementGroups) => ManagementGroups,
): Draft {
  const edited = which.map((each) => {
    const groups = draft.around[each]
    return [each, groups && edit(groups)] as const
  })
  return withAround(draft, Object.fromEntries(edited))
}

function inOtherLetters({ names, isWhole }: ManagementGroups): ManagementGroups {
  return { names: names.map((name) => name.replace('\u00E4', '\u00C4')), isWhole }
}

function renamed({ names, isWhole }: ManagementGroups): ManagementGroups {
  return { names: names.map((name) => `${name}-2-x`), isWhole }
}
