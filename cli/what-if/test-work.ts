import { dirname, isAbsolute, join } from 'node:path'
import { visible } from '../../shared/domain/printable.ts'
import { type CaseResult, type CasesResult, evaluateCases } from '../../shared/what-if/cases.ts'
import type { Run } from '../command/run.ts'
import { CommandFailed, type ExitCode, type Io } from '../terminal/io.ts'
import { writeResult } from '../terminal/output.ts'
import { counted } from '../terminal/words.ts'
import type { LocatedCase } from './cases-file.ts'
import { explanationOf } from './explanation.ts'
import { junitOf } from './junit.ts'
import { readCases } from './read-cases.ts'
import { ruleSetOfFile } from './rules.ts'

export interface TestOptions {
  readonly rules?: string
  readonly requireCoverage?: true
  readonly junit?: string
}

const maxUncoveredShown = 20

/** Runs the cases. 1: one failed, there are none, or with `--require-coverage` a rule has none. */
export async function test(run: Run<TestOptions>, path: string): Promise<ExitCode> {
  const { io, options } = run
  const file = await readCases(run, path)
  if (!file) return 2
  const rulesPath = options.rules ?? (file.rules && besides(path, file.rules))
  if (rulesPath === undefined) {
    throw new CommandFailed(
      `${visible(path)} names no rule file: add "rules: …" to it, or give --rules FILE.`,
      2,
    )
  }
  const set = await ruleSetOfFile(run, rulesPath)
  if (!set) return 2
  const result = evaluateCases(file.cases, set.rules, run.now())
  if (io.isJson) io.out(json(result))
  else print(io, path, result, set.rules.length)
  if (options.junit !== undefined) await writeResult(options.junit, junitOf(path, result.results), true)
  const lacksCases = options.requireCoverage === true && result.uncovered.length > 0
  return result.results.length === 0 || result.results.some(hasFailed) || lacksCases ? 1 : 0
}

/** A path named in a file, resolved against that file's folder. */
function besides(path: string, named: string): string {
  return isAbsolute(named) ? named : join(dirname(path), named)
}

function print(
  io: Io,
  path: string,
  { results, uncovered }: CasesResult<LocatedCase>,
  ruleCount: number,
): void {
  for (const result of results) {
    const [symbol, colour] = hasFailed(result) ? (['✗', 'red'] as const) : (['✓', 'green'] as const)
    const { name, line } = result.case
    const place = hasFailed(result) ? `  (${visible(path)}:${line})` : ''
    io.out(`${io.coloured(symbol, colour)} ${visible(name)}${io.coloured(place, 'grey')}`)
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
  const more = uncovered.length > maxUncoveredShown ? ' …' : '.'
  const names = uncovered.slice(0, maxUncoveredShown).join(', ')
  return ` ${counted(uncovered.length, 'rule')} of ${ruleCount} without one: ${names}${more}`
}

function json({ results, uncovered }: CasesResult<LocatedCase>): string {
  return JSON.stringify({
    failed: results.filter(hasFailed).length,
    cases: results.map(({ case: { name, line, expect }, failures, verdict }) => ({
      name,
      line,
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
