import type { Revision } from '../../domain/rule.ts'
import { idOf } from '../rule/content.ts'
import type { Form } from '../rule/form.ts'

/** The changes that turn one list of rules, channels or routes into another. */
export interface Plan<Content extends object> {
  readonly added: readonly Content[]
  readonly changed: readonly Changed<Content>[]
  readonly removed: readonly (Content & Revision)[]
  readonly unchanged: readonly (Content & Revision)[]
}

export interface Changed<Content extends object> {
  readonly before: Content & Revision
  readonly after: Content
  /** Names of the fields that differ, in the order of the form. */
  readonly fields: readonly string[]
}

/**
 * Compares current and desired items, by id. Version, author and time are not compared.
 * @throws RangeError when an id is desired twice.
 */
export function planChanges<Content extends object>(
  form: Form<Content>,
  current: readonly (Content & Revision)[],
  desired: readonly Content[],
): Plan<Content> {
  const desiredById = byId(form, desired)
  const currentById = byId(form, current)
  const pairs = current.flatMap((before) => {
    const after = desiredById.get(idOf(form, before))
    return after ? [{ before, after, fields: differingFields(form, before, after) }] : []
  })
  return {
    added: desired.filter((item) => !currentById.has(idOf(form, item))),
    changed: pairs.filter(({ fields }) => fields.length > 0),
    removed: current.filter((item) => !desiredById.has(idOf(form, item))),
    unchanged: pairs.filter(({ fields }) => fields.length === 0).map(({ before }) => before),
  }
}

function byId<Item extends object>(form: Form, items: readonly Item[]): ReadonlyMap<string, Item> {
  const found = new Map<string, Item>()
  for (const item of items) {
    const id = idOf(form, item)
    if (found.has(id)) throw new RangeError(`The ${form.one} "${id}" stands there twice.`)
    found.set(id, item)
  }
  return found
}

function differingFields({ fields }: Form, before: object, after: object): readonly string[] {
  const [was, is] = [before, after] as Readonly<Record<string, unknown>>[]
  return Object.keys(fields).filter(
    (name) => was?.[name] !== is?.[name] && spelled(was?.[name]) !== spelled(is?.[name]),
  )
}

/** Tags are a set: a row holds them as a JSON object, which has no order. All else is compared as written. */
function spelled(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify({ value })
  const items = value.map((item: unknown) => JSON.stringify(item))
  return (typeof value[0] === 'object' ? items.sort() : items).join()
}
