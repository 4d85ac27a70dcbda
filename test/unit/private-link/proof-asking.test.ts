import { describe, expect, it } from 'vitest'
import { ArmError } from '../../../shared/private-link/arm/error.ts'
import { createAskOnce, RecentFailures } from '../../../shared/private-link/proof/ask-once.ts'
import { databricksNetwork } from '../../../shared/private-link/requesters/databricks-network.ts'
import { frontDoor } from '../../../shared/private-link/requesters/front-door.ts'
import type { ManagedEndpoint, RequesterApi } from '../../../shared/private-link/requesters/requester-api.ts'
import {
  Arena,
  connectionOf,
  dataPlatform,
  endpointNamed,
  factory,
  lake,
  ok,
  resource,
} from '../../forgery/arena.ts'
import { requesters, waiting } from './given-proof.ts'

const asked = requesters['data-factory']
const other = requesters['purview-account']

/** A requester that answers what it is told to, and a clock that is set by hand. */
function setting(response: () => Promise<readonly ManagedEndpoint[]>, milliseconds = 1_000) {
  const world = { time: 0, calls: [] as string[], signals: [] as (AbortSignal | undefined)[] }
  const api: RequesterApi = {
    kind: 'data-factory',
    managedEndpoints: ({ key }, signal) => {
      world.calls.push(key)
      world.signals.push(signal)
      return response()
    },
  }
  const askOnce = createAskOnce(milliseconds, () => world.time, new RecentFailures(() => world.time))
  return { world, ask: (id = asked) => askOnce(api, id) }
}

describe('a requester', () => {
  it('is asked once by all who ask at the same time', async () => {
    const { world, ask } = setting(() => Promise.resolve([waiting()]))
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(Array(3).fill([waiting()]))
    expect(world.calls).toEqual([asked.key])
  })

  it('is not taken for another one', async () => {
    const { world, ask } = setting(() => Promise.resolve([]))
    await ask()
    await ask(other)
    expect(world.calls).toEqual([asked.key, other.key])
  })

  it('is asked anew 15 s after its answer, however long that took', async () => {
    const said: (readonly ManagedEndpoint[])[] = [[waiting()], []]
    const { world, ask } = setting(() => {
      world.time += 20_000
      return Promise.resolve(said.shift() ?? [])
    })
    await ask()
    world.time += 14_999
    expect(await ask()).toEqual([waiting()])
    world.time += 1
    expect(await ask()).toEqual([])
    expect(world.calls).toHaveLength(2)
  })

  it('that fails is left alone as long', async () => {
    const { world, ask } = setting(() => Promise.reject(new ArmError(403, 'AuthorizationFailed', 'No.')))
    await expect(ask()).rejects.toMatchObject({ status: 403 })
    await expect(ask()).rejects.toMatchObject({ status: 403 })
    expect(world.calls).toHaveLength(1)
    world.time += 20_000
    await expect(ask()).rejects.toMatchObject({ status: 403 })
    expect(world.calls).toHaveLength(2)
  })

  it('that does not answer in time is told to end, and holds up only the first who asks', async () => {
    const { world, ask } = setting(() => new Promise(() => undefined), 20)
    await expect(ask()).rejects.toMatchObject({ code: 'Timeout' })
    await expect(ask()).rejects.toMatchObject({ code: 'Timeout' })
    expect(world.calls).toHaveLength(1)
    expect(world.signals[0]?.aborted).toBe(true)
  })

  it('that answers in time is never told to end', async () => {
    const { world, ask } = setting(() => Promise.resolve([]))
    await ask()
    expect(world.signals[0]?.aborted).toBe(false)
  })
})

describe('nobody waits any more:', () => {
  const stop = new ArmError(0, 'Timeout', 'x')
  const unused = (): Promise<never> => Promise.reject(new Error('Nobody calls that.'))

  it('Front Door’s next group is not read', async () => {
    const late = new AbortController()
    const listed: string[] = []
    const arm = {
      host: 'x',
      request: unused,
      follow: unused,
      list: (path: string) => {
        listed.push(path)
        if (listed.length === 2) late.abort(stop)
        return Promise.resolve(listed.length === 1 ? [{ name: 'a' }, { name: 'b' }, { name: 'c' }] : [])
      },
    }
    const profile = requesters['front-door']
    await expect(frontDoor(arm).managedEndpoints(profile, late.signal)).rejects.toBe(stop)
    expect(listed).toEqual([`${profile.id}/originGroups`, `${profile.id}/originGroups/a/origins`])
  })

  it('the next page of a list is not read', async () => {
    const late = new AbortController()
    let pages = 0
    const arm = {
      host: 'x',
      request: unused,
      list: unused,
      follow: () => {
        pages += 1
        late.abort(stop)
        const body = { items: [], next_page_token: 'more' }
        return Promise.resolve({
          status: 200,
          body,
          bytes: 0,
          retryAfterSeconds: undefined,
          header: () => undefined,
        })
      },
    }
    const network = requesters['databricks-network']
    const api = databricksNetwork(() => arm, 'https://accounts.example')
    await expect(api.managedEndpoints(network, late.signal)).rejects.toBe(stop)
    expect(pages).toBe(1)
  })
})

describe('twenty squatters of one target', () => {
  const squatters = Array.from({ length: 20 }, (_, number) =>
    connectionOf(lake, `c-${number}`, endpointNamed(`adf-sales.squat-${number}`)),
  )

  it('make the factory be asked once in a review pass, and once more in the next', async () => {
    const arena = new Arena()
    arena.connections.set(lake, squatters)
    const calls = () =>
      arena.called.filter((call) => call.endsWith(`${factory}/managedVirtualNetworks`)).length
    await arena.pass(lake)
    expect(calls()).toBe(1)
    await arena.pass(lake)
    expect(calls()).toBe(2)
  })

  it('make a Front Door of fifty groups be asked once', async () => {
    const arena = new Arena()
    const profile = resource(dataPlatform, 'rg-web', 'Microsoft.Cdn/profiles', 'afd')
    arena.rules = arena.rules.map((rule) => ({ ...rule, requester: { kind: 'resource', id: profile } }))
    const names = Array.from({ length: 50 }, (_, number) => `g${number}`)
    arena.instead.set(`GET ${profile}/originGroups`, ok({ value: names.map((name) => ({ name })) }))
    for (const name of names)
      arena.instead.set(`GET ${profile}/originGroups/${name}/origins`, ok({ value: [] }))
    arena.connections.set(lake, squatters)
    await arena.pass(lake)
    expect(arena.called.filter((call) => call.includes('/originGroups'))).toHaveLength(51)
  })
})
