import { describe, expect, it } from 'vitest'
import { fails } from './attack.ts'
import {
  Arena,
  armOrigin,
  attackerSubscription,
  connectionOf,
  endpointNamed,
  factory,
  failed,
  lake,
  managedEndpoint,
  managedSubscription,
  ok,
  orders,
  type Reply,
  resource,
} from './arena.ts'
import { salesToLake } from '../support/fake-review.ts'

const good = endpointNamed('adf-sales.mpe-blob')
const networks = `GET ${factory}/managedVirtualNetworks`
const list = `${networks}/default/managedPrivateEndpoints`

/** Only the attacker's connection, of the right name, and the factory's list as given. */
function listing(...items: readonly unknown[]) {
  return (arena: Arena) => {
    arena.connections.set(lake, [connectionOf(lake, 'c-evil', good)])
    arena.managedEndpoints.set(factory, items)
  }
}

function failingCall(call: string, reply: Reply) {
  return (arena: Arena) => {
    listing(managedEndpoint('mpe-blob', lake, 'blob'))(arena)
    arena.instead.set(call, reply)
  }
}

describe('what the factory does not say of itself is not approved:', () => {
  const otherLake = lake.replace('stlake', 'stother')
  fails({
    title: 'it has no endpoints',
    prepare: listing(),
    refusal: 'no-such-managed-endpoint',
  })
  fails({
    title: 'its endpoint goes to another account',
    prepare: listing(managedEndpoint('mpe-blob', otherLake, 'blob')),
    refusal: 'no-such-managed-endpoint',
  })
  fails({
    title: 'its endpoint goes to an account whose name begins alike',
    prepare: listing(managedEndpoint('mpe-blob', `${lake}2`, 'blob')),
    refusal: 'no-such-managed-endpoint',
  })
  fails({
    title: 'its endpoint goes to a child of the account',
    prepare: listing(managedEndpoint('mpe-blob', `${lake}/blobServices/default`, 'blob')),
    refusal: 'no-such-managed-endpoint',
  })
  for (const status of ['Approved', 'Rejected', 'Disconnected', 'Timeout']) {
    fails({
      title: `its endpoint is ${status} already, and the name is played again`,
      prepare: listing(managedEndpoint('mpe-blob', lake, 'blob', { connectionState: { status } })),
      refusal: 'managed-endpoint-not-pending',
    })
  }
  fails({
    title: 'its endpoint is still being made, and a competing claim was put there in good time',
    prepare: listing(managedEndpoint('mpe-blob', lake, 'blob', { connectionState: { status: '' } })),
    refusal: 'managed-endpoint-not-ready',
  })
  fails({
    title: 'its endpoint is being deleted',
    prepare: listing(managedEndpoint('mpe-blob', lake, 'blob', { provisioningState: 'Deleting' })),
    refusal: 'managed-endpoint-not-pending',
  })
  fails({
    title: 'its endpoint has another id',
    prepare: listing(managedEndpoint('mpe-blob', lake, 'blob', { resourceId: endpointNamed('adf-sales.x') })),
    refusal: 'endpoint-id-differs',
  })
  fails({
    title: 'its endpoint has the same name in a group of the attacker’s',
    prepare: listing(
      managedEndpoint('mpe-blob', lake, 'blob', {
        resourceId: endpointNamed('adf-sales.mpe-blob', attackerSubscription),
      }),
    ),
    refusal: 'endpoint-id-differs',
  })
  fails({
    title: 'it lists two endpoints of that name',
    prepare: listing(managedEndpoint('mpe-blob', lake, 'blob'), managedEndpoint('MPE-BLOB', lake, 'blob')),
    refusal: 'managed-endpoint-ambiguous',
  })
})

describe('a factory that is not there or does not answer approves nobody:', () => {
  fails({
    title: 'it was deleted, and its name belongs to somebody else now',
    prepare: (arena) => {
      listing()(arena)
      arena.managedEndpoints.delete(factory)
      const again = resource(attackerSubscription, 'rg', 'Microsoft.DataFactory/factories', 'adf-sales')
      arena.managedEndpoints.set(again, [managedEndpoint('mpe-blob', lake, 'blob')])
    },
    refusal: 'requester-not-found',
  })
  for (const [status, code] of [
    [401, 'InvalidAuthenticationTokenTenant'],
    [403, 'AuthorizationFailed'],
    [429, 'TooManyRequests'],
    [500, 'InternalServerError'],
    [302, 'Found'],
  ] as const) {
    fails({
      title: `it answers ${status}`,
      prepare: failingCall(networks, failed(status, code)),
      refusal: 'could-not-ask',
    })
  }
  fails({
    title: 'its list answers 404 while its networks are there',
    prepare: failingCall(list, failed(404, 'NotFound')),
    refusal: 'could-not-ask',
  })
})

const oddLists: readonly [title: string, body: unknown][] = [
  ['text', 'adf-sales.mpe-blob'],
  ['null', null],
  ['an object whose value is an object', { value: { 0: managedEndpoint('mpe-blob', lake, 'blob') } }],
  ['a list with a text in it', { value: ['mpe-blob', managedEndpoint('mpe-blob', lake, 'blob')] }],
  ['a list with null in it', { value: [null, managedEndpoint('mpe-blob', lake, 'blob')] }],
  ['a name that is a number', { value: [managedEndpoint(7, lake, 'blob')] }],
  ['a name that is a list', { value: [managedEndpoint(['mpe-blob'], lake, 'blob')] }],
  ['a target that is a list', { value: [managedEndpoint('mpe-blob', [lake], 'blob')] }],
  [
    'a status that is a list',
    { value: [managedEndpoint('mpe-blob', lake, 'blob', { connectionState: { status: ['Pending'] } })] },
  ],
  ['properties that are text', { value: [{ name: 'mpe-blob', properties: lake }] }],
  ['a next page on another host', { value: [], nextLink: `https://evil.example${factory}` }],
  ['a next page that begins like the host', { value: [], nextLink: `${armOrigin}.evil.example/x` }],
  ['a next page with a user in its address', { value: [], nextLink: `https://x@management.azure.com/y` }],
  ['a next page without encryption', { value: [], nextLink: 'http://management.azure.com/y' }],
  ['a next page that is itself', { value: [], nextLink: `${armOrigin}${list.slice(4)}` }],
]

describe('a list of the factory that cannot be read whole approves nobody:', () => {
  for (const [title, body] of oddLists) {
    fails({ title, prepare: failingCall(list, ok(body)), refusal: 'response-not-understood' })
  }
  fails({
    title: 'a network whose name climbs to another factory, which has a fitting list',
    prepare: (arena) => {
      failingCall(networks, ok({ value: [{ name: '../../adf-evil' }] }))(arena)
      const climbed = `GET ${factory.replace('adf-sales', 'adf-evil')}/managedPrivateEndpoints`
      arena.instead.set(climbed, ok({ value: [managedEndpoint('mpe-blob', lake, 'blob')] }))
    },
    refusal: 'could-not-ask',
  })
  fails({
    title: 'a name of 64 KB',
    prepare: listing(managedEndpoint('m'.repeat(65_536), lake, 'blob')),
    refusal: 'no-such-managed-endpoint',
  })
})

describe('groups are not widened:', () => {
  const onlyDfs = { ...salesToLake, groupIds: ['dfs'] }
  fails({
    title: 'the factory asks for a group that the rule does not list',
    prepare: (arena) => {
      listing(managedEndpoint('mpe-blob', lake, 'blob'))(arena)
      arena.rules = [onlyDfs]
    },
    reason: 'no-rule-matched',
  })
  for (const [title, groupId] of [
    ['no group', undefined],
    ['a group that is null', null],
    ['an empty group', ''],
    ['a list of groups as text', 'dfs,blob'],
  ] as const) {
    fails({
      title: `the factory tells ${title}`,
      prepare: (arena) => {
        listing(managedEndpoint('mpe-blob', lake, groupId))(arena)
        arena.rules = [onlyDfs]
      },
    })
  }
  for (const [title, groupIds] of [
    ['one group more than the rule lists', ['sqlServer', 'other']],
    ['another group than the rule lists', ['other']],
    ['no group', []],
    ['groups that are text', 'sqlServer'],
    ['a group that is a number', [1]],
  ] as const) {
    fails({
      title: `the target shows ${title}`,
      prepare: (arena) => {
        const toOrders = endpointNamed('adf-sales.mpe-sql')
        arena.connections.set(orders, [connectionOf(orders, 'c-evil', toOrders, { groupIds })])
        arena.managedEndpoints.set(factory, [
          managedEndpoint('mpe-sql', orders, title === 'no group' ? '' : 'x'),
        ])
        arena.rules = [{ ...salesToLake, target: orders, groupIds: ['sqlServer'] }]
      },
      play: (arena) => arena.pass(orders),
    })
  }
})

describe('groups of which two tell differently:', () => {
  const toOrders = (stated: string) => (arena: Arena) => {
    const shown = { groupIds: ['sqlServer'] }
    arena.connections.set(orders, [connectionOf(orders, 'c-evil', endpointNamed('adf-sales.mpe-sql'), shown)])
    arena.managedEndpoints.set(factory, [managedEndpoint('mpe-sql', orders, stated)])
    arena.rules = [{ ...salesToLake, target: orders, groupIds: ['sqlServer'] }]
  }
  fails({
    title: 'the target shows exactly the rule’s, the factory tells another',
    prepare: toOrders('other'),
    play: (arena) => arena.pass(orders),
    refusal: 'group-ids-differ',
  })
  it('when both tell the rule’s, it is approved', async () => {
    const arena = new Arena()
    toOrders('sqlServer')(arena)
    await arena.pass(orders)
    expect(arena.approvals()).toEqual(['c-evil'])
  })
})

describe('who owns the endpoint’s subscription is not guessed:', () => {
  const ask = `GET /subscriptions/${managedSubscription}`
  const challenge = (header: string): Reply => ({
    ...failed(401, 'AuthenticationFailed'),
    headers: { 'www-authenticate': header },
  })
  const managed = 'https://login.windows.net/33c0ffee-5d2e-4b1a-8f44-6e0a9d3b7c21'
  const foreign = 'https://login.windows.net/e15e0000-9b7a-4c3d-a1f2-5c6d7e8f9a32'
  const odd: readonly [title: string, reply: Reply][] = [
    ['no challenge', failed(401, 'AuthenticationFailed')],
    ['a challenge without an address', challenge('Bearer error="invalid_token"')],
    [
      'a challenge with two addresses',
      challenge(`Bearer authorization_uri="${foreign}", authorization_uri="${managed}"`),
    ],
    ['the tenant common', challenge('Bearer authorization_uri="https://login.windows.net/common"')],
    [
      'the tenant in the query',
      challenge(`Bearer authorization_uri="https://login.windows.net/x?${managed}"`),
    ],
    ['an address that is none', challenge('Bearer authorization_uri="33c0ffee-5d2e-4b1a-8f44-6e0a9d3b7c21"')],
    ['the right tenant with 403', { ...challenge(`Bearer authorization_uri="${managed}"`), status: 403 }],
    ['the right tenant with 200', { ...challenge(`Bearer authorization_uri="${managed}"`), status: 200 }],
    ['the right tenant with 500', { ...challenge(`Bearer authorization_uri="${managed}"`), status: 500 }],
    [
      'the right tenant on another host',
      challenge(`Bearer authorization_uri="${managed.replace('windows.net', 'evil.example')}"`),
    ],
    [
      'the right tenant without encryption',
      challenge(`Bearer authorization_uri="${managed.replace('https', 'http')}"`),
    ],
    [
      'the right tenant on the login host of another cloud',
      challenge(`Bearer authorization_uri="${managed.replace('windows.net', 'chinacloudapi.cn')}"`),
    ],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/' } }],
  ]
  for (const [title, reply] of odd) {
    fails({ title, prepare: failingCall(ask, reply), refusal: 'tenant-unknown' })
  }
})
