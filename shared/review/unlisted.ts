import type { Connection } from '../domain/connection.ts'
import { foldCase } from '../domain/fold-case.ts'
import { subjectId } from '../domain/request.ts'
import { isSameName, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { ShownId } from '../domain/target-work.ts'
import type { Listed } from '../ports/azure.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { FailedAlike } from './failing.ts'
import type { PassEnd } from './next-pass.ts'
import type { Pass } from './pass.ts'
import { isInTrouble } from './trouble.ts'

/** True when the list has a connection of that name, in whatever way it writes the id. */
export function isNamed(connections: readonly Connection[], { name }: ResourceId): boolean {
  return connections.some(({ id }) => isSameName(id.name, name))
}

/**
 * True when Resource Graph is a witness that the connection is Pending. Where something else has failed at it, one that
 * is deleted may still be shown for some minutes: it is one only after the sources were found to differ.
 */
export function isShown({ shown, trouble }: Pick<Pass, 'shown' | 'trouble'>, { key }: ResourceId): boolean {
  const found = shown.find(({ id }) => foldCase(id) === key)
  return found !== undefined && (found.isDoubted === true || !isInTrouble(trouble, key))
}

/** What Resource Graph shows and the pass has not settled, or what is doubted; undefined: nothing. */
export function stillShown(pass: Pass, listed: Listed, end: PassEnd): Pass['shown'] | undefined {
  const still = pass.shown.flatMap((one) => stillOf(one, listed, end))
  return still.length > 0 ? still : undefined
}

function stillOf(one: ShownId, listed: Listed, { failures = [], trouble = [] }: PassEnd): readonly ShownId[] {
  const id = parseResourceId(one.id)
  if (!id) return []
  const failure = failures.find((failed) => foldCase(failed.id) === id.key)
  if (failure?.isOfSources) return [{ ...one, isDoubted: true }]
  if (one.isDoubted) return [one]
  const isLeft = listed.kind === 'partly' && !isNamed(listed.connections, id)
  return isLeft || (!failure && isInTrouble(trouble, id.key)) ? [one] : []
}

/**
 * Connections that wait although no list shows them, as far as people do not know them: those whose decision Azure has
 * not taken yet, since it was sent first, and those of which only Resource Graph knows. People know a request that is
 * open, and a refused decision that is sent again.
 * @param listed what a part of a list shows.
 */
export async function waitsUnlisted(
  { ports, shown }: Pass,
  target: ResourceId,
  listed: readonly Connection[],
): Promise<FailedAlike['parts']> {
  const unfinished = await ports.ledger.unfinishedOn(target)
  const known = new Set(unfinished.map(({ request }) => foldCase(subjectId(request.subject))))
  const unknown = shown
    .filter(({ id }) => !known.has(foldCase(id)))
    .map(({ id, at, since = at }) => ({ id, since }))
  return [...unfinished.flatMap(applyingOf), ...unknown].filter(({ id }) => {
    const parsed = parseResourceId(id)
    return parsed && !isNamed(listed, parsed)
  })
}

function applyingOf({ request: { subject, state } }: RequestRecord): FailedAlike['parts'] {
  if (state.name !== 'applying' || state.asked) return []
  return [{ id: subjectId(subject), since: Date.parse(state.since) }]
}
