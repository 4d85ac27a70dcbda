import type { Draft } from './corpus-draft.ts'
import type { Random } from './corpus-random.ts'

type Edit = (text: string) => string

/** The endpoint edited; an endpoint that is its own witness stays it. */
export function withEndpoint(draft: Draft, edit: Edit): Draft | undefined {
  if (draft.endpoint === undefined) return undefined
  const endpoint = edit(draft.endpoint)
  return { ...draft, endpoint, requester: draft.requester === draft.endpoint ? endpoint : draft.requester }
}

/** The requester edited, whoever stands behind the endpoint. */
export function withRequester(draft: Draft, edit: Edit): Draft | undefined {
  return draft.requester === undefined ? undefined : { ...draft, requester: edit(draft.requester) }
}

/** The groups edited wherever they are told. */
export function withGroups(draft: Draft, edit: (groups: readonly string[]) => readonly string[]): Draft {
  return {
    ...draft,
    groupIds: draft.groupIds && edit(draft.groupIds),
    witnessedGroupIds: draft.witnessedGroupIds && edit(draft.witnessedGroupIds),
  }
}

/** The id with one digit of its subscription changed. */
export function inAnotherSubscription(id: string, random: Random): string {
  const parts = id.split('/')
  const digits = Array.from(parts[2] ?? '')
  const at = random.pick([0, 1, digits.length - 1])
  digits[at] = random.pick(['0', '7', 'd', 'e'].filter((digit) => digit !== digits[at]))
  return parts.with(2, digits.join('')).join('/')
}

/** The id with one of its parts spelled otherwise. */
export function respelled(id: string, part: number, spell: Edit): string {
  return id
    .split('/')
    .map((text, index) => (index === part ? spell(text) : text))
    .join('/')
}
