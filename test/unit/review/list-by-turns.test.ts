import { beforeEach, describe, expect, it } from 'vitest'
import type { RuleSet } from '../../../shared/domain/rule.ts'
import { connection, FakeReview } from '../../support/fake-review.ts'

const nothing = { complete: true, rules: [], hash: 'none' } as const
const nothingEither = { ...nothing, hash: 'none either' } as const
const unusable = { complete: false, problem: 'The table is gone.' } as const

let world: FakeReview

beforeEach(async () => {
  world = new FakeReview()
  world.rules = nothing
  world.live = [connection('mpe', { groupIds: ['blob'] })]
  await world.review()
})

/** A day on which the allow-list changes every half an hour. */
async function dayOf(...lists: readonly RuleSet[]): Promise<void> {
  for (let times = 0; times < 48; times += 1) {
    world.rules = lists[times % lists.length] ?? nothing
    world.time += 1_800_000
    await world.review()
  }
}

describe('on a day on which the allow-list is another one every half an hour, an open request', () => {
  it('is notified three times at most where the list is unusable by turns', async () => {
    await dayOf(unusable, nothing)
    expect(world.notifications.map(({ code }) => code)).toEqual(['no-rule-matched', 'rules-unreadable'])
  })

  it('is notified three times at most where two lists and an unusable one take turns', async () => {
    await dayOf(unusable, nothing, unusable, nothingEither)
    expect(world.notifications.length).toBeLessThanOrEqual(3)
  })

  it('shows whether the list is usable now', async () => {
    await dayOf(unusable, nothing)
    expect(world.unfinished()[0]?.request.reason.code).toBe('no-rule-matched')
    await dayOf(nothing, unusable)
    expect(world.unfinished()[0]?.request.reason.code).toBe('rules-unreadable')
  })
})
