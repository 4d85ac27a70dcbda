import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { review } from '../../../shared/review/review-target.ts'
import { connection, FakeReview, target } from '../../support/fake-review.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

/** A review that dies at its write to Azure: it never ends, and its timers run no more. */
async function dieAtWrite(attempt: number): Promise<void> {
  const { connections, timings } = world.ports
  const dead = new Promise<void>((resolve) => {
    const apply = () => {
      resolve()
      return new Promise<never>(() => undefined)
    }
    const ports = {
      ...world.ports,
      timings: { ...timings, renewSeconds: 3600 },
      connections: { ...connections, apply },
    }
    void review(ports, world.message(attempt))
  })
  await dead
}

function leaseEnds(): void {
  world.time += world.ports.timings.leaseSeconds * 1000
}

describe('the recovery message of a review', () => {
  it('waits in the queue before anything is written, until a little after the end of the lease', async () => {
    let seen: typeof world.recovery
    world.onLedgerWrite = () => (seen ??= world.recovery)
    await world.review(target, 2)
    const { leaseSeconds, renewSeconds } = world.ports.timings
    expect(seen).toEqual({
      message: { ...world.message(2), isFollowUp: true },
      delaySeconds: leaseSeconds + renewSeconds,
    })
  })

  it('finishes the intent of a review that died, without a timer', async () => {
    await dieAtWrite(2)
    expect(world.story()).toEqual(['intent:applying approve'])
    leaseEnds()
    const { recovery } = world
    if (!recovery) throw new Error('Nothing waits in the queue.')
    await review(world.ports, recovery.message)
    expect(world.story()).toEqual([
      'intent:applying approve',
      'intent:applying approve',
      'result:applied approve',
    ])
    expect(world.sent).toMatchObject([{ message: { attempt: 3, isFollowUp: true } }])
  })

  it('is taken back when the review ends', async () => {
    await world.review()
    expect(world.recovery).toBeUndefined()
  })

  it('is taken back when the review fails, whose own message the queue delivers again', async () => {
    world.listFailure = new Error('Azure is unplugged.')
    await expect(world.review()).rejects.toThrow('Azure is unplugged.')
    expect(world.recovery).toBeUndefined()
  })

  it('is postponed again and again for as long as the review works', async () => {
    let before = 0
    let during = 0
    world.onLedgerWrite = () => (before ||= world.recoveryPostponed)
    const { connections } = world.ports
    const read = async (one: Parameters<typeof connections.read>[0]) => {
      await wait(30)
      during = world.recoveryPostponed
      return connections.read(one)
    }
    await review({ ...world.ports, connections: { ...connections, read } }, world.message())
    expect(before).toBeGreaterThanOrEqual(1)
    expect(during).toBeGreaterThan(before + 1)
    const after = world.recoveryPostponed
    await wait(10)
    expect(world.recoveryPostponed).toBe(after)
  })

  it('follows the review into one more pass that was asked for meanwhile', async () => {
    const passes: (number | undefined)[] = []
    let left: Promise<void> | undefined
    world.beforeProof = () => {
      passes.push(world.recovery?.message.attempt)
      world.live = [connection('mpe'), connection('later')]
      left ??= world.review(target, 3)
    }
    await world.review(target, 7)
    await left
    expect(passes[0]).toBe(7)
    expect(passes.at(-1)).toBe(3)
  })

  it('does nothing while the review works, nor after it has ended', async () => {
    await world.review(target, 2)
    const message = { ...world.message(2), isFollowUp: true }
    const { length } = world.log
    await review(world.ports, message)
    world.isBusy = true
    await review(world.ports, message)
    expect([world.log.length, world.sent.length]).toEqual([length, 1])
  })

  it('that cannot be sent is a warning: the review goes on, the list of open work still holds the target', async () => {
    world.recoveryFailure = new Error('The queue is away.')
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.logged).toContain('warn A review has no recovery message; the timer would recover it.')
  })
})
