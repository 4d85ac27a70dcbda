import { expiryOf } from '../domain/expiry.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import type { RequestInMessage } from '../domain/message.ts'
import type { Notification } from '../domain/notification.ts'
import { printable, printableName, visible } from '../domain/printable.ts'
import type { Proof } from '../domain/proof.ts'
import { type RefusalCode, refusalCodes } from '../domain/refusal-codes.ts'
import { endpointIdOf } from '../domain/request.ts'
import { spokenRequester } from '../domain/requester-kind.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { ReasonCode } from '../domain/verdict.ts'
import type { CaseSettings } from './settings.ts'

const reasonFlags: Partial<Record<ReasonCode, string>> = {
  'competing-claim-before': 'the name was claimed by another endpoint before',
  'rejected-before': 'a person rejected it before',
  'endpoint-changed': 'another endpoint than the one that was evaluated',
  'shown-late': 'a decision of this app appeared after it was given up',
  'changed-outside': 'a decision of this app was changed outside of it',
  'burst-limit': 'more requests than the burst limit allows',
}

const refusalFlags: Partial<Record<RefusalCode, string>> = {
  'no-endpoint-id': 'Azure does not show the endpoint',
  'endpoint-id-unreadable': 'Azure shows something in place of the endpoint',
  'tenant-unknown': 'unknown tenant',
  'tenant-not-managed': 'named like a listed requester, in another tenant',
  'endpoint-id-differs': 'the requester says that its endpoint is another one',
  'group-ids-differ': 'the requester states other group ids',
  'competing-claim': 'competing claim',
  'competing-claim-hidden': 'a hidden connection may be the true one',
  'competing-claims-unknown': 'other connections could not be read',
  'requester-not-found': 'the requester does not exist',
}

const link = /https?:|www\.|\S+@\S+\.\S/i

const proofs = {
  confirmed: 'Verified: a second witness agrees.',
  platform: 'Known only from what Azure wrote: the endpoint and the tenant that owns it.',
  none: 'Not verified.',
} as const

/**
 * A request as people need it.
 * @param entry its decision; undefined: it cannot be read, and what the notification says is everything.
 */
export function requestInMessage(
  notification: Notification,
  entry: LogEntry | undefined,
  { portal }: Pick<CaseSettings, 'portal'>,
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
    proof: proofSentence(entry?.proof),
    reason: visible(sentence),
    requesterSaid: entry?.requesterSaid === undefined ? undefined : visible(entry.requesterSaid),
    flags: flagsOf(notification, entry),
    since,
    ...expiryOf(notification),
    portalLink: `${portal}/#resource${encodeURI(targetId)}/networking`,
    commands: connection && commandsFor(connection.id),
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

function proofSentence(proof: Proof | undefined): string {
  const level = proof?.level ?? 'none'
  const [refusal] = proof?.refusals ?? []
  return level === 'confirmed' || !refusal
    ? proofs[level]
    : `${proofs[level]} ${refusalCodes[refusal.code].meaning}`
}

function flagsOf({ code }: Notification, entry: LogEntry | undefined): readonly string[] {
  const refusals = entry?.proof?.refusals ?? []
  const flags = [reasonFlags[code], ...refusals.map((refusal) => refusalFlags[refusal.code])]
  const said = link.test(entry?.requesterSaid ?? '') ? ["the requester's message contains a link"] : []
  return [...new Set([...flags.filter((flag) => flag !== undefined), ...said])]
}

/** Ids of connections hold no quotes. */
function commandsFor(connectionId: string): RequestInMessage['commands'] {
  const command = (verb: string, done: string) =>
    `az network private-endpoint-connection ${verb} --id '${connectionId}' --description '${done} by hand'`
  return { approve: command('approve', 'Approved'), reject: command('reject', 'Rejected') }
}
