import { visible } from '../../shared/domain/printable.ts'
import type { RuleContent } from '../../shared/domain/rule.ts'
import { type Finding, lintRules } from '../../shared/lint/index.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import type { ExitCode } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'
import { findingCounts, findingLines } from './findings-view.ts'
import { openList, readList } from './open-list.ts'
import { unfinishedSentence } from './plan-with-findings-view.ts'
import { readRules } from './read-rules.ts'

export interface CheckOptions extends PlaceOptions {
  readonly strict?: true
}

interface Checked {
  readonly name: string
  readonly rules: readonly RuleContent[]
  /** Position of a rule in the file; empty for the table. */
  readonly placeOf: (ruleId: string) => string
  readonly lineOf: (ruleId: string) => number | undefined
  /** Of the table: rows that are no rules, an apply that was left unfinished. */
  readonly problems: readonly string[]
}

/** Checks a file or the table. 1: an error, with `--strict` also a warning, or a row that is no rule. */
export async function check(run: Run<CheckOptions>, file: string | undefined): Promise<ExitCode> {
  const checked = file === undefined ? await fromTable(run) : await fromFile(run, file)
  if (checked === undefined) return 2
  const findings = lintRules(checked.rules, run.now())
  const failing = findings.filter(
    ({ severity }) => severity === 'error' || (severity === 'warning' && run.options.strict),
  )
  if (run.io.isJson) run.io.out(json(checked, findings))
  else print(run, checked, findings)
  return failing.length > 0 || checked.problems.length > 0 ? 1 : 0
}

async function fromFile(run: Run<CheckOptions>, file: string): Promise<Checked | undefined> {
  const read = await readRules(run, file)
  if (read === undefined) return undefined
  const lines = new Map(read.rules.map(({ content, line }) => [content.id, line]))
  return {
    name: read.name,
    rules: read.rules.map(({ content }) => content),
    placeOf: (ruleId) => `${read.name}:${lines.get(ruleId) ?? 1}  `,
    lineOf: (ruleId) => lines.get(ruleId),
    problems: [],
  }
}

async function fromTable(run: Run<CheckOptions>): Promise<Checked> {
  const list = await openList(run)
  const { rules, unusable, unfinished } = await readList(run, list)
  return {
    name: list.place,
    rules,
    placeOf: () => '',
    lineOf: () => undefined,
    problems: [
      ...unusable.map(({ problem }) => visible(problem)),
      ...(unfinished === undefined ? [] : [unfinishedSentence(unfinished)]),
    ],
  }
}

function json({ rules, lineOf, problems }: Checked, findings: readonly Finding[]): string {
  return JSON.stringify({
    rules: rules.length,
    problems,
    findings: findings.map((finding) => ({ line: lineOf(finding.ruleId), ...finding })),
  })
}

function print({ io }: Run<CheckOptions>, checked: Checked, findings: readonly Finding[]): void {
  const { name, rules, placeOf, problems } = checked
  for (const problem of problems) io.out(`${io.coloured('error', 'red')}  ${problem}`)
  for (const line of findingLines(io, findings, placeOf)) io.out(line)
  const counts = findingCounts(findings)
  io.out(
    `${name}: ${counted(rules.length, 'rule')}, ${[problems.length > 0 ? counted(problems.length, 'problem') : '', counts].filter((text) => text !== '').join(', ') || 'nothing found'}.`,
  )
}
