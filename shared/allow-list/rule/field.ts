import type { z } from 'zod'

/** The form of a value in rows and files: `time` is a day or a time in UTC, `tags` are names and values. */
export type Kind = 'text' | 'time' | 'number' | 'flag' | 'list' | 'tags'

/** A value that people often write here by mistake, and what to do instead; no part of the advice is a secret. */
export interface Mistake {
  readonly form: RegExp
  readonly advice: string
}

/** One value of an item: its form, and what is valid. */
export interface Value {
  readonly kind: Kind
  /** Takes the value as in a file, tags as a list; returns it as in the item. */
  readonly schema: z.ZodType
  /** What is valid; follows the words "it must be". */
  readonly expected: string
  /** The same for a column, where its form differs. */
  readonly expectedInColumn?: string
  /** For the JSON Schema, where a file holds something other than `schema` takes. */
  readonly inFile?: z.ZodType
  /** For rows that an earlier version wrote, where they may hold more than `schema` takes. */
  readonly inRow?: z.ZodType
  readonly mistakes?: readonly Mistake[]
  /** True where somebody may have written a secret by mistake: sentences about a wrong value never quote it. */
  readonly isNeverQuoted?: true
}

/** Everything that readers and writers of items know about one field. Its default: `plain` of the form. */
export interface Field extends Value {
  readonly purpose: string
  readonly examples?: readonly unknown[]
  /** The only effect of rules, or kind of channels, that has this field, and what one of them does with it. */
  readonly onlyFor?: { readonly variant: string; readonly does: string }
  /** True when the place in the file gives the value: a file does not state it, a row does. */
  readonly isByOrder?: true
}
