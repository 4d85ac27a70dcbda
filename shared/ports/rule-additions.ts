import type { Rule, RuleContent } from '../domain/rule.ts'

/** Who adds a rule, as the history of the allow-list has it. */
export interface AddedBy {
  /** Object id of the person. */
  readonly who: string
  readonly at: Date
  /** What stands in for the file of an apply. */
  readonly source: string
  /** SHA-256 of what was shown to the person, in hex. */
  readonly sourceSha256: string
}

/** What became of an addition. `changed-meanwhile`: nothing was written. `failed`: it may have been written. */
export type Addition =
  | { readonly kind: 'added'; readonly version: number }
  | { readonly kind: 'changed-meanwhile' }
  | { readonly kind: 'failed'; readonly why: string }

/** The whole allow-list as it was read, and the way to add a rule to exactly that list. */
export interface ListToAddTo {
  readonly rules: readonly Rule[]
  /** The last change of a rule of that id, as a sentence; undefined: the history has none. */
  readonly lastChange: string | undefined
  /**
   * Adds one rule, with its entry in the history, in one transaction; nothing else in the list changes. Not if anything in
   * the list was changed by an apply since it was read.
   */
  readonly add: (content: RuleContent, by: AddedBy) => Promise<Addition>
}

export interface RuleAdditionsPort {
  /**
   * Reads the list to add a rule of that id. `problem`: it cannot be read, or decides nothing, and why. Never throws.
   */
  read(ruleId: string): Promise<ListToAddTo | { readonly problem: string }>
  /**
   * The rule of that id as it is now, however much else is in the list; undefined: there is none that can be used.
   * @throws an error of the storage.
   */
  find(ruleId: string): Promise<Rule | undefined>
}
