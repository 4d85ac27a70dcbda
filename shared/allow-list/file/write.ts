import type { Tag } from '../../domain/rule.ts'
import { areTags, type Stated, statedFields } from '../rule/content.ts'
import type { Form } from '../rule/form.ts'
import { forms, type ListContent } from '../routing/forms.ts'

const widest = 100
/** Text that needs no quotes in any version of YAML, unless it is one of the words below. */
const plain = /^[A-Za-z/][A-Za-z0-9/._@()*+-]*( [A-Za-z0-9/._@()*+-]+)*$/
const word = /^(null|true|false|yes|no|on|off|y|n)$/i
/** Text that a YAML block holds unchanged. */
const block = /^[^\s](.*[^\s])?(\n+[^\s](.*[^\s])?)+$/

/**
 * Writes a YAML file that `readRuleFile` reads back as the same rules, channels and routes, in their order. The same
 * content gives the same text. Fields at their default, and lists of channels and routes without any, are left out.
 */
export function writeRuleFile({ rules, channels, routes }: ListContent): string {
  const others = [
    ...(channels.length === 0 ? [] : [writeList(forms.channels, channels)]),
    ...(routes.length === 0 ? [] : [writeList(forms.routes, routes)]),
  ]
  return [rules.length === 0 ? 'rules: []\n' : writeList(forms.rules, rules), ...others].join('\n')
}

function writeList(form: Form, items: readonly object[]): string {
  return `${form.list}:\n${items.map((item) => writeItem(form, item)).join('\n')}`
}

function writeItem(form: Form, item: object): string {
  const lines = statedFields(form, item).flatMap(([name, value]) => linesOf(form, name, value))
  return lines
    .map((line, index) => (line === '' ? '\n' : `${index === 0 ? '  - ' : '    '}${line}\n`))
    .join('')
}

function linesOf({ fields }: Form, name: string, value: Stated): readonly string[] {
  const { kind, isByOrder } = fields[name] ?? {}
  if (isByOrder) return []
  if (typeof value === 'object') return linesOfMany(name, value)
  if (typeof value !== 'string' || kind === 'time') return [`${name}: ${value}`]
  return block.test(value) ? [`${name}: |-`, ...indented(value.split('\n'))] : [`${name}: ${scalar(value)}`]
}

function linesOfMany(name: string, many: readonly string[] | readonly Tag[]): readonly string[] {
  if (areTags(many)) {
    const items = many.map((tag) => `${scalar(tag.name)}: ${scalar(tag.value)}`)
    return lineOrBlock(name, `{ ${items.join(', ')} }`, items)
  }
  const items = many.map(scalar)
  return lineOrBlock(
    name,
    `[${items.join(', ')}]`,
    items.map((item) => `- ${item}`),
  )
}

function lineOrBlock(name: string, value: string, items: readonly string[]): readonly string[] {
  const line = `${name}: ${value}`
  return line.length <= widest ? [line] : [`${name}:`, ...indented(items)]
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`))
}

function scalar(text: string): string {
  if (plain.test(text) && !word.test(text)) return text
  return /["\\]/.test(text) && !text.includes('\n') ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text)
}
