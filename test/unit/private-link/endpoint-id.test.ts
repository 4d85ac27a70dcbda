import { describe, expect, it } from 'vitest'
import { readConnection } from '../../../shared/private-link/connections/read.ts'
import { listOfType } from '../../../shared/private-link/resource-types/table.ts'
import { fakeLog } from './fake-azure.ts'
import { endpointIn, managedSubscription, resourceId, targetOf } from './ids.ts'

const target = targetOf('Microsoft.Storage/storageAccounts', 'lake')
const id = resourceId(`${target.id}/privateEndpointConnections/c1`)
const endpoint = endpointIn(managedSubscription, 'adf-prod.mpe')

function readWith(privateEndpoint: unknown) {
  const body = { properties: { privateEndpoint } }
  return readConnection(body, id, target, listOfType(target.type, 'connections'), fakeLog())
}

describe('the endpoint id of a connection', () => {
  it('is read', () => {
    const read = readWith({ id: endpoint.id })
    expect([read.endpoint?.key, read.isEndpointIdUnreadable]).toEqual([endpoint.key, undefined])
  })

  it.each([undefined, null, {}, { id: null }, { id: '' }])('is missing in %j', (shown) => {
    const read = readWith(shown)
    expect([read.endpoint, read.isEndpointIdUnreadable]).toEqual([undefined, undefined])
  })

  it.each([
    { id: 'adf-prod.mpe' },
    { id: 7 },
    { id: [endpoint.id] },
    { id: `${endpoint.id}?x` },
    { id: `${endpoint.id}/..` },
    { id: endpoint.id.replace('adf-prod', '<b>') },
  ])('is there and cannot be read in %j', (shown) => {
    const read = readWith(shown)
    expect([read.endpoint, read.isEndpointIdUnreadable]).toEqual([undefined, true])
  })
})
