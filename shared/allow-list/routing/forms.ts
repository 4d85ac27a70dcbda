import type { RuleContent } from '../../domain/rule.ts'
import { checker, type Form, type ListName } from '../rule/form.ts'
import { ruleForm } from '../rule/rule-form.ts'
import { channelFields, channelSchema } from './channel-fields.ts'
import { type ChannelContent, plainChannel, plainRoute, type RouteContent } from './content.ts'
import { findChannelContradiction, findRouteContradiction, requiredOf } from './contradictions.ts'
import { routeFields, routeSchema, storedRouteSchema } from './route-fields.ts'

/** What the allow-list consists of: three lists in a file, rows of one partition in the table. */
export interface ListContent {
  readonly rules: readonly RuleContent[]
  readonly channels: readonly ChannelContent[]
  readonly routes: readonly RouteContent[]
}

const channel = checker(channelSchema, findChannelContradiction, (checked) => ({
  ...plainChannel,
  ...checked,
}))

const channelForm: Form<ChannelContent> = {
  one: 'channel',
  list: 'channels',
  idField: 'name',
  keyPrefix: '~channel:',
  maxItems: 100,
  fields: channelFields,
  plain: plainChannel,
  variants: { field: 'kind', required: requiredOf },
  example: 'kind: email',
  purpose: 'Ways to reach people. Secrets stay in settings and are only named here.',
  ofFile: channel,
  ofRow: channel,
}

const routeForm: Form<RouteContent> = {
  one: 'route',
  list: 'routes',
  idField: 'name',
  keyPrefix: '~route:',
  maxItems: 200,
  fields: routeFields,
  plain: plainRoute,
  example: 'channels: [data-platform]',
  purpose:
    'Which messages go to which channels: the first route whose conditions all hold takes a message, otherwise the default route.',
  ofFile: checker(routeSchema, findRouteContradiction, (checked) => ({ ...plainRoute, ...checked })),
  ofRow: checker(storedRouteSchema, findRouteContradiction, (checked) => ({ ...plainRoute, ...checked })),
}

/** Everything about each of the three. */
export const forms = { rules: ruleForm, channels: channelForm, routes: routeForm } as const

export const listNames: readonly ListName[] = ['rules', 'channels', 'routes']

export const nothing: ListContent = { rules: [], channels: [], routes: [] }
