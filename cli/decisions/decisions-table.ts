import Table from 'cli-table3'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { visible } from '../../shared/domain/printable.ts'
import { endpointIdOf } from '../../shared/domain/request.ts'
import { parseResourceId } from '../../shared/domain/resource-id.ts'
import { spokenState } from '../../shared/domain/spoken-state.ts'
import { breakable, tableWidth } from '../terminal/table-text.ts'

const padding = 2
const [timeWidth, whatWidth, proofWidth, decisionWidth] = [10, 15, 11, 26]
/** Below this many characters the names need the room of the column with the decision ids. */
const minWidthWithDecision = 130

/** The log as a table, one row per entry; consecutive similar entries of one burst case are folded. */
export function decisionsTable(entries: readonly LogEntry[], columns: number | undefined): string {
  const width = tableWidth(columns, 80, 160)
  const withDecision = width >= minWidthWithDecision
  const widths = widthsFor(width, withDecision)
  const head = ['UTC', 'What', 'Target', 'Endpoint', 'Proof', 'Rule or reason', 'Decision']
  const table = new Table({
    head: head.slice(0, widths.length),
    style: { head: [], border: [], compact: true },
    colWidths: widths,
    wordWrap: true,
  })
  for (const [first, ...folded] of foldedByCase(entries)) {
    const texts = cells(first).slice(0, widths.length)
    table.push(texts.map((text, index) => breakable(visible(text), (widths[index] ?? 0) - padding)))
    const last = folded.at(-1)
    if (last) {
      const content = `… and ${folded.length} more of this case`
      table.push([timeOf(last), { colSpan: widths.length - 1, content }])
    }
  }
  return table.toString()
}

function widthsFor(width: number, withDecision: boolean): number[] {
  const decision = withDecision ? [decisionWidth] : []
  const columnCount = 6 + decision.length
  const borders = columnCount + 1
  const rest = width - borders - timeWidth - whatWidth - proofWidth - (decision[0] ?? 0)
  const name = Math.floor(rest * 0.33)
  return [timeWidth, whatWidth, name, name, proofWidth, rest - 2 * name, ...decision]
}

type Group = [LogEntry, ...LogEntry[]]

function foldedByCase(entries: readonly LogEntry[]): readonly Group[] {
  const groups: Group[] = []
  for (const entry of entries) {
    const group = groups.at(-1)
    if (group && isAlike(group[0], entry)) group.push(entry)
    else groups.push([entry])
  }
  return groups
}

function isAlike(one: LogEntry, other: LogEntry): boolean {
  return (
    one.caseId !== undefined &&
    one.caseId === other.caseId &&
    one.kind === other.kind &&
    one.state === other.state
  )
}

function cells(entry: LogEntry): readonly string[] {
  return [
    timeOf(entry),
    whatOf(entry),
    `${shortName(entry.subject.targetId)}${groupsOf(entry)}`,
    shortName(endpointIdOf(entry.subject)),
    entry.proof?.level ?? '',
    entry.decidedBy && entry.state !== 'open'
      ? `${entry.decidedBy.ruleId} v${entry.decidedBy.ruleVersion}`
      : entry.reason.sentence,
    entry.caseId === undefined ? entry.decisionId : `${entry.decisionId} case ${entry.caseId}`,
  ]
}

/** The outcome of the request where the entry has one, otherwise the kind of entry. */
function whatOf({ kind, state, outcome }: LogEntry): string {
  if (kind === 'escalated') return 'manual review'
  return kind === 'result' || kind === 'observed' ? spokenState(state, outcome) : kind
}

function timeOf({ at }: LogEntry): string {
  return at.slice(11, 19)
}

function groupsOf({ groupIds = [] }: LogEntry): string {
  return groupIds.length === 0 ? '' : ` (${groupIds.join(', ')})`
}

function shortName(id: string | undefined): string {
  return parseResourceId(id)?.name ?? ''
}
