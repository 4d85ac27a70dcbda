import Table from 'cli-table3'
import { breakable, coloured, showsColours } from '../terminal.ts'
import type { Ended } from './watch.ts'

const colours = { Approved: 'green', Rejected: 'red', Escalated: 'yellow' } as const
/** The table at the end of the tour: who asked, for what, proof, verdict, rule or reason, seconds. */
export function endTable(all: readonly Ended[], columns = process.stdout.columns): string {
  const widths = widthsFor(columns)
  const table = new Table({
    head: ['Who asked', 'For what', 'Proof', 'Verdict', 'Rule, or reason', 'Seconds'],
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
const [proofWidth, verdictWidth, secondsWidth] = [11, 11, 9]

/** Fits a terminal of 100 to 150 columns; 120 where nobody says how wide it is. */
function widthsFor(columns: number | undefined): number[] {
  const rest =
    Math.min(Math.max(columns ?? 120, 100), 150) - proofWidth - verdictWidth - secondsWidth - borders
  const who = Math.floor(rest * 0.3)
  const what = Math.floor(rest * 0.29)
  return [who, what, proofWidth, verdictWidth, rest - who - what, secondsWidth]
}

/** One line for a request that has just ended. */
export function endLine(ended: Ended): string {
  const { request, seconds, problem } = ended
  const what = `${request.who} → ${request.wants}`
  if (problem !== '') return `  ${coloured('✗', 'red')} ${what}: ${problem}`
  return `  ${coloured('✓', 'green')} ${what}: ${verdictOf(ended)} after ${seconds.toFixed(1)} s`
}

function cells(ended: Ended): string[] {
  const { request, entry, seconds } = ended
  return [
    request.who,
    request.wants,
    entry?.proof?.level ?? '',
    verdictOf(ended),
    ended.problem === '' ? whyOf(ended) : `WRONG: ${ended.problem}`,
    Number.isNaN(seconds) ? '' : seconds.toFixed(1),
  ]
}

function verdictOf({ request, problem }: Ended): string {
  return problem === '' ? coloured(request.ending, colours[request.ending]) : coloured('wrong', 'red')
}

function whyOf({ entry }: Ended): string {
  if (!entry) return ''
  const rule = entry.decidedBy
  return rule && entry.state !== 'escalated' ? `${rule.ruleId} v${rule.ruleVersion}` : entry.reason.sentence
}
