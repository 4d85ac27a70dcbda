import {
  approvers as approversOf,
  type Choice,
  chosenOutcome,
  isByExpiry,
  isOf,
  type Shown,
  spokenChoices,
  spokenPeople,
} from '../domain/choice.ts'
import { isPending } from '../domain/connection.ts'
import { printable } from '../domain/printable.ts'
import { quote } from '../domain/quote.ts'
import { isTransientRefusal } from '../domain/refusal-codes.ts'
import type { Proof } from '../domain/proof.ts'
import { endpointIdOf, type Request } from '../domain/request.ts'
import { isSameName } from '../domain/resource-id.ts'
import type { Reason } from '../domain/verdict.ts'
import { cutSaid, evaluatedGroupIds, isOtherEndpoint, isRecordedGroupIds } from './identity.ts'
import type { Evaluated } from './step.ts'
import { secondsBetween } from './times.ts'

/** How long what people chose is tried to be verified, before they are asked again. */
const maxUnverifiedSeconds = 1800
/** A choice that is older was tried for as long as a refused decision is. */
const maxChoiceSeconds = 8 * 24 * 3600
/** Of so many reasons why the requester is not confirmed, the longest entry keeps the codes. */
const minRefusalsKept = 2

/**
 * The decision of people in place of the policy's. What a rule denies stays denied, whatever was chosen before it
 * denied it; and a rule that rejects as nobody decided in time counts only while the policy leaves the request to people.
 */
export function asChosen(request: Request, evaluated: Evaluated): Evaluated {
  const outcome = chosenOutcome(request.choices)
  if (outcome === undefined || isOverruled(request.choices, evaluated)) return evaluated
  const verdict = {
    ...evaluated.verdict,
    outcome,
    decidedBy: undefined,
    reason: reasonOfChoices(request.choices),
  }
  return { ...evaluated, verdict }
}

/** True when a rule denies now what people approved. */
export function isDenied({ choices }: Request, { verdict }: Evaluated): boolean {
  return chosenOutcome(choices) === 'approve' && verdict.outcome === 'reject'
}

/** Why an approval that a rule denies does not hold. */
export function denial({ choices }: Request): Reason {
  return { code: 'choice-outdated', sentence: `${spokenPeople(choices)} But a rule denies it now.` }
}

/** True when people decide this request, and not the policy. */
export function isChosen(request: Request, evaluated: Evaluated): boolean {
  return chosenOutcome(request.choices) !== undefined && !isOverruled(request.choices, evaluated)
}

function isOverruled(choices: readonly Choice[], { verdict: { outcome } }: Evaluated): boolean {
  if (isByExpiry(choices)) return outcome !== 'escalate'
  return chosenOutcome(choices) === 'approve' && outcome === 'reject'
}

/** Who decided, and why. */
export function reasonOfChoices(choices: readonly Choice[]): Reason {
  const code = isByExpiry(choices) ? 'expired' : 'decided-by-person'
  return { code, sentence: spokenChoices(choices) }
}

/** True while the requester, or the endpoint, cannot be verified again, and there is still time. */
export function isUnverifiedNow(request: Request, evaluated: Evaluated, at: Date): boolean {
  const { connection, proof } = evaluated
  const isUnclear =
    hidesShown(request, evaluated) || proof.refusals.some(({ code }) => isTransientRefusal(code))
  const chosenAt = request.choices.at(-1)?.at
  return (
    isUnclear &&
    otherThanShown(request, evaluated) !== undefined &&
    !isOtherEndpoint(request, connection) &&
    chosenAt !== undefined &&
    isWithin(maxUnverifiedSeconds, chosenAt, at)
  )
}

/** Seconds until it is verified again: longer each time. */
export function untilVerifiedAgain({ choices }: Request, at: Date): number {
  const elapsed = secondsBetween(choices.at(-1)?.at ?? at.toISOString(), at)
  return Math.min(Math.max(elapsed, 15), 600)
}

/**
 * Why what people chose does not hold any more; undefined: it does.
 * @param askers object ids of the people who made the endpoint, where they are known.
 */
export function problemOfChoice(
  request: Request,
  evaluated: Evaluated,
  askers: readonly string[],
  at: Date,
): Reason | undefined {
  const changed =
    notWritten(evaluated) ?? otherThanShown(request, evaluated) ?? outdatedTerms(request, evaluated, at)
  if (changed !== undefined)
    return { code: 'choice-outdated', sentence: `${spokenPeople(request.choices)} ${changed}` }
  const own = request.choices.find(
    (choice) => choice.outcome === 'approve' && askers.some((asker) => isOf(choice, asker)),
  )
  if (!own?.person) return undefined
  const name = printable(own.person.name)
  return {
    code: 'requested-by-approver',
    sentence: `${name} approved it, and made the endpoint as well: nobody approves a request of their own. Somebody else must approve it.`,
  }
}

/** Why this app cannot carry a decision out. */
function notWritten({ connection }: Evaluated): string | undefined {
  const { status, writeSupport } = connection
  if (!isPending(connection)) return `But the status of the connection, ${quote(status)}, is not known here.`
  return writeSupport === 'no-operation' || writeSupport === 'unlisted-type'
    ? 'But this app cannot decide connections of this type: decide it in the portal.'
    : undefined
}

/** What is not as it was shown to the people who chose. */
function otherThanShown(request: Request, evaluated: Evaluated): string | undefined {
  const { connection, proof } = evaluated
  const isProofOther = request.choices.some(
    ({ outcome, shown }) => outcome === 'approve' && isVerifiedOtherwise(shown, proof),
  )
  if (isOtherEndpoint(request, connection)) return 'But another endpoint stands there now.'
  if (showsEndpoint(request, evaluated))
    return 'But the connection shows an endpoint now, and showed none then.'
  if (hidesShown(request, evaluated))
    return 'But the connection does not show its endpoint, or its group ids, any more.'
  if (!isRecordedGroupIds(request, evaluatedGroupIds(evaluated))) return 'But its group ids are others now.'
  if (cutSaid(connection.description) !== (request.requesterSaid ?? ''))
    return 'But the message of the requester is another one now.'
  return isProofOther ? 'But the requester is not verified as it was shown.' : undefined
}

/** Where the requester is confirmed, it is the same one, or one that nobody could know then. */
function isVerifiedOtherwise(shown: Shown, { level, requester, refusals }: Proof): boolean {
  if (level === 'confirmed')
    return shown.requesterId !== undefined && !isSameName(shown.requesterId, requester?.id.id ?? '')
  const codes = refusals.map(({ code }) => code)
  const kept = codes.slice(0, Math.max(shown.refusals.length, minRefusalsKept))
  return (
    shown.proof !== level ||
    shown.refusals[0] !== codes[0] ||
    !kept.every((code) => shown.refusals.includes(code))
  )
}

function showsEndpoint({ subject }: Request, { connection }: Evaluated): boolean {
  return endpointIdOf(subject) === undefined && connection.endpoint !== undefined
}

function hidesShown({ subject, groupIds }: Request, evaluated: Evaluated): boolean {
  const hidesEndpoint = endpointIdOf(subject) !== undefined && evaluated.connection.endpoint === undefined
  return hidesEndpoint || (groupIds !== undefined && evaluatedGroupIds(evaluated) === undefined)
}

function outdatedTerms({ choices }: Request, { verdict }: Evaluated, at: Date): string | undefined {
  const last = choices.at(-1)
  if (isByExpiry(choices) && verdict.terms?.atExpiry !== 'reject')
    return 'But no rule rejects it for that any more.'
  if (last && !isWithin(maxChoiceSeconds, last.at, at)) return 'But that was more than a week ago.'
  if (last?.outcome === 'reject' || verdict.outcome !== 'escalate') return undefined
  const { requiredApprovals = 1, approvers = [] } = verdict.terms ?? {}
  if (verdict.reason.code === 'may-be-denied' && choices.some(({ shown }) => shown.code !== 'may-be-denied'))
    return 'But a rule may deny it now.'
  if (approversOf(choices) < requiredApprovals) return `But ${requiredApprovals} approvals are required now.`
  const mayDecide = (through: string | undefined) =>
    approvers.length === 0 || approvers.some((id) => isSameName(id, through ?? ''))
  return choices.every(({ through }) => mayDecide(through))
    ? undefined
    : 'But the rule names other approvers now.'
}

function isWithin(seconds: number, since: string, at: Date): boolean {
  const elapsed = secondsBetween(since, at)
  return elapsed < seconds && elapsed > -seconds
}
