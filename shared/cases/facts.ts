import { expiryOf } from '../domain/expiry.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import type { RequestInMessage } from '../domain/message.ts'
import type { Notification } from '../domain/notification.ts'
import { printable, printableName, visible } from '../domain/printable.ts'
import type { Proof } from '../domain/proof.ts'
import { endpointIdOf } from '../domain/request.ts'
import { riskFlags } from '../domain/risk-flags.ts'
import { spokenRequester } from '../domain/requester-kind.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import { proofInOneLine } from '../domain/spoken-proof.ts'
import type { CaseSettings } from './settings.ts'

/**
 * A request as people need it.
 * @param entry its decision; undefined: it cannot be read, and what the notification says is everything.
 * @param inAzure where and how it is decided in Azure itself.
 */
export function requestInMessage(
  notification: Notification,
  entry: LogEntry | undefined,
  { ownTenantId }: Pick<CaseSettings, 'ownTenantId'>,
  inAzure: Pick<RequestInMessage, 'portalLink' | 'commands'>,
): RequestInMessage {
  const { decisionId, targetId, connectionId, sentence, since } = notification
  const target = parseResourceId(targetId)
  const connection = parseResourceId(connectionId)
  return {
    decisionId,
    connectionId,
    connectionName: connection && printableName(connection.name),
    targetId,
    targetName: printableName(target?.name ?? targetId),
    targetType: target?.type ?? '',
    groupIds: entry?.groupIds?.map(printable),
    requester: requesterName(entry?.proof),
    endpointId: entry && shownEndpoint(entry),
    proof: proofInOneLine(entry?.proof),
    reason: visible(sentence),
    requesterSaid: entry?.requesterSaid === undefined ? undefined : visible(entry.requesterSaid),
    flags: riskFlags({ codes: [notification.code], entry, ownTenantId }),
    since,
    ...expiryOf(notification),
    portalLink: inAzure.portalLink,
    commands: inAzure.commands,
  }
}

/** "Data Factory adf-prod"; undefined when nobody could verify it. */
export function requesterName(proof: Proof | undefined): string | undefined {
  if (proof?.level !== 'confirmed' || !proof.requester) return undefined
  const { kind, id } = proof.requester
  return spokenRequester(kind, printableName(id.name))
}

function shownEndpoint({ subject }: LogEntry): string | undefined {
  const id = endpointIdOf(subject)
  return id === undefined ? undefined : visible(id)
}
