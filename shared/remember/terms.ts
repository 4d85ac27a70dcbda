import { contentFields } from '../allow-list/rule/fields.ts'
import { visible } from '../domain/printable.ts'
import { isGuid } from '../domain/resource-id.ts'
import type { RuleContent } from '../domain/rule.ts'
import { refusal, type RememberRefusal } from './refusal.ts'

/** Days until the rule ends, where the person chooses no other number. */
export const usualDays = 90
/** More is no limit: who approved it may be gone. */
export const maxDays = 366

/** What a person adds to the facts of the request. */
export interface Terms {
  /** Object id of the person. */
  readonly owner: string
  /** As typed. */
  readonly reason: string
  /** As typed; empty or undefined: none. */
  readonly ticket: string | undefined
  /** 1 to 366. */
  readonly days: number
}

type TermsOfRule = Pick<RuleContent, 'owner' | 'justification' | 'ticket' | 'validUntil'>

/** The fields of the rule that hold the terms, or why they cannot. */
export function termsOfRule(
  { owner, reason, ticket = '', days }: Terms,
  now: Date,
):
  | { readonly terms: TermsOfRule; readonly refused?: undefined }
  | { readonly terms?: undefined; readonly refused: RememberRefusal } {
  const justification = tidy(reason)
  const reference = tidy(ticket)
  const problem =
    problemOfDays(days) ??
    problemOfOwner(owner) ??
    problemOfText('reason', justification) ??
    (reference === '' ? undefined : problemOfText('ticket', reference))
  if (problem) return { refused: problem }
  return {
    terms: {
      owner,
      justification,
      ticket: reference === '' ? undefined : reference,
      validUntil: endAfter(days, now),
    },
  }
}

/** Midnight UTC, with which the day so many days after today begins: never later than that many days from now. */
function endAfter(days: number, now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days)).toISOString()
}

/** A form sends line ends as two characters. */
function tidy(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\t', ' ').trim()
}

function problemOfDays(days: number): RememberRefusal | undefined {
  return Number.isInteger(days) && days >= 1 && days <= maxDays
    ? undefined
    : refusal('days-out-of-range', `The rule lasts a whole number of days, from 1 to ${maxDays}.`)
}

function problemOfOwner(owner: string): RememberRefusal | undefined {
  return isGuid(owner)
    ? undefined
    : refusal('owner-unusable', 'The owner of the rule is the object id of a person; this is none.')
}

const fieldOf = { reason: 'justification', ticket: 'ticket' } as const

/** What is written is what was shown, so every character has to show. */
function problemOfText(what: keyof typeof fieldOf, text: string): RememberRefusal | undefined {
  const code = `${what}-unusable` as const
  if (text === '') return refusal(code, `A ${what} is missing: the rule says why it is there.`)
  const at = Array.from(text).findIndex((character) => character !== '\n' && visible(character) !== character)
  if (at >= 0)
    return refusal(code, `The ${what} holds something that does not show, as character ${at + 1}; remove it.`)
  const { schema, expected } = contentFields[fieldOf[what]]
  return schema.safeParse(text).success ? undefined : refusal(code, `The ${what} must be ${expected}.`)
}
