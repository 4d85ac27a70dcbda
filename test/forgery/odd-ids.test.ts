import { describe } from 'vitest'
import { fails } from './attack.ts'
import { connectionOf, endpointNamed, lake, managedSubscription, resource } from './arena.ts'

const good = endpointNamed('adf-sales.mpe-blob')

const endpointIds: readonly [title: string, id: unknown][] = [
  ['null', null],
  ['the empty text', ''],
  ['a number', 42],
  ['true', true],
  ['an array that holds the right id', [good]],
  ['an object that holds the right id', { id: good }],
  ['an id without its first slash', good.slice(1)],
  ['an id with a slash at the end', `${good}/`],
  ['two slashes', good.replace('/providers/', '//providers/')],
  ['two slashes at the beginning, which a URL reads as a host', `/${good}`],
  ['a segment that climbs', good.replace('/privateEndpoints/', '/privateEndpoints/x/../')],
  ['a segment that stays', good.replace('/privateEndpoints/', '/./privateEndpoints/')],
  ['an escaped slash', good.replace('/adf-sales', '%2Fadf-sales')],
  ['a slash that was escaped twice', good.replace('/adf-sales', '%252Fadf-sales')],
  ['a backslash', good.replace('/adf-sales', '\\adf-sales')],
  ['a query', `${good}?x=1`],
  ['a fragment', `${good}#x`],
  ['an address of another host', `https://evil.example${good}`],
  ['the id with a segment more', `${good}/x`],
  ['the endpoint as the child of a child', `${good}/privateEndpoints/adf-sales.mpe-blob`],
  [
    'another type under the right name',
    resource(managedSubscription, 'rg', 'Microsoft.Network/privateLinkServices', 'adf-sales.mpe-blob'),
  ],
  [
    'the type of another provider',
    resource(managedSubscription, 'rg', 'Evil.Network/privateEndpoints', 'adf-sales.mpe-blob'),
  ],
  ['a subscription that is no GUID', good.replace(managedSubscription, 'managed')],
  ['no resource group', good.replace(/\/resourceGroups\/[^/]+/, '')],
  ['two thousand characters', good.replace('adf-sales', 'a'.repeat(2000))],
]

describe('an endpoint id that is none is not approved:', () => {
  for (const [title, id] of endpointIds) {
    fails({
      title,
      prepare: ({ connections }) => connections.set(lake, [connectionOf(lake, 'c-evil', id)]),
    })
  }
})

const properties: readonly [title: string, properties: unknown][] = [
  ['no properties at all', undefined],
  ['properties that are null', null],
  ['properties that are text', 'Approved'],
  ['no endpoint', { privateEndpoint: undefined }],
  ['an endpoint that is text', { privateEndpoint: good }],
  ['an endpoint that is null', { privateEndpoint: null }],
]

describe('a connection with parts of the wrong type is not approved:', () => {
  for (const [title, odd] of properties) {
    fails({
      title,
      prepare: ({ connections }) => {
        const connection = connectionOf(lake, 'c-evil', good)
        const whole = { ...(connection.properties as object), ...(odd as object) }
        const isPart = typeof odd === 'object' && odd !== null
        connections.set(lake, [{ ...connection, properties: isPart ? whole : odd }])
      },
    })
  }
})

const statuses: readonly [title: string, status: unknown][] = [
  ['in small letters', 'pending'],
  ['that is null', null],
  ['that is a list', ['Pending']],
  ['that is a number', 0],
  ['that nobody knows', 'PendingApproval'],
  ['that is empty', ''],
]

describe('a status is not approved', () => {
  for (const [title, status] of statuses) {
    fails({
      title,
      prepare: ({ connections }) =>
        connections.set(lake, [
          connectionOf(lake, 'c-evil', good, {
            privateLinkServiceConnectionState: { status, description: '' },
          }),
        ]),
      reason: 'unknown-status',
    })
  }
})
