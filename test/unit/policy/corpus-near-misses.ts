import type { Draft } from './corpus-draft.ts'
import { respelled, withEndpoint, withGroups, withRequesterInGroup } from './corpus-edits.ts'

type Respelling = (draft: Draft, spell: (name: string) => string) => Draft | undefined

const [groupPart, namespacePart, typePart, namePart] = [4, 6, 7, 8]

/** The parts of a request whose name can be nearly another. */
export const namedParts = {
  'group of the target': (draft, spell) => ({ ...draft, target: respelled(draft.target, groupPart, spell) }),
  'provider of the target': (draft, spell) => ({
    ...draft,
    target: respelled(draft.target, namespacePart, spell),
  }),
  'type of the target': (draft, spell) => ({ ...draft, target: respelled(draft.target, typePart, spell) }),
  'name of the target': (draft, spell) => ({ ...draft, target: respelled(draft.target, namePart, spell) }),
  'group of the endpoint': (draft, spell) => withEndpoint(draft, (text) => respelled(text, groupPart, spell)),
  'type of the endpoint': (draft, spell) => withEndpoint(draft, (text) => respelled(text, typePart, spell)),
  'name of the endpoint': (draft, spell) => withEndpoint(draft, (text) => respelled(text, namePart, spell)),
  'group of the requester': (draft, spell) =>
    withRequesterInGroup(draft, (text) => respelled(text, groupPart, spell)),
  'type of the requester': (draft, spell) =>
    withRequesterInGroup(draft, (text) => respelled(text, typePart, spell)),
  'name of the requester': (draft, spell) =>
    withRequesterInGroup(draft, (text) => respelled(text, namePart, spell)),
  'group asked for': (draft, spell) =>
    withGroups(draft, ([first = 'blob', ...others]) => [spell(first), ...others]),
} satisfies Record<string, Respelling>
