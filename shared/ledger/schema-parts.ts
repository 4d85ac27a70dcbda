import { z } from 'zod'
import { parseResourceId } from '../domain/resource-id.ts'

const withMilliseconds = z.iso.datetime({ precision: 3 })

/** A time that keys contain: they are sorted and cut as text, so that all times in them must have one length. */
export const keyTime = z
  .string()
  .refine((text) => withMilliseconds.safeParse(text).success, 'a UTC time with milliseconds')

/** The id of a resource, as text. */
export const armId = z.string().refine((text) => parseResourceId(text) !== undefined, 'the id of a resource')

/** An array that the domain calls readonly. */
export function list<T extends z.ZodType>(item: T) {
  return z.array(item).readonly()
}

/** A field of type `… | undefined`: JSON leaves it out. Reading gives it back. */
export function maybe<T extends z.ZodType>(inner: T) {
  return inner.optional().transform((value) => value)
}

/** A field that is `?:` to the domain. Reading leaves it out again. */
export function absent<T extends z.ZodType>(inner: T) {
  return inner.exactOptional()
}

/** A field that rows of an earlier version lack. */
export function earlier<T extends z.ZodType>(inner: T, value: z.output<T>) {
  return inner.optional().transform((stored): z.output<T> => stored ?? value)
}

/** An object with these fields and no others. */
export function shape<S extends z.ZodRawShape>(fields: S) {
  const alwaysThere = Object.keys(fields).filter((name) => fields[name] instanceof z.ZodPipe)
  const blank = Object.fromEntries(alwaysThere.map((name) => [name, undefined]))
  return z.strictObject(fields).transform((value): typeof value => ({ ...blank, ...value }))
}

/** Lets the compiler prove that a schema gives the type of the domain: nothing more, nothing less. */
export function exactly<T>() {
  return <S extends z.ZodType<T>>(schema: S & ([T] extends [z.output<S>] ? unknown : never)): S => schema
}
