import { type Content, noContent, type RequestMember, withCase, withRequest } from '../cases/content.ts'
import { requestInMessage } from '../cases/facts.ts'
import { messageOf } from '../cases/message.ts'
import type { Message, RequestInMessage } from '../domain/message.ts'
import { endpointIdOf } from '../domain/request.ts'
import type { ClaimedMessage, MessageRef } from '../ports/cases.ts'
import { inAzure } from '../private-link/resource-types/by-hand.ts'
import type { DeliveryPorts } from './ports.ts'

/** What a message is about now; what is over is left out. In a digest, each message is a case. */
export async function contentOf(ports: Pick<DeliveryPorts, 'cases'>, ref: MessageRef): Promise<Content> {
  let content = noContent
  for await (const { member, isOver } of ports.cases.members(ref)) {
    if (member.kind === 'message') content = withCase(content, await contentOf(ports, member.ref))
    else if (!isOver) content = withRequest(content, member)
  }
  return content
}

/** The message as it is sent. */
export async function builtMessage(
  ports: Pick<DeliveryPorts, 'cases' | 'settings' | 'now'>,
  { ids, group, message }: ClaimedMessage,
  content: Content,
): Promise<Message> {
  const requests = await Promise.all(content.shown.map((member) => shown(ports, member)))
  return messageOf({
    ids,
    group,
    message,
    content,
    requests,
    at: ports.now(),
    timeZone: ports.settings.timeZone,
  })
}

async function shown(
  { cases, settings }: Pick<DeliveryPorts, 'cases' | 'settings'>,
  member: RequestMember,
): Promise<RequestInMessage> {
  const { notification } = member
  const { targetId, connectionId } = notification
  const entry = await cases.entryOf(member)
  const recorded = {
    targetId,
    connectionId,
    endpointId: entry && endpointIdOf(entry.subject),
    groupIds: entry?.groupIds,
  }
  const request = requestInMessage(notification, entry, settings, inAzure(recorded, settings.portal))
  return member.kind === 'outcome' ? { ...request, outcome: member.outcome } : request
}
