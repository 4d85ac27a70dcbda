import { subjectId } from '../../shared/domain/request.ts'
import type { ResourceId } from '../../shared/domain/resource-id.ts'
import { StoredUnreadable } from '../../shared/ports/ledger.ts'
import type { PersistentWorld } from './persistent-world.ts'

/**
 * The record of the connection or target of that name cannot be read from now on; as in storage, a search leaves it out.
 * Returns what makes it readable again.
 */
export function spoilRecord(
  { arena }: PersistentWorld,
  name: string,
  error: Error = new StoredUnreadable('Row x cannot be used.'),
): () => void {
  const { ledger } = arena.ports
  const own = { ...ledger }
  const isBad = (id: string): boolean => id.endsWith(`/${name}`)
  Object.assign(ledger, {
    read: (key: { readonly kind: 'connection' | 'target'; readonly id: ResourceId }) =>
      isBad(key.id.id) ? Promise.reject(error) : own.read(key),
    unfinishedOn: async (target: ResourceId) =>
      (await own.unfinishedOn(target)).filter(({ request }) => !isBad(subjectId(request.subject))),
  })
  return () => void Object.assign(ledger, own)
}
