import { describe } from 'vitest'
import type { Rule } from '../../shared/domain/rule.ts'
import { salesToLake } from '../support/fake-review.ts'
import { type Attack, fails } from './attack.ts'
import {
  analytics,
  type Arena,
  connectionOf,
  dataPlatform,
  endpointNamed,
  factory,
  managedEndpoint,
  ok,
  resource,
} from './arena.ts'

const subscription = `/subscriptions/${dataPlatform}`
const ownTenant = '7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10'
const accountIn = (group: string) =>
  resource(dataPlatform, group, 'Microsoft.Storage/storageAccounts', 'stlake')
const factoryNamed = (name: string, group = 'rg-analytics') =>
  resource(analytics, group, 'Microsoft.DataFactory/factories', name)
const allowAll: Rule = { ...salesToLake, id: 'allow', target: subscription }
const denial: Rule = { ...salesToLake, id: 'deny', effect: 'deny', requester: undefined }

/** The factory's true request waits on a target, by its own endpoint and with its own word. */
function waiting(
  arena: Arena,
  target: string,
  { requester = factory, name = 'mpe-blob', listed = target } = {},
): void {
  const endpoint = endpointNamed(`${requester.split('/').at(-1) ?? ''}.${name}`)
  arena.connections.set(target, [connectionOf(target, 'c-evil', endpoint)])
  arena.managedEndpoints.set(requester, [managedEndpoint(name, listed, 'blob')])
}

const on =
  (target: string): NonNullable<Attack['play']> =>
  (arena) =>
    arena.pass(target)

/** The same letters to .NET, and so to Azure Resource Manager. */
const sameToAzure: readonly [what: string, denied: string, asked: string][] = [
  ['a small umlaut for a capital one', 'rg-\u00C4rzte', 'rg-\u00E4rzte'],
  ['a capital umlaut for a small one', 'rg-\u00E4rzte', 'RG-\u00C4RZTE'],
  ['the title case of a digraph for its capitals', 'rg-\u01C4', 'rg-\u01C5'],
  ['the small digraph for its title case', 'rg-\u01C5', 'rg-\u01C6'],
  ['a final sigma for the capital one', 'rg-\u039F\u0394\u039F\u03A3', 'rg-\u03BF\u03B4\u03BF\u03C2'],
  ['the micro sign for a mu', 'rg-\u03BC', 'rg-\u00B5'],
  ['a Cyrillic capital for its small letter', 'rg-\u0434\u043E\u043C', 'rg-\u0414\u041E\u041C'],
  ['a Greek letter with a subscript iota for its title case', 'rg-\u1F88', 'rg-\u1F80'],
  ['a full-width capital for its small letter', 'rg-\uFF41', 'rg-\uFF21'],
  ['a capital beyond the basic plane for its small letter', 'rg-\u{10428}', 'rg-\u{10400}'],
]

describe('a deny is not evaded by', () => {
  for (const [what, denied, asked] of sameToAzure)
    fails({
      title: `${what} in the resource group`,
      prepare: (arena) => {
        waiting(arena, accountIn(asked))
        arena.rules = [allowAll, { ...denial, target: accountIn(denied) }]
      },
      play: on(accountIn(asked)),
      escalated: [],
    })

  const asked = accountIn('rg-\u00C4rzte')
  const denies: readonly [what: string, changes: Partial<Rule>, prepare?: (arena: Arena) => void][] = [
    [
      'the other case of a letter in a pattern of groups',
      { target: `${subscription}/resourceGroups/rg-\u00E4*` },
    ],
    [
      'the other case of a letter in the group of the requester',
      {
        target: subscription,
        requester: { kind: 'resource', id: factoryNamed('adf-sales', 'rg-b\u00FCro') },
      },
      (arena) => {
        const requester = factoryNamed('adf-sales', 'RG-B\u00DCRO')
        waiting(arena, asked, { requester })
        const listed = arena.managedEndpoints.get(requester)
        arena.managedEndpoints.set(factoryNamed('adf-sales', 'rg-b\u00FCro'), listed)
        arena.rules = arena.rules.map((rule) =>
          rule.id === 'allow' ? { ...rule, requester: { kind: 'resource', id: requester } } : rule,
        )
      },
    ],
    [
      'the other case of a letter in the scope of the requester',
      {
        target: subscription,
        requester: { kind: 'scope', pattern: `/subscriptions/${analytics}/resourceGroups/rg-b\u00FC*` },
      },
      (arena) => {
        const requester = factoryNamed('adf-sales', 'RG-B\u00DCRO')
        waiting(arena, asked, { requester })
        arena.rules = arena.rules.map((rule) =>
          rule.id === 'allow' ? { ...rule, requester: { kind: 'resource', id: requester } } : rule,
        )
      },
    ],
    [
      'the other case of a letter in the name of the endpoint',
      { target: subscription, endpointName: '*.mpe-\u00E4*' },
      (arena) => waiting(arena, asked, { name: 'mpe-\u00C4' }),
    ],
    [
      'the other case of a letter in the name of a tag',
      { target: subscription, targetTags: [{ name: 'gr\u00F6\u00DFe', value: 'geheim' }] },
      (arena) => {
        const path = `GET ${asked}/providers/Microsoft.Resources/tags/default`
        arena.instead.set(path, ok({ properties: { tags: { 'GR\u00D6\u00DFE': 'geheim' } } }))
      },
    ],
    [
      'a second tag whose name is the same in other letters',
      { target: subscription, targetTags: [{ name: 'gr\u00F6\u00DFe', value: 'geheim' }] },
      (arena) => {
        const path = `GET ${asked}/providers/Microsoft.Resources/tags/default`
        const tags = { 'GR\u00D6\u00DFE': 'offen', 'gr\u00F6\u00DFe': 'geheim' }
        arena.instead.set(path, ok({ properties: { tags } }))
      },
    ],
    [
      'the other case of a letter in the name of a management group',
      { target: '/providers/Microsoft.Management/managementGroups/\u00C4mter' },
      (arena) => {
        const properties = { tenantId: ownTenant, parentNameChain: [ownTenant, '\u00E4mter'] }
        const value = [{ name: dataPlatform, type: '/subscriptions', properties }]
        arena.instead.set('POST /providers/Microsoft.Management/getEntities', ok({ value }))
      },
    ],
  ]
  for (const [title, changes, prepare] of denies)
    fails({
      title,
      prepare: (arena) => {
        arena.rules = [allowAll, { ...denial, ...changes }]
        waiting(arena, asked)
        prepare?.(arena)
      },
      play: on(asked),
      escalated: [],
    })
})

describe('an allow is not stretched by a name that Azure takes for the same:', () => {
  for (const [what, allowed, asked] of sameToAzure)
    fails({
      title: `${what} in the resource group`,
      prepare: (arena) => {
        waiting(arena, accountIn(asked))
        arena.rules = [{ ...allowAll, target: accountIn(allowed) }]
      },
      play: on(accountIn(asked)),
      reason: 'no-rule-matched',
    })

  const asked = accountIn('rg-lake')
  const allows: readonly [what: string, changes: Partial<Rule>, prepare: (arena: Arena) => void][] = [
    [
      'the name of the endpoint',
      { endpointName: '*.mpe-\u00E4' },
      (arena) => waiting(arena, asked, { name: 'mpe-\u00C4' }),
    ],
    [
      'the name of a tag',
      { targetTags: [{ name: 'gr\u00F6\u00DFe', value: 'offen' }] },
      (arena) => {
        waiting(arena, asked)
        const path = `GET ${asked}/providers/Microsoft.Resources/tags/default`
        arena.instead.set(path, ok({ properties: { tags: { 'GR\u00D6\u00DFE': 'offen' } } }))
      },
    ],
    [
      'the name of a management group',
      { target: '/providers/Microsoft.Management/managementGroups/\u00C4mter' },
      (arena) => {
        waiting(arena, asked)
        const properties = { tenantId: ownTenant, parentNameChain: [ownTenant, '\u00E4mter'] }
        const value = [{ name: dataPlatform, type: '/subscriptions', properties }]
        arena.instead.set('POST /providers/Microsoft.Management/getEntities', ok({ value }))
      },
    ],
    [
      'a pattern of groups of ordinary endpoints',
      { requester: { kind: 'scope', pattern: `/subscriptions/${analytics}/resourceGroups/rg-\u00E4*` } },
      (arena) => {
        const endpoint = resource(analytics, 'rg-\u00C4mter', 'Microsoft.Network/privateEndpoints', 'pe')
        arena.connections.set(asked, [connectionOf(asked, 'c-evil', endpoint)])
      },
    ],
    [
      'the id of an ordinary endpoint',
      {
        requester: {
          kind: 'resource',
          id: resource(analytics, 'rg-\u00E4mter', 'Microsoft.Network/privateEndpoints', 'pe'),
        },
      },
      (arena) => {
        const endpoint = resource(analytics, 'rg-\u00C4mter', 'Microsoft.Network/privateEndpoints', 'pe')
        arena.connections.set(asked, [connectionOf(asked, 'c-evil', endpoint)])
      },
    ],
  ]
  for (const [title, changes, prepare] of allows)
    fails({
      title,
      prepare: (arena) => {
        arena.rules = [{ ...allowAll, proof: 'platform', ...changes }]
        prepare(arena)
      },
      play: on(asked),
      reason: 'no-rule-matched',
    })
})

/** Letters that look the same, or become the same by other rules than those of .NET. */
const othersToAzure: readonly [what: string, allowed: string, asked: string][] = [
  ['the Kelvin sign for a k', 'rg-kunden', 'rg-\u212Aunden'],
  ['the \u00C5ngstr\u00F6m sign for the letter', 'rg-\u00C5', 'rg-\u212B'],
  ['the Ohm sign for an omega', 'rg-\u03C9', 'rg-\u2126'],
  ['a long s for an s', 'rg-sales', 'rg-\u017Fales'],
  ['a dotless i for an i', 'rg-ids', 'rg-\u0131ds'],
  ['a dotted capital I for an i', 'rg-ids', 'rg-\u0130ds'],
  ['two s for a sharp one', 'rg-stra\u00DFe', 'rg-strasse'],
  ['a capital sharp s for the small one', 'rg-stra\u00DFe', 'rg-stra\u1E9Ee'],
  ['a ligature for its letters', 'rg-fi', 'rg-\uFB01'],
  ['a full-width letter for the plain one', 'rg-a', 'rg-\uFF41'],
]

describe('an allow is not stretched by a name that is another one to Azure:', () => {
  for (const [what, allowed, asked] of othersToAzure) {
    fails({
      title: `${what} in the resource group`,
      prepare: (arena) => {
        waiting(arena, accountIn(asked))
        arena.rules = [{ ...allowAll, target: accountIn(allowed) }]
      },
      play: on(accountIn(asked)),
      reason: 'no-rule-matched',
    })
    const target = accountIn('rg-lake')
    fails({
      title: `${what} in the name of the requester`,
      prepare: (arena) => {
        const name = (text: string) => text.replace('rg-', 'adf-')
        arena.rules = [{ ...allowAll, requester: { kind: 'resource', id: factoryNamed(name(allowed)) } }]
        const endpoint = endpointNamed(`${name(asked)}.mpe-blob`)
        arena.connections.set(target, [connectionOf(target, 'c-evil', endpoint)])
        arena.managedEndpoints.set(factoryNamed(name(allowed)), [managedEndpoint('mpe-blob', target, 'blob')])
      },
      play: on(target),
    })
  }

  fails({
    title: 'an umlaut of two signs, which ARM takes for another name and this app for none',
    prepare: (arena) => {
      waiting(arena, accountIn('rg-A\u0308rzte'))
      arena.rules = [{ ...allowAll, target: accountIn('rg-\u00C4rzte') }]
    },
    play: (arena) => arena.event(`${accountIn('rg-A\u0308rzte')}/privateEndpointConnectionProxies/c-evil`),
    escalated: [],
  })
})

describe('a witness confirms nothing in other letters:', () => {
  const target = accountIn('rg-\u00C4rzte')
  fails({
    title: 'a list of the requester that names the target in the other case',
    prepare: (arena) => {
      waiting(arena, target, { listed: accountIn('rg-\u00E4rzte') })
      arena.rules = [allowAll]
    },
    play: on(target),
    refusal: 'no-such-managed-endpoint',
  })
  fails({
    title: 'a list of the requester that names the endpoint in the other case',
    prepare: (arena) => {
      waiting(arena, target, { name: 'mpe-\u00C4' })
      arena.managedEndpoints.set(factory, [managedEndpoint('mpe-\u00E4', target, 'blob')])
      arena.rules = [allowAll]
    },
    play: on(target),
    refusal: 'no-such-managed-endpoint',
  })
  fails({
    title: 'a list of the requester with a second endpoint of that name in the other case',
    prepare: (arena) => {
      waiting(arena, target, { name: 'mpe-\u00C4' })
      const names = ['mpe-\u00C4', 'mpe-\u00E4']
      arena.managedEndpoints.set(
        factory,
        names.map((name) => managedEndpoint(name, target, 'blob')),
      )
      arena.rules = [allowAll]
    },
    play: on(target),
    refusal: 'managed-endpoint-ambiguous',
  })
})

describe('of two that claim the same name in other letters neither is approved:', () => {
  const target = accountIn('rg-lake')
  fails({
    title: 'an unknown requester’s, waiting beside the true one',
    prepare: (arena) => {
      waiting(arena, target, { name: 'mpe-\u00E4' })
      arena.connections
        .get(target)
        ?.push(connectionOf(target, 'c-other', endpointNamed('adf-sales.mpe-\u00C4')))
      arena.rules = [allowAll]
    },
    play: on(target),
    escalated: ['c-evil', 'c-other'],
    refusal: 'competing-claim',
  })
  fails({
    title: 'an unknown requester’s, which a person has approved',
    prepare: (arena) => {
      waiting(arena, target, { name: 'mpe-\u00E4' })
      const state = { privateLinkServiceConnectionState: { status: 'Approved', description: '' } }
      const other = connectionOf(target, 'c-other', endpointNamed('adf-sales.mpe-\u00C4'), state)
      arena.connections.get(target)?.push(other)
      arena.rules = [allowAll]
    },
    play: on(target),
    refusal: 'competing-claim',
  })
})

describe('what is known of a target is not lost by asking under its other spelling:', () => {
  fails({
    title: 'the hold after a competing claim',
    prepare: (arena) => {
      for (const group of ['rg-\u00C4rzte', 'rg-\u00E4rzte']) {
        const target = accountIn(group)
        waiting(arena, target)
      }
      const held = accountIn('rg-\u00C4rzte')
      const claim = endpointNamed('adf-sales.mpe-blob').replace('-1-rg', '-2-rg')
      arena.connections.get(held)?.push(connectionOf(held, 'c-claim', claim))
      arena.managedEndpoints.set(factory, [
        managedEndpoint('mpe-blob', held, 'blob'),
        managedEndpoint('mpe-blob', accountIn('rg-\u00E4rzte'), 'blob'),
      ])
      arena.rules = [allowAll]
    },
    play: async (arena) => {
      await arena.pass(accountIn('rg-\u00C4rzte'))
      const endpoints = [managedEndpoint('mpe-blob', accountIn('rg-\u00E4rzte'), 'blob')]
      arena.managedEndpoints.set(factory, endpoints)
      await arena.pass(accountIn('rg-\u00E4rzte'))
    },
    escalated: ['c-evil', 'c-claim'],
  })
  fails({
    title: 'the endpoint that was evaluated, exchanged for one in other letters before the write',
    prepare: (arena) => {
      const target = accountIn('rg-lake')
      waiting(arena, target, { name: 'mpe-\u00E4' })
      arena.rules = [allowAll]
      arena.beforeCall = (method, path) => {
        if (method !== 'GET' || !path.endsWith('/privateEndpointConnections/c-evil')) return
        const other = endpointNamed('adf-sales.mpe-\u00C4')
        arena.connections.set(target, [connectionOf(target, 'c-evil', other)])
      }
    },
    play: on(accountIn('rg-lake')),
  })
})
