import { writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { visible } from '../../shared/domain/printable.ts'
import { judgeCases, type CaseResult, type CasesResult } from '../../shared/what-if/cases.ts'
import { explanationOf } from '../explanation.ts'
import { CommandFailed, type ExitCode, type Io } from '../io.ts'
import type { Run } from '../run.ts'
import { junitOf } from '../what-if/junit.ts'
import { readCases } from '../what-if/read-cases.ts'
import { ruleSetOfFile } from '../what-if/rules.ts'
import { counted } from '../words.ts'
import type { TestOptions } from './test.ts'

/** Runs the cases. 1: one failed, or with `--require-coverage` a rule has none. */
export async function test(run: Run<TestOptions>, path: string): Promise<ExitCode> {
  const { io, options } = run
  const file = await readCases(run, path)
  if (!file) return 2
  const rulesPath = options.rules ?? (file.rules && resolve(dirname(path), file.rules))
  if (rulesPath === undefined) {
    throw new CommandFailed(
      `${visible(path)} names no rule file: add "rules: …" to it, or give --rules FILE.`,
      2,
    )
  }
  const set = await ruleSetOfFile(run, rulesPath)
  if (!set) return 2
  const result = judgeCases(file.cases, set.rules, run.now())
  if (io.isJson) io.out(json(result))
  else print(io, result, set.rules.length)
  if (options.junit !== undefined) await writeFile(options.junit, junitOf(path, result.results))
  const lacksCases = options.requireCoverage === true && result.uncovered.length > 0
  return result.results.some(hasFailed) || lacksCases ? 1 : 0
}

function print(io: Io, { results, uncovered }: CasesResult, ruleCount: number): void {
  for (const result of results) {
    const [mark, colour] = hasFailed(result) ? (['✗', 'red'] as const) : (['✓', 'green'] as const)
    io.out(`${io.coloured(mark, colour)} ${visible(result.case.name)}`)
    if (hasFailed(result)) io.out(failureOf(io, result, ruleCount))
  }
  const failed = results.filter(hasFailed).length
  const summary =
    failed === 0
      ? io.coloured(results.length === 1 ? 'The case holds.' : `All ${results.length} cases hold.`, 'green')
      : io.coloured(`${failed} of ${counted(results.length, 'case')} failed.`, 'red')
  io.out(`${results.length === 0 ? 'There are no cases.' : summary}${coverage(uncovered, ruleCount)}`)
}

function failureOf(io: Io, { failures, verdict }: CaseResult, ruleCount: number): string {
  const explanation = explanationOf(verdict, ruleCount, {
    coloured: (text, colour) => io.coloured(text, colour),
    width: io.width - 4,
  })
  return [...failures.map((failure) => io.coloured(visible(failure), 'red')), ...explanation.split('\n'), '']
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n')
}

function coverage(uncovered: readonly string[], ruleCount: number): string {
  if (ruleCount === 0) return ''
  if (uncovered.length === 0) return ' Every rule has one.'
  return ` ${counted(uncovered.length, 'rule')} of ${ruleCount} without one: ${uncovered.join(', ')}.`
}

function json({ results, uncovered }: CasesResult): string {
  return JSON.stringify({
    failed: results.filter(hasFailed).length,
    cases: results.map(({ case: { name, expect }, failures, verdict }) => ({
      name,
      expect,
      failures,
      verdict,
    })),
    uncovered,
  })
}

function hasFailed({ failures }: CaseResult): boolean {
  return failures.length > 0
}
