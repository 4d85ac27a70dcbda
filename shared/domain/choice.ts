import { foldCase } from './fold-case.ts'
import { printable, visible } from './printable.ts'
import type { ProofLevel } from './proof.ts'
import type { RefusalCode } from './refusal-codes.ts'
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
  readonly person: PersonRef
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
  return new Set(approvals.map(({ person }) => foldCase(person.objectId))).size
}

/** True for the choice of that person, in whatever letters their id is written. */
export function isOf({ person }: Choice, objectId: string): boolean {
  return foldCase(person.objectId) === foldCase(objectId)
}

/** What people chose, with one more choice: a rejection stands alone, and nobody approves twice. */
export function withChoice(before: readonly Choice[], choice: Choice): readonly Choice[] {
  if (choice.outcome === 'reject') return [choice]
  return [...before.filter((one) => !isOf(one, choice.person.objectId)), choice]
}

/** Who chose, and why: "Approved by Ada (“Known supplier.”) and Grace." */
export function spokenChoices(choices: readonly Choice[]): string {
  return spoken(choices, ({ person, reason }) => {
    const name = printable(person.name)
    return reason === undefined ? name : `${name} (“${visible(reason)}”)`
  })
}

/** Who chose: "Approved by Ada and Grace." */
export function spokenPeople(choices: readonly Choice[]): string {
  return spoken(choices, ({ person }) => printable(person.name))
}

function spoken(choices: readonly Choice[], words: (choice: Choice) => string): string {
  const done = choices.at(-1)?.outcome === 'reject' ? 'Rejected' : 'Approved'
  return `${done} by ${choices.map(words).join(' and ')}.`
}
