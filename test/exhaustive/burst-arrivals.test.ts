import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { review } from '../../shared/review/review-target.ts'
import { confirmed, connection, factory, FakeReview, id, salesToLake } from '../support/fake-review.ts'

const minute = 60_000
const max = 3
const names = ['sales', 'other', 'evil'] as const
type Name = (typeof names)[number]

interface Arrival {
  readonly who: Name
  readonly afterMinutes: number
}

const anyArrivals = fc.array(
  fc.record({ who: fc.constantFrom(...names), afterMinutes: fc.integer({ min: 0, max: 2 }) }),
  { minLength: 10, maxLength: 40 },
)

const factories = { sales: factory, other: id(factory.id.replace('adf-sales', 'adf-other')) }

/** When each request came, who sent it and what became of it. Nobody is allowed what `evil` asks for. */
async function play(arrivals: readonly Arrival[]) {
  const world = new FakeReview()
  Object.assign(world.burstLimits, { perRequester: max, perTarget: 1000 })
  world.rules = {
    complete: true,
    hash: 'h',
    rules: Object.values(factories).map((requester) => ({
      ...salesToLake,
      id: requester.name,
      requester: { kind: 'resource', id: requester.id },
    })),
  }
  world.proofOf = ({ id: { name } }) => {
    const who = name.split('-')[0]
    if (who !== 'sales' && who !== 'other') return { ...confirmed, level: 'platform', requester: undefined }
    return { ...confirmed, requester: { kind: 'data-factory', id: factories[who] } }
  }
  const cameAt: number[] = []
  for (const [index, { who, afterMinutes }] of arrivals.entries()) {
    world.time += afterMinutes * minute
    cameAt.push(world.time)
    world.live = [...world.live, connection(`${who}-${index}`)]
    await review(world.ports, world.message())
  }
  return arrivals.map(({ who }, index) => {
    const isDecided = world.writes.some(({ connection: written }) => written.id.name === `${who}-${index}`)
    return { who, at: cameAt[index] ?? 0, isDecided }
  })
}

describe('whoever asks, and whenever', () => {
  it('no factory gets more than its limit answered in any ten minutes, and what is not allowed never is', async () => {
    let asHeld = 0
    await fc.assert(
      fc.asyncProperty(anyArrivals, async (arrivals) => {
        const came = await play(arrivals)
        for (const { who, at: end } of came) {
          const written = came.filter(
            (one) => one.who === who && one.isDecided && one.at > end - 10 * minute && one.at <= end,
          )
          expect(written.length).toBeLessThanOrEqual(who === 'evil' ? 0 : max)
        }
        asHeld += came.filter(({ who, isDecided }) => who !== 'evil' && !isDecided).length
      }),
      { numRuns: 150 },
    )
    expect(asHeld).toBeGreaterThan(50)
  })

  it('each factory gets the same answers as if it were alone', async () => {
    await fc.assert(
      fc.asyncProperty(anyArrivals, async (arrivals) => {
        const together = await play(arrivals)
        let waited = 0
        const alone: Arrival[] = []
        for (const { who, afterMinutes } of arrivals) {
          waited += afterMinutes
          if (who !== 'sales') continue
          alone.push({ who, afterMinutes: waited })
          waited = 0
        }
        expect(together.filter(({ who }) => who === 'sales')).toEqual(await play(alone))
      }),
      { numRuns: 150 },
    )
  })
})
