import type { DatedId } from '../domain/target-work.ts'

const maxErrorsNamed = 3

/** What is kept of a pass, also where something else could not be read or written. */
export interface LeftOfPass {
  /** See `Series.trouble`. */
  readonly trouble?: readonly DatedId[] | undefined
  /** True when the connections of the target could be listed: it is ours, whoever named it. */
  readonly isListed?: boolean | undefined
}

/** Parts of a pass could not be read or written. What the pass has found at the others is not lost. */
export class PartsUnsettled extends AggregateError {
  override name = 'PartsUnsettled'
  readonly left: LeftOfPass

  constructor(errors: readonly unknown[], left: LeftOfPass) {
    const named = errors.slice(0, maxErrorsNamed).map(String).join('; ')
    super(errors, `${errors.length} of the connections could not be settled: ${named}`)
    this.left = left
  }
}
