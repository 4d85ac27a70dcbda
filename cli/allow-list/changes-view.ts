import type { Plan } from '../../shared/allow-list/change/plan.ts'
import { type Stated, statedFields, statedValue } from '../../shared/allow-list/rule/content.ts'
import type { ContentField } from '../../shared/allow-list/rule/fields.ts'
import { visible } from '../../shared/domain/printable.ts'
import type { RuleContent } from '../../shared/domain/rule.ts'
import type { Colour, Io } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'

type View = Pick<Io, 'coloured' | 'width'>

const maxShown = 50
const indent = ' '.repeat(4)
const fieldWidth = 18

/**
 * The plan as a diff: `+` added, `~` changed, `-` removed, each field in a line of its own. Of each kind the first 50
 * rules, unless all are requested; omitted rules are counted.
 */
export function planText(view: View, plan: Plan, isFull: boolean): string {
  const max = isFull ? Infinity : maxShown
  return [
    ...section(view, 'green', '+', plan.added, max, (rule) => ruleLines(rule)),
    ...section(view, 'yellow', '~', plan.changed, max, (change) => [
      change.after.id,
      ...change.fields.flatMap((field) => changeLines(view, field, change.before, change.after)),
    ]),
    ...section(view, 'red', '-', plan.removed, max, (rule) => ruleLines(rule)),
  ].join('\n')
}

/** `2 added, 1 changed, 0 removed, 9,996 unchanged` */
export function planCounts({ added, changed, removed, unchanged }: Plan): string {
  const part = (count: number, word: string): string => `${count.toLocaleString('en')} ${word}`
  return [
    part(added.length, 'added'),
    part(changed.length, 'changed'),
    part(removed.length, 'removed'),
    part(unchanged.length, 'unchanged'),
  ].join(', ')
}

function section<T>(
  view: View,
  colour: Colour,
  sign: string,
  items: readonly T[],
  max: number,
  linesOf: (item: T) => readonly string[],
): readonly string[] {
  const more = items.length - Math.min(items.length, max)
  return [
    ...items.slice(0, max).map((item) => {
      const [head = '', ...rest] = linesOf(item)
      return [view.coloured(`${sign} ${head}`, colour), ...rest].join('\n')
    }),
    ...(more > 0
      ? [view.coloured(`${sign} … and ${counted(more, 'more rule')}; --full shows all.`, colour)]
      : []),
  ]
}

function ruleLines(rule: RuleContent): readonly string[] {
  const stated = statedFields(rule).filter(([name]) => name !== 'id' && name !== 'effect')
  return [`${rule.id}  ${rule.effect}`, ...stated.map(([name, value]) => fieldLine(name, spelled(value)))]
}

/** In one line where both fit, else in two. */
function changeLines(
  view: View,
  field: ContentField,
  before: RuleContent,
  after: RuleContent,
): readonly string[] {
  const [was, is] = [valueOf(before, field), valueOf(after, field)]
  const oneLine = fieldLine(field, `${was} → ${is}`)
  if (oneLine.length <= view.width) {
    return [fieldLine(field, `${view.coloured(was, 'red')} → ${view.coloured(is, 'green')}`)]
  }
  return [fieldLine(field, view.coloured(was, 'red')), fieldLine('', `→ ${view.coloured(is, 'green')}`)]
}

function fieldLine(name: string, value: string): string {
  return `${indent}${name.padEnd(fieldWidth)} ${value}`
}

function valueOf(rule: RuleContent, field: ContentField): string {
  const meant = rule[field]
  const stated = statedValue(rule, field) ?? (typeof meant === 'string' ? meant : undefined)
  return stated === undefined ? '(none)' : spelled(stated)
}

function spelled(value: Stated): string {
  if (typeof value !== 'object') return visible(String(value))
  const items = value.map((item) => (typeof item === 'string' ? item : `${item.name}=${item.value}`))
  return visible(items.join(', '))
}
