import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readRuleFile } from '../../../shared/allow-list/file/read.ts'
import { writeRuleFile } from '../../../shared/allow-list/file/write.ts'
import type { RuleContent } from '../../../shared/domain/rule.ts'
import { factoryId, maxContent, onlyRules, storageId, subscription, tenant } from './given.ts'

const scope = `/subscriptions/${subscription}`
const denies = `  - id: a\n    effect: deny\n    target: ${scope}\n`
const json = (rule: object): string =>
  JSON.stringify({ rules: [{ id: 'a', effect: 'deny', target: scope, ...rule }] })

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function read(file: string | Uint8Array): readonly RuleContent[] | readonly string[] {
  const { rules, problems } = readRuleFile(typeof file === 'string' ? bytesOf(file) : file, 'rules.yaml')
  return rules?.map(({ content }) => content) ?? problemsOf(problems)
}

function problemsOf(
  problems: readonly { line: number; column: number; sentence: string }[] | undefined,
): readonly string[] {
  return problems?.map(({ line, column, sentence }) => `${line}:${column} ${sentence}`) ?? []
}

describe('a rule file', () => {
  const whole = `# The allow-list
# yaml-language-server: $schema=./allow-list.schema.json
---
rules: # all of them

  - id: sales-to-lake
    effect: allow # not for others
    mode: audit
    target: ${storageId}
    targetTypes: [Microsoft.Storage/storageAccounts]
    targetTags: { environment: prod, 1: "yes" }
    groupIds:
      - blob
      - "dfs"
    requester: ${factoryId}
    endpointName: adf-prod.*
    proof: confirmed
    maxConnections: 2
    validFrom: 2026-01-01
    validUntil: 2027-01-01T08:00:00Z
    approvalEndsAfter: P90D
    owner: 'data platform'
    justification: |
      Nightly load
      - of sales
    ticket: CHG-1
# the next
  - id: second
    effect: ask
    target: ${scope}
    approvers: [${tenant}, ${subscription}]
    requiredApprovals: 2
    reasonRequired: true
    expiresAfter: PT8H
    atExpiry: reject
`

  it('may say all that a rule can say', () => {
    expect(readRuleFile(bytesOf(whole), 'x')).toEqual({
      sha256: createHash('sha256').update(whole).digest('hex'),
      rules: [
        {
          line: 6,
          content: expect.objectContaining({
            id: 'sales-to-lake',
            mode: 'audit',
            targetTags: [
              { name: '1', value: 'yes' },
              { name: 'environment', value: 'prod' },
            ],
            groupIds: ['blob', 'dfs'],
            requester: { kind: 'resource', id: factoryId },
            maxConnections: 2,
            validFrom: '2026-01-01T00:00:00.000Z',
            validUntil: '2027-01-01T08:00:00.000Z',
            approvalEndsAfter: 'P90D',
            justification: 'Nightly load\n- of sales\n',
          }) as unknown,
        },
        {
          line: 28,
          content: expect.objectContaining({
            id: 'second',
            requiredApprovals: 2,
            reasonRequired: true,
            expiresAfter: 'PT8H',
            atExpiry: 'reject',
          }) as unknown,
        },
      ],
      channels: [],
      routes: [],
    })
  })

  it.each([
    ['has line ends of Windows', `rules:\n${denies}`.replaceAll('\n', '\r\n')],
    ['begins with a byte order mark', `\uFEFFrules:\n${denies}`],
    ['has its hyphens under the r of rules', `rules:\n${denies.replace(/^ {2}/gm, '')}`],
    ['is JSON', json({})],
    ['is JSON that says where its schema is', `{"$schema":"./x.json",${json({}).slice(1)}`],
    ['is JSON with tabs and line ends', JSON.stringify(JSON.parse(json({})), null, '\t')],
    ['has names in quotes', `"rules":\n${denies.replace('id:', '"id":')}`],
  ])('is the same when it %s', (_title, file) => {
    expect(read(file)).toEqual(read(`rules:\n${denies}`))
    expect(read(file)).toMatchObject([{ id: 'a', effect: 'deny' }])
  })

  it('may say that there are no rules', () => {
    expect(read('rules: []')).toEqual([])
    expect(read('{"rules":[]}')).toEqual([])
  })

  it('reads a character of two halves in JSON as one', () => {
    expect(read(json({ owner: 'x' }).replace('"x"', '"\\ud83d\\ude00"'))).toMatchObject([{ owner: '😀' }])
  })
})

describe('a rule file is refused with line and column', () => {
  const form = 'a rule file is "rules:" and under it one "- id: …" for each rule'
  const lineOf = 'one line of text of at most 200 characters'
  const refusals: readonly [string, string | Uint8Array, ...string[]][] = [
    ['nothing', '', `1:1 The file is empty; ${form}.`],
    ['only comments', '# rules\n', `1:1 The file is empty; ${form}.`],
    ['a list', '- id: a\n', `1:1 The file is a list; ${form}.`],
    ['text', 'hello', `1:1 The file is only text; ${form}.`],
    [
      'rules that were all commented out',
      'rules:\n# - id: a\n',
      `1:1 rules is empty; ${form} (or "rules: []" for none).`,
    ],
    ['no rules', 'rule: []\n', `1:1 "rule" is not known here; ${form}.`, `1:1 rules is missing; ${form}.`],
    ['something beside rules', `rules:\n${denies}more: 1\n`, `5:1 "more" is not known here; ${form}.`],
    [
      'rules twice',
      `rules:\n${denies}rules: []\n`,
      '5:1 rules is here for the second time; write all rules under one.',
    ],
    [
      '50 MiB',
      new Uint8Array(50 * 2 ** 20),
      '1:1 The file is longer than 20 MiB, which is the most that is read.',
    ],
    [
      'a byte more than 20 MiB',
      new Uint8Array(20 * 2 ** 20 + 1),
      '1:1 The file is longer than 20 MiB, which is the most that is read.',
    ],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x72, 0x00]), '1:1 The file is UTF-16; save it as UTF-8.'],
    [
      'UTF-16, the other way',
      new Uint8Array([0xfe, 0xff, 0x00, 0x72]),
      '1:1 The file is UTF-16; save it as UTF-8.',
    ],
    [
      'a byte that is not UTF-8',
      new Uint8Array([...bytesOf('rules:\n  - id: ä'), 0xe9, 0x61]),
      '2:10 Here is a byte that is not UTF-8; save the file as UTF-8.',
    ],
    [
      'half a character at its end',
      new Uint8Array([...bytesOf('rules: '), 0xef, 0xbf]),
      '1:8 Here is a byte that is not UTF-8; save the file as UTF-8.',
    ],
    ['a NUL', 'rules:\n  - id: a\0', '2:10 Here is the character U+0000, which does not show; leave it out.'],
    [
      'a lone carriage return',
      'rules:\r  - id: a',
      '1:7 Here is the character U+000D, which does not show; leave it out.',
    ],
    [
      'text turned around',
      `rules:\n${denies}    owner: a\u202Eb\n`,
      '5:13 Here is the character U+202E, which does not show; leave it out.',
    ],
    [
      'an anchor',
      `rules:\n${denies.replace('deny', '&a deny')}`,
      '3:13 Anchors (&) are not read here; write the value out.',
    ],
    [
      'a bomb',
      'a: &a [x, x]\nb: &b [*a, *a]\nrules: [*b]\n',
      '1:4 Anchors (&) are not read here; write the value out.',
    ],
    [
      'an alias',
      `rules:\n${denies.replace('deny', '*a')}`,
      '3:13 Aliases (*) are not read here; write the value out, or put text that begins with * in quotes.',
    ],
    [
      'a merge key',
      `rules:\n${denies}    <<: { effect: allow }\n`,
      '5:5 Rule "a": << is not a field of a rule in a file: merge keys are not read; write the fields out.',
    ],
    ...['!!js/function', '!!binary', '!custom', '!!str', '!'].map((tag): [string, string, string] => [
      `the tag ${tag}`,
      `rules:\n${denies.replace('deny', `${tag} deny`)}`,
      '3:13 Tags (!) are not read here; leave it out, or put text that begins with ! in quotes.',
    ]),
    [
      'a directive',
      `%YAML 1.1\n---\nrules:\n${denies}`,
      '1:1 Directives (%) are not read here; leave it out.',
    ],
    [
      'two documents',
      `rules:\n${denies}---\nrules: []\n`,
      '5:1 A second document begins here; the file has to be one.',
    ],
    [
      'a tab before a field',
      `rules:\n${denies}\towner: x\n`,
      '5:1 This is not YAML as it is read here: Tabs are not allowed as indentation.',
    ],
    [
      'a quote that stays open',
      `rules:\n  - id: "a\n${denies.slice(4)}`,
      '6:1 This is not YAML as it is read here: Missing closing "quote.',
    ],
    [
      'deep nesting',
      `rules:\n  - id: ${'['.repeat(60_000)}`,
      '2:15 Lists and maps are nested more than 8 deep here; a rule needs three.',
    ],
    [
      'deep hyphens',
      `rules:\n  ${'- '.repeat(30_000)}`,
      '2:19 Lists and maps are nested more than 8 deep here; a rule needs three.',
    ],
    [
      'deep JSON',
      '['.repeat(1_000_000),
      '1:10 Lists and maps are nested more than 8 deep here; a rule needs three.',
    ],
    [
      'a very long text',
      `rules:\n  - id: '${'x'.repeat(1_000_000)}'\n`,
      `2:1 Here begin 1000011 characters that are not rules one by one; ${form}, each of at most 65536 characters.`,
    ],
    [
      'five million comments',
      '#\n'.repeat(5_000_000),
      '1:1 Here begin more than 5000 lines in a row that are empty or comments; leave some of them out.',
    ],
    [
      'a rule with sixty thousand lines that are empty',
      `rules:\n${denies}${' \t\r\n'.repeat(60_000)}${denies.replace('a', 'b')}`,
      '5:1 Here begin more than 5000 lines in a row that are empty or comments; leave some of them out.',
    ],
    [
      'more lines without a value than a file may have',
      `rules:\n${`${denies}${'    #\n'.repeat(500)}`.repeat(1001)}`,
      '503005:1 Here begin lines beyond 500000 that are empty or comments; leave some of them out.',
    ],
    [
      'empty lines in JSON',
      `{"rules":[${'\n'.repeat(5_002)}]}`,
      '2:1 Here begin more than 5000 lines in a row that are empty or comments; leave some of them out.',
    ],
    [
      'too many rules',
      `rules:\n${'- {}\n'.repeat(300_000)}`,
      '100002:1 Here begins a rule beyond the 100000 that a file may have; say more with each, by wider scopes and lists.',
    ],
    [
      'too many rules in JSON',
      `{"rules":[${'{},'.repeat(300_000)}{}]}`,
      '1:300011 Here begins a rule beyond the 100000 that a file may have; say more with each, by wider scopes and lists.',
    ],
    [
      'a comma too many in JSON',
      '{"rules":[],}',
      '1:13 This is not JSON: here is "}", where a name in double quotes should be.',
    ],
    [
      'JSON that ends',
      '{"rules":[',
      '1:11 This is not JSON: here is the end of the file, where a value: text in double quotes, a number, [ or { should be.',
    ],
    ['JSON and more', '{"rules":[]} x', '1:14 This is not JSON: here is "x", where nothing more should be.'],
    ['an open text in JSON', '{"rules":["a\\"', '1:11 The text that begins here has no closing quote.'],
    [
      'an escape that JSON does not know',
      '{"rules":["\\x"]}',
      '1:11 The text that begins here holds a line break, a tab or a \\ that JSON does not know.',
    ],
    [
      'a field twice',
      `rules:\n${denies}    effect: allow\n`,
      '5:5 Rule "a": effect is here for the second time; leave one of them out.',
    ],
    [
      'a field twice in JSON',
      json({}).replace('"deny"', '"deny","effect":"allow"'),
      '1:37 Rule "a": effect is here for the second time; leave one of them out.',
    ],
    [
      'an id twice',
      `rules:\n${denies}${denies}`,
      '5:9 Rule "a": id is also that of the rule in line 2; each rule needs one of its own.',
    ],
    [
      'an id twice but for case',
      `rules:\n${denies}${denies.replace('a', 'A')}`,
      '5:9 Rule "A": id differs only by case from that of the rule in line 2; each rule needs one of its own.',
    ],
    [
      'an unknown field',
      `rules:\n${denies}    groupID: x\n`,
      '5:5 Rule "a": "groupID" is not a field of a rule; did you mean groupIds?',
    ],
    [
      'a field of the table',
      `rules:\n${denies}    version: 2\n`,
      '5:5 Rule "a": version is not a field of a rule in a file: it is counted when the file is applied.',
    ],
    [
      'a rule that is text',
      'rules:\n  - a\n',
      '2:5 Rule no. 1: it is "a"; it must be fields and their values, such as effect: allow.',
    ],
    [
      'a rule that is nothing',
      `rules:\n  -\n${denies}`,
      '2:4 Rule no. 1: it is nothing; it must be fields and their values, such as effect: allow.',
    ],
    [
      'a number for text',
      `rules:\n${denies}    ticket: 1e3\n`,
      `5:13 Rule "a": ticket is 1e3, a number; it must be ${lineOf}, in quotes.`,
    ],
    [
      'a yes or no for text',
      `rules:\n${denies}    owner: true\n`,
      `5:12 Rule "a": owner is true, true or false; it must be ${lineOf}, in quotes.`,
    ],
    [
      'a name without its value',
      `rules:\n${denies}    owner:\n`,
      `5:11 Rule "a": owner is nothing; it must be ${lineOf}.`,
    ],
    ['empty text', `rules:\n${denies}    owner: ""\n`, `5:12 Rule "a": owner is ""; it must be ${lineOf}.`],
    [
      'half a character',
      `rules:\n${denies}    owner: "\\ud800"\n`,
      `5:12 Rule "a": owner is "\\ud800"; it must be ${lineOf}.`,
    ],
    [
      'a bell in an escape',
      `rules:\n${denies}    owner: "\\a"\n`,
      `5:12 Rule "a": owner is "\\u0007"; it must be ${lineOf}.`,
    ],
    [
      'a contradiction',
      `rules:\n${denies}    maxConnections: 2\n`,
      '5:5 Rule "a": maxConnections is 2; only an allow counts connections, so leave it out of a rule that says deny.',
    ],
  ]
  it.each(refusals)('%s', (_title, file, ...expected) => {
    expect(read(file)).toEqual(expected)
  })

  it.each([
    ['groupIds', 'blob', '6:15', 'is "blob"'],
    ['groupIds', '[]', '6:15', 'is an empty list'],
    ['groupIds', '[blob, 5]', '6:22', 'has 5, a number'],
    ['groupIds', '[[blob]]', '6:16', 'has a list of 1'],
    ['groupIds', '{ a: b }', '6:15', 'is names and values'],
    ['targetTags', '[environment]', '6:17', 'is a list of 1'],
    ['targetTags', '{}', '6:17', 'is an empty map'],
    ['targetTags', '{ cost: 5 }', '6:25', 'has "cost": 5, a number'],
    ['targetTags', '{ a: b, A: b }', '6:17', 'is names and values'],
    ['targetTags', '{ a: b, a: b }', '6:17', 'is names and values'],
    ['targetTags', '{ a/b: c }', '6:24', 'has "a/b": "c"'],
    ['maxConnections', '"2"', '6:21', 'is "2"'],
    ['maxConnections', '0', '6:21', 'is 0, a number'],
    ['validUntil', '2027-02-30', '6:17', 'is "2027-02-30"'],
    ['validUntil', '2027', '6:17', 'is 2027, a number'],
    ['target', '{ a: b }', '6:13', 'is names and values'],
    ['__proto__', '{ effect: allow }', '6:5', '"__proto__" is not a field'],
    ['constructor', 'x', '6:5', '"constructor" is not a field'],
  ])('%s: %s', (field, value, place, seen) => {
    const allows = `  - id: a\n    effect: allow\n    requester: ${scope}\n${field === 'target' ? '    mode: audit' : `    target: ${scope}`}\n`
    const [problem, ...more] = read(`rules:\n${allows}    ${field}: ${value}\n`)
    expect(problem).toContain(`${place} Rule "a": `)
    expect(problem).toContain(seen)
    expect(more).toEqual([])
  })

  it.each([
    ['target', `${scope}/resourceGroups/rg\u3164lake`, 70],
    ['requester', `${scope}/resourceGroups/rg\u3164lake`, 70],
    ['endpointName', 'a\u3164', 2],
    ['targetTags', '{ environment: "prod\u200b" }', 5],
    ['targetTags', '{ "environ\u2060ment": prod }', 8],
  ])('a character of %s that does not show: %j', (field, value, at) => {
    const rest = field === 'target' ? '' : `    target: ${scope}\n`
    const [problem, ...more] = read(`rules:\n  - id: a\n    effect: deny\n    ${field}: ${value}\n${rest}`)
    expect(problem).toMatch(
      new RegExp(`; it holds U\\+[0-9A-F]{4} as character ${at}, which does not show\\.$`),
    )
    expect(more).toEqual([])
  })

  it('tells what is wrong in the order of lines, twenty problems at most', () => {
    const problems = read(`rules:\n${'  - id: x y\n    effects: deny\n'.repeat(100)}`) as readonly string[]
    expect(problems).toHaveLength(21)
    const lines = problems.map((problem) => Number.parseInt(problem, 10))
    expect(lines).toEqual(lines.toSorted((a, b) => a - b))
    expect(problems.at(-1)).toMatch(/From here on rules\.yaml has more problems; these are the first 20\.$/)
  })

  it('tells twenty of a hundred thousand unknown names of one rule', () => {
    const names = Array.from({ length: 100_000 }, (_, number) => `"x${number}":1`).join(',')
    expect(read(`{"rules":[{${names}}]}`)).toHaveLength(21)
  })

  it('shows no character that does not show', () => {
    const problems = read(`rules:\n${denies}    "own\\u202eer\\u200b": 1\n`) as readonly string[]
    expect(problems[0]).toContain('"own�er�" is not a field')
  })
})

describe('a rule file that is written', () => {
  it('is what a person would have written', () => {
    const [rule] = read(
      json({
        effect: 'ask',
        approvers: [tenant, subscription],
        targetTags: { env: 'yes' },
        validUntil: '2027-01-01',
        owner: 'it: us',
        justification: 'one\ntwo',
        ticket: '1e3',
      }),
    ) as readonly RuleContent[]
    expect(writeRuleFile(onlyRules(rule === undefined ? [] : [rule, { ...rule, id: 'b' }]))).toContain(`rules:
  - id: a
    effect: ask
    target: ${scope}
    targetTags: { env: "yes" }
    validUntil: 2027-01-01
    approvers: [${tenant}, "${subscription}"]
    owner: "it: us"
    justification: |-
      one
      two
    ticket: "1e3"

  - id: b
`)
    expect(writeRuleFile(onlyRules([]))).toBe('rules: []\n')
  })

  it.each(['allow', 'ask'] as const)('reads back as the same rule, however much an %s says', (effect) => {
    expect(read(writeRuleFile(onlyRules([maxContent(effect)])))).toEqual([maxContent(effect)])
  })
})
