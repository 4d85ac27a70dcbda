import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What one item of a list on the page does to one file. */
interface Step {
  readonly file: string
  /** `ts`: the whole new file. `diff`: changes, each with the lines around it. */
  readonly language: string
  readonly code: string
}

/** One list of the page: what it adds, file by file, and the tests that hold it. */
export interface Recipe {
  readonly title: string
  readonly steps: readonly Step[]
  readonly tests: readonly string[]
}

const stepPattern = /^\d+\. \[?`([^`]+)`.*\n\n {3}```(\w+)\n((?: {3}.*\n|\n)*?) {3}```$/gm

/**
 * The lists of a page.
 * @throws Error when an item has no code, or a list names no tests.
 */
export function readRecipes(page: string): readonly Recipe[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = ''] = section.split('\n')
      const steps = [...section.matchAll(stepPattern)].map(([, file = '', language = '', code = '']) => ({
        file,
        language,
        code: code.replaceAll(/^ {3}/gm, ''),
      }))
      const [, held = ''] = /^Tests that hold it: (.+)$/m.exec(section) ?? []
      const tests = [...held.matchAll(/`(test\/[^`]+)`/g)].map(([, test = '']) => test)
      const items = section.match(/^\d+\. /gm)?.length ?? 0
      if (steps.length !== items || items === 0)
        throw new Error(`"${title}": ${steps.length} of ${items} items of the list have code.`)
      if (tests.length === 0) throw new Error(`"${title}" names no tests.`)
      return { title, steps, tests }
    })
}

/**
 * Does in a folder what the list says.
 * @throws Error when a file is not as the list says.
 */
export async function applyRecipe({ steps }: Recipe, folder: string): Promise<void> {
  for (const { file, language, code } of steps) {
    const path = join(folder, file)
    if (language === 'diff') {
      await writeFile(path, changed(await readFile(path, 'utf8'), code, file))
    } else {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, code, { flag: 'wx' })
    }
  }
}

function changed(text: string, diff: string, file: string): string {
  return diff.split(/^@@\n/m).reduce((current, change) => {
    const lines = change.trimEnd().split('\n')
    const before = linesWith(lines, ' -')
    const parts = `\n${current}`.split(`\n${before}\n`)
    if (parts.length !== 2)
      throw new Error(`${file} has ${parts.length - 1} places with these lines:\n${before}`)
    return parts.join(`\n${linesWith(lines, ' +')}\n`).slice(1)
  }, text)
}

function linesWith(lines: readonly string[], signs: string): string {
  return lines
    .filter((line) => signs.includes(line.charAt(0)))
    .map((line) => line.slice(1))
    .join('\n')
}
