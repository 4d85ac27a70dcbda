import { quote, shortened } from '../../domain/quote.ts'
import type { RuleContent } from '../../domain/rule.ts'
import type { FileEntry, FileNode, MapNode } from '../../located-text/node.ts'
import { contentOf } from '../rule/content.ts'
import { findContradiction } from '../rule/contradictions.ts'
import { type ContentField, contentFieldNames, contentFields, contentSchema } from '../rule/fields.ts'
import { hiddenIn } from '../rule/values.ts'
import { nearestName } from './nearest-name.ts'

/** A problem at one place: a sentence without the rule's name and the full stop. */
export interface Complaint {
  readonly at: number
  readonly sentence: string
}

export type NodeReading =
  | { readonly content: RuleContent; readonly complaints?: undefined }
  | { readonly content?: undefined; readonly complaints: readonly Complaint[] }

/** The most that are reported for one file. */
const maxComplaints = 20

/** Names that the table has but a file does not, or that are written by the program only. */
const notInFiles: ReadonlyMap<string, string> = new Map([
  ['RowKey', 'a file calls it id'],
  ['PartitionKey', 'only rows of the table have it'],
  ['version', 'it is counted when the file is applied'],
  ['changedBy', 'it is written when the file is applied'],
  ['changedAt', 'it is written when the file is applied'],
  ['<<', 'merge keys are not read; write the fields out'],
])

/** Checks one rule of a file: each field alone and, if all are well-formed, their combination. */
export function checkRule(node: FileNode): NodeReading {
  if (node.kind !== 'map')
    return {
      complaints: [
        {
          at: node.at,
          sentence: `it is ${describe(node)}; it must be fields and their values, such as effect: allow`,
        },
      ],
    }
  const { fields, complaints } = fieldsOf(node)
  const read = contentSchema.safeParse(valuesOf(fields))
  const all = [...complaints, ...(read.success ? [] : complaintsOf(read.error.issues, fields, node))]
  if (!read.success || all.length > 0) return { complaints: all.sort((a, b) => a.at - b.at) }
  const contradiction = findContradiction(read.data)
  return contradiction === undefined
    ? { content: contentOf(read.data) }
    : {
        complaints: [
          { at: fields.get(contradiction.field)?.at ?? node.at, sentence: contradiction.sentence },
        ],
      }
}

type Fields = ReadonlyMap<ContentField, FileEntry>

/** The known fields, each once, and complaints about unknown or repeated names. */
function fieldsOf(node: MapNode): { readonly fields: Fields; readonly complaints: readonly Complaint[] } {
  const fields = new Map<ContentField, FileEntry>()
  const complaints: Complaint[] = []
  for (const entry of node.entries) {
    if (complaints.length > maxComplaints) break
    const { at, name } = entry
    if (!isField(name)) complaints.push({ at, sentence: describeUnknown(name) })
    else if (fields.has(name))
      complaints.push({ at, sentence: `${name} is here for the second time; leave one of them out` })
    else fields.set(name, entry)
  }
  return { fields, complaints }
}

function isField(name: string): name is ContentField {
  return (contentFieldNames as readonly string[]).includes(name)
}

function describeUnknown(name: string): string {
  const reason = notInFiles.get(name)
  if (reason !== undefined) return `${name} is not a field of a rule in a file: ${reason}`
  const meant = nearestName(name, contentFieldNames)
  return `${quote(name)} is not a field of a rule; ${meant === undefined ? `the fields are ${contentFieldNames.join(', ')}` : `did you mean ${meant}?`}`
}

function valuesOf(fields: Fields): object {
  return Object.fromEntries(
    Array.from(fields, ([name, { value }]) => [
      name,
      contentFields[name].kind === 'tags' ? tagsOf(value) : plain(value),
    ]),
  )
}

/**
 * The plain value of a node. Null for a map and inside a list, because no field other than tags holds maps or nested
 * lists.
 */
function plain(node: FileNode): unknown {
  if (node.kind === 'list') return node.items.map((item) => (item.kind === 'text' ? item.value : null))
  return node.kind === 'map' ? null : node.value
}

function tagsOf(node: FileNode): unknown {
  if (node.kind !== 'map') return null
  return node.entries.map(({ name, value }) => ({ name, value: value.kind === 'text' ? value.value : null }))
}

interface Issue {
  readonly path: readonly PropertyKey[]
}

/** One complaint per field, or per item of a list or tag. */
function complaintsOf(issues: readonly Issue[], fields: Fields, rule: MapNode): readonly Complaint[] {
  const complaints = new Map<string, Complaint>()
  for (const { path } of issues) {
    const [field, index] = path as [ContentField, number?]
    const key = `${field} ${index ?? ''}`
    if (!complaints.has(key)) complaints.set(key, complaintOf(field, index, fields.get(field), rule))
  }
  return Array.from(complaints.values())
}

function complaintOf(
  field: ContentField,
  index: number | undefined,
  entry: FileEntry | undefined,
  rule: MapNode,
): Complaint {
  const expected = `it must be ${contentFields[field].expected}`
  if (entry === undefined) return { at: rule.at, sentence: `${field} is missing; ${expected}` }
  const { value } = entry
  const tag = value.kind === 'map' && index !== undefined ? value.entries[index] : undefined
  const item = value.kind === 'list' && index !== undefined ? value.items[index] : tag?.value
  const verb = item === undefined ? 'is' : 'has'
  const seen = item ?? value
  const hidden = hiddenIn(tag?.name ?? '') ?? (seen.kind === 'text' ? hiddenIn(seen.value) : undefined)
  const name = tag === undefined ? '' : `${quote(tag.name)}: `
  return {
    at: seen.at,
    sentence: `${field} ${verb} ${name}${describe(seen)}; ${expected}${advise(field, seen)}${hidden === undefined ? '' : `; it holds ${hidden}, which does not show`}`,
  }
}

function describe(node: FileNode): string {
  switch (node.kind) {
    case 'text':
      return quote(node.value)
    case 'list':
      return node.items.length === 0 ? 'an empty list' : `a list of ${node.items.length}`
    case 'map':
      return node.entries.length === 0 ? 'an empty map' : 'names and values'
    case 'other':
      if (node.value === null) return 'nothing'
      return `${shortened(node.source)}, ${typeof node.value === 'number' ? 'a number' : 'true or false'}`
  }
}

/** Advice on the usual mistakes: quotes around a number, or none around text. */
function advise(field: ContentField, seen: FileNode): string {
  const isNumber = contentFields[field].kind === 'number'
  if (seen.kind === 'text') return isNumber ? ', without quotes' : ''
  if (seen.kind !== 'other' || isNumber) return ''
  return seen.value === null ? '' : ', in quotes'
}
