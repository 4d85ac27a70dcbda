import { quote } from '../../domain/quote.ts'
import { readJson } from '../../located-text/json.ts'
import { type FileEntry, type FileNode, type MapNode, Misread } from '../../located-text/node.ts'
import { readYaml } from '../../located-text/yaml.ts'
import type { ListName } from '../rule/form.ts'
import { forms, listNames } from '../routing/forms.ts'
import { findSilence, itemsOfYaml, type Span } from './items.ts'

/** A rule or channel whose fields all have their maximum length has fewer than 40,000 characters. */
const maxPartLength = 65_536
const form = 'a rule file is "rules:" and under it one "- id: …" for each rule'
const formOfOthers =
  'beside "rules:" a rule file may have "channels:" and "routes:", and under each one "- name: …" for each'

/** One item as it is written, and the list that it is in; a `Misread` in place of one that cannot be read. */
export interface FoundItem {
  readonly list: ListName
  readonly node: FileNode | Misread
}

/**
 * The rules, channels and routes of a file, one after the other, as written. A text that begins with a brace or a
 * bracket is JSON, any other is YAML. Never throws.
 */
export function* itemsOfText(text: string): Generator<FoundItem, void> {
  const silence = findSilence(text)
  if (silence !== undefined) {
    yield { list: 'rules', node: silence }
    return
  }
  if (/^\s*[{[]/.test(text)) return yield* attempt('rules', () => itemsOfFile(readJson(text)))
  const lists = itemsOfYaml(text)
  if (lists?.some(({ list }) => list === 'rules') !== true)
    return yield* attempt('rules', () => itemsOfFile(readPart(text, { at: 0, end: text.length })))
  for (const { list, items } of lists)
    yield* limited(list, items, (span) =>
      attempt(list, () => [{ list, node: itemOf(list, readPart(text, span)) }]),
    )
}

function readPart(text: string, { at, end }: Span): FileNode {
  if (end - at > maxPartLength)
    throw new Misread(
      at,
      `Here begin ${end - at} characters that are not rules one by one; ${form}, each of at most ${maxPartLength} characters.`,
    )
  return readYaml(text.slice(at, end), at)
}

function itemOf(list: ListName, part: FileNode): FileNode {
  const item = part.kind === 'list' && part.items.length === 1 ? part.items[0] : undefined
  if (item === undefined)
    throw new Misread(part.at, `Here should be one ${forms[list].one}; ${formOf(list)}.`)
  return item
}

function* attempt(list: ListName, read: () => Iterable<FoundItem>): Generator<FoundItem, void> {
  try {
    yield* read()
  } catch (error) {
    if (!(error instanceof Misread)) throw error
    yield { list, node: error }
  }
}

/** The items up to the limit, and then what is wrong. A file is the whole list: its first part would remove the others. */
function* limited<Item extends { readonly at: number }>(
  list: ListName,
  items: readonly Item[],
  read: (item: Item) => Iterable<FoundItem>,
): Generator<FoundItem, void> {
  const { one, maxItems } = forms[list]
  const beyond = items[maxItems]
  if (beyond === undefined) for (const item of items) yield* read(item)
  else
    yield {
      list,
      node: new Misread(
        beyond.at,
        `Here begins a ${one} beyond the ${maxItems} that a file may have; say more with each, by wider scopes and lists.`,
      ),
    }
}

function* itemsOfFile(file: FileNode): Generator<FoundItem, void> {
  if (file.kind === 'other' && file.value === null) throw new Misread(file.at, `The file is empty; ${form}.`)
  if (file.kind !== 'map') throw new Misread(file.at, `The file is ${spoken[file.kind]}; ${form}.`)
  for (const entry of file.entries)
    if (!isListName(entry.name) && !isSchema(entry))
      yield { list: 'rules', node: new Misread(entry.at, `${quote(entry.name)} is not known here; ${form}.`) }
  for (const list of listNames) yield* attempt(list, () => itemsOfList(list, file))
}

function* itemsOfList(list: ListName, file: MapNode): Generator<FoundItem, void> {
  const [found, again] = file.entries.filter(({ name }) => name === list)
  if (again !== undefined)
    throw new Misread(again.at, `${list} is here for the second time; write all ${list} under one.`)
  if (found === undefined) {
    if (list === 'rules') throw new Misread(file.at, `rules is missing; ${form}.`)
    return
  }
  const { value } = found
  if (value.kind !== 'list')
    throw new Misread(
      found.at,
      `${list} is ${value.kind === 'other' && value.value === null ? 'empty' : spoken[value.kind]}; ${formOf(list)} (or "${list}: []" for none).`,
    )
  yield* limited(list, value.items, (node) => [{ list, node }])
}

function formOf(list: ListName): string {
  return list === 'rules' ? form : formOfOthers
}

function isListName(name: string): name is ListName {
  return (listNames as readonly string[]).includes(name)
}

/** The schema that editors look for in a JSON file, which cannot have it in a comment. */
function isSchema({ name, value }: FileEntry): boolean {
  return name === '$schema' && value.kind === 'text'
}

const spoken: Readonly<Record<FileNode['kind'], string>> = {
  text: 'only text',
  other: 'a single value',
  list: 'a list',
  map: 'names and values',
}
