import { beforeEach, describe, expect, it } from 'vitest'
import { AzureBusy } from '../../../shared/ports/azure.ts'
import { connection, FakeReview, salesToLake, target } from '../../support/fake-review.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

const busy = { kind: 'retry-after', afterSeconds: 2, code: 'Conflict', message: 'Busy.' } as const
const minute = 60_000
/** So many outcomes, more than a test uses. */
const always = <T>(outcome: T): T[] => Array.from({ length: 500 }, () => outcome)

/** Passes as they come by themselves, until then. */
async function passUntil(end: number): Promise<void> {
  while (world.time < end) {
    await world.review()
    world.time += (world.finished.at(-1)?.afterSeconds ?? 60) * 1000
  }
}

describe('when Azure is busy', () => {
  it('the request is left in place and looked at after the wait it asked for', async () => {
    world.outcomes = [{ ...busy, afterSeconds: 17 }]
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve'])
    expect(world.log.at(-1)?.reason.sentence).toBe(
      'Azure has not carried the decision out yet: Conflict ("Busy.").',
    )
    expect(world.sent).toMatchObject([{ delaySeconds: 17 }])
    expect(world.finished).toEqual([{ attempt: 9, afterSeconds: 17, notSooner: false }])
  })

  it('nothing is sent before the next try, whoever asks for a review', async () => {
    world.outcomes = [busy]
    await world.review()
    world.time += 14_000
    await world.review(target, 0)
    expect(world.writes).toHaveLength(1)
    expect(world.finished.at(-1)?.afterSeconds).toBe(1)
    world.time += 1000
    await world.review()
    expect(world.writes).toHaveLength(2)
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('again and again, each try is logged, and the decision stays the same to the end', async () => {
    world.outcomes = [busy, busy]
    await passUntil(world.time + 10 * minute)
    expect(world.story()).toEqual([
      'intent:applying approve',
      'deferred:applying approve',
      'intent:applying approve',
      'deferred:applying approve',
      'intent:applying approve',
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
  it('the waits grow, and after half an hour a person is asked, once; it is sent again hourly for a week', async () => {
    world.outcomes = always(busy)
    const start = world.time
    const tries: number[] = []
    const { connections } = world.ports
    const apply = connections.apply.bind(connections)
    connections.apply = (...given) => {
      tries.push(Math.round((world.time - start) / 1000))
      return apply(...given)
    }
    await passUntil(start + 31 * minute)
    expect(tries).toEqual([0, 15, 120, 600])
    expect(world.story().slice(-2)).toEqual(['deferred:applying approve', 'result:open'])
    expect(world.log.at(-1)?.reason.sentence).toContain('for 30 min: Conflict ("Busy.").')
    await passUntil(start + 8 * 24 * 60 * minute)
    expect(tries.length).toBeLessThanOrEqual(4 + 7 * 24)
    expect(tries.length).toBeGreaterThan(4 + 6 * 24)
    expect(world.notifications).toHaveLength(1)
    expect(world.log.at(-1)?.reason.sentence).toContain('sent again for 7 days and is not sent any more')
  })

  it('the reason of the decision stays what it was', async () => {
    world.outcomes = [busy]
    await world.review()
    world.time += 15_000
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

  it('is tried once more after a pause of the app itself before a person is asked', async () => {
    world.outcomes = [new Error('killed')]
    await expect(world.review()).rejects.toThrow()
    world.time += 60 * minute
    await world.review()
    expect(world.writes).toHaveLength(2)
    expect(world.story().slice(1)).toEqual(['intent:applying approve', 'result:applied approve'])
  })

  it('and whose last try Azure refused for a moment is with a person after that pause', async () => {
    world.outcomes = [new Error('killed'), busy]
    await expect(world.review()).rejects.toThrow()
    world.time += 60 * minute
    await world.review()
    expect(world.story().slice(1)).toEqual(['intent:applying approve', 'result:open'])
    world.time += 60 * minute
    await world.review()
    expect(world.story().at(-1)).toBe('result:applied approve')
  })
})

describe('a write without a response', () => {
  const lost = { kind: 'unanswered', afterSeconds: 0, code: 'ECONNRESET', message: 'No response.' } as const
  const denied = () =>
    (world.rules = {
      complete: true,
      rules: [{ ...salesToLake, version: 4, effect: 'deny', requester: undefined }],
      hash: 'denied',
    })

  it('that was carried out is known for our own by the next pass, and not sent again', async () => {
    world.outcomes = [lost]
    await world.review()
    const description = world.writes[0]?.write.description ?? ''
    world.set('mpe', { status: 'Approved', description })
    world.time += 15_000
    await world.review()
    expect(world.writes).toHaveLength(1)
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('that was not carried out is sent again', async () => {
    world.outcomes = [lost]
    await passUntil(world.time + minute)
    expect(world.writes).toHaveLength(2)
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it.each([lost, { kind: 'accepted' } as const])(
    'may still be carried out: the opposite waits for ten minutes, after %o',
    async (outcome) => {
      world.outcomes = [outcome]
      await world.review()
      denied()
      await passUntil(world.time + 9 * minute)
      expect(world.writes.map(({ write }) => write.status)).toEqual(['Approved'])
      await passUntil(world.time + 3 * minute)
      expect(world.writes.map(({ write }) => write.status)).toEqual(['Approved', 'Rejected'])
    },
  )

  it('and that never gets one is with a person after half an hour, with the words of Azure', async () => {
    world.outcomes = always(lost)
    const start = world.time
    await passUntil(start + 29 * minute)
    expect(world.notifications).toEqual([])
    await passUntil(start + 32 * minute)
    expect(world.story().at(-1)).toBe('result:open')
    expect(world.log.at(-1)?.reason.sentence).toContain('ECONNRESET ("No response.")')
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
