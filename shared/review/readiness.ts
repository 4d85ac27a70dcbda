import type { CasesPort } from '../ports/cases.ts'
import type { RulesPort } from '../ports/rules.ts'

/** Whether requests can be decided, and how many messages have reached nobody. */
export type Readiness = { readonly nobodyNotified: number } & (
  | { readonly isReady: true; readonly rules: number; readonly ruleSetHash: string }
  | { readonly isReady: false; readonly problem: string }
)

/** Without a usable allow-list every request waits for manual review. */
export async function readiness(
  rules: RulesPort,
  cases: Pick<CasesPort, 'nobodyNotified'>,
): Promise<Readiness> {
  const [set, nobodyNotified] = await Promise.all([rules.load(), cases.nobodyNotified()])
  return set.complete
    ? { isReady: true, rules: set.rules.length, ruleSetHash: set.hash, nobodyNotified }
    : { isReady: false, problem: `Every request waits for manual review. ${set.problem}`, nobodyNotified }
}
