import type { Drift } from '../../shared/allow-list/change/drift.ts'
import {
  type ListPlan,
  type ListState,
  type PartPlan,
  partsOf,
} from '../../shared/allow-list/change/list-state.ts'
import { forms, listNames } from '../../shared/allow-list/routing/forms.ts'
import { keyOfItem } from '../../shared/allow-list/table/rows.ts'
import type { Finding } from '../../shared/lint/index.ts'
import type { Run } from '../command/run.ts'
import { withProgress } from '../terminal/io.ts'
import { shownKey } from './changes-view.ts'
import { lintList } from './lint-list.ts'
import { type OpenList, openList, readList } from './open-list.ts'
import { contentOf, readRules, type RuleFile } from './read-rules.ts'

/** A file held against the table: all that plan shows, and what apply goes on with. */
export interface Planned {
  readonly file: RuleFile
  readonly list: OpenList
  readonly state: ListState
  readonly plan: ListPlan
  /** Errors and warnings about what is added or changed. */
  readonly findings: readonly Finding[]
  /** Rows written without `apply`; undefined when the log is too long to read for this. */
  readonly drift: readonly Drift[] | undefined
}

/** Undefined when the file is invalid; its problems have been printed. */
export async function planFile(run: Run<unknown>, name: string): Promise<Planned | undefined> {
  const file = await readRules(run, name)
  if (file === undefined) return undefined
  const list = await openList(run)
  const state = await readList(run, list)
  const desired = contentOf(file)
  const plan = list.admin.plan(state, desired)
  const { written, removed } = keysTouched(plan)
  const shown = new Set(written.map(shownKey))
  const findings = lintList(desired, run.now()).filter(
    ({ severity, ruleId }) => severity !== 'note' && shown.has(ruleId),
  )
  const drift = await driftOf(run, list, state, new Set([...written, ...removed]))
  return { file, list, state, plan, findings, drift }
}

/** Row keys of what is added or changed, and of what is removed. */
function keysTouched(plan: ListPlan): {
  readonly written: readonly string[]
  readonly removed: readonly string[]
} {
  const parts = partsOf(plan)
  const keys = (itemsOf: (part: PartPlan<object>) => readonly object[]) =>
    listNames.flatMap((list) => itemsOf(parts[list]).map((item) => keyOfItem(forms[list], item)))
  return {
    written: keys(({ added, changed, replaced }) => [
      ...added,
      ...[...changed, ...replaced].map(({ after }) => after),
    ]),
    removed: keys(({ removed }) => removed),
  }
}

/** Only of rows that apply would change; a row that matches the file needs no warning. */
async function driftOf(
  { io }: Run<unknown>,
  { admin }: OpenList,
  state: ListState,
  touched: ReadonlySet<string>,
): Promise<readonly Drift[] | undefined> {
  // A list that apply never wrote has no history to be held against.
  if (state.head === undefined || state.unfinished !== undefined || touched.size === 0) return []
  const drift = await withProgress(io, 'Reading history', state.head.sequence, (bar) =>
    admin.drift(state, (done) => bar.at(done)),
  )
  return drift?.filter(({ ruleId }) => touched.has(ruleId))
}
