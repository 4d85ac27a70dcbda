import { maxSteps, maxTransactionBytes } from '../../storage/sizes.ts'
import { bytesOfStep, type Step } from '../../storage/steps.ts'
import type { Head } from '../table/head.ts'
import type { PreparedChange } from './changes.ts'
import { type Author, type ChangeEntry, rowOfEntry } from './log.ts'

/** The changes of one transaction, and the end of the log after it. */
export interface Pack {
  readonly changes: readonly PreparedChange[]
  readonly steps: readonly Step[]
  readonly sequence: number
  readonly hash: string
}

/** Room for the row `~head`, which every transaction replaces. */
const headSteps = 1
const headBytes = 20_000

/** The fewest transactions that hold all changes with their log entries, in order; at least one. */
export function packsOf(
  changes: readonly PreparedChange[],
  log: Pick<Head, 'sequence' | 'hash'>,
  author: Author,
  applyId: string,
): readonly Pack[] {
  const packs: Pack[] = []
  let pack: Pack = { changes: [], steps: [], ...log }
  let bytes = headBytes
  for (const change of changes) {
    const { steps, sequence, hash } = stepsOf(change, pack, author, applyId)
    const size = steps.reduce((sum, step) => sum + bytesOfStep(step), 0)
    const isFull =
      pack.steps.length + steps.length + headSteps > maxSteps || bytes + size > maxTransactionBytes
    if (isFull) packs.push(pack)
    pack = {
      changes: [...(isFull ? [] : pack.changes), change],
      steps: [...(isFull ? [] : pack.steps), ...steps],
      sequence,
      hash,
    }
    bytes = (isFull ? headBytes : bytes) + size
  }
  return [...packs, pack]
}

function stepsOf(
  { step, ...change }: PreparedChange,
  log: Pick<Head, 'sequence' | 'hash'>,
  { who, at, fileName, fileSha256 }: Author,
  applyId: string,
): Pick<Pack, 'steps' | 'sequence' | 'hash'> {
  const sequence = log.sequence + 1
  const entry: ChangeEntry = {
    sequence,
    ...change,
    who,
    at: at.toISOString(),
    fileName,
    fileSha256,
    applyId,
  }
  const { row, hash } = rowOfEntry(entry, log.hash)
  return { steps: [...(step ? [step] : []), { kind: 'insert', row }], sequence, hash }
}
