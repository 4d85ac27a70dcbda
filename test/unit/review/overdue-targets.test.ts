import { beforeEach, describe, expect, it } from 'vitest'
import { finishOpenWork } from '../../../shared/review/finish-open-work.ts'
import { FakeReview, target } from '../../support/fake-review.ts'
import { seriesAt } from '../../support/fake-work.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.work.arrange(target, { kind: 'due', series: seriesAt(world.time), dueAt: world.time })
})

/** The timer runs every 15 seconds; nobody takes the messages. Returns the minutes at which one was sent. */
async function timerRunsFor(minutes: number): Promise<number[]> {
  const start = world.time
  const sentAt: number[] = []
  for (; world.time < start + minutes * 60_000; world.time += 15_000) {
    if ((await finishOpenWork(world.ports)) > 0) sentAt.push((world.time - start) / 60_000)
  }
  return sentAt
}

describe('messages for an overdue target', () => {
  it('do not pile up while the queue is behind: each waits twice as long as the one before', async () => {
    expect(await timerRunsFor(120)).toEqual([0, 1, 3, 7, 15, 31, 63, 95])
    expect(world.sent).toHaveLength(8)
  })

  it('begin at a minute again after a review has begun', async () => {
    await timerRunsFor(40)
    world.listFailure = new Error('Azure is away.')
    await expect(world.review(target, 0)).rejects.toThrow('Azure is away.')
    expect(await timerRunsFor(10)).toEqual([1.25, 2.25, 4.25, 8.25])
  })
})
