import { describe, expect, it } from 'vitest'
import { fails } from './attack.ts'
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
  ordinaryEndpoint,
  resource,
  dataPlatform,
  type WireConnection,
} from './arena.ts'

const good = endpointNamed('adf-sales.mpe-blob')
const elsewhere = good.replace('-1-rg', '-2-rg')

/** The attacker's connection beside the true one. */
function beside(endpointId: string, status = 'Pending') {
  return ({ connections }: Arena) =>
    connections.set(lake, [
      connectionOf(lake, 'c-true', good),
      connectionOf(lake, 'c-evil', endpointId, {
        privateLinkServiceConnectionState: { status, description: '' },
      }),
    ])
}

/** Who is not told from the attacker's, as the target does not show which endpoint is behind it. */
function hidingTrueOne(endpointId: unknown) {
  return ({ connections }: Arena) =>
    connections.set(lake, [connectionOf(lake, 'c-evil', elsewhere), connectionOf(lake, 'c-true', endpointId)])
}

describe('of two that claim the same neither is approved:', () => {
  fails({
    title: 'both wait',
    prepare: beside(elsewhere),
    escalated: ['c-true', 'c-evil'],
    refusal: 'competing-claim',
  })
  fails({
    title: 'the competing claim spells the name in capitals',
    prepare: beside(endpointNamed('ADF-SALES.MPE-BLOB').replace('-1-rg', '-2-rg')),
    escalated: ['c-true', 'c-evil'],
    refusal: 'competing-claim',
  })
  fails({
    title: 'nobody can say which tenant the competing claim lies in',
    prepare: (arena) => {
      arena.tenants.delete(attackerSubscription)
      beside(endpointNamed('adf-sales.mpe-blob', attackerSubscription))(arena)
    },
    escalated: ['c-true', 'c-evil'],
    refusal: 'competing-claim',
  })
  fails({
    title: 'the competing claim was approved before, by somebody else',
    prepare: beside(elsewhere, 'Approved'),
    escalated: ['c-true'],
    refusal: 'competing-claim',
  })
  fails({
    title: 'the competing claim was rejected before, and the factory’s list still says Pending',
    prepare: beside(elsewhere, 'Rejected'),
    escalated: ['c-true'],
    refusal: 'competing-claim',
  })
  fails({
    title: 'the same endpoint stands there twice',
    prepare: beside(good),
    escalated: ['c-true', 'c-evil'],
    refusal: 'competing-claim',
  })
  it('not even when a person has approved the hidden one, and the factory’s list lags', async () => {
    const arena = new Arena()
    hidingTrueOne(undefined)(arena)
    await arena.pass(lake)
    const [hidden] = (arena.connections.get(lake) ?? []).filter(({ id }) => String(id).endsWith('/c-true'))
    if (!hidden) throw new Error('The true connection is missing.')
    hidden.properties = { privateLinkServiceConnectionState: { status: 'Approved', description: 'by hand' } }
    arena.world.time += 3_600_000
    await arena.pass(lake)
    expect(arena.approvals()).toEqual([])
  })
  fails({
    title: 'the true one hides its endpoint',
    prepare: hidingTrueOne(undefined),
    escalated: ['c-evil', 'c-true'],
    refusal: 'competing-claim-hidden',
  })
  fails({
    title: 'the true one has an empty id for its endpoint',
    prepare: hidingTrueOne(''),
    escalated: ['c-evil', 'c-true'],
    refusal: 'competing-claim-hidden',
  })
  fails({
    title: 'the true one has an unreadable id for its endpoint',
    prepare: hidingTrueOne('x/y'),
    escalated: ['c-evil', 'c-true'],
    refusal: 'competing-claim-hidden',
  })
  for (const [title, reply] of [
    ['is empty', ok({ value: [] })],
    ['answers that there is nothing', failed(404, 'ResourceNotFound')],
  ] as const) {
    fails({
      title: `the list that would show the competing claim ${title}`,
      prepare: (arena) => {
        const list = `GET ${lake}/privateEndpointConnections`
        let listed = 0
        arena.beforeCall = (method, path) => {
          if (`${method} ${path}` !== list) return
          listed += 1
          if (listed % 2 === 0) arena.instead.set(list, reply)
          else arena.instead.delete(list)
        }
      },
      escalated: ['c-true'],
      refusal: 'competing-claims-unknown',
    })
  }
  describe('the naming of a Purview account’s endpoints is only inferred:', () => {
    function purview(...connections: WireConnection[]): Arena {
      const arena = new Arena()
      const account = resource(dataPlatform, 'rg-analytics', 'Microsoft.Purview/accounts', 'pv-sales')
      arena.rules = arena.rules.map((rule) => ({ ...rule, requester: { kind: 'resource', id: account } }))
      arena.instead.set(`GET ${account}`, ok({ id: account, properties: { provisioningState: 'Succeeded' } }))
      arena.instead.set(
        'GET /scan/managedvirtualnetworks/defaultv2/managedprivateendpoints',
        ok({ value: [managedEndpoint('mpe-blob', lake, 'blob')] }),
      )
      arena.connections.set(lake, connections)
      return arena
    }

    it('the true one is called otherwise', async () => {
      const arena = purview(
        connectionOf(lake, 'c-evil', endpointNamed('pv-sales.mpe-blob')),
        connectionOf(lake, 'c-true', endpointNamed('alias.mpe-blob')),
      )
      await arena.pass(lake)
      expect(arena.approvals()).toEqual([])
      expect(arena.escalated()).toEqual(['c-evil', 'c-true'])
      expect(arena.refusalOf('c-evil')).toBe('competing-claim-unexplained')
    })

    it('one that is called so, and is alone, is approved', async () => {
      const arena = purview(connectionOf(lake, 'c-true', endpointNamed('pv-sales.mpe-blob')))
      await arena.pass(lake)
      expect(arena.approvals()).toEqual(['c-true'])
    })
  })
  fails({
    title: 'the competing claim arrives while the factory is asked',
    prepare: (arena) => {
      arena.beforeCall = (_method, path) => {
        if (path.endsWith('/managedPrivateEndpoints')) beside(elsewhere)(arena)
      }
    },
    escalated: ['c-true', 'c-evil'],
  })
})

describe('what changes between evaluating and answering is not approved:', () => {
  /** Changes the true connection when it is read alone, which happens just before the answer. */
  function onRead(change: (properties: Record<string, unknown>) => Record<string, unknown>) {
    return (arena: Arena) => {
      arena.beforeCall = (method, path) => {
        if (method !== 'GET' || !path.endsWith('/c-true')) return
        const [connection] = arena.connections.get(lake) ?? []
        if (connection) connection.properties = change(connection.properties as Record<string, unknown>)
      }
    }
  }
  fails({
    title: 'the endpoint',
    prepare: onRead((all) => ({ ...all, privateEndpoint: { id: endpointNamed('evil.mpe') } })),
    escalated: ['c-true'],
  })
  fails({
    title: 'the endpoint, to nothing',
    prepare: onRead((all) => ({ ...all, privateEndpoint: undefined })),
    escalated: ['c-true'],
  })
  fails({
    title: 'the groups',
    prepare: (arena) => {
      const sql = resource(dataPlatform, 'rg-lake', 'Microsoft.Sql/servers', 'sql')
      arena.connections.set(lake, [])
      arena.connections.set(sql, [connectionOf(sql, 'c-true', good, { groupIds: ['sqlServer'] })])
      arena.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', sql, 'sqlServer')])
      arena.rules = arena.rules.map((rule) => ({ ...rule, target: sql, groupIds: ['sqlServer'] }))
      arena.beforeCall = (method, path) => {
        if (method !== 'GET' || !path.endsWith('/c-true')) return
        arena.connections.set(sql, [connectionOf(sql, 'c-true', good, { groupIds: ['sqlServer', 'other'] })])
      }
    },
    play: (arena) => arena.pass(resource(dataPlatform, 'rg-lake', 'Microsoft.Sql/servers', 'sql')),
    escalated: ['c-true'],
  })
  it('the status: what somebody has rejected meanwhile is left as it is', async () => {
    const arena = new Arena()
    const privateLinkServiceConnectionState = { status: 'Rejected', description: 'No.' }
    onRead((all) => ({ ...all, privateLinkServiceConnectionState }))(arena)
    await arena.pass(lake)
    expect(arena.written).toEqual([])
    expect(arena.world.log.at(-1)).toMatchObject({ state: 'decided-elsewhere' })
  })
})

describe('an ordinary endpoint is not approved', () => {
  const inside = resource(dataPlatform, 'rg-apps', 'Microsoft.Network/privateEndpoints', 'pe-app')
  const rules = (arena: Arena) =>
    arena.rules.map((rule) => ({
      ...rule,
      requester: { kind: 'scope', pattern: `/subscriptions/${dataPlatform}/resourceGroups/rg-apps` } as const,
    }))
  function own(shown: unknown) {
    return (arena: Arena) => {
      arena.rules = rules(arena)
      arena.connections.set(lake, [connectionOf(lake, 'c-evil', inside)])
      if (shown !== undefined) arena.endpoints.set(inside, shown)
    }
  }
  it('unless all is well with it, when it is', async () => {
    const arena = new Arena()
    own(ordinaryEndpoint(inside, lake, ['blob']))(arena)
    await arena.pass(lake)
    expect(arena.approvals()).toEqual(['c-evil'])
  })
  fails({ title: 'that cannot be read', prepare: own(undefined), refusal: 'endpoint-not-readable' })
  fails({
    title: 'that points at another account',
    prepare: own(ordinaryEndpoint(inside, `${lake}2`, ['blob'])),
    refusal: 'endpoint-points-elsewhere',
  })
  fails({
    title: 'that is approved already on its own side',
    prepare: own(ordinaryEndpoint(inside, lake, ['blob'], 'Approved')),
    refusal: 'endpoint-not-pending',
  })
  fails({
    title: 'of our own people under the name of the factory’s endpoint',
    prepare: (arena) => {
      const id = resource(dataPlatform, 'rg-apps', 'Microsoft.Network/privateEndpoints', 'adf-sales.mpe-blob')
      arena.connections.set(lake, [connectionOf(lake, 'c-evil', id)])
      arena.endpoints.set(id, ordinaryEndpoint(id, lake, ['blob']))
    },
  })
  fails({
    title: 'in a group that only begins like the listed one',
    prepare: (arena) => {
      own(undefined)(arena)
      const id = inside.replace('rg-apps', 'rg-apps2')
      arena.connections.set(lake, [connectionOf(lake, 'c-evil', id)])
      arena.endpoints.set(id, ordinaryEndpoint(id, lake, ['blob']))
    },
  })
})
