import { quote } from '../domain/quote.ts'
import { deepest, type FileEntry, type FileNode, Misread, tooDeep } from './node.ts'

const maxValues = 1_500_000
const space = /[ \t\r\n]*/y
const word = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

/**
 * Reads JSON with the place of each value, and keeps duplicate names. `JSON.parse` keeps only the last value of a name,
 * so that a second `effect` would go unnoticed, gives no places, and has no limits on nesting and size.
 * @throws Misread when the text is not JSON, nested too deeply, or holds more than one and a half million values.
 */
export function readJson(text: string): FileNode {
  const reader = new JsonReader(text)
  const node = reader.value(0)
  reader.end()
  return node
}

class JsonReader {
  readonly #text: string
  #at = 0
  #values = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): FileNode {
    this.#skipSpace()
    const at = this.#at
    if (depth > deepest) throw new Misread(at, tooDeep)
    if (++this.#values > maxValues)
      throw new Misread(at, `The file holds more than ${maxValues} values; split it.`)
    switch (this.#text[at]) {
      case '{':
        return { kind: 'map', at, entries: this.#between('{', '}', () => this.#entry(depth + 1)) }
      case '[':
        return { kind: 'list', at, items: this.#between('[', ']', () => this.value(depth + 1)) }
      case '"':
        return { kind: 'text', at, value: this.#string() }
      default:
        return this.#word()
    }
  }

  end(): void {
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#unexpected('nothing more')
  }

  #entry(depth: number): FileEntry {
    this.#skipSpace()
    const at = this.#at
    if (this.#text[at] !== '"') throw this.#unexpected('a name in double quotes')
    const name = this.#string()
    this.#take(':', 'a colon after the name')
    return { at, name, value: this.value(depth) }
  }

  #between<T>(begin: string, end: string, readOne: () => T): readonly T[] {
    const all: T[] = []
    this.#take(begin, begin)
    if (this.#takes(end)) return all
    do all.push(readOne())
    while (this.#takes(','))
    this.#take(end, `a comma or ${end}`)
    return all
  }

  #string(): string {
    const begin = this.#at
    let end = begin
    do end = this.#text.indexOf('"', end + 1)
    while (end >= 0 && this.#isEscaped(end))
    if (end < 0) throw new Misread(begin, 'The text that begins here has no closing quote.')
    this.#at = end + 1
    try {
      return JSON.parse(this.#text.slice(begin, end + 1)) as string
    } catch {
      throw new Misread(
        begin,
        'The text that begins here holds a line break, a tab or a \\ that JSON does not know.',
      )
    }
  }

  #isEscaped(at: number): boolean {
    let before = at
    while (this.#text[before - 1] === '\\') before--
    return (at - before) % 2 === 1
  }

  #word(): FileNode {
    const at = this.#at
    word.lastIndex = at
    const source = word.exec(this.#text)?.[0]
    if (source === undefined) throw this.#unexpected('a value: text in double quotes, a number, [ or {')
    this.#at += source.length
    return { kind: 'other', at, source, value: JSON.parse(source) as number | boolean | null }
  }

  #skipSpace(): void {
    space.lastIndex = this.#at
    space.test(this.#text)
    this.#at = space.lastIndex
  }

  #takes(character: string): boolean {
    this.#skipSpace()
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #take(character: string, expected: string): void {
    if (!this.#takes(character)) throw this.#unexpected(expected)
  }

  #unexpected(expected: string): Misread {
    const seen = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0)
    const what = this.#at < this.#text.length ? quote(seen) : 'the end of the file'
    return new Misread(this.#at, `This is not JSON: here is ${what}, where ${expected} should be.`)
  }
}
