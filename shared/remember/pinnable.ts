import type { LogEntry } from '../domain/log-entry.ts'
import { witnessOf } from '../domain/refusal-codes.ts'
import type { Facts, ReasonCode } from '../domain/verdict.ts'
import { factsOf } from '../what-if/recorded.ts'
import { refusal, type RememberCode, type RememberRefusal } from './refusal.ts'

/** Reasons for manual review of requests that no rule may approve later. */
const refusedReasons: Partial<Record<ReasonCode, readonly [RememberCode, string]>> = {
  'no-approving-operation': [
    'not-writable',
    'Azure has no operation that approves connections of this type, so a rule would never approve one.',
  ],
  'type-not-in-table': [
    'not-writable',
    'This app does not write connections of this type, so a rule would never approve one.',
  ],
  'unknown-status': ['not-writable', 'Azure shows a status of the connection that this app does not know.'],
  'endpoint-changed': [
    'changed-meanwhile',
    'The endpoint or its group ids changed after they were evaluated; wait for the next review pass.',
  ],
  'competing-claim-before': [
    'competing-claim',
    'Another endpoint claimed this name on this target, and a rule could not say which of the two it approves.',
  ],
  'claims-unreadable': [
    'competing-claim',
    'Whether another endpoint claimed this name on this target cannot be read.',
  ],
}

/** The facts of a request for which a rule can be made; or why none can that approves exactly such requests. */
export function pinnableFacts(
  entry: LogEntry,
):
  | { readonly facts: Facts; readonly refused?: undefined }
  | { readonly facts?: undefined; readonly refused: RememberRefusal } {
  const facts = factsOf(entry)
  const refused = refusedByEntry(entry)
  if (refused) return { refused }
  if (facts === undefined)
    return {
      refused: refusal('nothing-evaluated', 'The record of this request holds nothing that was evaluated.'),
    }
  const doubt = unproven(facts)
  return doubt ? { refused: doubt } : { facts }
}

function refusedByEntry({ subject, reason }: LogEntry): RememberRefusal | undefined {
  if (subject.kind === 'target')
    return refusal('whole-target', 'This is about a whole target that cannot be read, not about a request.')
  const refused = refusedReasons[reason.code]
  return refused && refusal(...refused)
}

function unproven({ connection, proof }: Facts): RememberRefusal | undefined {
  if (connection.endpoint === undefined)
    return refusal('endpoint-not-shown', 'Azure does not show which endpoint asks, so a rule cannot name it.')
  const { level, refusals, isManagedTenant } = proof
  const codes = refusals.map(({ code }) => code)
  if (codes.some((code) => code.startsWith('competing-claim')))
    return refusal(
      'competing-claim',
      'Another connection of the target has, or may have, an endpoint of the same name; decide which is whose first.',
    )
  const witness = witnessOf(codes)
  if (witness === 'contradicts')
    return refusal('contradicted', 'A second witness contradicts the request, so no rule may approve it.')
  const isPlatformEnough = level === 'platform' && witness === 'unreadable' && isManagedTenant === false
  return level === 'confirmed' || isPlatformEnough
    ? undefined
    : refusal(
        'requester-not-proven',
        'Nobody confirms the requester, so a rule would have nothing to go by but a name that anybody can choose.',
      )
}
