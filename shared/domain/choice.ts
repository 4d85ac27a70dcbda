import { foldCase } from './fold-case.ts'
import { printable, visible } from './printable.ts'
import type { ProofLevel } from './proof.ts'
import type { RefusalCode } from './refusal-codes.ts'
import { minuteOf } from './time.ts'
import type { ReasonCode } from './verdict.ts'

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
  readonly shown: Shown
}

/** What a person was shown who chose, beside what the request records. */
export interface Shown {
  /** How far the requester was verified. */
  readonly proof: ProofLevel | undefined
  /** Why no further, strongest first, as the entry held them. */
  readonly refusals: readonly RefusalCode[]
  /** The ARM id of the requester; undefined: it was not known. */
  readonly requesterId: string | undefined
  /** Why people were asked; undefined: because of something else than a verdict. */
  readonly code: ReasonCode | undefined
}

/** What people chose; undefined: nobody has, or further approvals are required. One rejection ends it. */
export function chosenOutcome(choices: readonly Choice[]): Choice['outcome'] | undefined {
  if (choices.some(({ outcome }) => outcome === 'reject')) return 'reject'
  const required = Math.max(1, ...choices.map((choice) => choice.required))
  return approvers(choices) >= required ? 'approve' : undefined
}

/** How many people have approved. */
export function approvers(choices: readonly Choice[]): number {
  const approvals = choices.filter(({ outcome }) => outcome === 'approve')
  return new Set(approvals.flatMap(({ person }) => (person ? [foldCase(person.objectId)] : []))).size
}

/** True for the choice of that person, in whatever letters their id is written. */
export function isOf({ person }: Choice, objectId: string): boolean {
  return person !== undefined && foldCase(person.objectId) === foldCase(objectId)
}

/** What people chose, with one more choice: a rejection stands alone, and nobody approves twice. */
export function withChoice(before: readonly Choice[], choice: Choice): readonly Choice[] {
  const { outcome, person } = choice
  if (outcome === 'reject' || !person) return [choice]
  return [...before.filter((one) => !isOf(one, person.objectId)), choice]
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
  return spoken(choices, ({ name }, reason) => {
    const shown = printable(name)
    return reason === undefined ? shown : `${shown} (“${visible(inOneLine(reason))}”)`
  })
}

/** Who chose: "Approved by Ada and Grace." */
export function spokenPeople(choices: readonly Choice[]): string {
  return spoken(choices, ({ name }) => printable(name))
}

function spoken(
  choices: readonly Choice[],
  words: (person: PersonRef, reason: string | undefined) => string,
): string {
  const last = choices.at(-1)
  if (last && !last.person) return `Rejected, as nobody decided until ${minuteOf(last.at)} UTC.`
  const done = last?.outcome === 'reject' ? 'Rejected' : 'Approved'
  const people = choices.flatMap(({ person, reason }) => (person ? [words(person, reason)] : []))
  return `${done} by ${people.join(' and ')}.`
}

/** A sentence has no lines. */
function inOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
