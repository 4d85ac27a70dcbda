import type { WriteSupport, Connection } from '../domain/connection.ts'
import { maxGroupIdLength, maxGroupIdsRecorded, type LogEntry } from '../domain/log-entry.ts'
import type { Proof } from '../domain/proof.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import { nothingKnown, type Facts, type ReasonCode } from '../domain/verdict.ts'

const writeSupportByReason: Partial<Record<ReasonCode, WriteSupport>> = {
  'no-approving-operation': 'no-operation',
  'type-not-in-table': 'unlisted-type',
}

/**
 * The facts of a decision, as recorded in its entry. Facts that were not recorded are undefined, and so is a list of
 * groups that may have been cut: an `allow` must not take a partial list for the whole. Returns undefined for entries
 * without a connection, such as those of an unreadable target.
 */
export function factsOf(entry: LogEntry): Facts | undefined {
  const { subject } = entry
  if (subject.kind === 'target') return undefined
  const id = parseResourceId(subject.connectionId)
  const target = parseResourceId(subject.targetId)
  if (id === undefined || target === undefined || entry.proof === undefined) return undefined
  const shown = wholeGroupIds(entry.groupIds)
  const connection: Connection = {
    id,
    target,
    list: 'connections',
    writeSupport: writeSupportByReason[entry.reason.code] ?? 'with-description',
    status: entry.reason.code === 'unknown-status' ? 'Unknown' : 'Pending',
    description: entry.requesterSaid ?? '',
    endpoint: parseResourceId(subject.endpointId),
    groupIds: shown === 'maybe-cut' ? undefined : shown,
    provisioningState: undefined,
    etag: undefined,
  }
  return {
    connection,
    proof: recordedProof(entry.proof, shown === 'maybe-cut'),
    context: { ...nothingKnown, ...entry.context },
  }
}

/** Groups of the second witness are used where the target shows none; where its list was cut, they must not be. */
function recordedProof(proof: Proof, isShownCut: boolean): Proof {
  const stated = wholeGroupIds(proof.groupIds)
  return { ...proof, groupIds: isShownCut || stated === 'maybe-cut' ? undefined : stated }
}

function wholeGroupIds(groupIds: readonly string[] | undefined): readonly string[] | 'maybe-cut' | undefined {
  const mayBeCut =
    groupIds !== undefined &&
    (groupIds.length >= maxGroupIdsRecorded || groupIds.some(({ length }) => length >= maxGroupIdLength))
  return mayBeCut ? 'maybe-cut' : groupIds
}
