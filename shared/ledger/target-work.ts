import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { odata } from '@azure/data-tables'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { Lease, Log, TargetWorkPort } from '../review/ports.ts'
import { keyOf } from './keys.ts'
import { type GuardedTable, numberColumn, RowChanged, type StoredRow, textColumn } from './tables.ts'

const partition = 'target'
const nobody = ''
const never = ''
const nothingWanted = -1
const leaseSeconds = 20
const renewSeconds = 5
/** A target handed out as overdue is not handed out again before that. */
const overdueGraceSeconds = 60
const mostTries = 40

/** One row per target that somebody works on, or that is to be looked at again. */
interface Work {
  readonly targetId: string
  readonly holder: string
  /** ISO 8601. While it lies ahead the target is the holder's. */
  readonly leaseUntil: string
  /** ISO 8601, or empty: when to look again if nobody holds the target. */
  readonly dueAt: string
  /** Fewest looks gone before, of those who asked for another look while the target was held. */
  readonly wanted: number
}

/**
 * One review at a time per target, over all instances, and nothing forgotten: a target stays on this list
 * while its review runs and as long as something is left to do, so that a crash leaves a trace that
 * `overdue` finds well before the queue would show its message again.
 */
export class TargetWork implements TargetWorkPort {
  readonly #table: GuardedTable
  readonly #log: Log
  readonly #now: () => Date

  constructor(table: GuardedTable, log: Log, now: () => Date) {
    this.#table = table
    this.#log = log
    this.#now = now
  }

  /** Takes the lease, or leaves word with its holder that another look is wanted and answers `busy`. */
  async begin(target: ResourceId, attempt: number): Promise<Lease | 'busy'> {
    const holder = randomUUID()
    const taken = await this.#change(target, (work) => {
      if (work && work.holder !== nobody && work.leaseUntil > this.#after(0)) {
        const isNoted = work.wanted !== nothingWanted && work.wanted <= attempt
        return isNoted ? 'keep' : { ...work, wanted: attempt }
      }
      return this.#held(target, holder)
    })
    return taken?.holder === holder ? this.#lease(target, holder) : 'busy'
  }

  /** Puts the target on the list of open work, to be looked at again after that time. */
  async postpone(target: ResourceId, afterSeconds: number): Promise<void> {
    await this.#change(target, (work) => ({
      ...(work ?? this.#free(target)),
      dueAt: this.#after(afterSeconds),
    }))
  }

  /** Targets whose holder died or whose time to come back has passed. */
  async overdue(): Promise<readonly ResourceId[]> {
    const now = this.#after(0)
    const overdue: ResourceId[] = []
    for await (const row of this.#table.query(odata`PartitionKey eq ${partition}`)) {
      const work = workOf(row)
      const target = parseResourceId(work.targetId)
      if (!target || !isOverdue(work, now)) continue
      const claimed = await this.#change(target, (current) =>
        current && isOverdue(current, now)
          ? { ...this.#free(target), dueAt: this.#after(overdueGraceSeconds) }
          : 'keep',
      )
      if (claimed && claimed.dueAt > now && claimed.holder === nobody) overdue.push(target)
    }
    return overdue
  }

  #lease(target: ResourceId, holder: string): Lease {
    const lost = new AbortController()
    const renewal = setInterval(() => {
      this.#renew(target, holder).catch((error: unknown) => {
        this.#log.warn('A lease could not be renewed.', { target: target.id, error: String(error) })
        lost.abort(error)
      })
    }, renewSeconds * 1000)
    renewal.unref()
    const giveBack = async (comeBackAfterSeconds: number | undefined, evenIfWanted: boolean) => {
      let lookAgain: number | undefined
      await this.#change(target, (work) => {
        lookAgain = undefined
        if (work?.holder !== holder) return 'keep'
        if (work.wanted !== nothingWanted && !evenIfWanted) {
          lookAgain = work.wanted
          return this.#held(target, holder)
        }
        return comeBackAfterSeconds === undefined
          ? 'remove'
          : { ...this.#free(target), dueAt: this.#after(comeBackAfterSeconds) }
      })
      if (lookAgain === undefined) clearInterval(renewal)
      return lookAgain
    }
    return {
      signal: lost.signal,
      finish: async (comeBackAfterSeconds) => {
        const lookAgain = await giveBack(comeBackAfterSeconds, false)
        return lookAgain === undefined ? 'done' : { lookAgain }
      },
      abandon: async () => {
        clearInterval(renewal)
        await giveBack(overdueGraceSeconds, true)
      },
    }
  }

  async #renew(target: ResourceId, holder: string): Promise<void> {
    const work = await this.#change(target, (current) =>
      current?.holder === holder ? { ...current, leaseUntil: this.#after(leaseSeconds) } : 'keep',
    )
    if (work?.holder !== holder) throw new Error('Another review took the target over.')
  }

  /**
   * Reads, decides, writes, and starts over when somebody else wrote in between. Returns what stands there
   * afterwards.
   */
  async #change(
    target: ResourceId,
    decide: (work: Work | undefined) => Work | 'keep' | 'remove',
  ): Promise<Work | undefined> {
    const rowKey = keyOf(target)
    for (let tries = 1; ; tries += 1) {
      const row = await this.#table.read(partition, rowKey)
      const work = row && workOf(row)
      const next = decide(work)
      if (next === 'keep') return work
      try {
        if (next === 'remove') {
          if (row) await this.#table.remove(partition, rowKey, row.etag)
          return undefined
        }
        const written = { partitionKey: partition, rowKey, columns: { ...next } }
        await (row ? this.#table.replace(written, row.etag) : this.#table.insert(written))
        return next
      } catch (error) {
        if (!(error instanceof RowChanged) || tries === mostTries) throw error
        await wait(Math.random() * 10 * tries)
      }
    }
  }

  #held(target: ResourceId, holder: string): Work {
    return { ...this.#free(target), holder, leaseUntil: this.#after(leaseSeconds) }
  }

  #free(target: ResourceId): Work {
    return { targetId: target.id, holder: nobody, leaseUntil: never, dueAt: never, wanted: nothingWanted }
  }

  #after(seconds: number): string {
    return new Date(this.#now().getTime() + seconds * 1000).toISOString()
  }
}

function isOverdue(work: Work, now: string): boolean {
  return work.holder === nobody ? work.dueAt !== never && work.dueAt <= now : work.leaseUntil <= now
}

function workOf(row: StoredRow): Work {
  return {
    targetId: textColumn(row, 'targetId'),
    holder: textColumn(row, 'holder'),
    leaseUntil: textColumn(row, 'leaseUntil'),
    dueAt: textColumn(row, 'dueAt'),
    wanted: row.columns['wanted'] === undefined ? nothingWanted : numberColumn(row, 'wanted'),
  }
}
