import { beforeEach, describe, expect, it } from 'vitest'
import type { Rule } from '../../shared/domain/rule.ts'
import { salesToLake } from '../support/fake-review.ts'
import {
  Arena,
  connectionOf,
  dataPlatform,
  endpointNamed,
  factory,
  failed,
  lake,
  managedEndpoint,
  ok,
} from './arena.ts'
import { inState } from './story.ts'

const group = '/providers/Microsoft.Management/managementGroups/data'
const entities = 'POST /providers/Microsoft.Management/getEntities'
const tagsOfLake = `GET ${lake}/providers/Microsoft.Resources/tags/default`
const ownTenant = '7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10'
const attackerTenant = 'e15e0000-9b7a-4c3d-a1f2-5c6d7e8f9a32'

let arena: Arena

beforeEach(() => {
  arena = new Arena()
})

function rules(...changes: Partial<Rule>[]): void {
  arena.rules = changes.map((change, index) => ({ ...salesToLake, id: `rule-${index}`, ...change }))
}

function entity(
  change: { name?: string; type?: string; tenantId?: unknown; parentNameChain?: unknown } = {},
) {
  const { name = dataPlatform, type = '/subscriptions', ...properties } = change
  return {
    name,
    type,
    properties: { tenantId: ownTenant, parentNameChain: [ownTenant, 'data'], ...properties },
  }
}

const respondWithEntities = (...value: unknown[]) =>
  arena.instead.set(entities, { status: 200, body: { value } })
const respondWithTags = (tags: unknown) =>
  arena.instead.set(tagsOfLake, { status: 200, body: { properties: { tags } } })

describe('tags', () => {
  beforeEach(() => rules({ targetTags: [{ name: 'open', value: 'yes' }] }))

  it('that stand on the target let the true request through', async () => {
    respondWithTags({ OPEN: 'yes' })
    await arena.pass(lake)
    expect(arena.approvals()).toEqual(['c-true'])
  })

  it.each<[string, unknown]>([
    ['with the value in another case', { open: 'YES' }],
    ['with a look-alike name', { 'op\u0435n': 'yes' }],
    ['with a blank behind the value', { open: 'yes ' }],
    ['with another as its name', { yes: 'open' }],
    ['inherited from JavaScript', JSON.parse('{"__proto__":{"open":"yes"}}')],
    ['as a list', [{ name: 'open', value: 'yes' }]],
    ['as a value that is no text', { open: true }],
    ['of nothing', null],
  ])('%s approve nobody', async (_words, tags) => {
    respondWithTags(tags)
    await arena.pass(lake)
    expect([arena.approvals(), arena.escalated()]).toEqual([[], ['c-true']])
  })

  it.each([400, 401, 403, 404])(
    'that Azure answers with %s approve nobody, and people are told',
    async (status) => {
      arena.instead.set(tagsOfLake, { status })
      await arena.pass(lake)
      expect([arena.approvals(), arena.escalated()]).toEqual([[], ['c-true']])
    },
  )

  it('that Azure answers with 500 approve nobody, and people are notified of the target after half an hour', async () => {
    arena.instead.set(tagsOfLake, { status: 500 })
    arena.keepSchedule(lake)
    await arena.pass(lake)
    expect([arena.approvals(), arena.escalated()]).toEqual([[], []])
    for (let minutes = 0; minutes < 45; minutes += 1) {
      arena.world.time += 60_000
      await arena.pass(lake)
    }
    expect([arena.approvals(), arena.escalated()]).toEqual([[], ['stlake']])
    expect(arena.reasonOf('stlake')).toBe('azure-fails')
  })

  it('of a deny that cannot be read keep an allow from approving', async () => {
    rules({}, { effect: 'deny', requester: undefined, targetTags: [{ name: 'secret', value: 'yes' }] })
    arena.instead.set(tagsOfLake, { status: 403 })
    await arena.pass(lake)
    expect([arena.approvals(), arena.escalated()]).toEqual([[], ['c-true']])
  })
})

describe('management groups', () => {
  beforeEach(() => rules({ target: group }))

  it('that hold the target let the true request through', async () => {
    respondWithEntities(entity())
    await arena.pass(lake)
    expect(arena.approvals()).toEqual(['c-true'])
  })

  it.each<[string, unknown[]]>([
    ['of another subscription', [entity({ name: '0a5e6f10-2222-4a6b-8c2d-a4a191c50002' })]],
    [
      'of a management group that is called like the subscription',
      [entity({ type: 'Microsoft.Management/managementGroups' })],
    ],
    ['by a name that begins like it', [entity({ parentNameChain: [ownTenant, 'data2', 'dat'] })]],
    ['by a look-alike name', [entity({ parentNameChain: [ownTenant, 'd\u0430ta'] })]],
    ['by a chain that is no list', [entity({ parentNameChain: 'data' })]],
    ['by nothing', []],
    ['without a chain', [entity({ parentNameChain: null })]],
  ])('%s approve nobody', async (_words, value) => {
    respondWithEntities(...value)
    await arena.pass(lake)
    expect([arena.approvals(), arena.escalated()]).toEqual([[], ['c-true']])
  })

  it.each<[string, unknown[]]>([
    ['is hidden above what may be read', [entity({ parentNameChain: ['lower', 'lowest'] })]],
    [
      'belongs to the chain of another tenant',
      [entity({ tenantId: attackerTenant, parentNameChain: [ownTenant] })],
    ],
    ['cannot be asked for', []],
  ])('of a deny count as possible when the group %s', async (_words, value) => {
    rules({}, { effect: 'deny', requester: undefined, target: group })
    respondWithEntities(...value)
    await arena.pass(lake)
    expect([arena.approvals(), arena.escalated()]).toEqual([[], ['c-true']])
  })
})

describe('the most connections of one requester', () => {
  it('cannot be passed by asking many times at once', async () => {
    rules({ maxConnections: 2 })
    const names = ['a', 'b', 'c', 'd', 'e']
    arena.connections.set(
      lake,
      names.map((name) => connectionOf(lake, `c-${name}`, endpointNamed(`adf-sales.${name}`))),
    )
    arena.managedEndpoints.set(
      factory,
      names.map((name) => managedEndpoint(name, lake, 'blob')),
    )
    await arena.pass(lake)
    await arena.pass(lake)
    expect(arena.approvals()).toHaveLength(2)
    expect(new Set(arena.escalated()).size).toBe(3)
  })

  describe('while the list lags behind', () => {
    const listOfLake = `GET ${lake}/privateEndpointConnections`
    const [first, second] = ['a', 'b'].map(
      (name) => () => connectionOf(lake, `c-${name}`, endpointNamed(`adf-sales.${name}`)),
    )
    const listed = (...value: unknown[]) => arena.instead.set(listOfLake, ok({ value }))

    /** The first request is reviewed by itself; then the second one waits beside what the list shows of the first. */
    async function onceTheFirst(...shown: unknown[]): Promise<void> {
      await arena.pass(lake)
      const waiting = second?.()
      if (!waiting) throw new Error('There is no second request.')
      arena.connections.get(lake)?.push(waiting)
      arena.managedEndpoints.set(
        factory,
        ['a', 'b'].map((name) => managedEndpoint(name, lake, 'blob')),
      )
      listed(...shown, waiting)
      arena.world.time += 20_000
      await arena.pass(lake)
    }

    beforeEach(() => {
      rules({ maxConnections: 1 })
      const waiting = first?.()
      arena.connections.set(lake, waiting ? [waiting] : [])
      arena.managedEndpoints.set(factory, [managedEndpoint('a', lake, 'blob')])
    })

    it('cannot be passed: it still shows the approved one as Pending', async () => {
      await onceTheFirst(first?.())
      expect([arena.approvals(), arena.escalated()]).toEqual([['c-a'], ['c-b']])
    })

    it('cannot be passed: it lacks the approved one', async () => {
      await onceTheFirst()
      expect([arena.approvals(), arena.escalated()]).toEqual([['c-a'], ['c-b']])
    })

    it('cannot be passed: it lacks the one whose decision Azure has not answered yet', async () => {
      arena.instead.set(`PUT ${lake}/privateEndpointConnections/c-a`, failed(429, 'TooManyRequests'))
      await onceTheFirst()
      expect([arena.approvals(), arena.escalated()]).toEqual([[], ['c-b']])
    })

    it('cannot be passed: it lacks the one whose decision was given up, and may still be carried out', async () => {
      arena.beforeCall = (method, path) => {
        if (method !== 'PUT' || !path.endsWith('/c-a')) return
        arena.connections.set(lake, [connectionOf(lake, 'c-a', endpointNamed('evil.mpe'))])
      }
      await onceTheFirst()
      expect(arena.world.log.map(({ reason }) => reason.code)).toContain('endpoint-changed')
      expect([arena.approvals(), arena.escalated()]).toEqual([['c-a'], ['c-a', 'c-b']])
    })

    const rejected = () => connectionOf(lake, 'c-a', endpointNamed('adf-sales.a'), inState('Rejected', 'no'))

    it('is passed by nobody, and the place is free again when the approved one is rejected', async () => {
      arena.beforeCall = (method, path) => {
        const [approved] = arena.connections.get(lake) ?? []
        const isListed = method === 'GET' && path.endsWith('/privateEndpointConnections')
        if (isListed && arena.approvals().length === 1 && approved) Object.assign(approved, rejected())
      }
      await onceTheFirst(rejected())
      expect([arena.approvals(), arena.escalated()]).toEqual([['c-a', 'c-b'], ['c-a']])
      expect(arena.reasonOf('c-a')).toBe('changed-outside')
    })

    it('cannot be passed: it shows the approved one as Rejected, and a read of it shows Approved', async () => {
      await onceTheFirst(rejected())
      expect([arena.approvals(), arena.escalated()]).toEqual([['c-a'], ['c-b']])
    })

    it('cannot be passed: it shows the approved one as Rejected, and a read of it fails', async () => {
      const startedAt = arena.world.time
      arena.fault = (method, path, respond) => {
        const isRead = method === 'GET' && path.endsWith('/c-a') && arena.world.time >= startedAt + 20_000
        return isRead ? failed(503, 'Busy') : respond()
      }
      await onceTheFirst(rejected())
      expect([arena.approvals(), arena.escalated()]).toEqual([['c-a'], ['c-b']])
    })
  })

  it.each(['Approving', 'approved', 'APPROVED', 'Active', 'Disconnecting', 'Succeeded', 'Removed'])(
    'counts a connection whose status is %s',
    async (status) => {
      rules({ maxConnections: 1 })
      const state = { privateLinkServiceConnectionState: { status, description: '' } }
      const other = connectionOf(lake, 'c-other', endpointNamed('adf-sales.other'), state)
      arena.connections.get(lake)?.push(other)
      await arena.pass(lake)
      expect(arena.approvals()).toEqual([])
      expect(arena.escalated()).toContain('c-true')
    },
  )

  it('counts a connection whose endpoint Azure does not show', async () => {
    rules({ maxConnections: 1 })
    const hidden = {
      id: `${lake}/privateEndpointConnections/c-hidden`,
      properties: { privateLinkServiceConnectionState: { status: 'Approved' } },
    }
    arena.connections.get(lake)?.push(hidden)
    await arena.pass(lake)
    expect([arena.approvals(), arena.escalated()]).toEqual([[], ['c-true']])
  })
})
