import { describe, expect, it } from 'vitest'
import { asTableRow, type MutationReport, scoreOf, withoutReason } from '../../../scripts/mutation/report.ts'

const at = (line: number, column: number) => ({ line, column })
const source = 'first\nif (a || b) {\n  end()\n}\n'
const report: MutationReport = {
  files: {
    'shared/request/life.ts': {
      source,
      mutants: [
        { status: 'Killed', location: { start: at(1, 1), end: at(1, 6) } },
        { status: 'Timeout', location: { start: at(1, 1), end: at(1, 6) } },
        { status: 'Survived', replacement: 'a && b', location: { start: at(2, 5), end: at(2, 11) } },
        { status: 'NoCoverage', replacement: '{}', location: { start: at(2, 13), end: at(4, 2) } },
        { status: 'CompileError', location: { start: at(1, 1), end: at(1, 6) } },
      ],
    },
  },
}

describe('the score of a folder', () => {
  const score = scoreOf(report)

  it('counts what was noticed among all that could be run', () => {
    expect([score.noticed, score.all, score.percent]).toEqual([2, 4, 50])
  })

  it('names each survivor with its code and what it became, in one line', () => {
    expect(score.survivors).toEqual([
      { file: 'request/life.ts', line: 2, change: 'a || b → a && b' },
      { file: 'request/life.ts', line: 2, change: '{ end() } → {}' },
    ])
  })

  it('finds the survivors that the documentation gives no reason for', () => {
    const rows = score.survivors.map(asTableRow)
    expect(rows[0]).toBe('| `request/life.ts` | `a \\|\\| b → a && b` |')
    const page = `\n${rows[0] ?? ''}   No test can tell. |\n`
    expect(withoutReason(score.survivors, page)).toEqual(score.survivors.slice(1))
  })
})
