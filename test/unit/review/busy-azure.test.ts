import { beforeEach, describe, expect, it } from 'vitest'
import { AzureBusy } from '../../../shared/ports/azure.ts'
import { connection, FakeReview } from '../../support/fake-review.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

describe('when Azure is busy', () => {
  it('the request is left in place and looked at after the wait it asked for', async () => {
    world.outcomes = [{ kind: 'retry-after', afterSeconds: 17, code: '429', message: 'Busy.' }]
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve'])
    expect(world.sent).toMatchObject([{ delaySeconds: 17 }])
    expect(world.finished).toEqual([{ attempt: 9, afterSeconds: 17, notSooner: true }])
  })

  it('for long, one entry says so, and the decision stays the same to the end', async () => {
    const busy = { kind: 'retry-after', afterSeconds: 17, code: '429', message: 'Busy.' } as const
    world.outcomes = [busy, busy, busy]
    for (let passes = 0; passes < 4; passes += 1) await world.review()
    expect(world.story()).toEqual([
      'intent:applying approve',
      'deferred:applying approve',
      'result:applied approve',
    ])
    expect(new Set(world.log.map(({ decisionId }) => decisionId)).size).toBe(1)
  })

  it('with the write itself, the result waits until it has finished', async () => {
    world.set('mpe', { provisioningState: 'Updating' })
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve'])
    world.set('mpe', { provisioningState: 'Succeeded' })
    await world.review()
    expect(world.story().at(-1)).toBe('result:applied approve')
    expect(world.writes).toHaveLength(1)
  })
})

describe('when Azure stays busy', () => {
  it('the waits grow, and after half an hour a person is asked, once', async () => {
    world.outcomes = Array.from({ length: 500 }, () => ({
      kind: 'retry-after',
      afterSeconds: 2,
      code: 'Conflict',
      message: 'Busy.',
    }))
    for (let passes = 0; passes < 200; passes += 1) {
      await world.review()
      world.time += (world.finished.at(-1)?.afterSeconds ?? 60) * 1000
    }
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve', 'result:open'])
    expect(world.log.at(-1)?.reason.sentence).toContain('half an hour')
    expect(world.writes.length).toBeLessThan(80)
  })

  it('the reason of the decision stays what it was', async () => {
    world.outcomes = [{ kind: 'retry-after', afterSeconds: 2, code: 'Conflict', message: 'Busy.' }]
    await world.review()
    await world.review()
    expect(world.log.at(-1)).toMatchObject({
      state: 'applied',
      outcome: 'approve',
      reason: { code: 'allowed-by-rule' },
    })
    expect(world.log.at(-1)?.reason.sentence).toBe(world.log[0]?.reason.sentence)
  })

  it('while the requester is proven, the look comes back after the wait', async () => {
    world.proofFailure = new AzureBusy(300)
    await world.review()
    expect(world.sent).toMatchObject([{ delaySeconds: 300 }])
    expect(world.abandoned).toBe(0)
  })
})

describe('an answer that Azure does not finish', () => {
  it('and calls failed stays with the person who was asked', async () => {
    world.beforeRead = () => {
      if (world.writes.length > 0) world.set('mpe', { provisioningState: 'Failed' })
    }
    await world.review()
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'result:open'])
  })

  it('in time but does later is known for our own', async () => {
    world.set('mpe', { provisioningState: 'Updating' })
    await world.review()
    world.time += 1_900_000
    await world.review()
    world.set('mpe', { provisioningState: 'Succeeded' })
    await world.review()
    expect(world.story()).toEqual([
      'intent:applying approve',
      'deferred:applying approve',
      'result:open',
      'result:applied approve',
    ])
  })

  it('and shows in a status nobody knows meanwhile is waited for, and known for our own', async () => {
    world.beforeRead = () => {
      if (world.writes.length > 0) world.set('mpe', { status: 'Updating', provisioningState: 'Updating' })
    }
    await world.review()
    world.beforeRead = () => undefined
    await world.review()
    const description = world.writes[0]?.write.description ?? ''
    world.set('mpe', { status: 'Approved', provisioningState: 'Succeeded', description })
    await world.review()
    expect(world.story()).toEqual([
      'intent:applying approve',
      'deferred:applying approve',
      'result:applied approve',
    ])
  })

  it('has its half an hour counted from the first time Azure was busy, not from a crash before', async () => {
    world.outcomes = [
      new Error('killed'),
      { kind: 'retry-after', afterSeconds: 5, code: 'TooManyRequests', message: 'Busy.' },
    ]
    await expect(world.review()).rejects.toThrow()
    world.time += 3_600_000
    await world.review()
    await world.review()
    expect(world.story()).toEqual([
      'intent:applying approve',
      'deferred:applying approve',
      'result:applied approve',
    ])
  })
})

describe('a status nobody knows that comes between evaluating and writing', () => {
  it('is looked at again and closes nothing', async () => {
    world.beforeRead = () => world.set('mpe', { status: 'Updating' })
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve'])
    expect(world.writes).toEqual([])
    expect(world.sent).toHaveLength(1)
  })
})

describe('when Azure throttles reading', () => {
  it('nothing is decided, and the target is looked at after the wait it asked for', async () => {
    world.listFailure = new AzureBusy(40)
    await world.review()
    expect(world.log).toEqual([])
    expect(world.sent).toMatchObject([{ delaySeconds: 40 }])
    expect(world.abandoned).toBe(0)
  })
})
