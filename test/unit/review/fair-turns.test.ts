import { expect, it } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { review } from '../../../shared/review/review-target.ts'
import { confirmed, connection, FakeReview } from '../../support/fake-review.ts'

const noResponse: Proof = {
  ...confirmed,
  level: 'platform',
  requester: undefined,
  refusals: [{ code: 'could-not-ask', sentence: 'It gave no answer in time.' }],
}

/** Twenty slow ones stand before `mpe` in Azure's list; a review pass has time for twelve of them. */
function slowOnesFirst(): FakeReview {
  const world = new FakeReview()
  world.live = [...Array.from({ length: 20 }, (_, index) => connection(`slow${index}`)), connection('mpe')]
  world.proofOf = ({ id }) => {
    if (id.name === 'mpe') return undefined
    world.time += 10_501
    return noResponse
  }
  return world
}

it('a review pass that others follow begins each time with another connection, so that slow ones do not always come first', async () => {
  const world = slowOnesFirst()
  for (let events = 0; events < 4; events += 1) await review(world.ports, world.message(0))
  expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['mpe'])
  expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve'])
})

it('a review pass that tells people begins with the first, and goes on next time with those nobody knows of', async () => {
  const world = slowOnesFirst()
  await review(world.ports, world.message())
  expect(world.log.map(({ subject }) => subjectId(subject).split('/').at(-1))).toEqual(
    Array.from({ length: 12 }, (_, index) => `slow${index}`),
  )
  await review(world.ports, world.message())
  expect(world.writes).toHaveLength(1)
})

it('a review pass that ran out of time goes on at once, however long the wait that Azure asked for at one connection', async () => {
  const world = slowOnesFirst()
  world.live = [connection('mpe'), ...world.live.filter(({ id }) => id.name !== 'mpe')]
  world.outcomes = [{ kind: 'retry-after', afterSeconds: 900, code: '429', message: 'Busy.' }]
  await review(world.ports, world.message())
  expect(world.story().slice(0, 2)).toEqual(['intent:applying approve', 'deferred:applying approve'])
  expect(world.sent).toMatchObject([{ delaySeconds: 1 }])
})
