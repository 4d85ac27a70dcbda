import { quote } from '../../domain/quote.ts'
import { readJson } from '../../located-text/json.ts'
import { type FileEntry, type FileNode, Misread } from '../../located-text/node.ts'
import { readYaml } from '../../located-text/yaml.ts'
import { findSilence, itemsOfYaml, type Span } from './items.ts'

/** A rule whose fields all have their maximum length has fewer than 40,000 characters. */
const maxPartLength = 65_536
const maxRules = 100_000
const form = 'a rule file is "rules:" and under it one "- id: …" for each rule'
/** A file is the whole list: applying only its first part would remove the other rules. */
const tooMany = `Here begins a rule beyond the ${maxRules} that a file may have; say more with each, by wider scopes and lists.`

/**
 * The rules of a file, one after the other, as written; a `Misread` in place of each that cannot be read. A text that
 * begins with a brace or a bracket is JSON, any other is YAML. Never throws.
 */
export function* rulesOfText(text: string): Generator<FileNode | Misread, void> {
  const silence = findSilence(text)
  if (silence !== undefined) {
    yield silence
    return
  }
  if (/^\s*[{[]/.test(text)) return yield* rulesOf(() => readJson(text))
  const items = itemsOfYaml(text, maxRules)
  if (items === undefined) return yield* rulesOf(() => readPart(text, { at: 0, end: text.length }))
  const [beyond] = items.slice(maxRules)
  if (beyond !== undefined) {
    yield new Misread(beyond.at, tooMany)
    return
  }
  for (const span of items) yield* attempt(() => [ruleOfItem(readPart(text, span))])
}

function readPart(text: string, { at, end }: Span): FileNode {
  if (end - at > maxPartLength)
    throw new Misread(
      at,
      `Here begin ${end - at} characters that are not rules one by one; ${form}, each of at most ${maxPartLength} characters.`,
    )
  return readYaml(text.slice(at, end), at)
}

function ruleOfItem(item: FileNode): FileNode {
  const rule = item.kind === 'list' && item.items.length === 1 ? item.items[0] : undefined
  if (rule === undefined) throw new Misread(item.at, `Here should be one rule; ${form}.`)
  return rule
}

function* rulesOf(read: () => FileNode): Generator<FileNode | Misread, void> {
  yield* attempt(() => rulesOfFile(read()))
}

function* attempt(read: () => readonly (FileNode | Misread)[]): Generator<FileNode | Misread, void> {
  try {
    yield* read()
  } catch (error) {
    if (!(error instanceof Misread)) throw error
    yield error
  }
}

function rulesOfFile(file: FileNode): readonly (FileNode | Misread)[] {
  if (file.kind === 'other' && file.value === null) throw new Misread(file.at, `The file is empty; ${form}.`)
  if (file.kind !== 'map') throw new Misread(file.at, `The file is ${spoken[file.kind]}; ${form}.`)
  const [rules, again] = file.entries.filter(({ name }) => name === 'rules')
  const others = file.entries.filter(({ name }) => name !== 'rules')
  const unknown = others
    .filter((entry) => !isSchema(entry))
    .map(({ at, name }) => new Misread(at, `${quote(name)} is not known here; ${form}.`))
  if (again !== undefined)
    throw new Misread(again.at, 'rules is here for the second time; write all rules under one.')
  if (rules === undefined) return [...unknown, new Misread(file.at, `rules is missing; ${form}.`)]
  if (rules.value.kind !== 'list')
    return [
      ...unknown,
      new Misread(
        rules.at,
        `rules is ${rules.value.kind === 'other' && rules.value.value === null ? 'empty' : spoken[rules.value.kind]}; ${form} (or "rules: []" for none).`,
      ),
    ]
  const { items } = rules.value
  const [beyond] = items.slice(maxRules)
  return [...unknown, ...(beyond === undefined ? items : [new Misread(beyond.at, tooMany)])]
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
