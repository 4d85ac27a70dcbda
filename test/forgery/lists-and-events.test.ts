import { describe } from 'vitest'
import { fails } from './attack.ts'
import {
  type Arena,
  attackerSubscription,
  connectionOf,
  dataPlatform,
  endpointNamed,
  failed,
  lake,
  resource,
} from './arena.ts'

const good = endpointNamed('adf-sales.mpe-blob')
const payroll = resource(dataPlatform, 'rg-payroll', 'Microsoft.Storage/storageAccounts', 'stpayroll')

const itemIds: readonly [title: string, id: unknown][] = [
  ['of another target', `${payroll}/privateEndpointConnections/c-evil`],
  ['with a segment more', `${lake}/privateEndpointConnections/c-evil/x/y`],
  ['that climbs to another target', `${lake}/privateEndpointConnections/../../stpayroll/c-evil`],
  ['with an escaped slash', `${lake}/privateEndpointConnections/..%2F..%2Fstpayroll`],
  ['of another child', `${lake}/blobServices/c-evil`],
  ['on another host', `https://evil.example${lake}/privateEndpointConnections/c-evil`],
  ['that is missing', undefined],
  ['that is a number', 1],
  ['that is a list', [`${lake}/privateEndpointConnections/c-evil`]],
]

describe('an item of a target’s list is not approved with an id', () => {
  for (const [title, id] of itemIds) {
    fails({
      title,
      prepare: ({ connections }) => connections.set(lake, [{ ...connectionOf(lake, 'c-evil', good), id }]),
      escalated: ['stlake'],
    })
  }
})

const uris: readonly [title: string, resourceUri: unknown][] = [
  ['on another host', `https://evil.example${lake}/privateEndpointConnections/c-true`],
  ['on a host without a scheme', `//evil.example${lake}/privateEndpointConnections/c-true`],
  ['on the own host', `https://management.azure.com${lake}/privateEndpointConnections/c-true`],
  ['with a user', `https://management.azure.com@evil.example${lake}/privateEndpointConnections/c-true`],
  ['that climbs', `${lake}/../stpayroll/privateEndpointConnections/c-true`],
  ['with an escaped slash', `${lake}%2FprivateEndpointConnections%2Fc-true`],
  ['with a backslash', `${lake}\\privateEndpointConnections\\c-true`],
  ['with two slashes', lake.replace('/providers', '//providers') + '/privateEndpointConnections/c-true'],
  ['with a query', `${lake}/privateEndpointConnections/c-true?api-version=1`],
  ['with a line feed', `${lake}/privateEndpointConnections/c\nERROR c-true`],
  ['that is a list', [`${lake}/privateEndpointConnections/c-true`]],
  ['that is an object', { id: `${lake}/privateEndpointConnections/c-true` }],
  ['that is null', null],
  ['of 64 KB', `${lake}/privateEndpointConnections/${'c'.repeat(65_536)}`],
]

describe('an event leads nowhere with a resourceUri', () => {
  for (const [title, uri] of uris) {
    fails({ title, prepare: () => undefined, play: (arena) => arena.event(uri), escalated: [] })
  }
})

describe('an event about something that is not ours approves nothing:', () => {
  const theirs = resource(attackerSubscription, 'rg', 'Microsoft.Storage/storageAccounts', 'stevil')
  const refused = (target: string, status: number, code: string) => (arena: Arena) =>
    arena.instead.set(`GET ${target}/privateEndpointConnections`, failed(status, code))
  fails({
    title: 'a target of a foreign tenant',
    prepare: refused(theirs, 401, 'InvalidAuthenticationTokenTenant'),
    play: (arena) => arena.event(`${theirs}/privateEndpointConnectionProxies/x`),
    escalated: ['stevil'],
    reason: 'target-unreadable',
  })
  const abroad = lake.replace(dataPlatform, 'c0ffee00-5555-4a6b-8c2d-d47a91a7f0cc')
  fails({
    title: 'a subscription of another cloud, of which people are told',
    prepare: refused(abroad, 404, 'SubscriptionNotFound'),
    play: (arena) => arena.event(`${abroad}/privateEndpointConnectionProxies/x`),
    escalated: ['stlake'],
    reason: 'target-unreadable',
  })
  const unknown = resource(dataPlatform, 'rg-lake', 'Contoso.New/things', 'thing')
  fails({
    title: 'a type that nobody knows, of which people are told',
    prepare: refused(unknown, 404, 'InvalidResourceType'),
    play: (arena) => arena.event(`${unknown}/privateEndpointConnectionProxies/x`),
    escalated: ['thing'],
    reason: 'target-unreadable',
  })
})
