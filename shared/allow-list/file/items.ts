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
 * The problem of a text that has too many empty lines and comments; undefined if it has none. A YAML parser spends
 * microseconds on each such line, and more in longer runs of them.
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
 * The span of each rule in a YAML file of the usual form: `rules:`, and under it one item with a hyphen per rule.
 * Undefined for any other form. It allows parsing each rule alone: a parser needs ten times the memory of its input,
 * and more time per character the longer the input is. Stops at item `max` + 1.
 *
 * YAML indents everything in an item deeper than its hyphen, quoted text and text blocks included: a line that begins
 * with a hyphen at the indent of the first one always begins the next item.
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

/** Where the lines after `rules:` begin; comments and one `---` may come before it. */
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
