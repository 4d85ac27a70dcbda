import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Template, templates, withOwnValues } from '../../../cli/allow-list/templates.ts'
import { readCasesFile } from '../../../cli/what-if/cases-file.ts'
import { asRules } from '../../../cli/what-if/rules.ts'
import { readRuleFile } from '../../../shared/allow-list/file/read.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { lintRules } from '../../../shared/lint/index.ts'
import { type Case, evaluateCases } from '../../../shared/what-if/cases.ts'
import { run } from '../../support/command-line.ts'

const all = templates()
const now = new Date('2026-11-21T12:00:00Z')
const guid = /^[0-9a-f-]{36}$/

function rulesOf(text: string): readonly Rule[] {
  const { rules, problems } = readRuleFile(Buffer.from(text), 'the template')
  expect(problems).toBeUndefined()
  return asRules((rules ?? []).map(({ content }) => content))
}

function casesOf(text: string): readonly Case[] {
  const { file, problems } = readCasesFile(Buffer.from(text))
  expect(problems).toBeUndefined()
  return file?.cases ?? []
}

/** A value of one's own for each example, none like another. */
function ownValues({ examples }: Template): ReadonlyMap<string, string> {
  return new Map(
    examples.map(({ key, value }, index) => {
      if (guid.test(value)) return [key, `abcdef0${index}-0000-4000-8000-000000000000`]
      if (key.endsWith('-mail')) return [key, `own${index}@fabrikam.example`]
      if (key.endsWith('-host')) return [key, `own${index}.fabrikam.example`]
      if (key === 'until') return [key, '2028-06-30']
      return [key, `own${String.fromCharCode(97 + index)}`]
    }),
  )
}

it('there are templates for ten usual cases', () => {
  expect(all.map(({ name }) => name)).toEqual([
    'adf-to-purview',
    'adf-to-sql-and-key-vault',
    'channels',
    'databricks',
    'fabric',
    'front-door',
    'graph-data-connect',
    'purview-managed-vnet',
    'snowflake',
    'synapse-to-lake',
  ])
})

describe.each(all)('the template $name', (template) => {
  it('has cases that hold, and each of its rules has one', () => {
    const { results, uncovered } = evaluateCases(casesOf(template.cases), rulesOf(template.rules), now)
    expect(results.filter(({ failures }) => failures.length > 0).map(({ failures }) => failures)).toEqual([])
    expect(results.length).toBeGreaterThan(1)
    expect(uncovered).toEqual([])
  })

  it('gives the linter nothing to say but that Front Door never approves', () => {
    const codes = lintRules(rulesOf(template.rules), now).map(({ code }) => code)
    expect(codes).toEqual(template.name === 'front-door' ? ['never-confirmed'] : [])
  })

  it('explains every example, and each stands in a rule', () => {
    const [, rules = ''] = template.rules.split('# End of the examples.')
    expect(template.examples.filter(({ value }) => !rules.includes(value))).toEqual([])
    const values = template.examples.map(({ value }) => value)
    expect(new Set(values).size).toBe(values.length)
  })

  it('is of one piece after every example has been replaced', () => {
    const own = ownValues(template)
    const rules = withOwnValues(template.rules, template, own)
    for (const { value } of template.examples) expect(rules).not.toContain(value)
    const { results, uncovered } = evaluateCases(
      casesOf(withOwnValues(template.cases, template, own)),
      rulesOf(rules),
      now,
    )
    expect([results.flatMap(({ failures }) => failures), uncovered]).toEqual([[], []])
  })
})

describe('allow-list template', () => {
  it('lists them', async () => {
    const { code, out } = await run(['allow-list', 'template'])
    expect(code).toBe(0)
    expect(out).toMatch(/^snowflake {2,}Snowflake reaches a lake from endpoints in its own subscriptions/m)
  })

  it('prints one as it lies in the folder, but for the place of the schema', async () => {
    const { out } = await run(['allow-list', 'template', 'fabric'])
    const text = readFileSync(new URL('../../../templates/fabric.yaml', import.meta.url), 'utf8')
    expect(out).toBe(text.replace('../docs/', './'))
  })

  it('puts values of one’s own in place of examples, in rules and in cases', async () => {
    const set = ['--set', 'sql-server=sql-mine', '--set', 'workspace=abcdef00-0000-4000-8000-000000000000']
    const { out } = await run(['allow-list', 'template', 'fabric', ...set])
    expect(out).toContain('/servers/sql-mine\n')
    expect(out).toContain('/fabric/workspaces/abcdef00-0000-4000-8000-000000000000\n')
    const cases = await run(['allow-list', 'template', 'fabric', '--cases', ...set])
    expect(cases.out).toContain('/servers/sql-mine\n')
  })

  it.each([
    [['fabrik'], 'There is no template "fabrik"; there are: adf-to-purview, '],
    [
      ['fabric', '--set', 'lakes=x'],
      '--set is "lakes=x"; expected for fabric: key=value with one of the keys ',
    ],
    [['fabric', '--set', 'lake='], '--set is "lake="; expected'],
  ])('says what there is instead of %j', async (args, sentence) => {
    const { code, out, err } = await run(['allow-list', 'template', ...args])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
  })
})
