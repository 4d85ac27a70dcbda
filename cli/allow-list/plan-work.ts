import { changesNothing } from '../../shared/allow-list/change/list-state.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import type { ExitCode } from '../terminal/io.ts'
import { planFile } from './plan-of-file.ts'
import { plannedJson, plannedText } from './plan-with-findings-view.ts'

export interface PlanOptions extends PlaceOptions {
  readonly failOnChange?: true
  readonly full?: true
}

/** Shows what apply would do. */
export async function plan(run: Run<PlanOptions>, file: string): Promise<ExitCode> {
  const planned = await planFile(run, file)
  if (planned === undefined) return 2
  const { io, options } = run
  io.out(io.isJson ? JSON.stringify(plannedJson(planned)) : plannedText(io, planned, options.full === true))
  return options.failOnChange && !changesNothing(planned.plan) ? 1 : 0
}
