import { describe, expect, it } from 'vitest'
import { StoredUnreadable } from '../../../shared/ports/ledger.ts'
import { finishOpenWork } from '../../../shared/review/finish-open-work.ts'
import { sweep } from '../../../shared/review/sweep.ts'
import { connection, FakeReview, id, target } from '../../support/fake-review.ts'
import { seriesAt } from '../../support/fake-work.ts'

const bad = id(`${target.id}-bad`)
const good = id(`${target.id}-good`)
const broken = new StoredUnreadable('Row x cannot be used.')

/** What is stored of the work on one target cannot be used. */
function besideBadRow(): FakeReview {
  const world = new FakeReview()
  const { work } = world
  const change = work.change.bind(work)
  Object.assign(work, {
    change: (...[place, decide]: Parameters<typeof change>) =>
      place.key === bad.key ? Promise.reject(broken) : change(place, decide),
  })
  return world
}

describe('where the open work of one target cannot be used', () => {
  it('the sweep sends its passes to all other targets, and fails then', async () => {
    const world = besideBadRow()
    const found = [bad, good].map((one) => ({ target: one, connectionIds: [connection('mpe').id.id] }))
    const targetsWithPending = () => Promise.resolve({ found, isWhole: true })
    const ports = { ...world.ports, search: { ...world.ports.search, targetsWithPending } }
    await expect(sweep(ports)).rejects.toThrow('Row x cannot be used.')
    expect(world.sent.map(({ message }) => message.resourceId)).toEqual([good.id])
  })

  it('what a search no longer shows of all other targets is forgotten', async () => {
    const world = besideBadRow()
    const shown = [{ id: connection('mpe').id.id, at: world.time }]
    for (const one of [bad, good])
      world.work.arrange(one, {
        ...{ kind: 'resting', series: seriesAt(world.time, { shown }) },
        dueAt: world.time + 86_400_000,
      })
    world.time += 3_600_000
    await expect(sweep(world.ports)).rejects.toThrow('Row x cannot be used.')
    expect(world.work.stateOf(good)?.series.shown).toBeUndefined()
  })

  it('all other targets that are overdue are taken up again', async () => {
    const world = besideBadRow()
    for (const one of [bad, good])
      world.work.arrange(one, { kind: 'due', series: seriesAt(world.time), dueAt: world.time - 1 })
    await expect(finishOpenWork(world.ports)).rejects.toThrow('Row x cannot be used.')
    expect(world.sent.map(({ message }) => message.resourceId)).toEqual([good.id])
  })
})
