import type { ListState } from '../../shared/allow-list/change/list-state.ts'
import { routingOf } from '../../shared/allow-list/table/routing-set.ts'
import { visible } from '../../shared/domain/printable.ts'

/** What is wrong with rows of the table: of rules, which stops every decision, and of channels and routes. */
export function problemsOf({ unusable, rows }: Pick<ListState, 'unusable' | 'rows'>): {
  readonly ofRules: readonly string[]
  readonly ofRouting: readonly string[]
} {
  return {
    ofRules: unusable.flatMap(({ concerns, problem }) => (concerns === 'rules' ? [visible(problem)] : [])),
    ofRouting: routingOf(rows).problems,
  }
}
