import { currentList } from '../allow-list/current-list.ts'
import { lintList } from '../allow-list/lint-list.ts'
import { problemsOf } from '../allow-list/list-problems.ts'
import { unfinishedSentence } from '../allow-list/plan-with-findings-view.ts'
import { counted } from '../terminal/words.ts'
import { fail, type CheckRun, pass, warn } from './check.ts'

/** Whether the list can decide anything: one row that is no rule, or an apply left unfinished, and it does not. */
export const checkAllowList: CheckRun = async ({ run }, signal) => {
  const state = await currentList(run.connected, signal)
  const { rules, unfinished, isTableMissing } = state
  if (isTableMissing) {
    return warn(
      'There is no allow-list yet: every request waits for manual review.',
      'private-endpoint-approver allow-list apply <file>',
    )
  }
  if (unfinished) {
    return fail(unfinishedSentence(unfinished), 'private-endpoint-approver allow-list apply <the same file>')
  }
  const problems = problemsOf(state).ofRules.map((problem) =>
    fail(`${problem} Every request waits for manual review.`, 'Fix or delete the row.'),
  )
  if (problems.length > 0) return problems
  return rules.length === 0
    ? warn(
        'The allow-list is empty: every request waits for manual review.',
        'private-endpoint-approver allow-list suggest',
      )
    : pass(`${counted(rules.length, 'rule')} can be read, and all of them.`)
}

/** What is wrong with rules that can be read. */
export const checkLint: CheckRun = async ({ run }, signal) => {
  const findings = lintList(await currentList(run.connected, signal), run.now())
  const count = (expected: string): number => findings.filter(({ severity }) => severity === expected).length
  const fix = 'private-endpoint-approver allow-list check'
  if (count('error') > 0) return fail(`${counted(count('error'), 'error')} in the rules.`, fix)
  return count('warning') > 0
    ? warn(`${counted(count('warning'), 'warning')} about the rules.`, fix)
    : pass('Nothing speaks against the rules.')
}
