import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { itemsOfYaml } from '../../shared/allow-list/file/items.ts'
import { readRuleFile } from '../../shared/allow-list/file/read.ts'
import { writeRuleFile } from '../../shared/allow-list/file/write.ts'
import { readYaml } from '../../shared/located-text/yaml.ts'
import { anyContent, onlyRules, subscription } from '../unit/allow-list/given.ts'
import { anyRouting } from '../unit/allow-list/given-routing.ts'

const denies = `  - id: a\n    effect: deny\n    target: /subscriptions/${subscription}\n`

const routing = `channels:
  - name: ops
    kind: email
    to: [a@b.example]
routes:
  - { name: r, default: true, channels: [ops] }
`

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

describe('whatever a file holds', () => {
  const example = bytesOf(
    `# x\nrules:\n${denies}    owner: "y"\n    targetTags: { a: b }\n${denies.replace('a', 'b')}${routing}`,
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

  it('what is read one by one is that of the whole text', () => {
    fc.assert(
      fc.property(fc.array(anyContent, { minLength: 1, maxLength: 3 }), anyRouting, (rules, routing) => {
        const text = writeRuleFile({ rules, ...routing })
        const lists = itemsOfYaml(text) ?? []
        expect(lists[0]?.items).toHaveLength(rules.length)
        const whole = readYaml(text, 0)
        const entries = whole.kind === 'map' ? whole.entries : []
        const one = lists.map(({ list, items }) => [
          list,
          items
            .map(({ at, end }) => readYaml(text.slice(at, end), at))
            .flatMap((node) => (node.kind === 'list' ? node.items : [])),
        ])
        expect(one).toEqual(
          entries.map(({ name, value }) => [name, value.kind === 'list' ? value.items : undefined]),
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
