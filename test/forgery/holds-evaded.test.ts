import { describe, expect, it } from 'vitest'
import {
  Arena,
  connectionOf,
  endpointNamed,
  factory,
  lake,
  managedEndpoint,
  orders,
  type WireConnection,
} from './arena.ts'

const minute = 60_000
const limit = 2

/** The factory of the rule was taken over: it asks for as much as it likes, and each of its requests is proven. */
class Burst {
  readonly arena = new Arena()
  readonly #managed: unknown[] = []

  constructor() {
    Object.assign(this.arena.world.burstLimits, { perRequester: limit })
    this.arena.connections.set(lake, [])
  }

  get waiting(): WireConnection[] {
    return this.arena.connections.get(lake) ?? []
  }

  /** New requests, each by an endpoint of its own. */
  ask(names: readonly string[], target = lake, groupId = 'blob'): void {
    const { connections, managedEndpoints } = this.arena
    for (const name of names) {
      const more = connectionOf(target, `c-${name}`, endpointNamed(`adf-sales.${name}`))
      connections.set(target, [...(connections.get(target) ?? []), more])
      this.#managed.push(managedEndpoint(name, target, groupId))
    }
    managedEndpoints.set(factory, this.#managed)
  }

  /** The connections are taken away; the endpoints stay in the factory's list. */
  remove(...names: readonly string[]): WireConnection[] {
    const isRemoved = ({ id }: WireConnection) => names.some((name) => String(id).endsWith(`/c-${name}`))
    const removed = this.waiting.filter(isRemoved)
    this.arena.connections.set(
      lake,
      this.waiting.filter((one) => !isRemoved(one)),
    )
    return removed
  }

  show(...connections: readonly WireConnection[]): void {
    this.arena.connections.set(lake, [...this.waiting, ...connections])
  }

  set(name: string, status: string, more: object = {}): void {
    for (const connection of this.waiting.filter(({ id }) => String(id).endsWith(`/c-${name}`)))
      connection.properties = {
        ...(connection.properties as object),
        privateLinkServiceConnectionState: { status, description: 'Changed by hand.' },
        ...more,
      }
  }

  async later(minutes = 11): Promise<void> {
    this.arena.world.time += minutes * minute
    await this.arena.pass(lake)
  }
}

async function burst(): Promise<Burst> {
  const world = new Burst()
  world.ask(['a', 'b', 'c', 'd'])
  await world.arena.pass(lake)
  expect(world.arena.approvals()).toEqual(['c-a', 'c-b'])
  return world
}

const attacks: readonly [title: string, play: (world: Burst) => Promise<void>][] = [
  [
    'endpoints of other names in place of those that wait, after the window',
    async (world) => {
      world.remove('c', 'd')
      world.ask(['x', 'y'])
      await world.later()
    },
  ],
  [
    'endpoints of other names beside those that wait, after the window',
    async (world) => {
      world.ask(['x', 'y'])
      await world.later()
    },
  ],
  [
    'everything removed, and made anew twenty hours later',
    async (world) => {
      world.remove('c', 'd')
      await world.later()
      world.ask(['x', 'y'])
      await world.later(20 * 60)
    },
  ],
  [
    'one new endpoint in each of eight windows',
    async (world) => {
      for (let index = 0; index < 8; index += 1) {
        world.ask([`x${index}`])
        await world.later()
      }
    },
  ],
  [
    'the same connections, removed and made again',
    async (world) => {
      const removed = world.remove('c', 'd')
      await world.later(1)
      world.show(...removed)
      await world.later()
    },
  ],
  [
    'connections of other names for the same endpoints, while one waits',
    async (world) => {
      world.remove('c')
      world.show(connectionOf(lake, 'c-renamed', endpointNamed('adf-sales.c')))
      await world.later()
    },
  ],
  [
    'what a person rejected, sent again',
    async (world) => {
      world.set('c', 'Rejected')
      world.set('d', 'Rejected')
      await world.later()
      world.set('c', 'Pending')
      await world.later(60)
    },
  ],
  [
    'what was disconnected, sent again',
    async (world) => {
      world.set('c', 'Disconnected')
      world.set('d', 'Disconnected')
      await world.later()
      world.set('d', 'Pending')
      await world.later(60)
    },
  ],
  [
    'what was rejected, sent again with its endpoint hidden and then shown',
    async (world) => {
      world.set('c', 'Rejected')
      world.set('d', 'Rejected')
      await world.later()
      world.set('c', 'Pending', { privateEndpoint: undefined })
      await world.later(60)
      world.set('c', 'Pending', { privateEndpoint: { id: endpointNamed('adf-sales.c') } })
      await world.later(60)
    },
  ],
  [
    'what was rejected, sent again with its endpoint in other letters',
    async (world) => {
      world.set('c', 'Rejected')
      world.set('d', 'Rejected')
      await world.later()
      const shouted = endpointNamed('adf-sales.c').replace('/vnet-', '/VNET-')
      world.set('c', 'Pending', { privateEndpoint: { id: shouted } })
      await world.later(60)
    },
  ],
  [
    'another target, which another rule allows since before',
    async (world) => {
      const { arena } = world
      world.ask(['sql'], orders, 'sqlServer')
      arena.world.time += 11 * minute
      await arena.pass(orders)
      await arena.pass(orders)
    },
  ],
  [
    'a second burst, withdrawn to end its case',
    async (world) => {
      world.ask(['x1', 'x2', 'x3', 'x4'])
      await world.later()
      world.remove('x1', 'x2', 'x3', 'x4')
      await world.later()
      world.ask(['y'])
      await world.later()
    },
  ],
  [
    'all but one of the case withdrawn',
    async (world) => {
      world.remove('d')
      await world.later()
      world.ask(['x'])
      await world.later()
    },
  ],
]

describe('a factory that was held for its burst gets no more approved by', () => {
  it.each(attacks)('%s', async (_, play) => {
    const world = await burst()
    world.arena.rules = [
      ...world.arena.rules,
      ...world.arena.rules.map((rule) => ({
        ...rule,
        id: 'sales-to-orders',
        target: orders,
        groupIds: ['sqlServer'],
      })),
    ]
    await play(world)
    await world.later(1)
    expect(world.arena.approvals()).toEqual(['c-a', 'c-b'])
  })

  it('new endpoints in one window, of which people are notified once', async () => {
    const world = await burst()
    const before = world.arena.notified().length
    world.ask(['x', 'y', 'z'])
    await world.later()
    await world.later(1)
    expect(world.arena.notified()).toHaveLength(before + 1)
  })
})

describe('a factory that was held for its burst is answered again', () => {
  it('when each request of the case is decided by a person', async () => {
    const world = await burst()
    world.set('c', 'Approved')
    world.set('d', 'Rejected')
    await world.later()
    world.ask(['x'])
    await world.later()
    expect(world.arena.approvals()).toEqual(['c-a', 'c-b', 'c-x'])
  })

  it('a day after the last one was withdrawn', async () => {
    const world = await burst()
    world.remove('c', 'd')
    await world.later()
    world.ask(['x'])
    await world.later(24 * 60)
    expect(world.arena.approvals()).toEqual(['c-a', 'c-b', 'c-x'])
  })

  it('when the rule has a new version', async () => {
    const world = await burst()
    world.arena.rules = world.arena.rules.map((rule) => ({ ...rule, version: rule.version + 1 }))
    world.ask(['x'])
    await world.later()
    expect(world.arena.approvals()).toContain('c-x')
  })
})
