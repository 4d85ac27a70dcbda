import { describe, expect, it } from 'vitest'
import { salesToLake } from '../support/fake-review.ts'
import {
  Arena,
  attackerSubscription,
  connectionOf,
  endpointNamed,
  factory,
  failed,
  lake,
  managedEndpoint,
  ok,
  orders,
  ordinaryEndpoint,
  type Reply,
} from './arena.ts'
import { fails } from './attack.ts'

const visitor = endpointNamed('pe-visitor', attackerSubscription)
const managed = endpointNamed('adf-sales.mpe-blob')

/** A rule by which Azure's word for the endpoint's id is enough, for the visitor's subscription. */
function letsIn(arena: Arena, target: string, groupIds: readonly string[] = []): void {
  const requester = { kind: 'scope', pattern: `/subscriptions/${attackerSubscription}` } as const
  const visitors = { ...salesToLake, id: 'visitors', target, groupIds, requester, proof: 'platform' } as const
  arena.rules = [...arena.rules, visitors]
}

/** The visitor waits on the lake, and its own endpoint is answered in that way. */
function visiting(reply: Reply, endpoint = visitor) {
  return (arena: Arena): void => {
    letsIn(arena, lake)
    arena.connections.set(lake, [connectionOf(lake, 'c-evil', endpoint)])
    arena.instead.set(`GET ${endpoint}`, reply)
  }
}

/** A rule names one endpoint of the managed network by its full id, and the factory lists what is given. */
function namedInFull(...items: readonly unknown[]) {
  return (arena: Arena): void => {
    const requester = { kind: 'resource', id: managed } as const
    arena.rules = [
      ...arena.rules,
      { ...salesToLake, id: 'by-id', requester, groupIds: [], proof: 'platform' },
    ]
    arena.connections.set(lake, [connectionOf(lake, 'c-evil', managed)])
    arena.managedEndpoints.set(factory, items)
  }
}

describe('an endpoint that the rule takes by its id alone is not approved', () => {
  it('unless nobody can read it, when it is', async () => {
    const arena = new Arena()
    visiting(failed(401, 'InvalidAuthenticationTokenTenant'))(arena)
    await arena.pass(lake)
    expect(arena.approvals()).toEqual(['c-evil'])
  })

  it('unless its own side says the same, when it is', async () => {
    const arena = new Arena()
    visiting(ok(ordinaryEndpoint(visitor, lake, ['blob'])))(arena)
    await arena.pass(lake)
    expect(arena.approvals()).toEqual(['c-evil'])
  })

  fails({
    title: 'when it names another account',
    prepare: visiting(ok(ordinaryEndpoint(visitor, `${lake}2`, ['blob']))),
    refusal: 'endpoint-points-elsewhere',
    reason: 'unproven-requester',
  })
  fails({
    title: 'when it names nothing at all',
    prepare: visiting(ok({ id: visitor, name: 'pe-visitor', properties: {} })),
    refusal: 'endpoint-points-elsewhere',
  })
  for (const status of ['Approved', 'Rejected', 'Disconnected', 'Removed']) {
    fails({
      title: `when it is ${status} on its own side`,
      prepare: visiting(ok(ordinaryEndpoint(visitor, lake, ['blob'], status))),
      refusal: 'endpoint-not-pending',
    })
  }
  fails({
    title: 'when it does not exist',
    prepare: visiting(failed(404, 'ResourceNotFound')),
    refusal: 'endpoint-not-found',
  })
  fails({
    title: 'when its id is none of an endpoint',
    prepare: visiting(
      failed(403, 'AuthorizationFailed'),
      visitor.replace('privateEndpoints', 'networkInterfaces'),
    ),
    refusal: 'endpoint-id-unreadable',
  })
  fails({
    title: 'when it names other groups than the target shows',
    prepare: (arena) => {
      letsIn(arena, orders)
      arena.connections.set(orders, [connectionOf(orders, 'c-evil', visitor, { groupIds: ['sqlServer'] })])
      arena.instead.set(`GET ${visitor}`, ok(ordinaryEndpoint(visitor, orders, ['managedInstance'])))
    },
    play: (arena) => arena.pass(orders),
    refusal: 'group-ids-differ',
  })
  fails({
    title: 'when it has the name of the factory’s endpoint',
    prepare: visiting(
      failed(401, 'InvalidAuthenticationTokenTenant'),
      endpointNamed('adf-sales.mpe-blob', attackerSubscription),
    ),
    refusal: 'tenant-not-managed',
  })
  for (const [status, code] of [
    [429, 'TooManyRequests'],
    [500, 'InternalServerError'],
    [302, 'Found'],
  ] as const) {
    fails({
      title: `when its own side answers ${status}`,
      prepare: visiting(failed(status, code)),
      refusal: 'could-not-ask',
      reason: 'unproven-requester',
    })
  }
})

describe('an endpoint of a managed network that a rule names in full is not approved', () => {
  fails({
    title: 'when the factory after which it is named does not list it',
    prepare: namedInFull(),
    refusal: 'no-such-managed-endpoint',
  })
  fails({
    title: 'when the factory says that its endpoint is another one',
    prepare: namedInFull(
      managedEndpoint('mpe-blob', lake, 'blob', { resourceId: endpointNamed('adf-sales.x') }),
    ),
    refusal: 'endpoint-id-differs',
  })
  fails({
    title: 'when the factory’s endpoint was rejected',
    prepare: namedInFull(
      managedEndpoint('mpe-blob', lake, 'blob', { connectionState: { status: 'Rejected' } }),
    ),
    refusal: 'managed-endpoint-not-pending',
  })
  fails({
    title: 'when the factory cannot be asked',
    prepare: (arena) => {
      namedInFull(managedEndpoint('mpe-blob', lake, 'blob'))(arena)
      arena.instead.set(`GET ${factory}/managedVirtualNetworks`, failed(500, 'InternalServerError'))
    },
    refusal: 'could-not-ask',
  })
  fails({
    title: 'when the factory does not exist any more',
    prepare: (arena) => {
      namedInFull()(arena)
      arena.managedEndpoints.delete(factory)
    },
    refusal: 'requester-not-found',
  })
  fails({
    title: 'when another connection has an endpoint of the same name',
    prepare: (arena) => {
      namedInFull(managedEndpoint('mpe-blob', lake, 'blob'))(arena)
      const trueOne = connectionOf(lake, 'c-true', managed.replace('-1-rg', '-2-rg'))
      arena.connections.get(lake)?.push(trueOne)
    },
    escalated: ['c-evil', 'c-true'],
    refusal: 'competing-claim',
  })
})
