import type { Rule, RuleContent, RuleSet } from '../../shared/domain/rule.ts'
import { readRules } from '../input.ts'
import { CommandFailed } from '../io.ts'
import type { Run } from '../run.ts'

/** The rules of a file as if they stood in the table. The file says no versions: each is 1. */
export function asRules(contents: readonly RuleContent[]): readonly Rule[] {
  return contents.map((content) => ({ ...content, version: 1, changedBy: undefined, changedAt: undefined }))
}

/** A rule file as a set; undefined when it was not understood, which has been said. */
export async function ruleSetOfFile(
  run: Pick<Run<unknown>, 'io' | 'stdin'>,
  file: string,
): Promise<(RuleSet & { readonly complete: true }) | undefined> {
  const read = await readRules(run, file)
  return (
    read && {
      complete: true,
      rules: asRules(read.rules.map(({ content }) => content)),
      hash: read.sha256,
    }
  )
}

/** The rules in the table, as the app would use them now. */
export async function ruleSetOfTable({ connected }: Pick<Run<unknown>, 'connected'>): Promise<RuleSet> {
  const { AllowListStore } = await import('../../shared/allow-list/index.ts')
  return new AllowListStore(await connected.table('allowList')).load()
}

/** As `ruleSetOfTable`. @throws CommandFailed (1) when the app could not use them either. */
export async function wholeRuleSetOfTable(
  run: Pick<Run<unknown>, 'connected'>,
): Promise<RuleSet & { readonly complete: true }> {
  const set = await ruleSetOfTable(run)
  if (!set.complete) throw new CommandFailed(`The rules in the table cannot be used. ${set.problem}`)
  return set
}
