import type { z } from 'zod'
import type { Field } from './field.ts'

/** A problem, as a sentence without the name of the item, and the field to check first. */
export interface Contradiction {
  readonly field: string
  readonly sentence: string
}

/** An item whose fields were checked one by one and together. */
export type Checked<Content> =
  | { readonly content: Content; readonly issues?: undefined; readonly contradiction?: undefined }
  | { readonly content?: undefined; readonly issues: readonly Issue[]; readonly contradiction?: undefined }
  | { readonly content?: undefined; readonly issues?: undefined; readonly contradiction: Contradiction }

/** Where a value is not as its schema says: the field and, in a list, the index. */
export interface Issue {
  readonly path: readonly PropertyKey[]
}

/** The lists of which the allow-list consists. */
export type ListName = 'rules' | 'channels' | 'routes'

/** Everything that readers and writers know about one kind of item of the allow-list: rules, channels or routes. */
export interface Form<Content extends object = object> {
  readonly one: string
  /** The name of their list in a file. */
  readonly list: ListName
  readonly idField: string
  /** Row keys begin with it, and the id follows. */
  readonly keyPrefix: string
  /** In one file. */
  readonly maxItems: number
  /** In the order in which they are written. */
  readonly fields: Readonly<Record<string, Field>>
  /** What an item means by each field that it leaves out. */
  readonly plain: Readonly<Record<string, unknown>>
  /** The field that `onlyFor` of other fields is about, and its values. */
  readonly variants?: {
    readonly field: string
    readonly required: Readonly<Record<string, readonly string[]>>
  }
  /** One of its fields, as a file states it. */
  readonly example: string
  /** What they are for, for the JSON Schema. */
  readonly purpose: string
  /** Checks values as a file has them. */
  readonly ofFile: (values: object) => Checked<Content>
  /** Checks values as a row has them. */
  readonly ofRow: (values: object) => Checked<Content>
}

/** Checks each field by a schema, and then their combination. */
export function checker<Fields, Content>(
  schema: z.ZodType<Fields>,
  findContradiction: (checked: Fields) => Contradiction | undefined,
  contentOf: (checked: Fields) => Content,
): (values: object) => Checked<Content> {
  return (values) => {
    const read = schema.safeParse(values)
    if (!read.success) return { issues: read.error.issues }
    const contradiction = findContradiction(read.data)
    return contradiction === undefined ? { content: contentOf(read.data) } : { contradiction }
  }
}

/** The schema of each value in a file. */
export function schemasOf<Values extends Readonly<Record<string, { readonly schema: z.ZodType }>>>(
  values: Values,
) {
  const schemas = Object.entries(values).map(([name, { schema }]) => [name, schema] as const)
  return Object.fromEntries(schemas) as { readonly [Name in keyof Values]: Values[Name]['schema'] }
}

/** Names of the fields that a file states. */
export function fileFields({ fields }: Pick<Form, 'fields'>): readonly string[] {
  return Object.keys(fields).filter((name) => fields[name]?.isByOrder === undefined)
}

/** The advice on a value that people often write in this field by mistake. */
export function adviceOn({ mistakes = [] }: Pick<Field, 'mistakes'>, seen: string): string | undefined {
  return mistakes.find(({ form }) => form.test(seen))?.advice
}
