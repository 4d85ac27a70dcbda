import type { z } from 'zod'
import type { Effect } from '../../domain/rule.ts'

/** The form of a value in rows and files: `time` is a day or a time in UTC, `tags` are names and values. */
export type Kind = 'text' | 'time' | 'number' | 'list' | 'tags'

/** One value of a rule: its form, and what is valid. */
export interface Value {
  readonly kind: Kind
  /** Takes the value as in a file, tags as a list; returns it as in the rule. */
  readonly schema: z.ZodType
  /** What is valid; follows the words "it must be". */
  readonly expected: string
  /** The same for a column, where its form differs. */
  readonly expectedInColumn?: string
  /** For the JSON Schema, where a file holds something other than `schema` takes. */
  readonly inFile?: z.ZodType
}

/** Everything that readers and writers of rules know about one field. Its default: `plainContent`. */
export interface Field extends Value {
  readonly purpose: string
  readonly examples?: readonly unknown[]
  /** The only effect that has this field, and what a rule of that effect does with it. */
  readonly onlyFor?: { readonly effect: Effect; readonly does: string }
}
