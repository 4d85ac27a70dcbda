import { beforeEach, describe, expect, it } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import { confirmed, connection, FakeReview, target } from '../../support/fake-review.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

describe('many slow requests on one target', () => {
  const slow = () => {
    world.live = Array.from({ length: 40 }, (_, number) => connection(`m${number}`))
    world.beforeProof = () => (world.time += 10_000)
  }

  async function passUntilDone(attempt: number): Promise<number> {
    for (let passes = 1; passes <= 60; passes += 1) {
      await world.review(target, attempt)
      const next = world.finished.at(-1)
      if (!next || next.isResting) return passes
      attempt = next.attempt
    }
    return Number.POSITIVE_INFINITY
  }

  it('all reach a person although nobody can be asked, and the review passes end', async () => {
    slow()
    world.proof = {
      ...confirmed,
      level: 'platform',
      requester: undefined,
      refusals: [{ code: 'could-not-ask', sentence: 'Could not ask: 403.' }],
    }
    expect(await passUntilDone(0)).toBeLessThan(30)
    expect(world.log).toHaveLength(40)
  })

  it('that people know of already are not rechecked at without end', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    world.live = Array.from({ length: 40 }, (_, number) => connection(`m${number}`))
    await world.review()
    slow()
    expect(await passUntilDone(9)).toBe(1)
  })

  it('that one pass does not come to are rechecked at in turns, with more rest between than work', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    world.live = Array.from({ length: 40 }, (_, number) => connection(`m${number}`))
    await world.review()
    const rechecked = new Set<string>()
    slow()
    world.proofOf = ({ id }) => {
      rechecked.add(id.name)
      return undefined
    }
    for (let passes = 0; passes < 40; passes += 1) {
      const startedAt = world.time
      await world.review()
      const rest = world.finished.at(-1)
      expect(rest?.isResting).toBe(true)
      expect((rest?.afterSeconds ?? 0) * 1000).toBeGreaterThan(world.time - startedAt)
      world.time += (rest?.afterSeconds ?? 0) * 1000 + 137
    }
    expect(rechecked.size).toBe(40)
  })
})

describe('a burst of requests on one target', () => {
  it('does not keep a new one from being seen', async () => {
    const unknownOnes = Array.from({ length: 150 }, (_, number) =>
      connection(`s${number}`, { description: '' }),
    )
    world.rules = { complete: true, rules: [], hash: 'h' }
    world.live = unknownOnes
    world.beforeProof = () => (world.time += 1000)
    await world.review()
    await world.review()
    world.log = []
    world.live = [...unknownOnes, connection('ours')]
    await world.review()
    expect(world.log.map(({ subject }) => subjectId(subject))).toEqual([expect.stringMatching(/\/ours$/)])
  })

  it('does not let one run of the function go on for ever', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    world.live = Array.from({ length: 200 }, (_, number) => connection(`s${number}`))
    world.beforeProof = () => (world.time += 1000)
    const startedAt = world.time
    await world.review(target, 0)
    expect(world.time - startedAt).toBeLessThan(180_000)
    expect(world.finished.at(-1)).toMatchObject({ attempt: 1, afterSeconds: 1 })
  })
})

describe('a managed endpoint that its owner does not show as waiting yet', () => {
  beforeEach(() => {
    world.proof = {
      ...confirmed,
      level: 'platform',
      requester: undefined,
      groupIds: undefined,
      refusals: [{ code: 'managed-endpoint-not-ready', sentence: 'Not yet.' }],
    }
  })

  it('is left for the next review pass while there is one', async () => {
    await world.review(target, 0)
    expect(world.log).toEqual([])
    expect(world.sent).toHaveLength(1)
  })

  it('of a foreign tenant that cannot be read goes to a person at once', async () => {
    world.proof = {
      ...world.proof,
      isManagedTenant: false,
      refusals: [{ code: 'endpoint-not-readable', sentence: 'Could not ask: 401.' }],
    }
    await world.review(target, 0)
    expect(world.log.at(-1)?.reason.code).toBe('unproven-requester')
  })

  it('goes to a person at the last review pass', async () => {
    await world.review(target, 7)
    expect(world.log.at(-1)?.reason.code).toBe('unproven-requester')
  })
})
