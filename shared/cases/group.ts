import { foldCase } from '../domain/fold-case.ts'
import type { Group, GroupKind, GroupRecipients } from '../domain/group.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import type { Notification } from '../domain/notification.ts'
import { endpointIdOf } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'

/**
 * The group of a notification: its burst case, the endpoint name that others claim, the unreadable target, the confirmed
 * requester, or the subscription of the target.
 * @param entry its decision; undefined: it cannot be read.
 */
export function groupOf(notification: Notification, entry: LogEntry | undefined, to: GroupRecipients): Group {
  const { kind, name } = commonTo(notification, entry)
  return { kind, name, source: sourceOf(notification, entry), to }
}

/** The group of messages that are over what a recipient may get in an hour. */
export function digestGroup(channel: string, address: string | undefined): Group {
  const name = address ?? channel
  return { kind: 'recipient', name, source: 'digest', to: { kind: 'recipient', channel, address } }
}

/** What a connection request has in common with others. */
function commonTo(
  notification: Notification,
  entry: LogEntry | undefined,
): { readonly kind: GroupKind; readonly name: string } {
  const target = keyOf(notification.targetId)
  if (notification.caseId !== undefined) return { kind: 'burst', name: notification.caseId }
  if (isCompeting(notification, entry))
    return { kind: 'competing-claims', name: `${target} ${endpointNameIn(entry)}` }
  if (notification.connectionId === undefined) return { kind: 'target', name: target }
  const requester = requesterOf(entry)
  return requester === undefined
    ? { kind: 'subscription', name: subscriptionOf(notification.targetId) }
    : { kind: 'requester', name: requester }
}

/** One requester, or unknown requesters of the targets of one subscription, cannot fill a mailbox. */
function sourceOf({ targetId }: Notification, entry: LogEntry | undefined): string {
  const requester = requesterOf(entry)
  return requester === undefined ? `subscription ${subscriptionOf(targetId)}` : `requester ${requester}`
}

function isCompeting({ code }: Notification, entry: LogEntry | undefined): boolean {
  const refusals = entry?.proof?.refusals ?? []
  return code === 'competing-claim-before' || refusals.some((one) => one.code.startsWith('competing-claim'))
}

function endpointNameIn(entry: LogEntry | undefined): string {
  const endpoint = entry && parseResourceId(endpointIdOf(entry.subject))
  return endpoint ? foldCase(endpoint.name) : ''
}

function requesterOf(entry: LogEntry | undefined): string | undefined {
  const { level, requester } = entry?.proof ?? {}
  return level === 'confirmed' ? requester?.id.key : undefined
}

function subscriptionOf(targetId: string): string {
  return parseResourceId(targetId)?.subscriptionId ?? foldCase(targetId)
}

function keyOf(targetId: string): string {
  return parseResourceId(targetId)?.key ?? foldCase(targetId)
}
