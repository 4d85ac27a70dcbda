import type { Risk } from './message.ts'
import type { Tag } from './rule.ts'

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

/** Which messages go where. A condition that is left out holds for every message. */
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
  /** Names of channels, the next of which is used when one of `channels` has failed for some minutes. */
  readonly fallback: readonly string[]
  /** True for the one route that takes whatever no other takes. */
  readonly isDefault: boolean
}

/** Channels and routes as they stand in the rule file. */
export interface Routing {
  readonly channels: readonly ChannelDefinition[]
  readonly routes: readonly Route[]
}
