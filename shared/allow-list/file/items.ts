import { Misread } from '../../located-text/node.ts'
import type { ListName } from '../rule/form.ts'
import { forms } from '../routing/forms.ts'

/** A part of a text. */
export interface Span {
  readonly at: number
  readonly end: number
}

const documentBegins = /^---[ \t]*\r?$/
const listBegins = /^(rules|channels|routes):[ \t]*(\[\])?[ \t]*(?:[ \t]#.*)?\r?$/
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

/** One list of a file, and the spans of its items. */
export interface ListSpans {
  readonly list: ListName
  readonly items: readonly Span[]
}

/**
 * The span of each item in a YAML file of the usual form: `rules:`, `channels:`, `routes:`, and under each one item with
 * a hyphen per rule, channel or route. Undefined for any other form. It allows parsing each item alone: a parser needs
 * ten times the memory of its input, and more time per character the longer the input is.
 *
 * YAML indents everything in an item deeper than its hyphen, quoted text and text blocks included: a line that begins
 * with a hyphen at the indent of the first one always begins the next item, and a name without indent the next list.
 */
export function itemsOfYaml(text: string): readonly ListSpans[] | undefined {
  const lists: OpenList[] = []
  let mayBegin = true
  for (const { at, end } of linesFrom(text, 0)) {
    const content = text.slice(at, end)
    if (isSilent.test(content)) continue
    const [begins, list, isEmpty] = listBegins.exec(content) ?? []
    if (begins !== undefined) lists.push(new OpenList(list as ListName, isEmpty !== undefined, at))
    else if (lists.length === 0 && mayBegin && documentBegins.test(content)) mayBegin = false
    else if (!lists.at(-1)?.takes(content, at)) return undefined
  }
  const isUsual =
    lists.length > 0 &&
    new Set(lists.map(({ list }) => list)).size === lists.length &&
    lists.every(({ isEmpty, begins }) => isEmpty !== begins.length > 0)
  if (!isUsual) return undefined
  return lists.map(({ list, begins }, index) => {
    const ends = [...begins.slice(1), lists[index + 1]?.at ?? text.length]
    return { list, items: begins.map((at, item) => ({ at, end: ends[item] ?? text.length })) }
  })
}

class OpenList {
  readonly list: ListName
  /** Written as `[]`. */
  readonly isEmpty: boolean
  readonly at: number
  /** At most one more than a file may have. */
  readonly begins: number[] = []
  #indent: number | undefined

  constructor(list: ListName, isEmpty: boolean, at: number) {
    this.list = list
    this.isEmpty = isEmpty
    this.at = at
  }

  /** False when the line is not part of a list of the usual form. */
  takes(content: string, at: number): boolean {
    const hyphen = item.exec(content)?.[1]?.length
    this.#indent ??= hyphen
    if (this.#indent === undefined) return false
    if (hyphen === this.#indent && this.begins.length <= forms[this.list].maxItems) this.begins.push(at)
    return hyphen === this.#indent || indentOf(content) > this.#indent
  }
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
