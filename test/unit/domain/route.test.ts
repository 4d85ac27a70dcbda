import { expect, it } from 'vitest'
import { type ChannelDefinition, routeNeeds } from '../../../shared/domain/route.ts'
import { sampleRoute } from '../../support/fake-delivery.ts'

const toTag: ChannelDefinition = {
  ...{ kind: 'email', name: 'mail', to: [] },
  fromTag: { name: 'Owner', domains: ['contoso.com'] },
}

it.each([
  ['nothing, where there is no route', [], [], { tags: false, managementGroups: false }],
  ['tags, of recipients', [toTag], [], { tags: true, managementGroups: false }],
  [
    'tags, of conditions',
    [],
    [sampleRoute({ targetTags: [{ name: 'team', value: 'a' }] })],
    { tags: true, managementGroups: false },
  ],
  [
    'management groups, of scopes',
    [],
    [
      sampleRoute({
        scopes: [
          '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001',
          '/providers/Microsoft.Management/managementGroups/data',
        ],
      }),
    ],
    { tags: false, managementGroups: true },
  ],
  [
    'nothing, for scopes that its id tells',
    [],
    [sampleRoute({ scopes: ['/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001'] })],
    { tags: false, managementGroups: false },
  ],
])('routes need of a target: %s', (_title, channels, routes, needs) => {
  expect(routeNeeds({ channels, routes })).toEqual(needs)
})
