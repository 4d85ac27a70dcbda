import { beforeEach, describe, expect, it } from 'vitest'
import { endpointNamed } from '../../forgery/arena.ts'
import { inState } from '../../forgery/story.ts'
import { type Fault, PersistentWorld, type Place, type Story } from '../../support/persistent-world.ts'
import { byTurns, differing, failing, theList, theRead, theWrite } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const hour = 3600
const day = 24 * hour
const question: Story = { rules: [], end: 'Pending' }
const approval: Story = { rules: [salesToLake], end: 'Approved' }
const decidedStatuses = ['Approved', 'Rejected', 'Disconnected']

let world: PersistentWorld
const listShows = (status: string, more: object = {}) =>
  differing({ list: { ...inState(status, 'By hand.'), ...more } })
const reads = () => world.calls().filter((call) => call.includes('/privateEndpointConnections/')).length

/** So many seconds like this, and as many as it is. */
function byTime(seconds: number, fault: Fault): Fault {
  return (respond) => (Math.floor(world.seconds() / seconds) % 2 === 1 ? fault(respond) : respond())
}

/** A list that shows this, and a read that fails. */
function failBoth(list: Fault, read: Fault): void {
  const isList = (body: unknown) => Array.isArray((body as { value?: unknown }).value)
  const both: Place = (method, path) => theList(method, path) || theRead(method, path)
  world.fail(both, (respond) => (isList(respond().body) ? list(respond) : read(respond)))
}

describe.each(decidedStatuses)('an open request that a list shows as %s', (status) => {
  beforeEach(async () => {
    world = new PersistentWorld(question)
    await world.run(600)
    expect(world.entryLines()).toEqual(['escalated:open'])
  })

  it('once, while a read shows that it waits, stays open', async () => {
    world.fail(theList, listShows(status), 1)
    await world.event()
    await world.pass(hour)
    expect(world.played).toBe(1)
    expect(world.entryLines()).toEqual(['escalated:open'])
    expect(world.notices).toHaveLength(1)
  })

  it('once, in a pass that no event begins, stays open', async () => {
    world.fail(theList, listShows(status), 1)
    await world.pass(2 * hour)
    expect(world.played).toBe(1)
    expect(world.entryLines()).toEqual(['escalated:open'])
    expect(world.notices).toHaveLength(1)
  })

  it('for a day, while a read shows that it waits, is one question about the target', async () => {
    world.fail(theList, listShows(status))
    await world.event()
    await world.pass(day)
    expect(world.entryLines()).toEqual(['escalated:open'])
    expect(world.notices.map(({ code }) => code)).toEqual(['no-rule-matched', 'azure-fails'])
    expect(world.notices[1]?.sentence).toContain(`as ${status}, and a read of it as Pending`)
    world.heal()
    await world.pass(hour)
    expect(world.openQuestions()).toEqual(['no-rule-matched'])
  })

  it('and a read says that it is gone is neither gone nor decided', async () => {
    failBoth(listShows(status), failing(404, 'NotFound'))
    await world.event()
    await world.pass(hour)
    expect(world.entryLines()).toEqual(['escalated:open'])
    expect(world.notices.map(({ code }) => code)).toEqual(['no-rule-matched', 'azure-fails'])
  })

  it.each([
    [429, 'TooManyRequests'],
    [403, 'AuthorizationFailed'],
    [500, 'InternalServerError'],
  ])('and whose read fails with %i stays open, and the target is in trouble', async (code, name) => {
    failBoth(listShows(status), failing(code, name))
    await world.event()
    await world.pass(hour)
    expect(world.entryLines()).toEqual(['escalated:open'])
    expect(world.notices.map((notice) => notice.code)).toEqual(['no-rule-matched', 'azure-fails'])
  })

  it('as its own read does is over, after one read', async () => {
    const before = reads()
    world.show(status, 'By hand.')
    await world.event()
    await world.pass(600)
    expect(world.entryLines()).toEqual([
      'escalated:open',
      status === 'Disconnected' ? 'observed:withdrawn' : 'observed:decided-elsewhere',
    ])
    expect(reads() - before).toBe(1)
    expect(world.openQuestions()).toEqual([])
  })

  it.each([
    ['in each second list', byTurns],
    ['for ten minutes of each twenty', (fault: Fault) => byTime(600, fault)],
    ['for half an hour of each hour', (fault: Fault) => byTime(1800, fault)],
  ])('%s of a day stays open, and hardly anybody is notified', async (_, turns) => {
    world.fail(theList, turns(listShows(status)))
    await world.event()
    const before = world.calls().length
    await world.pass(day)
    expect(world.entryLines()).toEqual(['escalated:open', 'reminded:open'])
    expect(world.notices.length).toBeLessThanOrEqual(3)
    expect(world.calls().length - before).toBeLessThan(24 * 40)
  })

  it('with another endpoint, once, stays open', async () => {
    const other = { privateEndpoint: { id: endpointNamed('adf-other.mpe-blob') } }
    world.fail(theList, listShows(status, other), 1)
    await world.event()
    await world.pass(hour)
    expect(world.played).toBe(1)
    expect(world.entryLines()).toEqual(['escalated:open'])
  })
})

describe('a decision that is being applied while a list shows once', () => {
  async function beginListing(status: string): Promise<void> {
    world = new PersistentWorld(approval)
    world.fail(theWrite, failing(429, 'TooManyRequests'), 1)
    await world.run(5)
    expect(world.entryLines()).toEqual(['intent:applying approve', 'deferred:applying approve'])
    world.fail(theList, listShows(status), 1)
    await world.pass(hour)
    expect(world.played).toBe(2)
  }

  it.each(['Rejected', 'Disconnected'])("%s waits for a person, as after a person's 'no'", async (status) => {
    await beginListing(status)
    expect(world.entries().map(({ kind }) => kind)).not.toContain('observed')
    expect(world.status()).toBe('Pending')
    expect(world.notices.map(({ code }) => code)).toEqual(['rejected-before'])
  })

  it('Approved is applied all the same', async () => {
    await beginListing('Approved')
    expect(world.entries().map(({ kind }) => kind)).not.toContain('observed')
    expect(world.status()).toBe('Approved')
    expect(world.notices).toEqual([])
  })
})

describe.each(['Rejected', 'Disconnected'])('an applied approval that a list shows as %s', (status) => {
  beforeEach(async () => {
    world = new PersistentWorld(approval)
    await world.run(600)
    expect(world.entryLines().at(-1)).toBe('result:applied approve')
  })

  it('once is no alarm and not over', async () => {
    const before = world.entryLines()
    world.fail(theList, listShows(status), 1)
    await world.event()
    await world.pass(hour)
    expect(world.played).toBe(1)
    expect(world.entryLines()).toEqual(before)
    expect(world.notices).toEqual([])
  })

  it('as its own read does is noticed, after one read', async () => {
    const before = reads()
    world.show(status, 'By hand.')
    await world.event()
    await world.pass(600)
    expect(world.entryLines().at(-1)).toBe(status === 'Rejected' ? 'escalated:open' : 'observed:withdrawn')
    expect(reads() - before).toBe(1)
  })
})

describe('a new request that a list shows as Approved, and a read as Pending,', () => {
  it('is evaluated as soon as the list is right', async () => {
    world = new PersistentWorld(approval)
    world.fail(theList, listShows('Approved'), 3)
    await world.run(hour)
    expect(world.status()).toBe('Approved')
    expect(world.entryLines().at(-1)).toBe('result:applied approve')
    expect(world.notices).toEqual([])
  })

  it('for a day is a question about the target, as Resource Graph shows it', async () => {
    world = new PersistentWorld(approval)
    world.fail(theList, listShows('Approved'))
    await world.run(day)
    expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
    expect(world.entries()).toEqual([])
    expect(world.calls().length).toBeLessThan(24 * 40)
    world.heal()
    await world.pass(hour)
    expect(world.status()).toBe('Approved')
    expect(world.openQuestions()).toEqual([])
  })
})

it('an approval that the list and a read show from the first pass on costs no read', async () => {
  world = new PersistentWorld(question)
  world.show('Approved', 'By hand.')
  await world.run(hour)
  expect(reads()).toBe(0)
})

describe('the message of an open request that only a list shows', () => {
  const otherMessage = differing({ list: inState('Pending', 'Another message.') })
  const stories: readonly (readonly [string, () => Promise<void>])[] = [
    [
      'that no rule allows',
      async () => {
        world = new PersistentWorld(question)
        await world.run(600)
      },
    ],
    [
      'whose decision Azure refused',
      async () => {
        world = new PersistentWorld(approval)
        world.fail(theWrite, failing(400, 'BadRequest'))
        await world.run(600)
      },
    ],
  ]

  it.each(stories)('%s, once, is no news', async (_, begin) => {
    await begin()
    const before = world.entryLines()
    world.fail(theList, otherMessage, 1)
    await world.event()
    await world.pass(600)
    expect(world.played).toBeGreaterThan(0)
    expect(world.entryLines()).toEqual(before)
    expect(world.notices).toHaveLength(1)
  })

  it('each second time of a day is no news', async () => {
    world = new PersistentWorld(question)
    await world.run(600)
    world.fail(theList, byTurns(otherMessage))
    await world.event()
    await world.pass(day)
    expect(world.entryLines()).toEqual(['escalated:open', 'reminded:open'])
    expect(world.notices).toHaveLength(1)
  })

  it('is news when a read shows it as well', async () => {
    world = new PersistentWorld(question)
    await world.run(600)
    world.show('Pending', 'Another message.')
    await world.event()
    await world.pass(600)
    expect(world.entryLines()).toEqual(['escalated:open', 'escalated:open'])
  })
})
