import { setTimeout } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { review } from '../../../shared/review/review-target.ts'
import { connection, FakeReview, target } from '../../support/fake-review.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

describe('the lease of a target', () => {
  it('that somebody else holds ends the review at once', async () => {
    world.isBusy = true
    await world.review()
    expect(world.log).toEqual([])
  })

  it('that somebody else holds is named, with the pass that is owed', async () => {
    world.isBusy = true
    const info = vi.fn()
    const ports = { ...world.ports, log: { ...world.ports.log, info } }
    await review(ports, world.message())
    expect(info.mock.calls).toEqual([
      ['Another review works on this target; it makes one more pass.', { target: target.id }],
    ])
  })

  it('is not asked for by a follow-up of a series that has ended', async () => {
    await review(world.ports, { ...world.message(1), isFollowUp: true })
    expect([world.log, world.sent, world.logged]).toEqual([[], [], []])
  })

  it('that is lost stops the review before it writes to Azure', async () => {
    world.isLeaseLost = true
    await expect(world.review()).rejects.toThrow()
    expect(world.writes).toEqual([])
  })

  it('that cannot be given back after a failure hides nothing of that failure', async () => {
    const away = new Error('Storage is away.')
    const failure = new Error('Azure is unplugged.')
    world.listFailure = failure
    let changes = 0
    const work: typeof world.ports.work = {
      ...world.ports.work,
      change: (place, decide) => {
        changes += 1
        return changes === 1 ? world.work.change(place, decide) : Promise.reject(away)
      },
    }
    const ports = { ...world.ports, work, timings: { ...world.ports.timings, renewSeconds: 3600 } }
    const thrown: unknown = await review(ports, world.message()).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(AggregateError)
    expect((thrown as AggregateError).errors).toEqual([failure, away])
    expect(String(thrown)).toBe(
      'AggregateError: Error: Azure is unplugged.; then the lease could not be given back: Error: Storage is away.',
    )
  })

  it('that is lost before the connection is read for the last time stops the review before that', async () => {
    let reads = 0
    world.beforeRead = () => (reads += 1)
    const bursts: typeof world.ports.bursts = {
      ...world.ports.bursts,
      change: async (key, decide) => {
        world.isBusy = true
        await setTimeout(20)
        return world.ports.bursts.change(key, decide)
      },
    }
    await expect(review({ ...world.ports, bursts }, world.message())).rejects.toThrow(
      'Another review took the target over.',
    )
    expect([reads, world.writes]).toEqual([0, []])
  })

  it('that ended while its renewal hung lets nothing be written, and another review does its work', async () => {
    let isHanging = false
    const work: typeof world.ports.work = {
      list: () => world.work.list(),
      change: (place, decide) =>
        isHanging ? new Promise(() => undefined) : world.work.change(place, decide),
    }
    world.beforeRead = () => {
      isHanging = true
      world.time += world.ports.timings.leaseSeconds * 1000
      world.beforeRead = () => undefined
    }
    const reviewed = review({ ...world.ports, work }, world.message())
    const outcome = await Promise.race([reviewed.then(String, String), setTimeout(200, 'hangs')])
    expect([outcome, world.writes]).toEqual(['hangs', []])
    await world.review()
    expect(world.writes).toHaveLength(1)
  })

  it('that is lost is not given back, nor put on the list of open work', async () => {
    world.isLeaseLost = true
    await expect(world.review()).rejects.toThrow()
    expect(world.work.stateOf(target)).toMatchObject({ kind: 'held', holder: 'another review' })
  })

  it('that is still held sends one message for the next pass, and none for the last', async () => {
    await world.review(target, 6)
    expect(world.sent).toMatchObject([{ delaySeconds: 60, message: { attempt: 7, isFollowUp: true } }])
    await world.review(target, 7)
    expect(world.sent).toHaveLength(1)
    expect(world.work.stateOf(target)).toBeUndefined()
  })
})

describe('word that is left during a pass', () => {
  /** Another review begins while the requester of the first connection is proven. */
  const leaveWord = (attempt: number) => {
    let isLeft = false
    world.beforeProof = () => {
      if (isLeft) return
      isLeft = true
      world.live = [...world.live, connection('later')]
      left = world.review(target, attempt)
    }
  }
  let left: Promise<void>

  it('leads to one more pass of the same review, at once', async () => {
    leaveWord(9)
    await world.review()
    await left
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['mpe', 'later'])
    expect(world.sent).toEqual([])
    expect(world.logged).toEqual(['info Another review works on this target; it makes one more pass.'])
  })

  it('leads to as many passes as were asked for', async () => {
    leaveWord(3)
    await world.review()
    await left
    expect(world.sent).toMatchObject([{ delaySeconds: 8, message: { attempt: 4, isFollowUp: true } }])
  })

  it.each([
    [120_000, 'this review', ['mpe', 'later'], []],
    [120_001, 'another', ['mpe'], [{ delaySeconds: 1, message: { attempt: 9, isFollowUp: true } }]],
  ])('that took %i ms leads to one more pass of %s', async (milliseconds, _whose, written, sent) => {
    leaveWord(9)
    world.beforeRead = () => {
      if (world.writes.length === 0) world.time += milliseconds
    }
    await world.review()
    await left
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(written)
    expect(world.sent).toMatchObject(sent)
    expect(world.sent).toHaveLength(sent.length)
  })
})
