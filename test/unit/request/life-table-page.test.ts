import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { lifeAsMarkdown } from '../../../shared/request/life-table.ts'

const page = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8')

/** Cells without the blanks that align them, and heads without the length of their lines. */
function withoutPadding(table: string): readonly (readonly string[])[] {
  return table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim().replace(/^-{3,}$/, '---')),
    )
}

it('the page about the architecture shows the life of a request as it is in the code', () => {
  const [, shown = ''] = /<!-- life-table:begin -->\n([\s\S]*?)<!-- life-table:end -->/.exec(page) ?? []
  expect(withoutPadding(shown), 'npm run --silent life-table prints the table anew').toEqual(
    withoutPadding(lifeAsMarkdown()),
  )
})
