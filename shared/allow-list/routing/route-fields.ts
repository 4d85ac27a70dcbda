import { z } from 'zod'
import type { Field } from '../rule/field.ts'
import { schemasOf } from '../rule/form.ts'
import { targetSchema } from '../rule/scopes.ts'
import { flag, list, listOf, tags, together, wholeNumber } from '../rule/values.ts'
import type { RouteContent } from './content.ts'
import { nameExpected, nameForm } from './values.ts'

const maxScopes = 10_000

const channelNames = {
  ...list(nameForm),
  expected: `a list of names of channels, ${together}`,
  expectedInColumn: `names of channels separated by commas, ${together}`,
} as const

/** The fields of a route, one row for each, in the order in which they are written. */
const table = {
  name: {
    kind: 'text',
    schema: z.string().regex(nameForm),
    expected: `the name of the route: ${nameExpected}`,
    expectedInColumn: `~route: and the name of the route: ${nameExpected}`,
    purpose: 'What the log calls the route. No other route may have it.',
    examples: ['finance'],
  },
  default: {
    ...flag,
    expected: 'true or false (or left out for false)',
    purpose:
      'True for the one route that takes whatever no other takes; it has no conditions, and its place plays no part.',
    examples: [true],
  },
  position: {
    ...wholeNumber(10_000),
    purpose: 'Routes are tried in this order, and the first whose conditions all hold takes the message.',
    isByOrder: true,
  },
  rules: {
    ...list(/^[A-Za-z0-9._-]{1,100}$/),
    expected: `a list of ids of rules, ${together}`,
    expectedInColumn: `ids of rules separated by commas, ${together}`,
    purpose:
      'Only requests about which one of these rules asked, or to which it came nearest. Left out: any.',
    examples: [['finance-asks-two']],
  },
  scopes: {
    ...listOf(targetSchema, maxScopes),
    expected: `a list of management groups, subscriptions, resource groups or resources, each in the form of a rule's target, at most ${maxScopes} characters together`,
    expectedInColumn: `management groups, subscriptions, resource groups or resources separated by commas, at most ${maxScopes} characters together`,
    purpose: 'Only requests whose target is one of these or lies under it. Left out: any.',
    examples: [['/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-finance']],
  },
  targetTags: {
    ...tags,
    purpose: 'Only requests whose target carries all of these tags. Left out: whatever tags it has.',
    examples: [{ environment: 'prod' }],
  },
  risk: {
    kind: 'text',
    schema: z.enum(['normal', 'high']).exactOptional(),
    expected: 'normal or high (or left out for both)',
    purpose: 'Only messages of this risk.',
  },
  channels: {
    ...channelNames,
    schema: channelNames.schema.unwrap(),
    purpose: 'The channels that are notified, all of them.',
    examples: [['data-platform']],
  },
  fallback: {
    ...channelNames,
    purpose:
      'The channels that are used, one after the other, when one of channels has failed for some minutes.',
    examples: [['on-call']],
  },
} as const satisfies Readonly<Record<keyof RouteContent, Field>>

export const routeFields: Readonly<Record<keyof RouteContent, Field>> = table

/** Checks a route of a row field by field. */
export const storedRouteSchema = z.strictObject(schemasOf(table))

/** The same for a file, where the place of the route is its position. */
export const routeSchema = storedRouteSchema.omit({ position: true })

export type CheckedRoute = z.output<typeof storedRouteSchema>
