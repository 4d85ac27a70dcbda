import { foldCase } from '../domain/fold-case.ts'
import type { GroupRecipients } from '../domain/group.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import type { Risk } from '../domain/message.ts'
import type { Notification } from '../domain/notification.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { ChannelDefinition, MailRecipients, Route, Routing } from '../domain/route.ts'
import type { Tag } from '../domain/rule.ts'
import { isWithin, parseManagementGroup, parseScope } from '../domain/scope.ts'
import type { Context } from '../domain/verdict.ts'

/** What routes are chosen by. */
export interface RouteFacts {
  /** Ids of the rules that asked, or came nearest. */
  readonly rules: readonly string[]
  readonly targetId: string
  /** Undefined: unknown. */
  readonly targetTags: readonly Tag[] | undefined
  readonly targetGroups: Context['targetGroups']
  readonly risk: Risk
}

/** The facts of a notification. @param entry its decision; undefined: it cannot be read. */
export function routeFacts({ targetId }: Notification, entry: LogEntry | undefined, risk: Risk): RouteFacts {
  const rules = [entry?.decidedBy, entry?.nearest].flatMap((rule) => rule?.ruleId ?? [])
  const { targetTags, targetGroups } = entry?.context ?? {}
  return { rules, targetId, targetTags, targetGroups, risk }
}

/**
 * The first route all of whose conditions hold, otherwise the default route. What is unknown fulfils no condition.
 * Undefined while there is no route.
 */
export function routeOf({ routes }: Routing, facts: RouteFacts): Route | undefined {
  return routes.find((route) => !route.isDefault && fits(route, facts)) ?? defaultRoute(routes)
}

/** Where the messages about these facts go. */
export function recipientsFor(routing: Routing, facts: RouteFacts): GroupRecipients {
  const route = routeOf(routing, facts)
  if (!route) return { kind: 'route', name: undefined, tags: [] }
  const names = new Set([...route.channels, ...route.fallback])
  const read = routing.channels.flatMap((channel) =>
    names.has(channel.name) && channel.kind === 'email' && channel.fromTag ? [channel.fromTag.name] : [],
  )
  const tags = (facts.targetTags ?? []).filter((tag) => read.some((name) => isSameTagName(name, tag.name)))
  return { kind: 'route', name: route.name, tags: tags.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}

/** The default route; undefined while there is no route. */
export function defaultRoute(routes: readonly Route[]): Route | undefined {
  return routes.find(({ isDefault }) => isDefault)
}

/**
 * Addresses of a channel of mail: the fixed ones, and that in the tag if it lies in a listed domain. Whoever writes tags
 * must not steer mail elsewhere.
 */
export function addressesOf(
  { to, fromTag }: MailRecipients,
  tags: readonly Tag[],
  withSubdomains: boolean,
): readonly string[] {
  const tagged = fromTag
    ? tags.filter(({ name }) => isSameTagName(name, fromTag.name)).map(({ value }) => value.trim())
    : []
  const listed = tagged.filter((address) => liesIn(address, fromTag?.domains ?? [], withSubdomains))
  return [...new Set([...to, ...listed].map((address) => address.toLowerCase()))]
}

/** Plain addresses only: what a mail program could read in two ways is none. */
const addressForm = /^[a-z0-9][a-z0-9._+-]{0,63}@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/i

function liesIn(address: string, domains: readonly string[], withSubdomains: boolean): boolean {
  const domain = addressForm.exec(address)?.[1]?.toLowerCase()
  return (
    domain !== undefined &&
    domains.some((listed) => {
      const end = listed.toLowerCase()
      return domain === end || (withSubdomains && domain.endsWith(`.${end}`))
    })
  )
}

function fits(route: Route, facts: RouteFacts): boolean {
  return (
    (route.rules.length === 0 || facts.rules.some((rule) => route.rules.includes(rule))) &&
    (route.scopes.length === 0 || route.scopes.some((scope) => liesUnder(scope, facts))) &&
    route.targetTags.every((tag) => facts.targetTags?.some((other) => isSameTag(tag, other)) ?? false) &&
    (route.risk === undefined || route.risk === facts.risk)
  )
}

function liesUnder(text: string, { targetId, targetGroups }: RouteFacts): boolean {
  const group = parseManagementGroup(text)
  if (group !== undefined) return targetGroups?.names.includes(group) ?? false
  const scope = parseScope(text)
  const target = parseResourceId(targetId)
  return scope !== undefined && target !== undefined && isWithin(target, scope)
}

function isSameTag(one: Tag, other: Tag): boolean {
  return isSameTagName(one.name, other.name) && one.value === other.value
}

function isSameTagName(one: string, other: string): boolean {
  return foldCase(one) === foldCase(other)
}

/** True for a channel that sends mail. */
export function isMail(
  channel: ChannelDefinition,
): channel is Extract<ChannelDefinition, { readonly kind: 'email' }> {
  return channel.kind === 'email'
}
