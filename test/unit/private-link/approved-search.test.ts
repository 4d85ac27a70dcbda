import { describe, expect, it } from 'vitest'
import { createApprovedSearch, sayNotShown } from '../../../shared/private-link/searches/approved.ts'
import { clientOf, failure, fakeAzure, fakeClock, fakeLog, type Reply } from './fake-azure.ts'
import { endpointIn, managedSubscription, targetOf } from './ids.ts'

const path = 'POST /providers/Microsoft.ResourceGraph/resources'
const lake = targetOf('Microsoft.Storage/storageAccounts', 'stlake')
const site = targetOf('Microsoft.Web/sites', 'site')
const endpoint = endpointIn(managedSubscription, 'adf-sales.mpe')

function response(data: unknown, more: object = {}, headers: Record<string, string> = {}): Reply {
  return { status: 200, body: { data, ...more }, headers }
}

function connectionRow(name: string, properties: object = {}): object {
  return {
    id: lake.id,
    connection: {
      id: `${lake.id}/privateEndpointConnections/${name}`,
      properties: {
        privateEndpoint: { id: endpoint.id },
        privateLinkServiceConnectionState: { status: 'Approved', description: 'by hand' },
        ...properties,
      },
    },
  }
}

/** The three searches one after the other: connections, crowded targets, targets of types that are not shown. */
function search(...replies: Reply[]) {
  const fake = fakeAzure({ [path]: replies })
  const clock = fakeClock()
  return { fake, clock, search: createApprovedSearch(clientOf(fake), fakeLog(), clock) }
}

const none = response([])

describe('the search for Approved connections', () => {
  it('reads each as ARM would show it', async () => {
    const { search: asked } = search(response([connectionRow('one')]), none)
    const { connections, gaps } = await asked.approved()
    expect(connections).toMatchObject([
      {
        id: { name: 'one' },
        target: { key: lake.key },
        status: 'Approved',
        description: 'by hand',
        endpoint: { key: endpoint.key },
        groupIds: undefined,
      },
    ])
    expect(gaps).toEqual([])
  })

  it('asks for Approved ones, as many of a target as the graph expands', async () => {
    const { search: asked, fake } = search(none)
    await asked.approved()
    const queries = fake.calls.map(({ body }) => (body as { query: string }).query)
    expect(queries[0]).toMatch(/limit 400\n.*=~ "Approved"/)
    expect(queries[1]).toContain('array_length(properties.privateEndpointConnections) > 400')
    expect(queries[2]).toContain('"Microsoft.Web/sites"')
    expect(queries).toHaveLength(3)
  })

  it('reads a connection of a type that is in no table, too', async () => {
    const target = targetOf('Contoso.Preview/vaults', 'cv')
    const id = `${target.id}/privateEndpointConnections/one`
    const properties = { privateLinkServiceConnectionState: { status: 'Approved' } }
    const row = { id: target.id, connection: { id, properties } }
    const { search: asked } = search(response([row]), none)
    expect((await asked.approved()).connections).toMatchObject([
      { id: { id }, writeSupport: 'unlisted-type', endpoint: undefined },
    ])
  })

  it.each([
    ['no resource', { id: 7, connection: {} }],
    ['a connection of another target', { ...connectionRow('one'), id: site.id }],
    ['no connection', { id: lake.id, connection: null }],
  ])('says that a row names %s', async (_, row) => {
    const { search: asked } = search(response([row, connectionRow('one')]), none)
    const { connections, gaps } = await asked.approved()
    expect(connections).toHaveLength(1)
    expect(gaps).toEqual(['1 of the rows of Resource Graph name no connection that can be read.'])
  })

  it('names the types that the graph does not show, and how many targets are of them', async () => {
    const other = targetOf('Microsoft.Web/sites', 'other')
    const { search: asked } = search(none, none, response([{ id: site.id }, { id: other.id }]))
    const { notShown, gaps } = await asked.approved()
    expect(notShown.map(({ key }) => key)).toEqual([site.key, other.key])
    expect(gaps).toEqual([])
    expect(sayNotShown(notShown)).toBe(
      'Resource Graph does not show the connections of these types: microsoft.web/sites (2).',
    )
    expect(sayNotShown([])).toBeUndefined()
  })

  it('names a target of which not all connections were seen', async () => {
    const { search: asked } = search(none, response([{ id: lake.id }]), none)
    expect((await asked.approved()).gaps).toEqual([
      `${lake.key} has more than 400 connections; Resource Graph shows the first 400.`,
    ])
  })

  it.each([
    ['rows were left out', response([], { resultTruncated: 'true' }), /left out a part/],
    [
      'not all subscriptions were looked into',
      response([], {}, { 'x-ms-tenant-subscription-limit-hit': 'true' }),
      /first 10,000 only/,
    ],
    ['the pages do not end', response([], { $skipToken: 'again' }), /more than 50 pages/],
    ['the quota stays used up', failure(429, 'RateLimiting'), /quota of Resource Graph was used up/],
  ])('says once that there may be more when %s', async (_, reply, said) => {
    const { gaps } = await search(reply).search.approved()
    expect(gaps).toEqual([expect.stringMatching(said)])
  })

  it('takes a page that another follows for no cut', async () => {
    const first = response([connectionRow('one')], { $skipToken: 'more', resultTruncated: 'true' })
    const { search: asked } = search(first, response([connectionRow('two')]), none)
    const { connections, gaps } = await asked.approved()
    expect(connections.map(({ id }) => id.name)).toEqual(['one', 'two'])
    expect(gaps).toEqual([])
  })

  it('waits as long as Azure asks when the quota is used up, and goes on', async () => {
    const busy = failure(429, 'RateLimiting', 'x', { 'retry-after': '7' })
    const { search: asked, clock } = search(busy, response([connectionRow('one')]), none)
    const { connections, gaps } = await asked.approved()
    expect(connections).toHaveLength(1)
    expect(gaps).toEqual([])
    expect(clock.waits).toEqual([7_000])
  })

  it('fails when it may not search', async () => {
    await expect(search(failure(403, 'AuthorizationFailed')).search.approved()).rejects.toMatchObject({
      status: 403,
    })
  })
})

describe('the search for resources by name', () => {
  it('asks for types and names, a hundred names at a time', async () => {
    const { search: asked, fake } = search(response([{ id: lake.id }]), none)
    const names = Array.from({ length: 101 }, (_, number) => `name-${number}`)
    const { ids } = await asked.resourcesNamed(['Microsoft.Storage/storageAccounts'], names)
    expect(ids.map(({ key }) => key)).toEqual([lake.key])
    const queries = fake.calls.map(({ body }) => (body as { query: string }).query)
    expect(queries[0]).toContain('| where type in~ ("Microsoft.Storage/storageAccounts")\n| where name in~ (')
    expect(queries[0]).toContain('"name-99"')
    expect(queries[1]).toContain('| where name in~ ("name-100")')
  })

  it('asks nothing when there are no names', async () => {
    const { search: asked, fake } = search()
    expect(await asked.resourcesNamed(['Microsoft.Storage/storageAccounts'], [])).toEqual({
      ids: [],
      gaps: [],
    })
    expect(fake.calls).toEqual([])
  })

  it.each(['a"b', 'a) | union x', 'a\nb', ''])('sends no name that would end the query: %j', async (name) => {
    const { search: asked, fake } = search(none)
    await expect(asked.resourcesNamed(['a/b'], [name])).rejects.toThrow('is no name of a resource')
    expect(fake.calls).toEqual([])
  })
})
