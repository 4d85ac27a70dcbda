import { timeShown } from '../channels/text/times.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import { type Choice, chosenOutcome, spokenChoices } from '../domain/choice.ts'
import { groupIdsKey } from '../domain/connection.ts'
import { endpointIdOf, isBeingApplied, type Request, type RequestState } from '../domain/request.ts'
import { isSameName } from '../domain/resource-id.ts'
import { spokenWords } from '../domain/words.ts'
import type { FoundRequest } from '../ports/requests.ts'
import { maxName, maxSentence, shown } from './shown.ts'
import { verificationOf } from './verification.ts'

/** Where a request stands. `earlier`: the message is about a wait of the connection that has ended. */
export type StandingKind =
  | 'waiting'
  | 'changed'
  | 'expired'
  | 'under-way'
  | 'approved'
  | 'rejected'
  | 'decided-elsewhere'
  | 'withdrawn'
  | 'earlier'

/** What to know first, and the next step. */
export interface Standing {
  readonly kind: StandingKind
  readonly label: string
  /** What happened, when, and by whom. */
  readonly sentence: string
  /** What is not as in the message. */
  readonly changes: readonly string[]
  readonly next: string
  /** The page of what holds now. */
  readonly current: string | undefined
}

type Draft = Pick<Standing, 'kind' | 'label' | 'sentence' | 'next'>

/** @param zone the time zone in which times are shown beside UTC. */
export function standingOf({ entry, record }: FoundRequest, zone: string | undefined): Standing {
  const { request, lastEntry } = record
  if (entry.episode !== request.episode) return earlier(request)
  const changes =
    request.state.name === 'open' && entry.decisionId !== request.decisionId
      ? changesOf(entry, request, lastEntry)
      : []
  const draft = drafts[request.state.name](request, lastEntry, zone)
  const changed = changes.length === 0 ? draft : { ...draft, ...changedDraft }
  return { ...changed, changes, current: undefined }
}

const changedDraft = {
  kind: 'changed',
  label: 'Changed since the message',
  next: 'Read it again: this page shows what holds now, and not what the message said.',
} as const

function earlier({ decisionId }: Request): Standing {
  return {
    kind: 'earlier',
    label: 'This message is about an earlier request',
    sentence: 'It ended, and the connection was requested again since. This page shows the later request.',
    changes: [],
    next: 'Do not decide by the message. Open the later request, and read that.',
    current: decisionId,
  }
}

const drafts: {
  readonly [Name in RequestState['name']]: (
    request: Request,
    last: LogEntry,
    zone: string | undefined,
  ) => Draft
} = {
  open: (request, last, zone) => {
    const { state, subject, firstSeenAt, choices } = request
    if (isBeingApplied(request)) return beingApplied(choices, last, zone)
    if (state.name === 'open' && request.expired === state.notificationId) return expired(state, last, zone)
    const since = state.name === 'open' ? state.since : firstSeenAt
    const what = subject.kind === 'target' ? 'The target' : 'The request'
    return {
      kind: 'waiting',
      label:
        subject.kind === 'target' ? 'Waiting: a target that cannot be checked' : 'Waiting for manual review',
      sentence: `${what} waits since ${timeShown(since, zone)}. ${chosenSoFar(choices)}${expirySentence(state, zone)}`,
      next: subject.kind === 'target' ? targetSteps : isContradicted(last) ? doubtSteps : decideSteps,
    }
  },
  applying: ({ state }, last, zone) => {
    const isRejection = state.name === 'applying' && state.outcome === 'reject'
    const words =
      state.name === 'applying' && state.words
        ? ` Azure said: ${shown(spokenWords(state.words), maxSentence)}.`
        : ''
    return {
      kind: 'under-way',
      label: isRejection ? 'Being rejected' : 'Being approved',
      sentence: `${by(last)}, since ${timeShown(last.at, zone)}.${words}`,
      next: waitForAzure,
    }
  },
  applied: ({ state, choices }, last, zone) => {
    const isRejection = state.name === 'applied' && state.outcome === 'reject'
    return {
      kind: isRejection ? 'rejected' : 'approved',
      label: isRejection ? 'Rejected' : 'Approved',
      sentence:
        choices.length > 0
          ? `${shown(spokenChoices(choices), maxSentence)} ${timeShown(last.at, zone)}.`
          : `${by(last)}, ${timeShown(last.at, zone)}.`,
      next: isRejection
        ? 'Nothing is left to do. If this was wrong, the requester makes the endpoint again.'
        : 'Nothing is left to do. If this was wrong, reject the connection in the Azure portal.',
    }
  },
  'decided-elsewhere': (_request, last, zone) => ({
    kind: 'decided-elsewhere',
    label: 'Decided outside this app',
    sentence: `${shown(last.reason.sentence, maxSentence)} Seen ${timeShown(last.at, zone)}.`,
    next: "Nothing is left to do. The target's activity log in the Azure portal shows who decided.",
  }),
  withdrawn: (_request, last, zone) => ({
    kind: 'withdrawn',
    label: 'Withdrawn',
    sentence: `${shown(last.reason.sentence, maxSentence)} Seen ${timeShown(last.at, zone)}.`,
    next: 'Nothing is left to decide. If it is requested again, people are notified again.',
  }),
}

const waitForAzure =
  'Nothing is left to do here. Azure usually needs a minute; after half an hour without success the request waits for manual review again. Reload this page to see the result.'
const decideSteps =
  'Check who asks and for what. If you know the requester and expect this request, approve it; if not, reject it.'
const doubtSteps =
  'Something contradicts this request. Reject it, unless the owner of the requester can explain it.'
const targetSteps =
  'Nothing on this target is decided until it can be checked. Read the reason below, fix it, and check the connections of the target in the Azure portal. This page then says so by itself.'

type Open = Extract<RequestState, { readonly name: 'open' }>

function expirySentence(state: RequestState, zone: string | undefined): string {
  if (state.name !== 'open' || state.expiresAt === undefined) return ''
  const then = state.atExpiry === 'reject' ? 'is rejected then' : 'stays Pending in Azure then'
  return ` Expires ${timeShown(state.expiresAt, zone)}: without a decision it ${then}.`
}

/** Nobody decided in time. It can be decided all the same. */
function expired({ since, expiresAt = since }: Open, last: LogEntry, zone: string | undefined): Draft {
  return {
    kind: 'expired',
    label: 'Expired',
    sentence: `Nobody decided until ${timeShown(expiresAt, zone)}. The connection stays Pending in Azure, and nobody is reminded any more.`,
    next: `It can still be decided. ${isContradicted(last) ? doubtSteps : decideSteps}`,
  }
}

function chosenSoFar(choices: readonly Choice[]): string {
  if (choices.length === 0) return 'Nobody has decided it.'
  const isComplete = chosenOutcome(choices) !== undefined
  return `${spokenChoices(choices)} ${isComplete ? 'Azure has not carried that out.' : 'Further approvals are required.'}`
}

/** What people chose, before a review pass has taken it up. */
function beingApplied(choices: readonly Choice[], last: LogEntry, zone: string | undefined): Draft {
  const isRejection = chosenOutcome(choices) === 'reject'
  return {
    kind: 'under-way',
    label: isRejection ? 'Being rejected' : 'Being approved',
    sentence: `${shown(spokenChoices(choices), maxSentence)} Since ${timeShown(last.at, zone)}.`,
    next: waitForAzure,
  }
}

function isContradicted({ proof }: LogEntry): boolean {
  return verificationOf(proof).contradictions.length > 0
}

function by({ decidedBy, actor }: LogEntry): string {
  if (decidedBy) return `By this app, rule ${shown(decidedBy.ruleId, maxName)} v${decidedBy.ruleVersion}`
  if (actor.kind === 'person') return `By ${shown(actor.name, maxName)}`
  return actor.kind === 'azure' ? 'As Azure shows it' : 'By this app'
}

/** What is not as it was in an entry. */
function changesOf(entry: LogEntry, request: Request, last: LogEntry): readonly string[] {
  const [before, now] = [endpointIdOf(entry.subject) ?? '', endpointIdOf(request.subject) ?? '']
  const list = (groups: readonly string[] | undefined) =>
    groups?.map((group) => shown(group, maxName)).join(', ') || 'none'
  const changes = [
    isSameName(before, now) ? undefined : 'Another endpoint is shown.',
    groupIdsKey(entry.groupIds) === groupIdsKey(request.groupIds)
      ? undefined
      : `The group ids were ${list(entry.groupIds)}; they are ${list(request.groupIds)}.`,
    (entry.requesterSaid ?? '') === (last.requesterSaid ?? '')
      ? undefined
      : "The requester's message is another one.",
    entry.proof?.level === last.proof?.level ? undefined : 'The requester is verified in another way.',
    entry.reason.sentence === request.reason.sentence ? undefined : 'The reason why it waits is another one.',
  ].filter((change) => change !== undefined)
  return changes.length > 0 ? changes : ['It was evaluated again since; what is shown here is the same.']
}
