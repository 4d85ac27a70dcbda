import { channelOf, routeOf } from '../../shared/allow-list/routing/content.ts'
import type { ListContent } from '../../shared/allow-list/routing/forms.ts'
import { type Finding, lintRouting, lintRules } from '../../shared/lint/index.ts'

/** What the linter says of rules, channels and routes, in this order. */
export function lintList({ rules, channels, routes }: ListContent, now: Date): readonly Finding[] {
  const routing = { channels: channels.map(channelOf), routes: routes.map(routeOf) }
  return [...lintRules(rules, now), ...lintRouting(routing, rules)]
}
