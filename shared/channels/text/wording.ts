import type { CaseKind } from '../../domain/case.ts'
import type { Message, MessageKind } from '../../domain/message.ts'
import { timeShown } from './times.ts'

type About = Pick<Message, 'kind' | 'case' | 'total' | 'hasExpired'>

interface KindWords {
  /** Begins the subject of a mail. */
  readonly label: string
  /** What the message is, in our own words only. */
  readonly headline: (about: About) => string
  /** True where somebody still has to decide or to act. */
  readonly isOpen: boolean
}

const waiting: Readonly<Record<CaseKind, (total: number, still: string) => string>> = {
  single: (total, still) => `${requests(total)} ${still}${waits(total)} for manual review`,
  group: (total, still) => `${requests(total)} ${still}${waits(total)} for manual review together`,
  burst: (total, still) => `Burst case: ${requests(total)} of one source ${still}${waits(total)}`,
  'competing-claims': (total, still) =>
    `${total === 1 ? '' : `${total} `}connections ${still}claim one endpoint name: which one is genuine?`,
  target: (_total, still) => `A target ${still}cannot be checked`,
}

const kinds: Readonly<Record<MessageKind, KindWords>> = {
  question: {
    label: 'Review needed',
    headline: ({ case: { kind }, total }) => waiting[kind](total, ''),
    isOpen: true,
  },
  'follow-up': {
    label: 'More requests',
    headline: ({ total }) => `${total} more ${total === 1 ? 'request' : 'requests'} joined this case`,
    isOpen: true,
  },
  digest: {
    label: 'Digest',
    headline: ({ total }) => `${requests(total)} came since the last message`,
    isOpen: true,
  },
  reminder: {
    label: 'Reminder',
    headline: ({ case: { kind }, total }) => `Reminder: ${lowerFirst(waiting[kind](total, 'still '))}`,
    isOpen: true,
  },
  outcome: {
    label: 'Closed',
    headline: ({ total, hasExpired }) =>
      hasExpired
        ? 'Nobody decided in time; see what became of each request'
        : `${total === 1 ? 'This request is' : 'These requests are'} closed; nothing is left to do`,
    isOpen: false,
  },
  alarm: { label: 'Alarm', headline: () => 'Alarm: somebody must check this now', isOpen: true },
  test: { label: 'Test', headline: () => 'Test message; nothing is left to do', isOpen: false },
}

const steps: Readonly<Record<CaseKind, string>> = {
  single: 'Check who asks and for what. Then approve or reject',
  group: 'Check who asks and for what. Then decide all of them, or one by one,',
  burst: 'Find out why so many came at once. Then decide all of them, or one by one,',
  'competing-claims':
    'At most one of these connections is genuine. Ask the owner of the requester which one, approve only that one, and reject the others',
  target: 'Read the reason, fix it',
}

/** What the message is, in our own words: it holds no text from outside. */
export function headlineOf(message: About): string {
  return upperFirst(kinds[message.kind].headline(message))
}

/** The first words of a subject: what the message is, and whether it is urgent. */
export function labelOf({ kind, risk, hasExpired }: Pick<Message, 'kind' | 'risk' | 'hasExpired'>): string {
  if (hasExpired) return 'Expired'
  const { label, isOpen } = kinds[kind]
  return risk === 'high' && isOpen ? `${label} (high risk)` : label
}

/** True where somebody still has to decide or to act. */
export function isOpen({ kind }: Pick<Message, 'kind'>): boolean {
  return kinds[kind].isOpen
}

/** True where it should be read before others. */
export function isUrgent({ kind, risk }: Pick<Message, 'kind' | 'risk'>): boolean {
  return kinds[kind].isOpen && (risk === 'high' || kind === 'alarm')
}

/** Where to decide: on the page of this app, or with Azure's own means. */
export type DecisionPlace = 'page' | 'commands' | 'portal'

const places: Readonly<Record<DecisionPlace, string>> = {
  page: 'on the review page',
  commands: 'in the Azure portal, or with the commands below',
  portal: 'in the Azure portal',
}

/** What to do next. */
export function nextStepOf(
  { kind, case: { kind: caseKind }, hasExpired }: Message,
  place: DecisionPlace,
): string {
  if (kind === 'test') return 'If you can read this, the channel works.'
  if (hasExpired) return `What stays Pending can still be decided ${places[place]}.`
  if (kind === 'outcome') return 'You need not do anything.'
  if (caseKind === 'target')
    return `${steps.target}, and check its connections ${places[place === 'page' ? 'page' : 'portal']}.`
  return `${steps[caseKind]} ${places[place]}.`
}

/** When the requests expire, and what becomes of them. */
export function expirySentence({
  kind,
  total,
  expiresAt,
  atExpiry,
  timeZone,
}: Pick<Message, 'kind' | 'total' | 'expiresAt' | 'atExpiry' | 'timeZone'>): string | undefined {
  if (expiresAt === undefined || !kinds[kind].isOpen) return undefined
  const [subject, stays, is] = total === 1 ? ['it', 'stays', 'is'] : ['they', 'stay', 'are']
  const then =
    atExpiry === 'reject' ? `${is} rejected` : `${stays} Pending in Azure, and nobody is reminded again`
  return `Decide by ${timeShown(expiresAt, timeZone)}. Without a decision ${subject} ${then}.`
}

function requests(total: number): string {
  return total === 1 ? 'One request' : `${total} requests`
}

function waits(total: number): string {
  return total === 1 ? 'waits' : 'wait'
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}
