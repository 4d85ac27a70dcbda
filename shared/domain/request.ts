import { type Choice, chosenOutcome } from './choice.ts'
import type { Expiry } from './expiry.ts'
import type { RefusalCode } from './refusal-codes.ts'
import type { ProofLevel } from './proof.ts'
import type { Reason, ReasonCode } from './verdict.ts'
import type { Words } from './words.ts'

/** The subject of a record: one connection, or a whole target whose connections cannot be read. */
export type Subject =
  | {
      readonly kind: 'connection'
      readonly connectionId: string
      readonly targetId: string
      readonly endpointId: string | undefined
    }
  | { readonly kind: 'target'; readonly targetId: string }

/** What is written to Azure. */
export type WrittenOutcome = 'approve' | 'reject'

/** One try to send a decision to Azure. It is recorded before anything is sent. */
export interface Attempt {
  readonly decisionId: string
  readonly outcome: WrittenOutcome
  /** ISO 8601: until then Azure may carry it out; undefined: it was not sent, or its end is known. */
  readonly mayLandUntil: string | undefined
  /** True when a person decided it. */
  readonly isByPerson?: true
}

/** A decision that Azure refused in this episode, or did not carry out in time. */
export interface RefusedDecision {
  readonly rule: RuleName | undefined
  readonly code: string
  /** ISO 8601: when Azure refused for the first time in a row. */
  readonly since: string
  /** ISO 8601: the same rule's decision is sent again then; undefined: never. */
  readonly retryAt: string | undefined
}

/** An open question of which somebody has been notified. */
export interface AskedQuestion extends Expiry {
  readonly notificationId: string
  /** ISO 8601: when it was opened. */
  readonly since: string
}

/** A question that people were notified of since the request was opened. */
export interface Said {
  /** A word that is the same whenever the same question is asked: codes and kinds. */
  readonly question: string
  /** Hash of the allow-list whose verdict asked it; undefined: an unusable one, or no verdict. */
  readonly ruleSetHash: string | undefined
  /** Of the last notification of it. */
  readonly notificationId: string
  /** ISO 8601: when people were notified of it first. */
  readonly since: string
  /** ISO 8601: when people were notified of it last. */
  readonly at: string
  readonly times: number
}

/** `{rule} v{version}`. */
export type RuleName = string

/** Two verdicts with the same question need one manual review. */
export interface Question {
  readonly code: ReasonCode
  readonly refusal: RefusalCode | undefined
  readonly proof: ProofLevel | undefined
  readonly rule: RuleName | undefined
}

/** Why a request waits for manual review. */
export type OpenCause =
  | { readonly kind: 'verdict'; readonly question: Question }
  /** Azure refused the decision, or did not carry it out. */
  | { readonly kind: 'refused' }
  /** Another endpoint or other group ids appeared while the decision was applied. */
  | { readonly kind: 'endpoint-changed' }
  /** Azure shows an earlier decision of this app, which is not in force. */
  | { readonly kind: 'shown-late' }
  /** Azure shows another decision than the one that this app applied. */
  | { readonly kind: 'changed-outside' }
  /** Azure has failed at the target for half an hour. */
  | { readonly kind: 'azure-fails'; readonly question: string }
  /** The target's connections cannot be read. */
  | { readonly kind: 'unreadable'; readonly question: string }

/**
 * The state of a request.
 * - `open`: waits for manual review. `notificationId` is the id of its notification, `since` when it was opened.
 * - `applying`: an intent is in the log, the result is not.
 * - `applied`: Azure shows the decision.
 * - `decided-elsewhere`: approved or rejected outside this app.
 * - `withdrawn`: there is nothing left to decide.
 */
export type RequestState =
  | ({ readonly name: 'open'; readonly cause: OpenCause } & AskedQuestion)
  | {
      readonly name: 'applying'
      readonly outcome: WrittenOutcome
      readonly rule: RuleName | undefined
      readonly ruleSetHash: string | undefined
      /** ISO 8601: the first intent since the request was open or unseen. The deadline for Azure counts from here. */
      readonly since: string
      /** ISO 8601: the next try; undefined while nothing was deferred. */
      readonly notBefore: string | undefined
      /** What Azure said of the last try; undefined while nothing was deferred. */
      readonly words: Words | undefined
      /** The question of a refusal that is tried again: somebody has been notified of it already. */
      readonly asked: AskedQuestion | undefined
    }
  | { readonly name: 'applied'; readonly outcome: WrittenOutcome; readonly at: string }
  | { readonly name: 'decided-elsewhere' }
  | { readonly name: 'withdrawn' }

export type StateName = RequestState['name']

/** In the order of a request's life. */
export const stateNames = [
  'open',
  'applying',
  'applied',
  'decided-elsewhere',
  'withdrawn',
] as const satisfies readonly StateName[]

/** States in which something is still to be done. The ledger lists what is in them. */
export const unfinishedStates = ['open', 'applying'] as const satisfies readonly StateName[]

/** True while a request waits for manual review, or for its decision to be applied. */
export function isUnfinished({ state }: Pick<Request, 'state'>): boolean {
  return isUnfinishedState(state.name)
}

/**
 * True when the notification needs not be sent any more: the request is finished, or people were notified of something
 * else after it. The last one is sent although an earlier question is open again: it counts as said.
 */
export function isNotificationOver(
  { state, said }: Pick<Request, 'state' | 'said'>,
  notificationId: string,
): boolean {
  if (state.name !== 'open') return !isUnfinished({ state })
  return (said.at(-1)?.notificationId ?? state.notificationId) !== notificationId
}

/** True while people can decide a request: it is open, and what they chose is not being applied. */
export function isWaiting(request: Pick<Request, 'state' | 'choices' | 'refused'>): boolean {
  return request.state.name === 'open' && !isBeingApplied(request)
}

/** True for a state in which something is still to be done. */
export function isUnfinishedState(name: StateName): boolean {
  return (unfinishedStates as readonly StateName[]).includes(name)
}

/**
 * The rules over a target that the allow-list held at some time: another one, or a new version, is new since. `too-many`: none can be
 * recognized as new.
 */
export type KnownRules = readonly RuleName[] | 'too-many'

/** True when this app has approved it, not before that time, or has sent an approval that Azure may have carried out since. */
export function mayBeApprovedSince(
  { state, attempts }: Pick<Request, 'state' | 'attempts'>,
  since: Date,
): boolean {
  const isSince = (time: string | undefined) => time !== undefined && Date.parse(time) >= since.getTime()
  return (
    (state.name === 'applied' && state.outcome === 'approve' && isSince(state.at)) ||
    attempts.some(({ outcome, mayLandUntil }) => outcome === 'approve' && isSince(mayLandUntil))
  )
}

/** What keeps an automatic decision back for the rest of the episode, until it is released. */
export interface Hold {
  readonly kind: 'burst'
  /** Every rule over the target then, whichever management groups it lay under: a new one may release. */
  readonly knownRules: KnownRules
}

/** One episode: one wait of one connection for a decision. */
export interface Request {
  readonly subject: Subject
  readonly episode: number
  readonly state: RequestState
  /** ISO 8601. */
  readonly firstSeenAt: string
  /** The decision in force or under way. */
  readonly decisionId: string
  /** Of that decision, or of what became of it: as it is now. */
  readonly reason: Reason
  /** As evaluated, cut to the size of an entry; undefined: unknown. */
  readonly groupIds: readonly string[] | undefined
  /**
   * The last attempts on the connection, of any episode, newest last: Azure may show one long after it was given up.
   * Several of one decision where Azure may still carry out an earlier one.
   */
  readonly attempts: readonly Attempt[]
  /** What the requester wrote, as evaluated, cut to the size of an entry. */
  readonly requesterSaid: string | undefined
  /** Hash of the allow-list that was evaluated last; undefined: it could not be used. */
  readonly ruleSetHash: string | undefined
  /** How often in this episode the request, or by the same allow-list its question, changed so that people were notified. */
  readonly changes: number
  /** A question that is asked again while the request is open notifies nobody anew. */
  readonly said: readonly Said[]
  /** Ids of the notifications with its questions, oldest first, of which no outcome has been notified. */
  readonly notified: readonly string[]
  /** ISO 8601: when people were reminded last in this episode; undefined: they were not. */
  readonly remindedAt: string | undefined
  /** Id of the notification whose question has expired without a decision. */
  readonly expired: string | undefined
  /** ISO 8601: until then a target that is in trouble again asks the questions of before; undefined: it asks anew. */
  readonly quietUntil: string | undefined
  readonly refused: RefusedDecision | undefined
  /** The burst case that the request belongs to: the decision id of the request that opened it. */
  readonly caseId: string | undefined
  readonly hold: Hold | undefined
  /** What people chose in this episode, for the request as it is recorded: a rejection alone, or approvals. */
  readonly choices: readonly Choice[]
}

/**
 * True while a decision is being applied, or what people chose is about to be: nobody decides it anew. What Azure has
 * refused since they chose is theirs to decide again.
 */
export function isBeingApplied({
  state,
  choices,
  refused,
}: Pick<Request, 'state' | 'choices' | 'refused'>): boolean {
  if (state.name === 'applying') return true
  if (state.name !== 'open' || chosenOutcome(choices) === undefined) return false
  return state.cause.kind !== 'refused' || !refused || isChosenSince(choices, refused.since)
}

/** True when a person chose after that time (ISO 8601). */
export function isChosenSince(choices: readonly Choice[], time: string): boolean {
  return choices.some(({ at }) => at > time)
}

/** The connection that a record is about; undefined where it is about a whole target. */
export function connectionIdOf(subject: Subject): string | undefined {
  return subject.kind === 'connection' ? subject.connectionId : undefined
}

/** The private endpoint behind the connection; undefined where Azure shows none, and for a whole target. */
export function endpointIdOf(subject: Subject): string | undefined {
  return subject.kind === 'connection' ? subject.endpointId : undefined
}

/** The request's own id: of the connection, or of the target that the record is about. */
export function subjectId(subject: Subject): string {
  return subject.kind === 'connection' ? subject.connectionId : subject.targetId
}
