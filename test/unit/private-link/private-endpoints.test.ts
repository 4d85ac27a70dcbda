import { describe, expect, it } from 'vitest'
import {
  createPrivateEndpoints,
  type PrivateEndpoints,
} from '../../../shared/private-link/requesters/private-endpoint.ts'
import { createEndpoints } from '../../../shared/private-link/requesters/targets-of-endpoint.ts'
import { arm, credential, failure, type FakeAzure, fakeAzure, now, type Reply } from './fake-azure.ts'
import { endpointIn, ownSubscription, targetOf } from './ids.ts'

const endpoint = endpointIn(ownSubscription, 'pe-lake')
const target = targetOf('Microsoft.Storage/storageAccounts', 'lake')

function setting(reply: Reply): { fake: FakeAzure; privateEndpoints: PrivateEndpoints } {
  const fake = fakeAzure({ [`GET ${endpoint.id}`]: reply })
  const { httpClient } = fake
  const options = {
    armEndpoint: arm,
    armScope: `${arm}/.default`,
    credential,
    userAgent: 'test',
    now,
    httpClient,
  }
  return { fake, privateEndpoints: createPrivateEndpoints(options) }
}

function link(id: unknown, status?: string): object {
  return {
    properties: {
      privateLinkServiceId: id,
      groupIds: ['blob'],
      ...(status && { privateLinkServiceConnectionState: { status } }),
    },
  }
}

describe('an ordinary endpoint', () => {
  it('points where its automatic and its manual links point', async () => {
    const properties = {
      privateLinkServiceConnections: [link(target.id, 'Approved')],
      manualPrivateLinkServiceConnections: [
        link(target.id.toUpperCase(), 'Pending'),
        link('alias.guid.region'),
      ],
    }
    const { fake, privateEndpoints } = setting({ status: 200, body: { id: endpoint.id, properties } })
    expect(await privateEndpoints.linksOf(endpoint)).toMatchObject([
      { targetId: { key: target.key }, status: 'Approved', groupIds: ['blob'] },
      { targetId: { key: target.key }, status: 'Pending' },
      { targetId: undefined, status: '' },
    ])
    expect(fake.calls[0]?.token).toBe(`Bearer for ${arm}/.default`)
    expect(await createEndpoints(privateEndpoints).targetsOf(endpoint)).toMatchObject([{ key: target.key }])
  })

  it('without any links points nowhere', async () => {
    expect(
      await setting({ status: 200, body: { id: endpoint.id } }).privateEndpoints.linksOf(endpoint),
    ).toEqual([])
  })

  it.each([401, 403, 404])('points nowhere for us when it answers %d', async (status) => {
    const { privateEndpoints } = setting(failure(status, 'Code'))
    await expect(privateEndpoints.linksOf(endpoint)).rejects.toMatchObject({ status, code: 'Code' })
    expect(await createEndpoints(privateEndpoints).targetsOf(endpoint)).toEqual([])
  })

  it.each([429, 500])('is not taken to point nowhere when it answers %d', async (status) => {
    const { privateEndpoints, fake } = setting(failure(status, 'Code'))
    await expect(createEndpoints(privateEndpoints).targetsOf(endpoint)).rejects.toMatchObject({ status })
    expect(fake.calls).toHaveLength(1)
  })

  it('is read only under the type of an endpoint', async () => {
    const { privateEndpoints, fake } = setting({ status: 200, body: {} })
    await expect(privateEndpoints.linksOf(target)).rejects.toMatchObject({ code: 'NotAPrivateEndpoint' })
    expect(fake.calls).toEqual([])
  })

  it('does not take the token along a redirect', async () => {
    const { privateEndpoints, fake } = setting({
      status: 307,
      headers: { location: 'https://elsewhere.test/x' },
    })
    await expect(privateEndpoints.linksOf(endpoint)).rejects.toThrow()
    expect(fake.calls.map(({ url }) => url.host)).toEqual(['arm.test'])
  })
})
