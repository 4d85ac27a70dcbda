import Table from 'cli-table3'
import { breakable, tableWidth } from '../../cli/terminal/table-text.ts'
import { coloured, showsColours } from '../terminal.ts'
import type { Ending } from './requests.ts'
import type { Ended } from './watch.ts'

const colours = { approved: 'green', rejected: 'red', 'manual review': 'yellow' } as const
const endings: readonly Ending[] = ['approved', 'manual review', 'rejected']
const counted = { approved: 'approved', 'manual review': 'in manual review', rejected: 'rejected' } as const

/** The table at the end of the tour: requester, target, proof, state, rule or reason, seconds. */
export function endTable(all: readonly Ended[], columns = process.stdout.columns): string {
  const widths = widthsFor(columns)
  const table = new Table({
    head: ['Requester', 'Target', 'Proof', 'State', 'Rule or reason', 'Seconds'],
    style: { head: [], border: showsColours() ? ['grey'] : [], compact: true },
    colWidths: widths,
    colAligns: ['left', 'left', 'left', 'left', 'left', 'right'],
    wordWrap: true,
  })
  for (const ended of all) {
    table.push(cells(ended).map((text, index) => breakable(text, (widths[index] ?? 0) - padding)))
  }
  return table.toString()
}

const padding = 2
const borders = 7
const [proofWidth, stateWidth, secondsWidth] = [11, 15, 9]

/** Fits a terminal of 100 to 150 columns. */
function widthsFor(columns: number | undefined): number[] {
  const rest = tableWidth(columns, 100, 150) - proofWidth - stateWidth - secondsWidth - borders
  const who = Math.floor(rest * 0.32)
  const what = Math.floor(rest * 0.29)
  return [who, what, proofWidth, stateWidth, rest - who - what, secondsWidth]
}

/** One line for a request that has just ended. */
export function endLine(ended: Ended): string {
  const { request, seconds, problem } = ended
  const what = `${request.who} → ${request.asksFor}`
  if (problem !== '') return `  ${coloured('✗', 'red')} ${what}: ${problem}`
  return `  ${coloured('✓', 'green')} ${what}: ${stateOf(ended)} after ${seconds.toFixed(1)} s`
}

/** The last line: whether all ended as expected, how many ended in which way, and how long it took. */
export function endSummary(all: readonly Ended[], tookMs: number): string {
  const right = all.filter(({ problem }) => problem === '')
  const wrong = all.length - right.length
  const verdict =
    wrong === 0
      ? coloured('Every request ended as it should.', 'green')
      : coloured(`${wrong} of ${all.length} requests did not end as they should.`, 'red')
  const having = (ending: Ending) => right.filter(({ request }) => request.ending === ending)
  const counts = endings.map((ending) => `${having(ending).length} ${counted[ending]}`).join(', ')
  const approvals = having('approved').map(({ seconds }) => seconds)
  const slowest =
    approvals.length === 0 ? '' : ` the slowest approval in ${Math.max(...approvals).toFixed(1)} s;`
  return `${verdict} ${counts};${slowest} ${(tookMs / 1000).toFixed(0)} s in all.`
}

function cells(ended: Ended): string[] {
  const { request, entry, seconds } = ended
  return [
    request.who,
    request.asksFor,
    entry?.proof?.level ?? '',
    stateOf(ended),
    ended.problem === '' ? whyOf(ended) : `WRONG: ${ended.problem}`,
    Number.isNaN(seconds) ? '' : seconds.toFixed(1),
  ]
}

function stateOf({ request, problem }: Ended): string {
  return problem === '' ? coloured(request.ending, colours[request.ending]) : coloured('wrong', 'red')
}

function whyOf({ entry }: Ended): string {
  if (!entry) return ''
  const rule = entry.decidedBy
  return rule && entry.state !== 'open' ? `${rule.ruleId} v${rule.ruleVersion}` : entry.reason.sentence
}
