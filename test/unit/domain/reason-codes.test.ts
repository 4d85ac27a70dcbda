import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

it('every reason has a line on the page of the decision log, and no line is of a reason that there is not', () => {
  const source = read('shared/domain/verdict.ts')
  const union = /export type ReasonCode =([\s\S]*?)\n\n/.exec(source)?.[1] ?? ''
  const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code)
  const page = /## Reasons\n([\s\S]*?)\n## /.exec(read('docs/decision-log.md'))?.[1] ?? ''
  const documented = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, code]) => code))
  expect(codes.length).toBeGreaterThan(10)
  expect(documented.sort()).toEqual(codes.sort())
})
