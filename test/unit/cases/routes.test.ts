import { describe, expect, it } from 'vitest'
import { destinationOf } from '../../../shared/cases/destination.ts'
import {
  addressesOf,
  recipientsFor,
  type RouteFacts,
  routeFacts,
  routeOf,
} from '../../../shared/cases/routes.ts'
import type { ChannelDefinition, Route, Routing } from '../../../shared/domain/route.ts'
import { sampleRoute } from '../../support/fake-delivery.ts'
import { sampleNotification, sampleTarget } from '../../support/sample-request.ts'
import { entryWith } from './given.ts'

const facts: RouteFacts = {
  rules: ['sales'],
  targetId: sampleTarget.id,
  targetTags: [{ name: 'Team', value: 'lake' }],
  targetGroups: { names: ['corp'], isWhole: true },
  risk: 'normal',
}
const fallback = sampleRoute({ name: 'rest' })
const own = (change: Partial<Route>) => sampleRoute({ name: 'own', isDefault: false, ...change })
const chosen = (change: Partial<Route>, given: Partial<RouteFacts> = {}) =>
  routeOf({ channels: [], routes: [own(change), fallback] }, { ...facts, ...given })?.name

describe('a route is taken', () => {
  it.each<[string, Partial<Route>, Partial<RouteFacts>, Partial<RouteFacts>]>([
    ['rule', { rules: ['other', 'sales'] }, {}, { rules: ['x'] }],
    [
      'subscription',
      { scopes: [`/subscriptions/${sampleTarget.subscriptionId}`] },
      {},
      { targetId: sampleTarget.id.replace('0a5e', '1a5e') },
    ],
    [
      'resource with another spelling',
      { scopes: [sampleTarget.id.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')] },
      {},
      { targetId: `${sampleTarget.id}2` },
    ],
    [
      'management group',
      { scopes: ['/providers/Microsoft.Management/managementGroups/Corp'] },
      {},
      { targetGroups: undefined },
    ],
    [
      'tag',
      { targetTags: [{ name: 'team', value: 'lake' }] },
      {},
      { targetTags: [{ name: 'team', value: 'Lake' }] },
    ],
    [
      'tag, where none is known',
      { targetTags: [{ name: 'team', value: 'lake' }] },
      {},
      { targetTags: undefined },
    ],
    ['risk', { risk: 'high' }, { risk: 'high' }, {}],
  ])('by its %s, and not otherwise', (_, change, fitting, other) => {
    expect(chosen(change, fitting)).toBe('own')
    expect(chosen(change, other)).toBe('rest')
  })

  it('when all of its conditions hold, and the first of several', () => {
    expect(chosen({ rules: ['sales'], risk: 'high' })).toBe('rest')
    expect(chosen({})).toBe('own')
    const routes = [fallback, own({ risk: 'high' }), own({ name: 'second' }), own({ name: 'third' })]
    expect(routeOf({ channels: [], routes }, facts)?.name).toBe('second')
    expect(routeOf({ channels: [], routes: [] }, facts)).toBeUndefined()
  })

  it('by the rules that asked or came nearest, and the context of the decision', () => {
    const rule = { ruleVersion: 1, effect: 'ask', mode: 'enforce', match: 'yes', conditions: [] } as const
    const entry = entryWith({
      decidedBy: { ...rule, ruleId: 'a' },
      nearest: { ...rule, ruleId: 'b' },
      context: { targetTags: [{ name: 't', value: 'v' }] },
    })
    expect(routeFacts(sampleNotification(), entry, 'high')).toEqual({
      ...{ rules: ['a', 'b'], targetId: sampleTarget.id, risk: 'high' },
      ...{ targetTags: [{ name: 't', value: 'v' }], targetGroups: undefined },
    })
    expect(routeFacts(sampleNotification(), undefined, 'normal')).toMatchObject({ rules: [] })
  })
})

describe('an address in a tag', () => {
  const listed = { to: ['Ops@contoso.com'], fromTag: { name: 'owner', domains: ['contoso.com'] } }
  const addresses = (value: string, withSubdomains = false) =>
    addressesOf(listed, [{ name: 'Owner', value }], withSubdomains).slice(1)

  it('is used where it lies in a listed domain, beside the fixed ones', () => {
    expect(addressesOf(listed, [{ name: 'owner', value: ' Kim@Contoso.com' }], false)).toEqual([
      'ops@contoso.com',
      'kim@contoso.com',
    ])
    expect(addressesOf(listed, [{ name: 'other', value: 'kim@contoso.com' }], false)).toEqual([
      'ops@contoso.com',
    ])
  })

  it('of a domain under a listed one is used only by setting', () => {
    expect(addresses('kim@mail.contoso.com')).toEqual([])
    expect(addresses('kim@mail.contoso.com', true)).toEqual(['kim@mail.contoso.com'])
  })

  it.each([
    'kim@evil.example',
    'kim@contoso.com.evil.example',
    'kim@evilcontoso.com',
    'kim@contoso.com, eve@evil.example',
    'kim@contoso.com;eve@evil.example',
    'eve@evil.example <kim@contoso.com>',
    'eve@evil.example\r\nBcc: x@contoso.com',
    '"eve@evil.example"@contoso.com',
    'eve%evil.example@contoso.com',
    'kim@contoso.com\u0000',
    'kim@c\u043Entoso.com',
    '@contoso.com',
    'kim@evil.example@contoso.com',
  ])('is never %j', (value) => {
    expect(addresses(value, true)).toEqual([])
  })
})

describe('where messages go', () => {
  const mail = (name: string, change: Partial<Extract<ChannelDefinition, { kind: 'email' }>> = {}) =>
    ({ kind: 'email', name, to: [`${name}@contoso.com`], fromTag: undefined, ...change }) as const
  const fromTag = { name: 'owner', domains: ['contoso.com'] }
  const routing: Routing = {
    channels: [
      mail('ops'),
      mail('owners', { to: [], fromTag }),
      { kind: 'teams', name: 'team', urlSetting: 'T' },
    ],
    routes: [
      own({ name: 'mine', channels: ['owners', 'team'], fallback: ['ops'] }),
      own({ name: 'dead', channels: ['gone'], risk: 'high' }),
      sampleRoute({ name: 'rest', channels: ['ops'] }),
    ],
  }
  const all = new Set(['ops', 'owners', 'team'])
  const to = (name: string | undefined, tags = [{ name: 'owner', value: 'kim@contoso.com' }]) =>
    destinationOf(routing, { kind: 'route', name, tags }, all, false)

  it('is kept with the tags that name addresses, and no others', () => {
    const tags = [
      { name: 'Owner', value: 'kim@contoso.com' },
      { name: 'cost', value: '7' },
    ]
    expect(recipientsFor(routing, { ...facts, targetTags: tags })).toEqual({
      ...{ kind: 'route', name: 'mine', tags: tags.slice(0, 1) },
    })
    expect(recipientsFor({ channels: [], routes: [] }, facts)).toEqual({
      kind: 'route',
      name: undefined,
      tags: [],
    })
  })

  it('is what the route says, as it is now', () => {
    expect(to('mine')).toEqual({
      channels: [
        { channel: 'owners', addresses: ['kim@contoso.com'] },
        { channel: 'team', addresses: [] },
      ],
      fallback: [{ channel: 'ops', addresses: ['ops@contoso.com'] }],
      ...{ missing: [], deadRoute: undefined, isDefined: true },
    })
  })

  it('leaves out a channel of mail without a recipient, and says so', () => {
    expect(to('mine', [])).toMatchObject({ channels: [{ channel: 'team' }], missing: ['owners'] })
  })

  it.each([
    ['a route whose channels are gone', 'dead', 'dead'],
    ['a route that is gone', 'no-such', 'no-such'],
    ['a group without a route', undefined, undefined],
  ])('is the default route for %s', (_, name, deadRoute) => {
    expect(to(name)).toMatchObject({ channels: [{ channel: 'ops' }], deadRoute })
  })

  it('of a digest is its recipient alone', () => {
    const recipient = { kind: 'recipient', channel: 'ops', address: 'kim@contoso.com' } as const
    expect(destinationOf(routing, recipient, all, false)).toMatchObject({
      channels: [{ channel: 'ops', addresses: ['kim@contoso.com'] }],
      fallback: [],
    })
    expect(destinationOf(routing, recipient, new Set(), false)).toMatchObject({
      channels: [],
      missing: ['ops'],
    })
  })

  it('is nowhere while no channel is defined', () => {
    const none = destinationOf(
      { channels: [], routes: [] },
      { kind: 'route', name: 'x', tags: [] },
      all,
      false,
    )
    expect(none).toMatchObject({ channels: [], isDefined: false })
  })
})
