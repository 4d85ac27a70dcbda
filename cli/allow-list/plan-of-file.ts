import type { Drift } from '../../shared/allow-list/change/drift.ts'
import type { ListPlan, ListState } from '../../shared/allow-list/change/list-state.ts'
import { type Finding, lintRules } from '../../shared/lint/index.ts'
import type { Run } from '../command/run.ts'
import { withProgress } from '../terminal/io.ts'
import { type OpenList, openList, readList } from './open-list.ts'
import { readRules, type RuleFile } from './read-rules.ts'

/** A file held against the table: all that plan shows, and what apply goes on with. */
export interface Planned {
  readonly file: RuleFile
  readonly list: OpenList
  readonly state: ListState
  readonly plan: ListPlan
  /** Errors and warnings about rules that are added or changed. */
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
  const desired = file.rules.map(({ content }) => content)
  const plan = list.admin.plan(state, desired)
  const touched = new Set(
    [
      ...plan.added,
      ...plan.changed.map(({ after }) => after),
      ...plan.replaced.map(({ after }) => after),
    ].map(({ id }) => id),
  )
  const findings = lintRules(desired, run.now()).filter(
    ({ severity, ruleId }) => severity !== 'note' && touched.has(ruleId),
  )
  return { file, list, state, plan, findings, drift: await driftOf(run, list, state, idsTouched(plan)) }
}

function idsTouched({ added, changed, removed, replaced }: ListPlan): ReadonlySet<string> {
  const rules = [...added, ...removed, ...[...changed, ...replaced].map(({ after }) => after)]
  return new Set(rules.map(({ id }) => id))
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
