import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { itemsOfYaml } from '../../shared/allow-list/file/items.ts'
import { readRuleFile } from '../../shared/allow-list/file/read.ts'
import { writeRuleFile } from '../../shared/allow-list/file/write.ts'
import { readYaml } from '../../shared/located-text/yaml.ts'
import { anyContent, onlyRules, subscription } from '../unit/allow-list/given.ts'

const denies = `  - id: a\n    effect: deny\n    target: /subscriptions/${subscription}\n`

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

describe('whatever a file holds', () => {
  const example = bytesOf(
    `# x\nrules:\n${denies}    owner: "y"\n    targetTags: { a: b }\n${denies.replace('a', 'b')}`,
  )
  const change = fc.tuple(fc.nat(example.length - 1), fc.nat(3), fc.uint8Array({ maxLength: 6 }))

  function isReading(bytes: Uint8Array): void {
    const { rules, problems } = readRuleFile(bytes, 'x')
    expect([rules, problems].filter((part) => part !== undefined)).toHaveLength(1)
    for (const { line, column, sentence } of problems ?? []) {
      expect(Math.min(line, column)).toBeGreaterThan(0)
      expect(sentence).toMatch(/^\P{C}+[.?]$/u)
    }
    if (problems !== undefined) expect(problems.length).toBeGreaterThan(0)
  }

  it('there are rules or problems, and never an exception', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), isReading), { numRuns: 300 })
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from(' \n\t-:[]{},&*!|>\'"%@`#?abr\\0~<')) }),
        (text) => isReading(bytesOf(`rules:\n- ${text}`)),
      ),
      { numRuns: 1000 },
    )
  })

  it('a file that was changed here and there is read or refused', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let bytes = example
        for (const [at, removed, put] of changes)
          bytes = new Uint8Array([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + removed)])
        isReading(bytes)
      }),
      { numRuns: 1000 },
    )
  })

  it('rules that are read one by one are those of the whole text', () => {
    fc.assert(
      fc.property(fc.array(anyContent, { minLength: 1, maxLength: 3 }), (rules) => {
        const text = writeRuleFile(onlyRules(rules))
        const items = itemsOfYaml(text)?.[0]?.items ?? []
        expect(items).toHaveLength(rules.length)
        const whole = readYaml(text, 0)
        const list = whole.kind === 'map' ? whole.entries[0]?.value : undefined
        const one = items.map(({ at, end }) => readYaml(text.slice(at, end), at))
        expect(one.flatMap((node) => (node.kind === 'list' ? node.items : []))).toEqual(
          list?.kind === 'list' ? list.items : undefined,
        )
      }),
      { numRuns: 300 },
    )
  })

  it('a file that is written reads back as the same rules, whatever they say', () => {
    const rules = fc.uniqueArray(anyContent, { maxLength: 4, selector: ({ id }) => id.toLowerCase() })
    fc.assert(
      fc.property(rules, (all) => {
        const { rules: seen } = readRuleFile(bytesOf(writeRuleFile(onlyRules(all))), 'rules.yaml')
        expect(seen?.map(({ content }) => content)).toEqual(all)
      }),
      { numRuns: 1000 },
    )
  })
})
