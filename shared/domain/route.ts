import type { Risk } from './message.ts'
import type { Tag } from './rule.ts'
import { parseManagementGroup } from './scope.ts'

/** Recipients of mail: fixed addresses, or the address in a tag of the target, which must lie in a listed domain. */
export interface MailRecipients {
  readonly to: readonly string[]
  readonly fromTag: { readonly name: string; readonly domains: readonly string[] } | undefined
}

/**
 * A channel as the rule file defines it. Secrets are named only: the value is in the setting (or Key Vault reference)
 * of that name.
 */
export type ChannelDefinition =
  | { readonly kind: 'teams'; readonly name: string; readonly urlSetting: string }
  | ({ readonly kind: 'email'; readonly name: string } & MailRecipients)
  | {
      readonly kind: 'webhook'
      readonly name: string
      readonly url: string
      readonly secretSetting: string
    }

/**
 * Which messages go where: the first route whose conditions all hold takes a message. A condition that is left out holds
 * for every message.
 */
export interface Route {
  readonly name: string
  /** Ids of the rules that asked, or came nearest. */
  readonly rules: readonly string[]
  /** As targets of rules: management group, subscription, resource group or resource. */
  readonly scopes: readonly string[]
  /** The target must have all of them. */
  readonly targetTags: readonly Tag[]
  readonly risk: Risk | undefined
  /** Names of channels: each of them is notified. */
  readonly channels: readonly string[]
  /** Names of channels, the next of which is used when one of `channels` has failed for some minutes. None of `channels`. */
  readonly fallback: readonly string[]
  /** True for the one route that takes whatever no other takes. */
  readonly isDefault: boolean
}

/** Channels and routes as they stand in the rule file. */
export interface Routing {
  readonly channels: readonly ChannelDefinition[]
  /** In the order in which they are tried. The default route is at any place. */
  readonly routes: readonly Route[]
}

/** Facts of a target that its id does not tell, and whether routes need them. */
export interface RouteNeeds {
  readonly tags: boolean
  readonly managementGroups: boolean
}

export const needsNothing: RouteNeeds = { tags: false, managementGroups: false }

/** What the routes need: tags for conditions and recipients, management groups for scopes. */
export function routeNeeds({ channels, routes }: Routing): RouteNeeds {
  const hasRecipients = channels.some((channel) => channel.kind === 'email' && channel.fromTag !== undefined)
  return {
    tags: hasRecipients || routes.some(({ targetTags }) => targetTags.length > 0),
    managementGroups: routes.some(({ scopes }) =>
      scopes.some((scope) => parseManagementGroup(scope) !== undefined),
    ),
  }
}

/** Channels and routes as they were read. */
export interface RoutingReading {
  /** As much of it as can be used; undefined when the table could not be read since the start of the app. */
  readonly routing: Routing | undefined
  /** What cannot be used, and what is done instead: one sentence or two each, printable, without secrets. */
  readonly problems: readonly string[]
}
