import type { ChannelDefinition, Route } from '../../domain/route.ts'

export type ChannelKind = ChannelDefinition['kind']

/** A channel as a file or row states it: the fields of every kind side by side, those of other kinds left out. */
export interface ChannelContent {
  readonly name: string
  readonly kind: ChannelKind
  readonly urlSetting: string | undefined
  readonly to: readonly string[]
  /** Name of the tag of the target that holds an address. */
  readonly fromTag: string | undefined
  readonly fromTagDomains: readonly string[]
  readonly url: string | undefined
  readonly secretSetting: string | undefined
}

/** A route as a file or row states it. */
export interface RouteContent extends Omit<Route, 'isDefault'> {
  readonly default: boolean
  /** Counted from 1; undefined in a row that was written by hand: after all others. */
  readonly position: number | undefined
}

/** What a channel means by each field that it leaves out. */
export const plainChannel: Omit<ChannelContent, 'name' | 'kind'> = {
  urlSetting: undefined,
  to: [],
  fromTag: undefined,
  fromTagDomains: [],
  url: undefined,
  secretSetting: undefined,
}

/** What a route means by each field that it leaves out. */
export const plainRoute: Omit<RouteContent, 'name'> = {
  default: false,
  position: undefined,
  rules: [],
  scopes: [],
  targetTags: [],
  risk: undefined,
  channels: [],
  fallback: [],
}

/** What a channel whose fields were checked defines: it has those of its kind. */
export function channelOf({ name, kind, ...fields }: ChannelContent): ChannelDefinition {
  const { urlSetting = '', to, fromTag, fromTagDomains, url = '', secretSetting = '' } = fields
  switch (kind) {
    case 'teams':
      return { kind, name, urlSetting }
    case 'email':
      return {
        kind,
        name,
        to,
        fromTag: fromTag === undefined ? undefined : { name: fromTag, domains: fromTagDomains },
      }
    case 'webhook':
      return { kind, name, url, secretSetting }
  }
}

export function routeOf(content: RouteContent): Route {
  const { name, default: isDefault, rules, scopes, targetTags, risk, channels, fallback } = content
  return { name, rules, scopes, targetTags, risk, channels, fallback, isDefault }
}
