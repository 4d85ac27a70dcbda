import { expect, it } from 'vitest'
import { routeNeeds } from '../../../shared/domain/route.ts'
import { sampleRoute } from '../../support/fake-delivery.ts'

const to = (name: string) =>
  ({ kind: 'email', name, to: [], fromTag: { name: 'Owner', domains: ['contoso.com'] } }) as const

it.each([
  ['nothing, where there is no route', [], [], { tagNames: [], managementGroups: false }],
  [
    'tags, of conditions and of recipients, each once',
    [to('a'), to('b')],
    [
      sampleRoute({ targetTags: [{ name: 'team', value: 'a' }] }),
      sampleRoute({ targetTags: [{ name: 'TEAM', value: 'b' }] }),
    ],
    { tagNames: ['team', 'owner'], managementGroups: false },
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
    { tagNames: [], managementGroups: true },
  ],
  [
    'nothing, for scopes that its id tells',
    [],
    [sampleRoute({ scopes: ['/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001'] })],
    { tagNames: [], managementGroups: false },
  ],
])('routes need of a target: %s', (_title, channels, routes, needs) => {
  expect(routeNeeds({ channels, routes })).toEqual(needs)
})
