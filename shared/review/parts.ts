import { AzureFailed } from '../ports/azure.ts'
import { LedgerConflict, StoredUnreadable } from '../ports/ledger.ts'
import { type PartFailed, storedUnreadable } from './failing.ts'
import type { PassEnd } from './next-pass.ts'
import { both, done, type Pass, requeueAfterConflict } from './pass.ts'
import { partOf, type Trouble, troubleAfter } from './trouble.ts'

/** So many conflicts in a row are more than a race: about a minute of them. */
const conflictsSaid = 5

/** Settles the parts of a pass one by one, each by the id of what it is about: one that fails leaves the others alone. */
export class Parts {
  readonly #pass: Pass
  readonly #errors: unknown[] = []
  readonly #failed = new Map<string, { readonly id: string; readonly error: PartFailed }>()
  readonly #succeeded: Set<string>
  #end: PassEnd = done

  /** @param listed id of the target, whose list was read. */
  constructor(pass: Pass, listed: string) {
    this.#pass = pass
    this.#succeeded = new Set([partOf(listed)])
  }

  async settle(id: string, work: () => Promise<PassEnd>): Promise<void> {
    try {
      const end = await endOf(this.#pass, id, work)
      this.#end = both(this.#end, end)
      if (end.isTried) this.#succeeded.add(partOf(id))
    } catch (error) {
      if (error instanceof AzureFailed) this.#failed.set(partOf(id), { id, error })
      else if (error instanceof StoredUnreadable) this.#noteUnreadable(id, error)
      else this.#note(id, error)
    }
  }

  /** It will not be readable in a moment: trouble of this part, which keeps its times, and people are notified of it. */
  #noteUnreadable(id: string, { message: problem }: StoredUnreadable): void {
    this.#failed.set(partOf(id), { id, error: storedUnreadable(id, problem) })
    const facts = { metric: 'ledger.unreadable', connection: id, problem }
    this.#pass.ports.log.error('What is stored about a connection cannot be read.', facts)
  }

  #note(id: string, error: unknown): void {
    this.#errors.push(error)
    const { log } = this.#pass.ports
    log.warn('A connection could not be settled.', { connection: id, error: String(error) })
  }

  /** True when Azure has failed at a part that was not settled since. */
  hasTrouble(): boolean {
    return this.#trouble().trouble.length > 0
  }

  /** True when every part was settled, and none waits for a later pass. */
  isSettled(): boolean {
    const { backSeconds, conflicts, needsSeries = false } = this.#end
    const isOver = backSeconds === undefined && conflicts === undefined && !needsSeries
    return isOver && !this.hasTrouble() && this.#errors.length === 0
  }

  /** What all parts leave. Parts that could not be read or written are no reason to forget the trouble of others. */
  end(rest: PassEnd): PassEnd {
    return { ...both(this.#end, { ...rest, errors: this.#errors }), ...this.#trouble(), isListed: true }
  }

  #trouble(): Trouble {
    const { trouble, ports } = this.#pass
    const tried = { failed: this.#failed, succeeded: this.#succeeded }
    return troubleAfter(trouble, tried, ports.now().getTime(), false)
  }
}

/** A concurrent write is a reason to come back, not a failure; conflicts in a row are said aloud. */
export async function endOf(pass: Pass, id: string, work: () => Promise<PassEnd>): Promise<PassEnd> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof LedgerConflict) return afterConflict(pass, id)
    throw error
  }
}

function afterConflict({ ports, conflicts: before }: Pass, connection: string): PassEnd {
  const conflicts = before + 1
  const facts = { metric: 'ledger.conflicts', connection, conflicts }
  if (conflicts >= conflictsSaid)
    ports.log.error('A record could not be written: others wrote it first, again and again.', facts)
  return requeueAfterConflict(conflicts)
}
