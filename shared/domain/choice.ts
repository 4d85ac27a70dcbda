import { printable, visible } from './printable.ts'
import type { ProofLevel } from './proof.ts'
import type { RefusalCode } from './refusal-codes.ts'
import { minuteOf } from './time.ts'

/** A person as stored: the object id is who it is, the name is for display only. */
export interface PersonRef {
  readonly objectId: string
  /** Printable, and cut to length. */
  readonly name: string
}

/** Characters of the reason that a person gives. */
export const maxReasonLength = 300
/** Characters of the name of a person, in records and entries. */
export const maxPersonNameLength = 80

/** What a person chose about one request. It holds only for what was shown to them. */
export interface Choice {
  readonly outcome: 'approve' | 'reject'
  /** Undefined: nobody; the rule rejects when its question expires. */
  readonly person: PersonRef | undefined
  readonly reason: string | undefined
  /** ISO 8601. */
  readonly at: string
  /** The approver of the rule that lets the person decide: their object id, or that of a group; undefined: it names none. */
  readonly through: string | undefined
  /** How many approvals were required then. */
  readonly required: number
  /** How far the requester was verified then. */
  readonly shown: { readonly proof: ProofLevel | undefined; readonly refusal: RefusalCode | undefined }
}

/** What people chose; undefined: nobody has, or further approvals are required. */
export function chosenOutcome(choices: readonly Choice[]): Choice['outcome'] | undefined {
  const last = choices.at(-1)
  if (!last) return undefined
  if (last.outcome === 'reject') return 'reject'
  return choices.length >= last.required ? 'approve' : undefined
}

/** The person who chose last; undefined: nobody has, or the rule rejects as its question has expired. */
export function lastPerson(choices: readonly Choice[]): PersonRef | undefined {
  return choices.at(-1)?.person
}

/** True when nobody chose in time, and the rule rejects then. */
export function isByExpiry(choices: readonly Choice[]): boolean {
  const last = choices.at(-1)
  return last !== undefined && last.person === undefined
}

/** Who chose, and why: "Approved by Ada (“Known supplier.”) and Grace." */
export function spokenChoices(choices: readonly Choice[]): string {
  const last = choices.at(-1)
  if (last && !last.person) return `Rejected, as nobody decided until ${minuteOf(last.at)} UTC.`
  const done = last?.outcome === 'reject' ? 'Rejected' : 'Approved'
  const people = choices.flatMap(({ person, reason }) => {
    if (!person) return []
    const name = printable(person.name)
    return reason === undefined ? name : `${name} (“${visible(inOneLine(reason))}”)`
  })
  return `${done} by ${people.join(' and ')}.`
}

/** A sentence has no lines. */
function inOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
