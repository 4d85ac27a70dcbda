import { beforeEach, describe, expect, it } from 'vitest'
import { StoredUnreadable } from '../../../shared/ports/ledger.ts'
import { review } from '../../../shared/review/review-target.ts'
import { connection, endpoint, FakeReview, salesToLake } from '../../support/fake-review.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

describe('a connection that changes under the review', () => {
  it('to another endpoint between evaluating and writing is not answered', async () => {
    world.beforeRead = () => world.set('mpe', { endpoint: endpoint('adf-sales.other') })
    await world.review()
    expect(world.writes).toEqual([])
    expect(world.log.at(-1)?.reason.code).toBe('endpoint-changed')
  })

  it('in its version only is written in the version that was read last', async () => {
    world.set('mpe', { etag: 'old' })
    world.beforeRead = () => {
      if (world.writes.length === 0) world.set('mpe', { etag: 'new' })
    }
    await world.review()
    expect(world.writes.map(({ connection: { etag } }) => etag)).toEqual(['new'])
  })

  it('to another group between evaluating and writing is not answered', async () => {
    world.set('mpe', { groupIds: ['blob'] })
    world.beforeRead = () => world.set('mpe', { groupIds: ['blob', 'dfs'] })
    await world.review()
    expect(world.writes).toEqual([])
    expect(world.log.at(-1)?.reason.code).toBe('endpoint-changed')
  })

  describe.each([
    ['another endpoint', { endpoint: endpoint('adf-sales.other') }],
    ['another group', { groupIds: ['dfs'] }],
  ])('to %s while the answer is written', (_what, swapped) => {
    const swapWith = (name: string) => {
      let reads = 0
      world.beforeRead = () => {
        reads += 1
        if (reads === 2) world.set(name, swapped)
      }
    }

    it.each(['with-description', 'without-description'] as const)(
      'goes to a person and stays there, answering %s',
      async (writeSupport) => {
        world.set('mpe', { groupIds: ['blob'], writeSupport })
        swapWith('mpe')
        await world.review()
        await world.review()
        expect(world.story()).toEqual(['intent:applying approve', 'abandoned:open'])
        expect(world.log.at(-1)?.reason.code).toBe('endpoint-changed')
        expect(world.logged.filter((line) => line.startsWith('error'))).toHaveLength(1)
      },
    )

    it('is seen by the look after a crash, too, and stays with a person until the connection is answered anew', async () => {
      world.set('mpe', { groupIds: ['blob'] })
      world.outcomes = ['carried-out-then-lost']
      await expect(world.review()).rejects.toThrow()
      world.set('mpe', swapped)
      await world.review()
      await world.review()
      expect(world.story()).toEqual(['intent:applying approve', 'abandoned:open'])
      expect(world.log.at(-1)?.reason.code).toBe('endpoint-changed')
      expect(world.logged.filter((line) => line.startsWith('error'))).toHaveLength(1)
      world.set('mpe', { status: 'Rejected', description: 'No.' })
      await world.review()
      expect(world.story().at(-1)).toBe('observed:decided-elsewhere')
    })
  })

  it('to another endpoint under an open request is a new request', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await world.review()
    world.set('mpe', { endpoint: endpoint('somebody.else') })
    await world.review()
    expect(world.story()).toEqual(['escalated:open', 'observed:withdrawn', 'escalated:open'])
    expect(world.log.at(-1)?.episode).toBe(2)
  })

  it('to nothing is withdrawn', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await world.review()
    world.live = []
    await world.review()
    expect(world.story()).toEqual(['escalated:open', 'observed:withdrawn'])
  })

  it('to nothing between evaluating and writing is withdrawn once the list says so, too, and nothing is written', async () => {
    world.beforeRead = () => (world.live = [])
    await world.review()
    expect(world.writes).toEqual([])
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve'])
    await world.review()
    expect(world.writes).toEqual([])
    expect(world.story().at(-1)).toBe('observed:withdrawn')
  })

  it('to nothing while the decision is written is withdrawn once the list says so, too', async () => {
    let reads = 0
    world.beforeRead = () => {
      reads += 1
      if (reads === 2) world.live = []
    }
    await world.review()
    expect([reads, world.story().at(-1)]).toEqual([2, 'deferred:applying approve'])
    await world.review()
    expect(world.story().at(-1)).toBe('observed:withdrawn')
  })

  it('to nothing in one list, while a read shows it, is not gone: Azure contradicts itself', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await world.review()
    const { live } = world
    const find = () => Promise.resolve(live[0])
    world.live = []
    await review({ ...world.ports, connections: { ...world.ports.connections, find } }, world.message())
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.logged).toContain('warn Azure fails at a target; it is reviewed again.')
    expect(world.sent.at(-1)?.delaySeconds).toBe(15)
    world.live = live
    await world.review()
    expect(world.story()).toEqual(['escalated:open'])
  })

  it('to nothing in one list, while a read shows it decided, is settled as the read shows', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await world.review()
    const rejected = { ...connection('mpe'), status: 'Rejected' }
    const find = () => Promise.resolve(rejected)
    world.live = []
    await review({ ...world.ports, connections: { ...world.ports.connections, find } }, world.message())
    expect(world.story()).toEqual(['escalated:open', 'observed:decided-elsewhere'])
  })

  it('to another decision than this app has applied is a question', async () => {
    await world.review()
    world.set('mpe', { status: 'Rejected', description: 'By hand.' })
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve', 'escalated:open'])
    expect(world.log.at(-1)?.reason.code).toBe('changed-outside')
    for (let passes = 0; passes < 3; passes += 1) await world.review()
    expect(world.story().slice(3)).toEqual([])
    expect(world.notifications.map(({ severity, code }) => [severity, code])).toEqual([
      ['alarm', 'changed-outside'],
    ])
  })

  it('to Disconnected, after this app has approved it, is recorded, and nobody is notified', async () => {
    await world.review()
    world.set('mpe', { status: 'Disconnected' })
    await world.review()
    await world.review()
    expect(world.story().slice(2)).toEqual(['observed:withdrawn'])
    expect(world.notifications).toEqual([])
  })

  it('cannot be compared with a record that cannot be read: that is said aloud, and the rest is settled', async () => {
    await world.review()
    const { ledger } = world.ports
    const read = () => Promise.reject(new StoredUnreadable('Row x.'))
    world.live = [...world.live, connection('new')]
    const ports = {
      ...world.ports,
      ledger: {
        ...ledger,
        read: (...key: Parameters<typeof ledger.read>) =>
          key[0].id.name === 'mpe' ? read() : ledger.read(...key),
      },
    }
    await review(ports, world.message())
    expect(world.story().slice(2)).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.logged).toContain(
      'error The record of a decided connection cannot be read; it is not compared with Azure.',
    )
    expect(world.abandoned).toBe(0)
  })

  it('by the hand of a person in the portal is settled elsewhere', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await world.review()
    world.set('mpe', { status: 'Rejected' })
    await world.review()
    expect(world.story()).toEqual(['escalated:open', 'observed:decided-elsewhere'])
  })

  it('from Rejected back to Pending is a new request', async () => {
    world.rules = {
      complete: true,
      hash: 'h',
      rules: [{ ...salesToLake, effect: 'deny', requester: undefined }],
    }
    await world.review()
    world.set('mpe', { status: 'Pending' })
    world.time += 61_000
    world.rules = { complete: true, rules: [salesToLake], hash: 'h2' }
    await world.review()
    expect(world.log.at(-1)).toMatchObject({ episode: 2, state: 'applied', outcome: 'approve' })
  })

  it('and still shows Pending just after its rejection is not answered twice', async () => {
    world.rules = {
      complete: true,
      hash: 'h',
      rules: [{ ...salesToLake, effect: 'deny', requester: undefined }],
    }
    await world.review()
    world.set('mpe', { status: 'Pending' })
    await world.review()
    expect(world.writes).toHaveLength(1)
  })

  it('and still shows Pending just after its approval is not answered twice', async () => {
    await world.review()
    world.set('mpe', { status: 'Pending' })
    await world.review()
    expect(world.writes).toHaveLength(1)
    world.time += 61_000
    await world.review()
    expect(world.log.at(-1)).toMatchObject({ episode: 2, state: 'applied', outcome: 'approve' })
  })

  it('in a status nobody knows is brought to a person, and never answered', async () => {
    world.set('mpe', { status: 'Timeout' })
    await world.review()
    await world.review()
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.log[0]?.reason.code).toBe('unknown-status')
    expect(world.writes).toEqual([])
  })

  it('to no status at all is not taken for withdrawn', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await world.review()
    world.set('mpe', { status: '' })
    await world.review()
    expect(world.log.at(-1)).toMatchObject({ state: 'open', reason: { code: 'unknown-status' } })
  })
})
