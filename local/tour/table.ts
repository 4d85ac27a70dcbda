import Table from 'cli-table3'
import type { Ended } from './watch.ts'

const colours = { Approved: 'green', Rejected: 'red', Escalated: 'yellow' } as const
const codes = { green: 32, red: 31, yellow: 33, grey: 90 } as const

/** True when standard output shows colours; `NO_COLOR` switches them off. */
export function showsColours(): boolean {
  return process.stdout.isTTY && process.env['NO_COLOR'] === undefined
}

/** Puts a text in a colour where colours are shown. */
export function coloured(text: string, colour: keyof typeof codes): string {
  return showsColours() ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text
}

/** The table at the end of the tour: who asked, for what, proof, verdict, rule or reason, seconds. */
export function endTable(all: readonly Ended[]): string {
  const table = new Table({
    head: ['Who asked', 'For what', 'Proof', 'Verdict', 'Rule, or why a person decides', 'Seconds'],
    style: { head: [], border: showsColours() ? ['grey'] : [] },
    colWidths: [34, 32, 11, 11, 48, 9],
    colAligns: ['left', 'left', 'left', 'left', 'left', 'right'],
    wordWrap: true,
  })
  for (const ended of all) table.push(cells(ended))
  return table.toString()
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
