import { type ListPlan, partsOf } from '../../shared/allow-list/change/list-state.ts'
import type { Plan } from '../../shared/allow-list/change/plan.ts'
import { type Stated, statedFields, statedValue } from '../../shared/allow-list/rule/content.ts'
import type { Form, ListName } from '../../shared/allow-list/rule/form.ts'
import { listNames } from '../../shared/allow-list/routing/forms.ts'
import { keyOfItem } from '../../shared/allow-list/table/rows.ts'
import { visible } from '../../shared/domain/printable.ts'
import type { Colour, Io } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'

type View = Pick<Io, 'coloured' | 'width'>

const maxShown = 50
const indent = ' '.repeat(4)
const fieldWidth = 18

/** The row key of an item without its `~`: `sales-to-lake`, `channel:ops`. No id of a rule has a colon. */
export function shownKey(rowKey: string): string {
  return rowKey.replace(/^~/, '')
}

/**
 * The plan for one list as a diff: `+` added, `~` changed, `-` removed, each field in a line of its own. Of each kind the
 * first 50, unless all are requested; omitted ones are counted.
 */
export function planText(view: View, form: Form, plan: Plan<object>, isFull: boolean): string {
  const max = isFull ? Infinity : maxShown
  const inSection = <T>(colour: Colour, sign: string, items: readonly T[], linesOf: LinesOf<T>) =>
    section(view, colour, sign, items, max, form.one, linesOf)
  return [
    ...inSection('green', '+', plan.added, (item) => itemLines(form, item)),
    ...inSection('yellow', '~', plan.changed, ({ before, after, fields }) => [
      shownKey(keyOfItem(form, after)),
      ...fields.flatMap((field) => changeLines(view, form, field, before, after)),
    ]),
    ...inSection('red', '-', plan.removed, (item) => itemLines(form, item)),
  ].join('\n')
}

/** `2 added, 1 changed, 0 removed, 9,996 unchanged` */
export function planCounts({ added, changed, removed, unchanged }: Plan<object>): string {
  const part = (count: number, word: string): string => `${count.toLocaleString('en')} ${word}`
  return [
    part(added.length, 'added'),
    part(changed.length, 'changed'),
    part(removed.length, 'removed'),
    part(unchanged.length, 'unchanged'),
  ].join(', ')
}

/** The same for the whole list: `2 added, …; channels: 1 added, …; routes: …`; lists of which there are none are left out. */
export function allCounts(plan: ListPlan): string {
  const parts = partsOf(plan)
  const others = routingLists(plan).map((list) => `${list}: ${planCounts(parts[list])}`)
  return [planCounts(plan), ...others].join('; ')
}

/** Channels and routes, where there are or were any. */
export function routingLists(plan: ListPlan): readonly ListName[] {
  const parts = partsOf(plan)
  return listNames.filter(
    (list) =>
      list !== 'rules' &&
      [parts[list].added, parts[list].changed, parts[list].removed, parts[list].unchanged].some(
        ({ length }) => length > 0,
      ),
  )
}

type LinesOf<T> = (item: T) => readonly string[]

function section<T>(
  view: View,
  colour: Colour,
  sign: string,
  items: readonly T[],
  max: number,
  one: string,
  linesOf: LinesOf<T>,
): readonly string[] {
  const more = items.length - Math.min(items.length, max)
  return [
    ...items.slice(0, max).map((item) => {
      const [head = '', ...rest] = linesOf(item)
      return [view.coloured(`${sign} ${head}`, colour), ...rest].join('\n')
    }),
    ...(more > 0
      ? [view.coloured(`${sign} … and ${counted(more, `more ${one}`)}; --full shows all.`, colour)]
      : []),
  ]
}

function itemLines(form: Form, item: object): readonly string[] {
  const { idField, variants } = form
  const stated = statedFields(form, item)
  const inHead = [idField, variants?.field]
  const variant = stated.flatMap(([name, value]) => (name === variants?.field ? [`  ${spelled(value)}`] : []))
  return [
    `${shownKey(keyOfItem(form, item))}${variant.join('')}`,
    ...stated
      .filter(([name]) => !inHead.includes(name))
      .map(([name, value]) => fieldLine(name, spelled(value))),
  ]
}

/** In one line where both fit, else in two. */
function changeLines(
  view: View,
  form: Form,
  field: string,
  before: object,
  after: object,
): readonly string[] {
  const [was, is] = [valueOf(form, before, field), valueOf(form, after, field)]
  const oneLine = fieldLine(field, `${was} → ${is}`)
  if (oneLine.length <= view.width) {
    return [fieldLine(field, `${view.coloured(was, 'red')} → ${view.coloured(is, 'green')}`)]
  }
  return [fieldLine(field, view.coloured(was, 'red')), fieldLine('', `→ ${view.coloured(is, 'green')}`)]
}

function fieldLine(name: string, value: string): string {
  return `${indent}${name.padEnd(fieldWidth)} ${value}`
}

function valueOf(form: Form, item: object, field: string): string {
  const plain = form.plain[field]
  const meant = typeof plain === 'string' || typeof plain === 'boolean' ? plain : undefined
  const stated = statedValue(form, item, field) ?? meant
  return stated === undefined ? '(none)' : spelled(stated)
}

function spelled(value: Stated): string {
  if (typeof value !== 'object') return visible(String(value))
  const items = value.map((item) => (typeof item === 'string' ? item : `${item.name}=${item.value}`))
  return visible(items.join(', '))
}
