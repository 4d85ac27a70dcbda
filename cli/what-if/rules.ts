import type { Rule, RuleContent, RuleSet } from '../../shared/domain/rule.ts'
import { readRules } from '../allow-list/read-rules.ts'
import type { Run } from '../command/run.ts'

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
