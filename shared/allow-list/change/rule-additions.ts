import { printable, visible } from '../../domain/printable.ts'
import type { Rule, RuleContent } from '../../domain/rule.ts'
import type { AddedBy, Addition, ListToAddTo, RuleAdditionsPort } from '../../ports/rule-additions.ts'
import { describeStorageError } from '../../storage/errors.ts'
import { type GuardedTable, RowChanged } from '../../storage/guarded-table.ts'
import { spokenApply } from '../table/head.ts'
import { readRow, rulePartition } from '../table/rows.ts'
import { AllowListAdmin, ListUnreadable } from './admin.ts'
import { applyPlan, ApplyStopped } from './apply.ts'
import { type ListState, planToAdd } from './list-state.ts'
import type { ChangeEntry } from './log.ts'

/** A person waits for it. */
const maxReadMilliseconds = 8_000
/** A rule that the history does not know has no earlier version. */
const firstVersion = 1

/** The allow-list in a table, for adding single rules to it by the way of an apply. */
export class RuleAdditions implements RuleAdditionsPort {
  readonly #table: GuardedTable

  constructor(table: GuardedTable) {
    this.#table = table
  }

  /** The list, bound to its ETags; or why no rule may be added to it. Never throws. */
  async read(ruleId: string): Promise<ListToAddTo | { readonly problem: string }> {
    const admin = new AllowListAdmin(this.#table)
    const timeLimit = AbortSignal.timeout(maxReadMilliseconds)
    try {
      const state = await admin.read(undefined, timeLimit)
      const problem = problemOf(state, this.#table.name)
      if (problem !== undefined) return { problem }
      const [last] = await Array.fromAsync(admin.history({ ruleId, newestFirst: true, limit: 1 }))
      // What came after the list changed its head, under whose ETag a rule is added.
      const isOfList = last !== undefined && last.sequence <= (state.head?.sequence ?? 0)
      return {
        rules: state.rules,
        lastChange: isOfList ? spokenChange(last) : undefined,
        add: (content, by) => this.#add(state, content, by),
      }
    } catch (error) {
      if (error instanceof ListUnreadable) return { problem: error.message }
      const why = timeLimit.aborted
        ? `it was not read to its end within ${maxReadMilliseconds / 1000} s; an apply may be under way`
        : describeStorageError(error)
      return { problem: `Table ${this.#table.name} cannot be read: ${why}.` }
    }
  }

  /** See the port. */
  async find(ruleId: string): Promise<Rule | undefined> {
    const stored = await this.#table.read(rulePartition, ruleId)
    const row = stored && readRow(stored)
    return row?.kind === 'rules' ? row.item : undefined
  }

  async #add(state: ListState, content: RuleContent, by: AddedBy): Promise<Addition> {
    const author = { who: by.who, at: by.at, fileName: by.source, fileSha256: by.sourceSha256 }
    try {
      await applyPlan(this.#table, planToAdd(state, content), author)
      return { kind: 'added', version: firstVersion }
    } catch (error) {
      if (!(error instanceof ApplyStopped)) return { kind: 'failed', why: `${describeStorageError(error)}.` }
      return error.cause instanceof RowChanged
        ? { kind: 'changed-meanwhile' }
        : { kind: 'failed', why: visible(error.why) }
    }
  }
}

/** A list that decides nothing is not added to: a plan would take a half-done apply for done, and a bad row for none. */
function problemOf({ isTableMissing, unfinished, unusable }: ListState, table: string): string | undefined {
  if (isTableMissing) return `There is no table ${table} yet; apply a file first.`
  if (unfinished) return `An apply is not finished: ${spokenApply(unfinished)}. Try again when it is.`
  const row = unusable.find(({ concerns }) => concerns === 'rules')
  return row && `The allow-list decides nothing while a row cannot be used. ${visible(row.problem)}`
}

function spokenChange({ action, who, at }: ChangeEntry): string {
  const how = action === 'removed' ? 'removed' : `removed by hand after it was ${action}`
  return `${how} by ${printable(who)} at ${at}.`
}
