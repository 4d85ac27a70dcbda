import { Misread } from '../../located-text/node.ts'

/** A part of a text. */
export interface Span {
  readonly at: number
  readonly end: number
}

const documentBegins = /^---[ \t]*\r?$/
const rulesBegin = /^rules:[ \t]*(?:[ \t]#.*)?\r?$/
const isSilent = /^[ \t]*(?:#.*)?\r?$/
const item = /^( *)-(?=[ \t\r]|$)/

const maxSilentInRow = 5_000
const maxSilentLines = 500_000
const silentLine = /[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y

/**
 * What is wrong with a text of which too much is lines that are empty or comments, on which a parser of YAML spends
 * microseconds each, and the more the longer they follow each other; undefined when nothing is.
 */
export function findSilence(text: string): Misread | undefined {
  let begin = 0
  let inRow = 0
  let all = 0
  for (let at = 0; at < text.length;) {
    silentLine.lastIndex = at
    const isSilent = silentLine.test(text)
    if (isSilent && inRow === 0) begin = at
    inRow = isSilent ? inRow + 1 : 0
    all += isSilent ? 1 : 0
    if (inRow > maxSilentInRow)
      return new Misread(begin, tooSilent(`more than ${maxSilentInRow} lines in a row`))
    if (all > maxSilentLines) return new Misread(at, tooSilent(`lines beyond ${maxSilentLines}`))
    at = isSilent ? silentLine.lastIndex : afterLine(text, at)
  }
  return undefined
}

function tooSilent(what: string): string {
  return `Here begin ${what} that are empty or comments; leave some of them out.`
}

function afterLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

/**
 * Where each rule of a YAML file stands that has the usual form: `rules:`, and under it one item with a hyphen for
 * each rule. So that each rule is read alone: a parser needs ten times the memory of what it reads, and more time for
 * each character the more there are. Undefined for any other form. Nothing is looked for after one item more than `max`.
 *
 * YAML indents whatever belongs to an item deeper than its hyphen, text in quotes and blocks of text not excepted: a
 * line that begins with a hyphen at the indent of the first one always begins the next item.
 */
export function itemsOfYaml(text: string, max: number): readonly Span[] | undefined {
  const head = endOfHead(text)
  if (head === undefined) return undefined
  const begins: number[] = []
  let indent: number | undefined
  for (const { at, end } of linesFrom(text, head)) {
    const content = text.slice(at, end)
    if (isSilent.test(content)) continue
    const hyphen = item.exec(content)?.[1]?.length
    indent ??= hyphen
    if (hyphen !== undefined && hyphen === indent) begins.push(at)
    else if (indent === undefined || indentOf(content) <= indent) return undefined
    if (begins.length > max) break
  }
  return begins.length === 0
    ? undefined
    : begins.map((at, index) => ({ at, end: begins[index + 1] ?? text.length }))
}

/** Where the lines after `rules:` begin; before it may be comments and one `---`. */
function endOfHead(text: string): number | undefined {
  let mayBegin = true
  for (const { at, end } of linesFrom(text, 0)) {
    const content = text.slice(at, end)
    if (rulesBegin.test(content)) return end + 1
    if (isSilent.test(content)) continue
    if (!mayBegin || !documentBegins.test(content)) return undefined
    mayBegin = false
  }
  return undefined
}

function* linesFrom(text: string, begin: number): Generator<Span> {
  for (let at = begin; at < text.length;) {
    const found = text.indexOf('\n', at)
    const end = found < 0 ? text.length : found
    yield { at, end }
    at = end + 1
  }
}

function indentOf(content: string): number {
  return /^ */.exec(content)?.[0].length ?? 0
}
