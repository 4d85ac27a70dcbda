import { changesNothing, type ListState } from '../../shared/allow-list/change/list-state.ts'
import { printable, visible } from '../../shared/domain/printable.ts'
import type { Io } from '../terminal/io.ts'
import { counted, shortly } from '../terminal/words.ts'
import { planCounts, planText } from './changes-view.ts'
import { findingLines } from './findings-view.ts'
import { tableMissing } from './open-list.ts'
import type { Planned } from './plan-of-file.ts'
import { fieldJson, ruleJson } from './rule-json.ts'

const maxFindingsShown = 20
const driftUnknown =
  'Too many changes are on record to be read for each plan: which rows were changed by hand was not looked at. Where the table differs from the file, the plan shows it all the same.'

/** What is shown before the confirmation: the state of the list, the diff, the linter's warnings, the totals. */
export function plannedText(io: Io, planned: Planned, isFull: boolean): string {
  const { file, list, state, plan, findings, drift } = planned
  const max = isFull ? Infinity : maxFindingsShown
  const lines = new Map(file.rules.map(({ content, line }) => [content.id, line]))
  const placeOf = (ruleId: string): string => `${file.name}:${lines.get(ruleId) ?? 1}  `
  const parts = [
    state.isTableMissing ? [tableMissing(list.place)] : [],
    state.unfinished === undefined ? [] : [io.coloured(unfinishedSentence(state.unfinished), 'red')],
    listed(
      drift?.map(({ ruleId, how }) => `${io.coloured(how, 'yellow')}  ${printable(ruleId)}`) ?? [
        driftUnknown,
      ],
      max,
    ),
    planText(io, plan, isFull)
      .split('\n')
      .filter((line) => line !== ''),
    listed(
      plan.replaced.map(({ before }) => `${io.coloured('~ fixed', 'yellow')}  ${visible(before.problem)}`),
      max,
    ),
    listed(
      plan.discarded.map(({ problem }) => `${io.coloured('- removed', 'red')}  ${visible(problem)}`),
      max,
    ),
    listed(findingLines(io, findings, placeOf), max),
    [sumOf(io, planned)],
  ]
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')
}

/** An apply that wrote a moment ago may well be going on. */
export function unfinishedSentence({ who, fileName, at }: NonNullable<ListState['unfinished']>): string {
  return `An apply by ${printable(who)} with ${printable(fileName)} is under way or was left unfinished (it last wrote at ${shortly(at)}). Until one runs to its end, the list decides nothing and every request waits for manual review.`
}

function sumOf(io: Io, { file, list, plan }: Planned): string {
  if (changesNothing(plan)) {
    return `Nothing to change: the ${counted(plan.unchanged.length, 'rule')} in ${list.place} are as ${file.name} says.`
  }
  const rows = [
    [plan.replaced.length, 'fixed'],
    [plan.discarded.length, 'unusable removed'],
  ] as const
  const more = rows.filter(([count]) => count > 0).map(([count, word]) => `, ${count} ${word}`)
  return `${io.coloured(`${planCounts(plan)}${more.join('')}`, 'bold')} in ${list.place}.`
}

function listed(lines: readonly string[], max: number): readonly string[] {
  const more = lines.length - max
  return more > 0
    ? [...lines.slice(0, max), `… and ${more.toLocaleString('en')} more; --full shows all.`]
    : lines
}

/** The plan as data: rules as a rule file states them. */
export function plannedJson({
  file,
  list,
  state,
  plan,
  findings,
  drift,
}: Planned): Readonly<Record<string, unknown>> {
  return {
    file: file.name,
    sha256: file.sha256,
    place: list.place,
    changes: !changesNothing(plan),
    added: plan.added.map(ruleJson),
    changed: plan.changed.map(({ before, after, fields }) => ({
      id: after.id,
      fields: Object.fromEntries(
        fields.map((field) => [field, { before: fieldJson(before, field), after: fieldJson(after, field) }]),
      ),
    })),
    removed: plan.removed.map(ruleJson),
    unchanged: plan.unchanged.length,
    fixed: plan.replaced.map(({ before, after }) => ({ problem: before.problem, rule: ruleJson(after) })),
    discarded: plan.discarded.map(({ problem }) => problem),
    unfinished: state.unfinished ?? null,
    changedByHand: drift?.map(({ ruleId, how }) => ({ ruleId, how })) ?? null,
    findings,
  }
}
