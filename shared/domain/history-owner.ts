import type { LogEntry } from './log-entry.ts'
import { endpointIdOf } from './request.ts'
import { parseResourceId } from './resource-id.ts'

/** Who a history is kept of: the confirmed requester, otherwise the endpoint; undefined where neither is known. */
export function historyOwner({
  proof,
  subject,
}: Pick<LogEntry, 'proof' | 'subject'>): { readonly key: string } | undefined {
  return proof?.requester?.id ?? parseResourceId(endpointIdOf(subject))
}
