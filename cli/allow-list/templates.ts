import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Rules for a usual case, with examples in place of names that are yours. */
export interface Template {
  readonly name: string
  /** The first sentence of what it is for. */
  readonly title: string
  readonly rules: string
  readonly cases: string
  readonly examples: readonly Example[]
}

/** A placeholder value in a template. */
export interface Example {
  readonly key: string
  readonly value: string
  readonly meaning: string
}

/** Beside the bundle after a build; in a folder of their own in the project. */
const folders = [join(import.meta.dirname, 'templates'), join(import.meta.dirname, '../../templates')]
const casesEnding = '.cases.yaml'
const exampleLine = /^# {3}([a-z-]+) = (\S+) +(.+)$/gm

/** Every template there is, by name. */
export function templates(): readonly Template[] {
  const folder = folders.find((candidate) => existsSync(candidate))
  if (folder === undefined) throw new Error('The templates are missing beside the program: build it anew.')
  return readdirSync(folder)
    .filter((file) => file.endsWith(casesEnding))
    .map((file) => file.slice(0, -casesEnding.length))
    .sort()
    .map((name) => readTemplate(folder, name))
}

function readTemplate(folder: string, name: string): Template {
  const text = (ending: string): string =>
    readFileSync(join(folder, `${name}${ending}`), 'utf8').replace('$schema=../docs/', '$schema=./')
  const rules = text('.yaml')
  const [, about = ''] = /\n((?:# .+\n)+)#\n/.exec(rules) ?? []
  const [title = ''] = /^.*?\.(?= |$)/.exec(about.replaceAll(/^# /gm, '').replaceAll('\n', ' ').trim()) ?? []
  return {
    name,
    title,
    rules,
    cases: text(casesEnding),
    examples: [...rules.matchAll(exampleLine)].map(([, key = '', value = '', meaning = '']) => ({
      key,
      value,
      meaning,
    })),
  }
}

/** A text of the template with values of your own in place of examples. */
export function withOwnValues(
  text: string,
  { examples }: Template,
  own: ReadonlyMap<string, string>,
): string {
  const replacements = new Map(
    examples.flatMap(({ key, value }) => {
      const mine = own.get(key)
      return mine === undefined ? [] : [[value, mine] as const]
    }),
  )
  if (replacements.size === 0) return text
  const anyExample = new RegExp([...replacements.keys()].map(escaped).join('|'), 'g')
  return text.replace(anyExample, (value) => replacements.get(value) ?? value)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
