import { type Finding, lintRules } from '../../shared/allow-list/lint/index.ts'
import type { RuleContent } from '../../shared/domain/rule.ts'
import { readRules } from '../input.ts'
import type { ExitCode } from '../io.ts'
import type { Run } from '../run.ts'
import { counted } from '../words.ts'
import type { CheckOptions } from './check.ts'
import { findingCounts, findingLines } from './findings-view.ts'
import { readTable } from './table-rules.ts'

interface Checked {
  readonly name: string
  readonly rules: readonly RuleContent[]
  /** Where in the file a rule stands; empty for the table. */
  readonly placeOf: (ruleId: string) => string
  readonly lineOf: (ruleId: string) => number | undefined
  /** Rows of the table that are no rules. */
  readonly unusable: readonly string[]
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
  return failing.length > 0 || checked.unusable.length > 0 ? 1 : 0
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
    unusable: [],
  }
}

async function fromTable(run: Run<CheckOptions>): Promise<Checked> {
  const { rules, unusable } = await readTable(run)
  return { name: 'The table', rules, placeOf: () => '', lineOf: () => undefined, unusable }
}

function json({ rules, lineOf, unusable }: Checked, findings: readonly Finding[]): string {
  return JSON.stringify({
    rules: rules.length,
    problems: unusable,
    findings: findings.map((finding) => ({ line: lineOf(finding.ruleId), ...finding })),
  })
}

function print({ io }: Run<CheckOptions>, checked: Checked, findings: readonly Finding[]): void {
  const { name, rules, placeOf, unusable } = checked
  for (const problem of unusable) io.out(`${io.coloured('error', 'red')}  ${problem}`)
  for (const line of findingLines(io, findings, placeOf)) io.out(line)
  const counts = findingCounts(findings)
  const rows = unusable.length === 0 ? '' : `; ${counted(unusable.length, 'row')} cannot be used`
  io.out(`${name}: ${counted(rules.length, 'rule')}, ${counts === '' ? 'nothing found' : counts}${rows}.`)
}
