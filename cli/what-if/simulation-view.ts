import Table from 'cli-table3'
import { visible } from '../../shared/domain/printable.ts'
import { parseResourceId } from '../../shared/domain/resource-id.ts'
import { connectionIdOf, endpointIdOf } from '../../shared/domain/request.ts'
import { spokenState } from '../../shared/domain/spoken-state.ts'
import { minuteOf } from '../../shared/domain/time.ts'
import { type Change, type ChangeKind, changeKinds, type Simulation } from '../../shared/what-if/simulate.ts'
import type { Colour, Io } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'
import { wrapped } from '../terminal/wrap.ts'

interface KindWords {
  readonly title: string
  readonly colour: Colour
}

const words: Readonly<Record<Exclude<ChangeKind, 'same'>, KindWords>> = {
  'newly-approved': { title: 'Newly approved', colour: 'red' },
  'maybe-approved': { title: 'Maybe newly approved: the log does not hold all that decides', colour: 'red' },
  'newly-rejected': { title: 'Newly rejected', colour: 'yellow' },
  'newly-escalated': { title: 'No longer rejected: manual review', colour: 'yellow' },
  'no-longer-approved': { title: 'No longer approved: manual review', colour: 'yellow' },
  'not-evaluated': { title: 'Not evaluated: the log does not hold what decides', colour: 'grey' },
}
const shownKinds = changeKinds.filter((kind) => kind !== 'same')

/** Limit for each kind of change; new approvals are shown without a limit. */
const maxShown = 20
const alwaysWhole: readonly ChangeKind[] = ['newly-approved', 'maybe-approved']
const maxIdleShown = 20
const [minWidth, maxWidth, borders, padding] = [80, 160, 5, 2]

/** The result of a simulation as text: new approvals come first, and all of them. */
export function printSimulation(io: Io, { changes, idleRules }: Simulation, days: number): void {
  for (const kind of shownKinds)
    printKind(
      io,
      kind,
      changes.filter((change) => change.kind === kind),
    )
  const same = changes.filter(({ kind }) => kind === 'same').length
  const all = `${counted(changes.length, 'request')} in ${counted(days, 'day')}`
  io.out(
    changes.length === 0
      ? `The log holds no requests of ${counted(days, 'day')}.`
      : `${all}; ${same} would end as they did.`,
  )
  if (idleRules.length > 0) {
    const names = idleRules.slice(0, maxIdleShown).join(', ')
    const more = idleRules.length > maxIdleShown ? ' …' : ''
    const text = `${counted(idleRules.length, 'rule')} would have decided nothing: ${names}${more}`
    io.out(wrapped(text, Math.max(io.width, minWidth)).join('\n'))
  }
}

function printKind(io: Io, kind: Exclude<ChangeKind, 'same'>, changes: readonly Change[]): void {
  if (changes.length === 0) return
  const { title, colour } = words[kind]
  const shown = alwaysWhole.includes(kind) ? changes : changes.slice(0, maxShown)
  io.out(`${io.coloured(title, colour)} (${changes.length})`)
  io.out(tableOf(shown, io.width))
  if (shown.length < changes.length)
    io.out(`… and ${changes.length - shown.length} more; --json has them all.`)
  io.out('')
}

function tableOf(changes: readonly Change[], ioWidth: number): string {
  const rest = Math.min(Math.max(ioWidth, minWidth), maxWidth) - borders
  const widths = [18, Math.floor(rest * 0.24), Math.floor(rest * 0.24)]
  const colWidths = [...widths, rest - widths.reduce((sum, width) => sum + width, 0)]
  const table = new Table({
    head: ['Decided (UTC)', 'Target', 'Endpoint', 'Then, and by these rules'],
    style: { head: [], border: [], compact: true },
    colWidths,
  })
  for (const change of changes) {
    // The table itself would shorten a name that is wider than its column, or break it anywhere.
    table.push(
      cells(change).map((text, index) =>
        text
          .split('\n')
          .flatMap((line) => wrapped(visible(line), (colWidths[index] ?? 0) - padding))
          .join('\n'),
      ),
    )
  }
  return table.toString()
}

function cells({ request: { entry, ended }, was, verdict, missing, from }: Change): readonly string[] {
  const groups = entry.groupIds?.length ? ` (${entry.groupIds.join(', ')})` : ''
  const since = ended === entry.state ? '' : `, then ${spokenState(ended, entry.outcome)}`
  const begins = from ? `, from ${minuteOf(from.toISOString())} on` : ''
  const why = missing.length === 0 ? [] : [`not known: ${missing.join('; ')}`]
  return [
    minuteOf(entry.at),
    `${nameOf(entry.subject.targetId)}${groups}`,
    nameOf(endpointIdOf(entry.subject)),
    [
      `${was} (${entry.reason.code}${since})`,
      `→ ${verdict?.outcome ?? '?'} ${byRule(verdict)}${begins}`,
      ...why,
    ].join('\n'),
  ]
}

function byRule(verdict: Change['verdict']): string {
  const rule = verdict?.decidedBy ?? verdict?.nearest
  return verdict ? `(${verdict.reason.code}${rule ? `, ${rule.ruleId}` : ''})` : ''
}

function nameOf(id: string | undefined): string {
  return parseResourceId(id)?.name ?? 'not shown'
}

/** The result as JSON: every request with another outcome. */
export function simulationJson({ changes, idleRules }: Simulation, days: number): string {
  return JSON.stringify({
    days,
    requests: changes.length,
    counts: Object.fromEntries(
      changeKinds.map((kind) => [kind, changes.filter((change) => change.kind === kind).length]),
    ),
    changes: changes
      .filter(({ kind }) => kind !== 'same')
      .map(({ kind, request: { entry, ended }, was, verdict, missing, from }) => ({
        kind,
        connectionId: connectionIdOf(entry.subject),
        targetId: entry.subject.targetId,
        endpointId: endpointIdOf(entry.subject),
        groupIds: entry.groupIds,
        episode: entry.episode,
        decisionId: entry.decisionId,
        at: entry.at,
        ended,
        was,
        wasReason: entry.reason,
        would: verdict?.outcome,
        reason: verdict?.reason,
        rule: verdict?.decidedBy?.ruleId,
        nearest: verdict?.nearest?.ruleId,
        missing,
        from,
      })),
    idleRules,
  })
}
