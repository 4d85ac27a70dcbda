import type { z } from 'zod'
import type { Effect } from '../../domain/rule.ts'

/** What rows and files hold: `time` is a day or a time in UTC, `tags` are names and values. */
export type Kind = 'text' | 'time' | 'number' | 'list' | 'tags'

/** One value of a rule: how it is spelled and what it must hold. */
export interface Value {
  readonly kind: Kind
  /** Takes the value as a file holds it, tags as a list; returns it as the rule has it. */
  readonly schema: z.ZodType
  /** What it must hold; follows the words "it must be". */
  readonly expected: string
  /** The same for a column, where that is spelled in another way. */
  readonly expectedInColumn?: string
  /** For the JSON Schema, where a file holds something other than what `schema` takes. */
  readonly inFile?: z.ZodType
}

/** Everything that readers and writers of rules know about one field. What it means when left out: `plainContent`. */
export interface Field extends Value {
  readonly purpose: string
  readonly examples?: readonly unknown[]
  /** The only effect that has the field, and what a rule of that effect does with it. */
  readonly onlyFor?: { readonly effect: Effect; readonly does: string }
}
