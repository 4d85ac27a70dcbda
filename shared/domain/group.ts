import type { Tag } from './rule.ts'

/**
 * Requests of a group come to the same people in the same messages.
 * - `burst`, `competing-claims`, `target`: see `CaseKind`.
 * - `requester`: requests of one confirmed requester.
 * - `subscription`: requests of unknown requesters to targets of one subscription.
 * - `recipient`: messages to one recipient, over what one may get in an hour.
 */
export type GroupKind = 'burst' | 'competing-claims' | 'target' | 'requester' | 'subscription' | 'recipient'

/** Where the messages of a group go. */
export type GroupRecipients =
  | {
      readonly kind: 'route'
      /** Undefined: the default route. */
      readonly name: string | undefined
      /** Tags of the target that name addresses: those only that channels of the route read. */
      readonly tags: readonly Tag[]
    }
  /** `address`: of a mailbox; undefined where the channel itself is the recipient. */
  | { readonly kind: 'recipient'; readonly channel: string; readonly address: string | undefined }

/** What requests have in common that are sent together. */
export interface Group {
  readonly kind: GroupKind
  /** Names what they have in common, among the groups of that kind. */
  readonly name: string
  /** Who is behind them: a confirmed requester, or unknown requesters of the targets of one subscription. */
  readonly source: string
  readonly to: GroupRecipients
}

/** One text for each group, whatever the order of its fields. */
export function groupKey({ kind, name, to }: Group): string {
  const recipients =
    to.kind === 'route'
      ? [to.name ?? null, to.tags.map((tag) => [tag.name, tag.value])]
      : [to.channel, to.address ?? null]
  return JSON.stringify([kind, name, to.kind, ...recipients])
}
