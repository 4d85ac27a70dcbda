import {
  analytics,
  type Arena,
  connectionOf,
  dataPlatform,
  endpointNamed,
  factory,
  lake,
  ordinaryEndpoint,
} from '../../forgery/arena.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { salesToLake } from '../../support/request-parts.ts'
import { operation, type Place, type Story } from '../../support/persistent-world.ts'

const ownTenant = '7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10'
const entities = '/providers/Microsoft.Management/getEntities'
const ordinary = endpointNamed('pe-own', dataPlatform)

const activityLog = `/subscriptions/${analytics}/providers/Microsoft.Insights/eventtypes/management/values`

/** What the sales factory asks for is left to people. */
const ask: Rule = { ...salesToLake, id: 'ask', effect: 'ask' }

/** It shows nobody. */
function withActivityLog({ instead }: Arena): void {
  instead.set(`GET ${activityLog}`, { status: 200, body: { value: [] } })
}

/** Requests, and what becomes of them. */
export const stories: Readonly<Record<string, Story>> = {
  'an approval': { rules: [salesToLake], end: 'Approved' },
  'an approval that is carried out later': { rules: [salesToLake], isAsync: true, end: 'Approved' },
  'a rejection': { rules: [{ ...salesToLake, id: 'no', effect: 'deny' }], end: 'Rejected' },
  'an approval by a person': { rules: [ask], person: 'approve', prepare: withActivityLog, end: 'Approved' },
  'a rejection by a person': { rules: [ask], person: 'reject', end: 'Rejected' },
  'a request that no rule allows': { rules: [], end: 'Pending' },
  'an approval by tags': {
    rules: [{ ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }],
    prepare: ({ instead }) =>
      instead.set(`GET ${lake}/providers/Microsoft.Resources/tags/default`, {
        status: 200,
        body: { properties: { tags: { open: 'yes' } } },
      }),
    end: 'Approved',
  },
  'an approval by management groups': {
    rules: [{ ...salesToLake, target: '/providers/Microsoft.Management/managementGroups/data' }],
    prepare: ({ instead }) =>
      instead.set(`POST ${entities}`, {
        status: 200,
        body: {
          value: [
            {
              name: dataPlatform,
              type: 'Microsoft.Management/managementGroups/subscriptions',
              properties: { tenantId: ownTenant, parentNameChain: [ownTenant, 'data'] },
            },
          ],
        },
      }),
    end: 'Approved',
  },
  'an approval of an ordinary endpoint': {
    rules: [
      { ...salesToLake, id: 'own', requester: { kind: 'scope', pattern: `/subscriptions/${dataPlatform}` } },
    ],
    prepare: (arena) => {
      arena.connections.set(lake, [connectionOf(lake, 'c-true', ordinary)])
      arena.endpoints.set(ordinary, ordinaryEndpoint(ordinary, lake, ['blob']))
    },
    end: 'Approved',
  },
}

/** The calls of a review. */
export const places: Readonly<Record<string, Place>> = {
  'the list of connections': (method, path) =>
    method === 'GET' && path === `${lake}/privateEndpointConnections`,
  'the connection': (method, path) => method === 'GET' && path.includes('/privateEndpointConnections/'),
  'the write': (method) => method === 'PUT',
  'the operation of a write': (_, path) => path === operation,
  'the owner of the subscription': (_, path) => /^\/subscriptions\/[^/]+$/.test(path),
  'the requester': (_, path) => path === factory,
  'the networks of the requester': (_, path) => path.endsWith('/managedVirtualNetworks'),
  'the list of the requester': (_, path) => path.endsWith('/managedPrivateEndpoints'),
  'the endpoint': (_, path) => path === ordinary,
  'the tags': (_, path) => path.endsWith('/tags/default'),
  'the Activity Log': (_, path) => path === activityLog,
  'the management groups': (_, path) => path === entities,
}
