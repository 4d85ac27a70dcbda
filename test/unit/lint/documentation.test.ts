import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lintCodes } from '../../../shared/lint/index.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/lint-rules.md'), 'utf8')

describe('the page about the linter', () => {
  it('has each code with its severity, and no other', () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\w+) \|/gm)]
    expect(Object.fromEntries(rows.map(([, code, severity]) => [code, severity]))).toEqual(lintCodes)
    expect(rows.length).toBe(Object.keys(lintCodes).length)
  })
})
