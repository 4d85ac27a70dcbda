import type { ListState } from '../../shared/allow-list/change/list-state.ts'
import { ruleSetOf } from '../../shared/allow-list/table/rule-set.ts'
import { visible } from '../../shared/domain/printable.ts'
import type { RuleSet } from '../../shared/domain/rule.ts'
import type { Run } from '../command/run.ts'
import { CommandFailed } from '../terminal/io.ts'
import { openList, readList, tableMissing } from './open-list.ts'
import { unfinishedSentence } from './plan-with-findings-view.ts'

/**
 * The rules in the table, as the app would use them now. A missing table is an empty list, and a remark says so.
 * @throws ListUnreadable
 */
export async function usableRules(run: Pick<Run<unknown>, 'connected' | 'io'>): Promise<RuleSet> {
  const list = await openList(run)
  const state = await readList(run, list)
  if (state.isTableMissing) run.io.note(`${tableMissing(list.place)} It counts as an empty list.`)
  return asRuleSet(state)
}

/** As `usableRules`. @throws CommandFailed (1) when the app could not use them either. */
export async function wholeRules(
  run: Pick<Run<unknown>, 'connected' | 'io'>,
): Promise<RuleSet & { readonly complete: true }> {
  const set = await usableRules(run)
  if (!set.complete) throw new CommandFailed(unusableSentence(set.problem))
  return set
}

/** Why a list decides nothing, and the next step. */
export function unusableSentence(problem: string): string {
  return `The allow-list cannot be used as it is. ${visible(problem)} "doctor" says how to fix it.`
}

/** Not complete while an apply is unfinished, or a row is no rule. */
export function asRuleSet({ rows, unfinished }: ListState): RuleSet {
  return unfinished ? { complete: false, problem: unfinishedSentence(unfinished) } : ruleSetOf(rows)
}
