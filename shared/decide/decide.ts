import type { Person } from '../domain/caller.ts'
import { type Choice, chosenOutcome, maxPersonNameLength, maxReasonLength } from '../domain/choice.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { cutStored } from '../domain/stored-text.ts'
import { LedgerConflict, type LedgerPort, type RequestRecord } from '../ports/ledger.ts'
import type { Log } from '../ports/log.ts'
import type { NotificationHintPort } from '../ports/outbox.ts'
import type { ReviewQueuePort } from '../ports/queue.ts'
import type { FoundRequest, RequestsPort } from '../ports/requests.ts'
import { changeOf } from '../request/entry.ts'
import { next } from '../request/life.ts'
import { asSearched } from '../review/ask-for-review.ts'
import { isReasonRequired, type Obstacle, obstacleFor, requiredApprovals, throughOf } from './may-decide.ts'

export interface DecidePorts {
  readonly requests: RequestsPort
  readonly ledger: LedgerPort
  readonly queue: Pick<ReviewQueuePort, 'enqueue'>
  readonly hints: NotificationHintPort
  readonly log: Log
  readonly now: () => Date
}

/** What a person decides about one request, and what they were shown. */
export interface Decision {
  /** Id of a decision that finds the request. */
  readonly decisionId: string
  /** Hash of the last entry that was shown. */
  readonly version: string
  readonly outcome: 'approve' | 'reject'
  readonly reason: string | undefined
}

/**
 * - `chosen`: recorded. `isComplete`: it is being applied; otherwise further approvals are required.
 * - `refused`: nothing was recorded. `found` is the request as it is now.
 */
export type Decided =
  | { readonly kind: 'chosen'; readonly isComplete: boolean }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'reason-missing'; readonly found: FoundRequest }
  | { readonly kind: 'reason-too-long'; readonly found: FoundRequest }
  | { readonly kind: 'changed'; readonly found: FoundRequest }
  | { readonly kind: 'refused'; readonly obstacle: Obstacle; readonly found: FoundRequest }

/** Nothing was recorded, of a request that there is. */
export type NotTaken = Exclude<Decided, { readonly kind: 'chosen' | 'not-found' }>

/**
 * The review that applies a decision is asked for before, in case this host dies right after the decision is recorded: for
 * later than a call to storage may take.
 */
const safetySeconds = 65

/**
 * Records what a person decides, if nothing has changed since it was shown to them. A review pass reads and verifies
 * everything again, and applies it.
 * @throws StoredUnreadable, or an error of the storage; then nothing is decided.
 */
export async function decide(ports: DecidePorts, decision: Decision, person: Person): Promise<Decided> {
  const found = await ports.requests.find(decision.decisionId)
  if (!found) return { kind: 'not-found' }
  const problem = problemWith(found, decision, person)
  if (problem) return problem
  const target = parseResourceId(found.record.request.subject.targetId)
  if (!target) return { kind: 'not-found' }
  await ports.queue.enqueue(asSearched(target), safetySeconds)
  const written = await record(ports, found, choiceOf(found, decision, person, ports.now()))
  if (!written) return afterConflict(ports, decision, person)
  const isComplete = chosenOutcome(written.request.choices) !== undefined
  ports.log.info('A person has decided.', {
    metric: 'decisions.by-person',
    ...{ decisionId: written.request.decisionId, outcome: decision.outcome, isComplete },
  })
  if (isComplete) await applySoon(ports, target)
  return { kind: 'chosen', isComplete }
}

/** The decision is recorded, and the review that was asked for before applies it: nothing may say that it was not. */
async function applySoon({ queue, log }: DecidePorts, target: ResourceId): Promise<void> {
  try {
    await queue.enqueue(asSearched(target))
  } catch (error) {
    log.warn('A decision is applied some seconds later.', {
      metric: 'decisions.delayed',
      error: String(error),
    })
  }
}

/** Others were first: what they made of it is shown. */
async function afterConflict(
  { requests }: DecidePorts,
  decision: Decision,
  person: Person,
): Promise<Decided> {
  const found = await requests.find(decision.decisionId)
  if (!found) return { kind: 'not-found' }
  return problemWith(found, decision, person) ?? { kind: 'changed', found }
}

/** Why a decision would not be taken now; undefined: it would. Pure. */
export function problemWith(found: FoundRequest, decision: Decision, person: Person): NotTaken | undefined {
  const obstacle = obstacleFor(person, found, decision.outcome)
  if (obstacle) return { kind: 'refused', obstacle, found }
  if (found.record.hash !== decision.version) return { kind: 'changed', found }
  if ((decision.reason?.length ?? 0) > maxReasonLength) return { kind: 'reason-too-long', found }
  const isMissing = decision.reason === undefined && isReasonRequired(found.record.lastEntry.terms)
  return isMissing ? { kind: 'reason-missing', found } : undefined
}

function choiceOf(
  { record }: FoundRequest,
  { outcome, reason }: Decision,
  person: Person,
  now: Date,
): Choice {
  const { request, lastEntry } = record
  const { proof, terms } = lastEntry
  const { state } = request
  const code = state.name === 'open' && state.cause.kind === 'verdict' ? state.cause.question.code : undefined
  return {
    outcome,
    person: { objectId: person.objectId, name: cutStored(person.name, maxPersonNameLength) },
    reason,
    at: now.toISOString(),
    through: throughOf(person, terms),
    required: requiredApprovals(record),
    shown: {
      proof: proof?.level,
      refusals: proof?.refusals.map((refusal) => refusal.code) ?? [],
      requesterId: proof?.requester?.id.id,
      code,
    },
  }
}

/** Undefined when the record was changed since it was read. */
async function record(
  { ledger, hints, now }: DecidePorts,
  { record: before }: FoundRequest,
  choice: Choice,
): Promise<RequestRecord | undefined> {
  const key = keyOf(before)
  const { draft } = next(before.request, { kind: 'chosen', choice }, { at: now(), isFollowed: false })
  if (!key || !draft) return undefined
  const { subject, episode } = before.request
  const entryId = ledger.nextEntryId(key, before, episode)
  try {
    const change = changeOf(before, draft, { subject, at: now(), correlationId: undefined, entryId })
    const written = await ledger.write(key, before, change)
    if (written.notificationRef !== undefined) await hints.hint(written.notificationRef)
    return written
  } catch (error) {
    if (error instanceof LedgerConflict) return undefined
    throw error
  }
}

function keyOf({ request: { subject } }: RequestRecord): { kind: 'connection'; id: ResourceId } | undefined {
  const id = subject.kind === 'connection' ? parseResourceId(subject.connectionId) : undefined
  return id && { kind: 'connection', id }
}
