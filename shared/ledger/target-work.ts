import { randomUUID } from 'node:crypto'
import { odata } from '@azure/data-tables'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { Lease, NextLook, Overdue, TargetWorkPort, Turn } from '../ports/work.ts'
import type { Log } from '../ports/log.ts'
import type { ReviewMessage } from '../ports/queue.ts'
import { keyOf } from './keys.ts'
import type { GuardedTable } from '../storage/guarded-table.ts'
import {
  fewest,
  isOverdue,
  never,
  nobody,
  nothingWanted,
  seriesIn,
  seriesOf,
  type Work,
  workOf,
} from './target-work-row.ts'

const partition = 'target'
const leaseSeconds = 20
const renewSeconds = 5
/** A target handed out as overdue is not handed out again before that. */
const overdueGraceSeconds = 60
/** The queue brings the next look; only when it does not is the target overdue. */
const spareSeconds = 15
/** A new event begins a series anew; people are told all the same when they have waited that long. */
const longestWaitSeconds = 240
/** The message for the end of a wait must not find it still on. */
const clockSlackSeconds = 0.5

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

  /**
   * Takes the lease, or leaves word with its holder that another look is wanted and answers `busy`. A look
   * that follows an older event than the newest is `superseded`; so is any before the time that Azure asked to
   * wait for, because the look at that time is on its way. A series of looks that waits is begun anew by a new
   * event and never cut short by one that asks for less; however often it is begun anew, one look in four minutes
   * has waited long.
   */
  async begin(
    target: ResourceId,
    { attempt, isFollowUp, isFromEndpoint }: Pick<ReviewMessage, 'attempt' | 'isFollowUp' | 'isFromEndpoint'>,
  ): Promise<Lease | 'busy' | 'superseded'> {
    const holder = randomUUID()
    const work = await this.#change(target, (found) => {
      const isHeld = this.#isHeld(found)
      if (isFollowUp && (isHeld || found?.attempt !== attempt)) return 'keep'
      if (found && (isHeld || this.#mustWait(found))) {
        const asked = {
          ...found,
          wanted: fewest(found.wanted, attempt),
          isFromEndpoint: found.isFromEndpoint && isFromEndpoint,
        }
        return asked.wanted === found.wanted && asked.isFromEndpoint === found.isFromEndpoint ? 'keep' : asked
      }
      return {
        ...this.#held(target, holder),
        since: found?.since || this.#after(0),
        isFromEndpoint: found ? found.isFromEndpoint && isFromEndpoint : isFromEndpoint,
        attempt: isFollowUp ? fewest(found?.wanted ?? nothingWanted, attempt) : seriesOf(found, attempt),
      }
    })
    if (work?.holder === holder) return this.#lease(target, holder, this.#turn(work))
    return this.#isHeld(work) && !isFollowUp ? 'busy' : 'superseded'
  }

  /** Puts the target on the list of open work, to be looked at again after that time. */
  async postpone(target: ResourceId, afterSeconds: number): Promise<void> {
    await this.#change(target, (work) => ({
      ...(work ?? this.#free(target)),
      dueAt: this.#after(afterSeconds),
    }))
  }

  /** Targets whose holder died or whose time to come back has passed. */
  async overdue(): Promise<readonly Overdue[]> {
    const now = this.#after(0)
    const overdue: Overdue[] = []
    for await (const row of this.#table.query(odata`PartitionKey eq ${partition}`)) {
      const work = workOf(row)
      const target = parseResourceId(work.targetId)
      if (!target || !isOverdue(work, now)) continue
      const claimed = await this.#change(target, (current) =>
        current && isOverdue(current, now)
          ? { ...this.#free(target), ...seriesIn(current), dueAt: this.#after(overdueGraceSeconds) }
          : 'keep',
      )
      if (claimed && claimed.dueAt > now && claimed.holder === nobody) {
        overdue.push({ target, isFromEndpoint: claimed.isFromEndpoint })
      }
    }
    return overdue
  }

  #lease(target: ResourceId, holder: string, first: Turn): Lease {
    const lost = new AbortController()
    const renewal = setInterval(() => {
      this.#renew(target, holder).catch((error: unknown) => {
        this.#log.warn('A lease could not be renewed.', { target: target.id, error: String(error) })
        lost.abort(error)
      })
    }, renewSeconds * 1000)
    renewal.unref()
    let turn = first
    const giveBack = async (next: NextLook | undefined, hasFailed: boolean) => {
      let lookAgain: Turn | undefined
      await this.#change(target, (work) => {
        lookAgain = undefined
        if (work?.holder !== holder) return 'keep'
        const series = seriesIn(work)
        const since = turn.hasWaitedLong && !hasFailed ? this.#after(0) : work.since
        if (work.wanted !== nothingWanted && !hasFailed && !next?.notSooner) {
          const attempt = Math.min(work.wanted, work.attempt)
          const again = { ...this.#held(target, holder), ...series, since, attempt }
          lookAgain = this.#turn(again)
          return again
        }
        if (!next) return 'remove'
        return {
          ...this.#free(target),
          ...series,
          since,
          attempt: hasFailed ? work.attempt : next.attempt,
          wanted: work.wanted,
          dueAt: this.#after(next.afterSeconds + spareSeconds),
          notBefore: next.notSooner ? this.#after(next.afterSeconds - clockSlackSeconds) : never,
        }
      })
      if (lookAgain === undefined) clearInterval(renewal)
      turn = lookAgain ?? turn
      return lookAgain
    }
    return {
      ...first,
      signal: lost.signal,
      finish: async (next) => {
        const lookAgain = await giveBack(next, false)
        return lookAgain === undefined ? 'done' : { lookAgain }
      },
      abandon: async () => {
        clearInterval(renewal)
        await giveBack({ attempt: first.attempt, afterSeconds: overdueGraceSeconds, notSooner: false }, true)
      },
    }
  }

  async #renew(target: ResourceId, holder: string): Promise<void> {
    const work = await this.#change(target, (current) =>
      current?.holder === holder ? { ...current, leaseUntil: this.#after(leaseSeconds) } : 'keep',
    )
    if (work?.holder !== holder) throw new Error('Another review took the target over.')
  }

  /** Decides anew when somebody else wrote in between. Returns what stands there afterwards. */
  #change(
    target: ResourceId,
    decide: (work: Work | undefined) => Work | 'keep' | 'remove',
  ): Promise<Work | undefined> {
    return this.#table.change(partition, keyOf(target), (row) => {
      const work = row && workOf(row)
      const next = decide(work)
      if (next === 'keep') return { write: next, result: work }
      if (next === 'remove') return { write: next, result: undefined }
      return { write: { ...next }, result: next }
    })
  }

  #isHeld(work: Work | undefined): boolean {
    return work !== undefined && work.holder !== nobody && work.leaseUntil > this.#after(0)
  }

  #mustWait(work: Work | undefined): boolean {
    return work !== undefined && work.holder === nobody && work.notBefore > this.#after(0)
  }

  #turn({ attempt, since, isFromEndpoint }: Work): Turn {
    return { attempt, hasWaitedLong: since < this.#after(-longestWaitSeconds), isFromEndpoint }
  }

  #held(target: ResourceId, holder: string): Work {
    return { ...this.#free(target), holder, leaseUntil: this.#after(leaseSeconds) }
  }

  #free(target: ResourceId): Work {
    return {
      targetId: target.id,
      holder: nobody,
      leaseUntil: never,
      dueAt: never,
      notBefore: never,
      attempt: 0,
      wanted: nothingWanted,
      since: this.#after(0),
      isFromEndpoint: false,
    }
  }

  #after(seconds: number): string {
    return new Date(this.#now().getTime() + seconds * 1000).toISOString()
  }
}
