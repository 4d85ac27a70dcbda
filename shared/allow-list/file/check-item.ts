import { quote, shortened } from '../../domain/quote.ts'
import type { FileEntry, FileNode, MapNode } from '../../located-text/node.ts'
import type { Field } from '../rule/field.ts'
import { adviceOn, fileFields, type Form, type Issue } from '../rule/form.ts'
import { hiddenIn } from '../rule/values.ts'
import { nearestName } from './nearest-name.ts'

/** A problem at one place: a sentence without the item's name and the full stop. */
export interface Complaint {
  readonly at: number
  readonly sentence: string
}

export type NodeReading<Content> =
  | { readonly content: Content; readonly complaints?: undefined }
  | { readonly content?: undefined; readonly complaints: readonly Complaint[] }

/** The most that are reported for one file. */
const maxComplaints = 20

/** Names that the table has but a file does not, or that are written by the program only. */
const notInFiles: ReadonlyMap<string, (form: Form) => string> = new Map([
  ['RowKey', ({ idField }: Form) => `a file calls it ${idField}`],
  ['PartitionKey', () => 'only rows of the table have it'],
  ['version', () => 'it is counted when the file is applied'],
  ['changedBy', () => 'it is written when the file is applied'],
  ['changedAt', () => 'it is written when the file is applied'],
  ['position', () => 'the place in the file gives it'],
  ['<<', () => 'merge keys are not read; write the fields out'],
])

/** Checks one item of a file: each field alone and, if all are well-formed, their combination. */
export function checkItem<Content extends object>(form: Form<Content>, node: FileNode): NodeReading<Content> {
  if (node.kind !== 'map')
    return {
      complaints: [
        {
          at: node.at,
          sentence: `it is ${describe(node)}; it must be fields and their values, such as ${form.example}`,
        },
      ],
    }
  const { fields, complaints } = fieldsOf(form, node)
  const { content, issues = [], contradiction } = form.ofFile(valuesOf(form, fields))
  if (contradiction !== undefined && complaints.length === 0)
    return {
      complaints: [{ at: fields.get(contradiction.field)?.at ?? node.at, sentence: contradiction.sentence }],
    }
  return content !== undefined && complaints.length === 0
    ? { content }
    : { complaints: [...complaints, ...complaintsOf(form, issues, fields, node)].sort((a, b) => a.at - b.at) }
}

/** Where a field of an item is, or the item of a list in it. */
export function placeIn(item: FileNode, field: string, index: number | undefined): number {
  const value = item.kind === 'map' ? item.entries.find(({ name }) => name === field)?.value : undefined
  const one = value?.kind === 'list' && index !== undefined ? value.items[index] : value
  return (one ?? item).at
}

type Fields = ReadonlyMap<string, FileEntry>

/** The known fields, each once, and complaints about unknown or repeated names. */
function fieldsOf(
  form: Form,
  node: MapNode,
): { readonly fields: Fields; readonly complaints: readonly Complaint[] } {
  const known = fileFields(form)
  const fields = new Map<string, FileEntry>()
  const complaints: Complaint[] = []
  for (const entry of node.entries) {
    if (complaints.length > maxComplaints) break
    const { at, name } = entry
    if (!known.includes(name)) complaints.push({ at, sentence: describeUnknown(form, known, name) })
    else if (fields.has(name))
      complaints.push({ at, sentence: `${name} is here for the second time; leave one of them out` })
    else fields.set(name, entry)
  }
  return { fields, complaints }
}

function describeUnknown(form: Form, known: readonly string[], name: string): string {
  const reason = notInFiles.get(name)
  if (reason !== undefined) return `${name} is not a field of a ${form.one} in a file: ${reason(form)}`
  const meant = nearestName(name, known)
  return `${quote(name)} is not a field of a ${form.one}; ${meant === undefined ? `the fields are ${known.join(', ')}` : `did you mean ${meant}?`}`
}

function valuesOf(form: Form, fields: Fields): object {
  return Object.fromEntries(
    Array.from(fields, ([name, { value }]) => [
      name,
      form.fields[name]?.kind === 'tags' ? tagsOf(value) : plain(value),
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

/** One complaint per field, or per item of a list or tag. */
function complaintsOf(
  form: Form,
  issues: readonly Issue[],
  fields: Fields,
  item: MapNode,
): readonly Complaint[] {
  const complaints = new Map<string, Complaint>()
  for (const { path } of issues) {
    const [name, index] = path as [string, number?]
    const field = form.fields[name]
    const key = `${name} ${index ?? ''}`
    if (field !== undefined && !complaints.has(key))
      complaints.set(key, complaintOf(name, field, index, fields.get(name), item))
  }
  return Array.from(complaints.values())
}

function complaintOf(
  name: string,
  field: Field,
  index: number | undefined,
  entry: FileEntry | undefined,
  owner: MapNode,
): Complaint {
  const expected = `it must be ${field.expected}`
  if (entry === undefined) return { at: owner.at, sentence: `${name} is missing; ${expected}` }
  const { value } = entry
  const tag = value.kind === 'map' && index !== undefined ? value.entries[index] : undefined
  const item = value.kind === 'list' && index !== undefined ? value.items[index] : tag?.value
  const verb = item === undefined ? 'is' : 'has'
  const seen = item ?? value
  const text = seen.kind === 'text' ? seen.value : ''
  const hidden = hiddenIn(tag?.name ?? '') ?? hiddenIn(text)
  const tagged = tag === undefined ? '' : `${quote(tag.name)}: `
  const described = field.isNeverQuoted ? 'something else, which is not shown here' : describe(seen)
  const advice = adviceOn(field, text)
  return {
    at: seen.at,
    sentence: [
      `${name} ${verb} ${tagged}${described}; ${expected}${advise(field, seen)}`,
      ...(hidden === undefined ? [] : [`it holds ${hidden}, which does not show`]),
      ...(advice === undefined ? [] : [advice]),
    ].join('; '),
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

/** What a value is often written with or without: quotes. */
function advise({ kind }: Field, seen: FileNode): string {
  const isBare = kind === 'number' || kind === 'flag'
  if (seen.kind === 'text') return isBare ? ', without quotes' : ''
  if (seen.kind !== 'other' || isBare) return ''
  return seen.value === null ? '' : ', in quotes'
}
