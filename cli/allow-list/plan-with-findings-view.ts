import {
  changesNothing,
  type ListPlan,
  type ListState,
  partsOf,
} from '../../shared/allow-list/change/list-state.ts'
import { idOf } from '../../shared/allow-list/rule/content.ts'
import type { ListName } from '../../shared/allow-list/rule/form.ts'
import { forms, listNames } from '../../shared/allow-list/routing/forms.ts'
import { printable, visible } from '../../shared/domain/printable.ts'
import type { Io } from '../terminal/io.ts'
import { counted, shortly } from '../terminal/words.ts'
import { allCounts, planText, routingLists, shownKey } from './changes-view.ts'
import { findingLines } from './findings-view.ts'
import { tableMissing } from './open-list.ts'
import type { Planned } from './plan-of-file.ts'
import { linesOf } from './read-rules.ts'
import { fieldJson, itemJson } from './rule-json.ts'

const maxFindingsShown = 20
const driftUnknown =
  'Too many changes are on record to be read for each plan: which rows were changed by hand was not looked at. Where the table differs from the file, the plan shows it all the same.'

/** What is shown before the confirmation: the state of the list, the diff, the linter's warnings, the totals. */
export function plannedText(io: Io, planned: Planned, isFull: boolean): string {
  const { file, list, state, plan, findings, drift } = planned
  const max = isFull ? Infinity : maxFindingsShown
  const lines = linesOf(file)
  const planParts = partsOf(plan)
  const placeOf = (ruleId: string): string => `${file.name}:${lines.get(ruleId) ?? 1}  `
  const parts = [
    state.isTableMissing ? [tableMissing(list.place)] : [],
    state.unfinished === undefined ? [] : [io.coloured(unfinishedSentence(state.unfinished), 'red')],
    listed(
      drift?.map(({ ruleId, how }) => `${io.coloured(how, 'yellow')}  ${printable(shownKey(ruleId))}`) ?? [
        driftUnknown,
      ],
      max,
    ),
    ...listNames.map((list) =>
      planText(io, forms[list], planParts[list], isFull)
        .split('\n')
        .filter((line) => line !== ''),
    ),
    listed(
      listNames
        .flatMap((list) => planParts[list].replaced)
        .map(({ before }) => `${io.coloured('~ fixed', 'yellow')}  ${visible(before.problem)}`),
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
  const parts = partsOf(plan)
  if (changesNothing(plan)) {
    const counts = ['rules' as const, ...routingLists(plan)].map((name) =>
      counted(parts[name].unchanged.length, forms[name].one),
    )
    return `Nothing to change: the ${inWords(counts)} in ${list.place} are as ${file.name} says.`
  }
  const fixed = listNames.reduce((sum, name) => sum + parts[name].replaced.length, 0)
  const rows = [
    [fixed, 'fixed'],
    [plan.discarded.length, 'unusable removed'],
  ] as const
  const more = rows.filter(([count]) => count > 0).map(([count, word]) => `, ${count} ${word}`)
  return `${io.coloured(`${allCounts(plan)}${more.join('')}`, 'bold')} in ${list.place}.`
}

/** `1 rule`, `1 rule and 2 channels`, `1 rule, 2 channels and 3 routes`. */
function inWords(items: readonly string[]): string {
  const last = items.at(-1) ?? ''
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${last}` : last
}

function listed(lines: readonly string[], max: number): readonly string[] {
  const more = lines.length - max
  return more > 0
    ? [...lines.slice(0, max), `… and ${more.toLocaleString('en')} more; --full shows all.`]
    : lines
}

/** The plan as data: rules, channels and routes as a rule file states them. */
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
    ...partJson('rules', plan),
    channels: partJson('channels', plan),
    routes: partJson('routes', plan),
    discarded: plan.discarded.map(({ problem }) => problem),
    unfinished: state.unfinished ?? null,
    changedByHand: drift?.map(({ ruleId, how }) => ({ ruleId, how })) ?? null,
    findings,
  }
}

function partJson(list: ListName, plan: ListPlan): Readonly<Record<string, unknown>> {
  const form = forms[list]
  const { added, changed, removed, unchanged, replaced } = partsOf(plan)[list]
  const json = (item: object) => itemJson(form, item)
  return {
    added: added.map(json),
    changed: changed.map(({ before, after, fields }) => ({
      [form.idField]: idOf(form, after),
      fields: Object.fromEntries(
        fields.map((field) => [
          field,
          { before: fieldJson(form, before, field), after: fieldJson(form, after, field) },
        ]),
      ),
    })),
    removed: removed.map(json),
    unchanged: unchanged.length,
    fixed: replaced.map(({ before, after }) => ({ problem: before.problem, [form.one]: json(after) })),
  }
}
