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
  /** The second time zone; undefined: UTC only. */
  readonly timeZone: string | undefined
}

/** What is sent to people. The same parts are the same message. */
export function messageOf(parts: MessageParts): Message {
  const { ids, group, message, content, requests, at, timeZone } = parts
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
    ...expiryOfAll(requests),
    ...(content.hasExpired && { hasExpired: true }),
    at: at.toISOString(),
    timeZone,
  }
}

/** The first expiry, where the same becomes of all requests then; where not, each request says its own. */
function expiryOfAll(requests: readonly RequestInMessage[]): Pick<Message, 'expiresAt' | 'atExpiry'> {
  const [first] = requests
  const isSame = requests.every(({ atExpiry }) => atExpiry === first?.atExpiry)
  const times = requests.flatMap(({ expiresAt }) => expiresAt ?? [])
  if (!isSame || times.length < requests.length) return { expiresAt: undefined }
  const atExpiry = first?.atExpiry
  return { expiresAt: times.toSorted()[0], ...(atExpiry !== undefined && { atExpiry }) }
}

function kindOf(kind: MessageKind, { hasAlarm }: Content): MessageKind {
  return kind === 'question' && hasAlarm ? 'alarm' : kind
}

function caseKindOf(kind: GroupKind, total: number): CaseKind {
  if (kind === 'burst' || kind === 'competing-claims' || kind === 'target') return kind
  return total === 1 ? 'single' : 'group'
}

/** What titles are made of. */
interface TitleWords {
  readonly who: string
  /** "4 requests" */
  readonly what: string
  readonly where: string
  /** "4 connections to stlake" */
  readonly connections: string
  /** "Data Factory adf-prod asks for 4 connections to stlake" */
  readonly ask: string
}

/** Titles by what the requests have in common. */
const titles = {
  burst: ({ who, what }) => `${what} at once from ${who}`,
  'competing-claims': ({ connections }) => `${upperFirst(connections)} claim one endpoint name`,
  target: ({ where }) => `Connections of ${where} cannot be checked`,
  requester: ({ ask }) => ask,
  subscription: ({ ask }) => ask,
  recipient: ({ what }) => `${what} beyond the limit of messages for an hour`,
} as const satisfies Record<GroupKind, (words: TitleWords) => string>

function titleOf({ group, message, content, requests }: MessageParts): string {
  const who = only(requests.map(({ requester }) => requester ?? 'Unknown requester')) ?? 'Several requesters'
  const targets = new Set(requests.map(({ targetName }) => targetName))
  const where = only([...targets]) ?? `${targets.size} targets`
  const { total } = content
  if (group.kind === 'competing-claims' && total === 1)
    return `A connection to ${where} claims the endpoint name of another`
  const connections = `${total === 1 ? '' : `${total} `}connections to ${where}`
  const groupIds = requests[0]?.groupIds?.join(', ') ?? ''
  const single = groupIds === '' ? where : `${where} (${groupIds})`
  const asks = message.kind === 'outcome' ? 'asked' : who === 'Several requesters' ? 'ask' : 'asks'
  const ask = `${who} ${asks} for ${total === 1 ? single : connections}`
  return titles[group.kind]({ who, what: counted(total, 'request'), where, connections, ask })
}

const summaries = {
  burst: 'More requests came at once than the burst limit allows. They wait for manual review as one case.',
  'competing-claims':
    'More than one connection claims the same endpoint name; one at most can be the true one. Find out which.',
  target: 'Until this is fixed, nothing on this target is decided, and requests may wait that nobody sees.',
  requester: 'This app does not decide by itself here. The requester is verified.',
  subscription: 'This app does not decide by itself here. Nobody could verify who asks.',
  recipient: '',
} as const satisfies Record<GroupKind, string>

/** What the headline, which each channel puts above it, does not say. */
function summaryOf({ group, message, content }: MessageParts): string {
  const { total, cases } = content
  if (message.kind === 'outcome')
    return `What became of ${total === 1 ? 'the request' : `each of the ${total} requests`} stands below.`
  if (message.kind === 'reminder')
    return `Nobody has decided ${total === 1 ? 'it' : 'them'} since the last message. ${summaries[group.kind]}`
  if (group.kind === 'recipient') {
    return `${counted(total, 'request')} of ${counted(cases, 'case')} came after the limit of messages was reached. They wait for manual review.`
  }
  return summaries[group.kind]
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function only(texts: readonly string[]): string | undefined {
  return new Set(texts).size === 1 ? texts[0] : undefined
}

function cut(text: string): string {
  const characters = Array.from(text)
  return characters.length > maxTitleLength ? `${characters.slice(0, maxTitleLength - 1).join('')}…` : text
}
