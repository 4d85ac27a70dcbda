import type { ListContent } from '../../shared/allow-list/routing/forms.ts'
import type { Finding } from '../../shared/lint/index.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import type { ExitCode } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'
import { findingCounts, findingLines } from './findings-view.ts'
import { lintList } from './lint-list.ts'
import { problemsOf } from './list-problems.ts'
import { openList, readList } from './open-list.ts'
import { unfinishedSentence } from './plan-with-findings-view.ts'
import { contentOf, linesOf, readRules } from './read-rules.ts'

export interface CheckOptions extends PlaceOptions {
  readonly strict?: true
}

interface Checked {
  readonly name: string
  readonly content: ListContent
  /** Position of a rule, channel or route in the file; empty for the table. */
  readonly placeOf: (ruleId: string) => string
  readonly lineOf: (ruleId: string) => number | undefined
  /** Of the table: rows that are no rules, an apply that was left unfinished. */
  readonly problems: readonly string[]
}

/** Checks a file or the table. 1: an error, with `--strict` also a warning, or a row that is no rule. */
export async function check(run: Run<CheckOptions>, file: string | undefined): Promise<ExitCode> {
  const checked = file === undefined ? await fromTable(run) : await fromFile(run, file)
  if (checked === undefined) return 2
  const findings = lintList(checked.content, run.now())
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
  const lines = linesOf(read)
  return {
    name: read.name,
    content: contentOf(read),
    placeOf: (ruleId) => `${read.name}:${lines.get(ruleId) ?? 1}  `,
    lineOf: (ruleId) => lines.get(ruleId),
    problems: [],
  }
}

async function fromTable(run: Run<CheckOptions>): Promise<Checked> {
  const list = await openList(run)
  const state = await readList(run, list)
  const { unfinished } = state
  const { ofRules, ofRouting } = problemsOf(state)
  return {
    name: list.place,
    content: state,
    placeOf: () => '',
    lineOf: () => undefined,
    problems: [
      ...ofRules,
      ...ofRouting,
      ...(unfinished === undefined ? [] : [unfinishedSentence(unfinished)]),
    ],
  }
}

function json({ content, lineOf, problems }: Checked, findings: readonly Finding[]): string {
  return JSON.stringify({
    rules: content.rules.length,
    channels: content.channels.length,
    routes: content.routes.length,
    problems,
    findings: findings.map((finding) => ({ line: lineOf(finding.ruleId), ...finding })),
  })
}

function print({ io }: Run<CheckOptions>, checked: Checked, findings: readonly Finding[]): void {
  const { name, content, placeOf, problems } = checked
  for (const problem of problems) io.out(`${io.coloured('error', 'red')}  ${problem}`)
  for (const line of findingLines(io, findings, placeOf)) io.out(line)
  const counts = findingCounts(findings)
  io.out(
    `${name}: ${countedItems(content)}, ${[problems.length > 0 ? counted(problems.length, 'problem') : '', counts].filter((text) => text !== '').join(', ') || 'nothing found'}.`,
  )
}

function countedItems({ rules, channels, routes }: ListContent): string {
  const others = [...countedSome(channels.length, 'channel'), ...countedSome(routes.length, 'route')]
  return [counted(rules.length, 'rule'), ...others].join(', ')
}

function countedSome(count: number, noun: string): readonly string[] {
  return count === 0 ? [] : [counted(count, noun)]
}
