import { type Choice, spokenChoices } from '../domain/choice.ts'
import { minuteOf } from '../domain/time.ts'
import { questionKept } from './expiry.ts'
import type { At, DraftParts } from './table.ts'

/** People are reminded of the question that is open. It stays the same one. */
export function reminded(request: At<'open'>, at: Date): DraftParts<'open'> {
  const { state, reason } = request
  return {
    ...unchanged(request),
    reason: { code: reason.code, sentence: `It waits for a decision since ${minuteOf(state.since)} UTC.` },
    memory: { remindedAt: at.toISOString() },
  }
}

/** Nobody decided in time. The question stays open, and people are not reminded of it any more. */
export function expired(request: At<'open'>): DraftParts<'open'> {
  const { notificationId, expiresAt = '' } = request.state
  const sentence = `Nobody decided until ${minuteOf(expiresAt)} UTC; the connection stays Pending in Azure. It can still be decided on its page.`
  return {
    ...unchanged(request),
    reason: { code: 'expired', sentence },
    memory: { expired: notificationId },
  }
}

/** Nobody decided in time, and the rule rejects then: as if a person had, without one. */
export function rejectedAtExpiry(request: At<'open'>, at: Date): DraftParts<'open'> {
  const { cause, notificationId } = request.state
  const question = cause.kind === 'verdict' ? cause.question : undefined
  const choice: Choice = {
    ...({ outcome: 'reject', person: undefined, reason: undefined } as const),
    ...{ at: at.toISOString(), through: undefined, required: 1 },
    shown: { proof: question?.proof, refusals: [], requesterId: undefined, code: question?.code },
  }
  return {
    ...unchanged(request),
    reason: { code: 'expired', sentence: spokenChoices([choice]) },
    memory: { choices: [choice], expired: notificationId },
  }
}

function unchanged(request: At<'open'>): Pick<DraftParts<'open'>, 'state' | 'asked'> {
  return { state: { name: 'open', cause: request.state.cause }, asked: questionKept(request) }
}
