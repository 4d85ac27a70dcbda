import type { Rule, RuleContent, RuleSet } from '../../shared/domain/rule.ts'
import { readRules } from '../allow-list/read-rules.ts'
import type { Run } from '../command/run.ts'

/** The rules of a file as if they were in the table. A file has no versions: each is 1. */
export function asRules(contents: readonly RuleContent[]): readonly Rule[] {
  return contents.map((content) => ({ ...content, version: 1, changedBy: undefined, changedAt: undefined }))
}

/** A rule file as a set; undefined when it is invalid; its problems have been printed. */
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
