import type { RulesPort } from '../ports/rules.ts'

/** Whether requests can be decided. */
export type Readiness =
  | { readonly isReady: true; readonly rules: number; readonly ruleSetHash: string }
  | { readonly isReady: false; readonly problem: string }

/** Without a usable allow-list every request waits for manual review. */
export async function readiness(rules: RulesPort): Promise<Readiness> {
  const set = await rules.load()
  return set.complete
    ? { isReady: true, rules: set.rules.length, ruleSetHash: set.hash }
    : { isReady: false, problem: `Every request waits for manual review. ${set.problem}` }
}
