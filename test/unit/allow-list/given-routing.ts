import fc from 'fast-check'
import {
  type ChannelContent,
  plainChannel,
  plainRoute,
  type RouteContent,
} from '../../../shared/allow-list/routing/content.ts'
import { storageId, subscription } from './given.ts'

/** A channel of mail, as a file states it. */
export function mail(name: string, change: Partial<ChannelContent> = {}): ChannelContent {
  return { ...plainChannel, name, kind: 'email', to: ['approvers@contoso.example'], ...change }
}

export function teams(name: string, urlSetting = 'TEAMS_URL'): ChannelContent {
  return { ...plainChannel, name, kind: 'teams', urlSetting }
}

export function webhook(name: string, url = 'https://hooks.contoso.example/x'): ChannelContent {
  return { ...plainChannel, name, kind: 'webhook', url, secretSetting: 'WEBHOOK_SECRET' }
}

/** A route to the channel `ops`. */
export function route(name: string, change: Partial<RouteContent> = {}): RouteContent {
  return { ...plainRoute, name, channels: ['ops'], ...change }
}

/** Routes with the position that their place gives. */
export function inOrder(...routes: readonly RouteContent[]): readonly RouteContent[] {
  return routes.map((one, index) => ({ ...one, position: index + 1 }))
}

const names = ['ops', 'on-call', 'a', 'yes', 'null', 'off', 'true'] as const
const someNames = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 })

const anyChannel: fc.Arbitrary<Omit<ChannelContent, 'name'>> = fc.oneof(
  fc.constant(teams('x')),
  fc.constant(webhook('x')),
  fc.constant(mail('x')),
  fc.constant(
    mail('x', {
      to: ["o'brien+pe@contoso.example", '1@2.example'],
      fromTag: 'owner mail',
      fromTagDomains: ['contoso.example', '3com.example'],
    }),
  ),
)

const anyRoute: fc.Arbitrary<Omit<RouteContent, 'name' | 'channels' | 'fallback' | 'position' | 'default'>> =
  fc.record({
    rules: fc.constantFrom([], ['a'], ['a.b', 'null']),
    scopes: fc.constantFrom([], [storageId], [`/subscriptions/${subscription}`, storageId]),
    targetTags: fc.constantFrom([], [{ name: 'environment', value: 'prod: "x"' }]),
    risk: fc.constantFrom(undefined, 'normal', 'high'),
  })

/** Channels and routes that fit together, whatever they say. */
export const anyRouting = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom(...names), anyChannel), { selector: ([name]) => name }),
    fc.uniqueArray(fc.tuple(fc.constantFrom(...names), anyRoute, someNames, someNames), {
      selector: ([name]) => name,
    }),
    fc.nat(5),
  )
  .map(([channels, routes, place]) => {
    const known = channels.map(([name]) => name)
    const isKnown = (name: (typeof names)[number]) => known.includes(name)
    const plain = routes.flatMap(([name, rest, first, second]) => {
      const to = first.filter(isKnown)
      const fallback = second.filter((other) => isKnown(other) && !to.includes(other))
      return to.length === 0 ? [] : [{ ...plainRoute, ...rest, name, channels: to, fallback }]
    })
    const usual = known.length === 0 ? [] : [{ ...plainRoute, name: 'rest', default: true, channels: known }]
    return {
      channels: channels.map(([name, rest]) => ({ ...rest, name })),
      routes: inOrder(...plain.slice(0, place), ...usual, ...plain.slice(place)),
    }
  })
