import type { Span } from './file-items.ts'
import type { FileEntry, FileNode } from './file-node.ts'

const entry = /^( *(?:- +)?)([A-Za-z]+): +(\S(?:.*\S)?)\r?$/
const emptyLine = /^ *\r?$/
const plainText = /^[A-Za-z/][A-Za-z0-9/._@()*+-]*(?: [A-Za-z0-9/._@()*+-]+)*$/
const time = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?$/
const quoted = /^"[^"\\]*"$/
const wholeNumber = /^[1-9][0-9]{0,8}$/
const meansNoText = /^(?:null|true|false)$/i

/**
 * Reads one item of a YAML list whose lines all say `name: value` plainly, as nearly every rule does: a hundred times
 * faster than a whole reader of YAML, which has to read whatever is written in any other way. Undefined for that.
 */
export function readPlainRule(text: string, { at, end }: Span): FileNode | undefined {
  const entries: FileEntry[] = []
  let indent: number | undefined
  let lineAt = at
  for (const line of text.slice(at, end).split('\n')) {
    if (!emptyLine.test(line)) {
      const [, before = '', name = '', written = ''] = entry.exec(line) ?? []
      const isFirst = indent === undefined
      indent ??= before.length
      if (name === '' || before.length !== indent || before.includes('-') !== isFirst) return undefined
      const valueAt = lineAt + line.indexOf(written, before.length + name.length + 1)
      const value = plainValue(written, valueAt)
      if (value === undefined) return undefined
      entries.push({ at: lineAt + before.length, name, value })
    }
    lineAt += line.length + 1
  }
  const [first] = entries
  return first && { kind: 'map', at: first.at, entries }
}

function plainValue(written: string, at: number): FileNode | undefined {
  if (wholeNumber.test(written)) return { kind: 'other', at, value: Number(written), source: written }
  if (written.startsWith('[') && written.endsWith(']')) return plainList(written, at)
  return plainScalar(written, at)
}

function plainScalar(written: string, at: number): FileNode | undefined {
  if (quoted.test(written)) return { kind: 'text', at, value: written.slice(1, -1) }
  const isText = (plainText.test(written) && !meansNoText.test(written)) || time.test(written)
  return isText ? { kind: 'text', at, value: written } : undefined
}

function plainList(written: string, at: number): FileNode | undefined {
  const items: FileNode[] = []
  let itemAt = at + 1
  for (const part of written.slice(1, -1).split(',')) {
    const item = part.trim()
    const node = item.startsWith('"') ? undefined : plainScalar(item, itemAt + part.indexOf(item))
    if (node === undefined) return undefined
    items.push(node)
    itemAt += part.length + 1
  }
  return { kind: 'list', at, items }
}
