import type { TransactionAction } from '@azure/data-tables'
import { deleteFlag } from './conditional-delete.ts'
import { checkedEntity, maxSteps, maxTransactionBytes, type Row, sentBytes } from './sizes.ts'

/** One step of a transaction. Everything but an insert names the ETag it expects. */
export type Step =
  | { readonly kind: 'insert'; readonly row: Row }
  | { readonly kind: 'replace'; readonly row: Row; readonly etag: string }
  | {
      readonly kind: 'remove'
      readonly partitionKey: string
      readonly rowKey: string
      readonly etag: string
    }

/** Bytes of a step as sent, or slightly more. */
export function bytesOfStep(step: Step): number {
  return sentBytes(step.kind === 'remove' ? { ...step, columns: {} } : step.row)
}

/** @throws RangeError when they are more, or larger, than Azure takes in one transaction. */
export function checkSteps(steps: readonly Step[]): void {
  if (steps.length > maxSteps) {
    throw new RangeError(`A transaction has ${steps.length} steps; ${maxSteps} are the most.`)
  }
  const bytes = steps.reduce((sum, step) => sum + bytesOfStep(step), 0)
  if (bytes > maxTransactionBytes) {
    throw new RangeError(`A transaction has ${bytes} bytes; ${maxTransactionBytes} are the most.`)
  }
}

/** The step as the SDK takes it. */
export function actionOf(step: Step): TransactionAction {
  if (step.kind === 'insert') return ['create', checkedEntity(step.row)]
  const { etag } = step
  if (step.kind === 'replace') return ['update', checkedEntity(step.row), 'Replace', { etag }]
  const { partitionKey, rowKey } = step
  return ['update', { partitionKey, rowKey, [deleteFlag]: true }, 'Replace', { etag }]
}
