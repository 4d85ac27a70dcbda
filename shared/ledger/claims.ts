import { odata } from '@azure/data-tables'
import type { Claim } from '../domain/claim.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { ClaimsOfTarget, ClaimsPort, StoredClaim } from '../ports/claims.ts'
import { LedgerConflict } from '../ports/ledger.ts'
import { type GuardedTable, RowChanged } from '../storage/guarded-table.ts'
import { claimOf, claimPartition, claimRow } from './claim-row.ts'
import { placeOf } from './read-row.ts'
import { removeUnchanged } from './remove-unchanged.ts'
import { UnreadableRow } from './unreadable-row.ts'

type Table = Pick<GuardedTable, 'name' | 'insert' | 'replace' | 'query' | 'remove'>

/** One partition for each target, one row for each endpoint, or connection that hides one: one query reads what a review pass needs. */
export class Claims implements ClaimsPort {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  async of(target: ResourceId): Promise<ClaimsOfTarget> {
    const claims: StoredClaim[] = []
    let problem: string | undefined
    for await (const row of this.#table.query(odata`PartitionKey eq ${claimPartition(target)}`)) {
      try {
        claims.push({ claim: claimOf(this.#table.name, row), version: row.etag })
      } catch (error) {
        if (!(error instanceof UnreadableRow)) throw error
        problem ??= error.message
      }
    }
    return { claims, problem }
  }

  async write(
    target: ResourceId,
    claimant: ResourceId,
    before: StoredClaim | undefined,
    claim: Claim,
  ): Promise<StoredClaim> {
    const row = claimRow(target, claimant, claim)
    try {
      const version = before ? await this.#table.replace(row, before.version) : await this.#table.insert(row)
      return { claim, version }
    } catch (error) {
      throw conflictOr(error)
    }
  }

  async forget(target: ResourceId, claimant: ResourceId, { claim, version }: StoredClaim): Promise<void> {
    const { partitionKey, rowKey } = claimRow(target, claimant, claim)
    try {
      await this.#table.remove(partitionKey, rowKey, version)
    } catch (error) {
      throw conflictOr(error)
    }
  }

  async forgetBefore(time: Date): Promise<number> {
    let forgotten = 0
    for await (const row of this.#table.query(odata`lastSeenAt lt ${time.toISOString()}`)) {
      if (await removeUnchanged(this.#table, placeOf(row), row.etag)) forgotten += 1
    }
    return forgotten
  }
}

function conflictOr(error: unknown): unknown {
  if (!(error instanceof RowChanged)) return error
  return new LedgerConflict('What is remembered of a claim was changed meanwhile.', { cause: error })
}
