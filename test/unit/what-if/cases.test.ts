import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCasesFile } from '../../../cli/what-if/cases-file.ts'
import { run } from '../../support/command-line.ts'
import { factoryId, ownEndpointId, storageId } from '../policy/given.ts'

const good = `rules: ./rules.yaml
cases:
  - name: the factory reaches blob
    at: 2026-11-21T12:00:00Z
    request:
      target: ${storageId}
      groupIds: [blob]
      requester: ${factoryId}
      proof: confirmed
      managedTenant: true
      targetTags: { environment: prod }
      targetManagementGroups: unknown
      approvedConnections: 1
    expect: approve
    rule: factory-to-lake
    reason: allowed-by-rule
  - name: others are a question
    request:
      target: ${storageId}
      endpoint: ${ownEndpointId}
    expect: escalate
`
const rules = `rules:
  - id: factory-to-lake
    effect: allow
    target: ${storageId}
    groupIds: [blob]
    requester: ${factoryId}
  - id: never-payroll
    effect: deny
    target: ${storageId}/blobServices/payroll
`

function problemsOf(text: string | Uint8Array) {
  const { problems = [] } = readCasesFile(typeof text === 'string' ? Buffer.from(text) : text)
  return problems.map(({ line, column, sentence }) => `${line}:${column} ${sentence}`)
}

describe('a file of cases', () => {
  it('is read with its places', () => {
    const { file } = readCasesFile(Buffer.from(good))
    expect(file).toMatchObject({
      rules: './rules.yaml',
      cases: [
        {
          name: 'the factory reaches blob',
          line: 3,
          at: new Date('2026-11-21T12:00:00Z'),
          expect: 'approve',
          rule: 'factory-to-lake',
          reason: 'allowed-by-rule',
          facts: {
            connection: { groupIds: ['blob'] },
            proof: { level: 'confirmed', isManagedTenant: true },
            context: { targetTags: [{ name: 'environment', value: 'prod' }], targetGroups: undefined },
          },
        },
        { name: 'others are a question', line: 17, at: undefined, rule: undefined },
      ],
    })
  })

  it('may be JSON', () => {
    const json = { cases: [{ name: 'a', request: { target: storageId }, expect: 'escalate' }] }
    expect(readCasesFile(Buffer.from(JSON.stringify(json))).file?.cases).toHaveLength(1)
  })

  it.each([
    [
      'expect: approve',
      'expect: allow',
      '14:13 expect is "allow"; expected: one of approve, escalate, reject.',
    ],
    ['groupIds: [blob]', 'groups: [blob]', '7:7 "groups" is not known here; a request may hold target, '],
    ['groupIds: [blob]', 'groupIds: blob', '7:17 groupIds is "blob"; expected: a list of group ids'],
    ['proof: confirmed', 'proof: sure', '9:14 proof is "sure"; expected: confirmed, platform or none.'],
    [
      'managedTenant: true',
      'managedTenant: false',
      '10:22 managedTenant does not fit: a managed requester is confirmed in',
    ],
    ['at: 2026-11-21T12:00:00Z', 'at: 2026-11-31', '4:9 at is "2026-11-31"; expected: a day or a time'],
    ['others are a question', 'the factory reaches blob', '17:11 "the factory reaches blob" is another case'],
    [
      'approvedConnections: 1',
      'approvedConnections: -1',
      '13:28 approvedConnections is -1; expected: a whole number',
    ],
    [
      '{ environment: prod }',
      '{ release: 1 }',
      '11:19 targetTags is {"release":1}; expected: names and values',
    ],
    ['{ environment: prod }', '{ a: b, a: c }', '11:27 "a" stands here twice.'],
    [
      'reason: allowed-by-rule',
      'reason: burst-limit',
      '16:13 reason is "burst-limit"; expected: one of allowed-by-rule',
    ],
    ['rule: factory-to-lake', 'rule: [x]', '15:11 rule is no text; expected: the id of a rule.'],
    ['name: others are a question', 'rule: x', '17:5 name is missing; expected: what the case is called'],
    ['cases:', 'case:', '2:1 "case" is not known here; the file may hold rules, cases.'],
    ['rules: ./rules.yaml\n', 'rules: &a x\n', '1:8 Anchors (&) are not read'],
  ])('says where it is wrong: %s → %s', (from, to, problem) => {
    const problems = problemsOf(good.replace(from, to))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })

  it('tells one problem of each case', () => {
    expect(problemsOf(good.replaceAll(/expect: \w+/g, 'expect: maybe'))).toHaveLength(2)
  })

  it.each([
    ['nothing', ''],
    ['a list', '- a'],
    ['no cases', 'rules: x'],
    ['cases that are no list', 'cases: 1'],
    ['what is not UTF-8', Uint8Array.of(0x63, 0xff)],
    ['a million characters', `# ${'x'.repeat(1_000_000)}`],
  ])('is refused as %s', (_, text) => {
    expect(problemsOf(text)).toHaveLength(1)
  })
})

describe('the command test', () => {
  let folder: string
  const file = (name: string, text?: string): string => {
    if (text !== undefined) writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cases-'))
    file('rules.yaml', rules)
    file('good.yaml', good)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('runs the cases against the rules they name', async () => {
    const { code, out } = await run(['test', file('good.yaml')])
    expect(out).toBe(
      '✓ the factory reaches blob\n✓ others are a question\n' +
        'All 2 cases hold. 1 rule of 2 without one: never-payroll.\n',
    )
    expect(code).toBe(0)
  })

  it('fails where a rule has no case, if that is asked for', async () => {
    expect((await run(['test', file('good.yaml'), '--require-coverage'])).code).toBe(1)
  })

  it('explains a case that fails, and ends with 1', async () => {
    const wrong = good.replace('expect: escalate', 'expect: reject\n    rule: never-payrolls')
    const { code, out } = await run(['test', file('wrong.yaml', wrong)])
    expect(code).toBe(1)
    expect(out).toMatch(
      /✗ others are a question {2}\(.*wrong\.yaml:17\)\n {4}expected: reject; the rules say escalate\n/,
    )
    expect(out).toContain(
      '    expected: rule never-payrolls decides; no rule does, and there is no such rule\n',
    )
    expect(out).toContain('        ✗ requester      expected: Data Factory adf-prod')
    expect(out).toContain('1 of 2 cases failed.')
  })

  it('fails where there are no cases', async () => {
    const { code, out } = await run(['test', file('no-cases.yaml', 'rules: ./rules.yaml\ncases: []\n')])
    expect([code, out]).toEqual([
      1,
      'There are no cases. 2 rules of 2 without one: factory-to-lake, never-payroll.\n',
    ])
  })

  it('runs them against other rules', async () => {
    const other = file('other.yaml', rules.replace('[blob]', '[dfs]'))
    const { code, out } = await run(['test', file('good.yaml'), '--rules', other, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      failed: 1,
      cases: [
        {
          failures: [
            'expected: approve; the rules say escalate',
            'expected: rule factory-to-lake decides; no rule does',
            'expected: reason allowed-by-rule; it is no-rule-matched',
          ],
          verdict: { outcome: 'escalate' },
        },
        { failures: [] },
      ],
      uncovered: ['factory-to-lake', 'never-payroll'],
    })
  })

  it('writes JUnit XML', async () => {
    const wrong = file(
      'junit.yaml',
      good.replace('expect: escalate', 'expect: reject').replace('others', 'a <b> "c" &'),
    )
    await run(['test', wrong, '--junit', file('junit.xml')])
    const xml = readFileSync(file('junit.xml'), 'utf8')
    expect(xml).toContain('tests="2" failures="1"')
    expect(xml).toContain('name="a &lt;b&gt; &quot;c&quot; &amp; are a question"')
    expect(xml).toContain('<failure message="expected: reject; the rules say escalate">')
  })

  it.each([
    [
      'a file of cases that is wrong',
      () => file('odd.yaml', 'cases: 1'),
      /odd\.yaml:1:8 {2}cases is no list/,
    ],
    [
      'a rule file that is wrong',
      () => {
        file('odd-rules.yaml', 'rule: []')
        return file('lost.yaml', good.replace('rules.yaml', 'odd-rules.yaml'))
      },
      /odd-rules\.yaml:1:1 /,
    ],
    [
      'no rule file',
      () => file('none.yaml', good.replace('rules: ./rules.yaml\n', '')),
      /names no rule file/,
    ],
    ['a file that is not there', () => file('missing.yaml'), /there is no such file/],
  ])('ends with 2 for %s', async (_, path, sentence) => {
    const { code, out, err } = await run(['test', path()])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(sentence)
  })
})
