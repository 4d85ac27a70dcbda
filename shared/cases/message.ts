import type { CaseKind } from '../domain/case.ts'
import type { CaseMessage } from '../domain/case-message.ts'
import type { Group, GroupKind } from '../domain/group.ts'
import type { Message, MessageKind, RequestInMessage } from '../domain/message.ts'
import type { Content } from './content.ts'

const maxTitleLength = 120

/** Ids of a message, of its case, and of the first message of the case. */
export interface MessageIds {
  readonly message: string
  readonly case: string
  readonly first: string
}

/** Everything that a message is made of. */
export interface MessageParts {
  readonly ids: MessageIds
  readonly group: Group
  readonly message: CaseMessage
  readonly content: Content
  /** Those of `content.shown`. */
  readonly requests: readonly RequestInMessage[]
  readonly at: Date
}

/** What is sent to people. The same parts are the same message. */
export function messageOf(parts: MessageParts): Message {
  const { ids, group, message, content, requests, at } = parts
  return {
    id: ids.message,
    kind: kindOf(message.kind, content),
    risk: content.risk,
    case: { id: ids.case, kind: caseKindOf(group.kind, content.total) },
    inReplyTo: ids.first === ids.message ? undefined : ids.first,
    title: cut(titleOf(parts)),
    summary: summaryOf(parts),
    requests,
    total: content.total,
    reviewLink: undefined,
    expiresAt: undefined,
    at: at.toISOString(),
    timeZone: undefined,
  }
}

function kindOf(kind: MessageKind, { hasAlarm }: Content): MessageKind {
  return kind === 'question' && hasAlarm ? 'alarm' : kind
}

function caseKindOf(kind: GroupKind, total: number): CaseKind {
  if (kind === 'burst' || kind === 'competing-claims' || kind === 'target') return kind
  return total === 1 ? 'single' : 'group'
}

/** Titles by what the requests have in common. */
const titles = {
  burst: (who, what) => `${what} at once, of ${who}`,
  'competing-claims': (_who, what, where) => `${what} to ${where} claim one endpoint name`,
  target: (_who, _what, where) => `The connections of ${where} need manual review`,
  requester: (who, what, where) => `${who}: ${what} to ${where}`,
  subscription: (who, what, where) => `${who}: ${what} to ${where}`,
  recipient: (_who, what) => `${what} beyond the limit of messages for an hour`,
} as const satisfies Record<GroupKind, (who: string, what: string, where: string) => string>

function titleOf({ group, message, content, requests }: MessageParts): string {
  const who = only(requests.map(({ requester }) => requester ?? 'Unknown requester')) ?? 'Several requesters'
  const targets = new Set(requests.map(({ targetName }) => targetName))
  const where = only([...targets]) ?? `${targets.size} targets`
  const isOneClaim = group.kind === 'competing-claims' && content.total === 1
  const subject = isOneClaim
    ? `A request to ${where} claims the endpoint name of another`
    : titles[group.kind](who, counted(content.total, 'request'), where)
  return message.kind === 'outcome' ? `Decided: ${subject}` : subject
}

const summaries = {
  burst: 'More requests came at once than the burst limit allows. They wait for manual review as one case.',
  'competing-claims':
    'More than one connection claims the same endpoint name; one at most can be the true one. Find out which.',
  target: 'What happened concerns the whole target; its requests may wait.',
  requester: 'Manual review is needed.',
  subscription: 'Manual review is needed. Nobody could verify who the requester is.',
  recipient: '',
} as const satisfies Record<GroupKind, string>

function summaryOf({ group, message, content }: MessageParts): string {
  const { total, cases } = content
  if (message.kind === 'outcome') return `${counted(total, 'request')} of this case: see what became of each.`
  if (group.kind === 'recipient') {
    return `${counted(total, 'request')} of ${counted(cases, 'case')} came after the limit of messages was reached. They wait for manual review.`
  }
  if (message.kind === 'follow-up')
    return `${counted(total, 'more request')} joined this case. ${summaries[group.kind]}`
  if (message.kind === 'digest')
    return `${counted(total, 'more request')} since the last message. ${summaries[group.kind]}`
  return summaries[group.kind]
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function only(texts: readonly string[]): string | undefined {
  return new Set(texts).size === 1 ? texts[0] : undefined
}

function cut(text: string): string {
  const characters = Array.from(text)
  return characters.length > maxTitleLength ? `${characters.slice(0, maxTitleLength - 1).join('')}…` : text
}
