import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { TargetUnreadable } from '../../../shared/ports/azure.ts'
import { review } from '../../../shared/review/review-target.ts'
import { connection, FakeReview, target } from '../../support/fake-review.ts'

let world: FakeReview
const error = vi.fn()

beforeEach(() => {
  world = new FakeReview()
  // From here on the work on the target is kept from one review to the next.
  world.work.arrange(target, undefined)
  world.live = [connection('mpe')]
  error.mockClear()
})

const conflict = (): never => {
  throw new LedgerConflict('changed')
}

/** One review after the other, each when the one before has sent it. Returns the seconds between them. */
async function reviews(count: number): Promise<number[]> {
  const ports = { ...world.ports, log: { ...world.ports.log, error } }
  const waits: number[] = []
  let message = world.message(7)
  for (let index = 0; index < count; index += 1) {
    await review(ports, message)
    const next = world.sent.pop()
    if (!next) break
    waits.push(next.delaySeconds)
    world.time += next.delaySeconds * 1000
    message = next.message
  }
  return waits
}

describe('conflicts in a row on one target', () => {
  it('are retried after growing waits, up to ten minutes', async () => {
    world.onLedgerWrite = conflict
    expect(await reviews(11)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600])
  })

  it('end as an error line from the fifth on', async () => {
    world.onLedgerWrite = conflict
    await reviews(4)
    expect(error).not.toHaveBeenCalled()
    world.work.arrange(target, undefined)
    await reviews(6)
    expect(error.mock.calls).toEqual(
      [5, 6].map((conflicts) => [
        'A record could not be written: others wrote it first, again and again.',
        { metric: 'ledger.conflicts', connection: connection('mpe').id.id, conflicts },
      ]),
    )
  })

  it('are forgotten when a pass has none', async () => {
    world.onLedgerWrite = conflict
    await reviews(3)
    world.onLedgerWrite = () => undefined
    world.rules = { complete: true, rules: [], hash: 'none' }
    await reviews(1)
    world.rules = { complete: true, rules: [], hash: 'other' }
    world.live = [connection('another')]
    world.onLedgerWrite = conflict
    expect(await reviews(1)).toEqual([2])
  })

  it('do not keep an event from beginning a review at once', async () => {
    world.onLedgerWrite = conflict
    await reviews(8)
    world.time -= 256_000
    world.onLedgerWrite = () => undefined
    await world.review(target, 0)
    expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve'])
  })

  it('do not end by an event, which is no reason to try every two seconds again', async () => {
    world.onLedgerWrite = conflict
    await reviews(3)
    expect(await reviews(1)).toEqual([16])
  })

  it('about a target that cannot be read are retried in the same way', async () => {
    world.listFailure = new TargetUnreadable('No permission.')
    world.onLedgerWrite = conflict
    expect(await reviews(5)).toEqual([2, 4, 8, 16, 32])
    expect(error).toHaveBeenCalledTimes(1)
  })

  it('on one connection do not keep the others from being settled', async () => {
    world.live = [connection('mpe'), connection('other')]
    world.onLedgerWrite = ({ subject }) => {
      if (subject.kind === 'connection' && subject.connectionId.endsWith('/mpe')) conflict()
    }
    await reviews(1)
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['other'])
  })
})
