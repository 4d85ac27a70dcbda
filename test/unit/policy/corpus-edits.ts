import type { Draft } from './corpus-draft.ts'
import type { Places } from './corpus-places.ts'
import type { Random } from './corpus-random.ts'
import { isOutsideGroups } from './corpus-requesters.ts'

/** One thing about a request made otherwise. Undefined where the request has no such thing. */
export type Change = (draft: Draft, random: Random, places: Places) => Draft | undefined

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

/** As `withRequester`, for requesters in resource groups only. */
export function withRequesterInGroup(draft: Draft, edit: Edit): Draft | undefined {
  return isOutsideGroups(draft.requester ?? '') ? undefined : withRequester(draft, edit)
}

/** As `withRequester`, for those of Fabric and Databricks only. */
export function withRequesterOutsideGroups(draft: Draft, edit: Edit): Draft | undefined {
  return isOutsideGroups(draft.requester ?? '') ? withRequester(draft, edit) : undefined
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
  return respelled(id, 2, (guid) => withOtherDigit(guid, random))
}

/** The id of Fabric or Databricks with one digit of one of its GUIDs changed. */
export function withOtherGuid(id: string, random: Random): string {
  const parts = Array.from(id.split('/').keys()).filter((part) => part % 2 === 1 && part > 1)
  return respelled(id, random.pick(parts), (guid) => withOtherDigit(guid, random))
}

function withOtherDigit(guid: string, random: Random): string {
  const digits = Array.from(guid)
  const at = random.pick([0, 1, digits.length - 1])
  digits[at] = random.pick(['0', '7', 'd', 'e'].filter((digit) => digit !== digits[at]))
  return digits.join('')
}

/** The id with one of its parts spelled otherwise. */
export function respelled(id: string, part: number, spell: Edit): string {
  return id
    .split('/')
    .map((text, index) => (index === part ? spell(text) : text))
    .join('/')
}
