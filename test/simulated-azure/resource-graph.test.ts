import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseQuery } from '../../local/azure/resource-graph/query.ts'
import { dataPlatform, foreignTenant } from '../../local/azure/well-known.ts'
import { Bench, eventually, own, team } from './support.ts'
import type { Json } from './support.ts'

const published = `resources
| where isnotnull(properties) and properties contains "privateEndpointConnections"
| where array_length(properties.privateEndpointConnections) > 0
| mv-expand pec = properties.privateEndpointConnections
| where pec.properties.privateLinkServiceConnectionState.status =~ "Pending"
| project id, name, type, location, resourceGroup, subscriptionId, tenantId,
          connectionId = tostring(pec.id), peId = tostring(pec.properties.privateEndpoint.id),
          description = tostring(pec.properties.privateLinkServiceConnectionState.description)
| order by id asc`

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
  for (const name of ['graph1', 'graph2', 'graph3']) {
    const target = await bench.create(
      `${own}/resourceGroups/RG-Data/providers/Microsoft.Storage/storageAccounts/${name}`,
    )
    await bench.ask(`pe-${name}`, target)
    await bench.arrived(target, `pe-${name}`)
  }
})
afterAll(() => bench.stop())

const path = '/providers/Microsoft.ResourceGraph/resources'

async function search(body: Json, who: { tenant?: string } = {}): Promise<Json & { data: Json[] }> {
  const reply = await bench.call('POST', path, body, { version: '2022-10-01', ...who })
  return reply.body as Json & { data: Json[] }
}

describe('Resource Graph', () => {
  test('finds the Pending connections, in order, with the columns asked for', async () => {
    const { data, count, totalRecords } = await search({
      query: published,
      options: { resultFormat: 'objectArray' },
    })
    expect([count, totalRecords]).toEqual([3, 3])
    expect(data.map((row) => row['name'])).toEqual(['graph1', 'graph2', 'graph3'])
    expect(data[0]).toMatchObject({
      type: 'microsoft.storage/storageaccounts',
      resourceGroup: 'rg-data',
      description: 'please',
      peId: `${team}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/pe-graph1`,
      connectionId: expect.stringContaining('/privateEndpointConnections/graph1.') as string,
    })
  })

  test('pages with $top and $skipToken', async () => {
    const first = await search({ query: published, options: { $top: 2 } })
    expect([first.data.length, first['$skipToken']]).toEqual([2, expect.any(String)])
    const second = await search({ query: published, options: { $top: 2, $skipToken: first['$skipToken'] } })
    expect([second.data.length, second['$skipToken']]).toEqual([1, undefined])
  })

  test('shows nothing of another tenant, and nothing of subscriptions not asked for', async () => {
    expect((await search({ query: published }, { tenant: foreignTenant.tenantId })).data).toEqual([])
    expect((await search({ query: published, subscriptions: [team.split('/')[2]] })).data).toEqual([])
  })

  test('knows nothing of connections that their target does not show, and shows those that it does', async () => {
    const providers = `${own}/resourceGroups/rg-embeds/providers`
    const ids = [
      `${providers}/Microsoft.DataFactory/factories/graph`,
      `${providers}/Microsoft.Kusto/clusters/graph`,
    ]
    for (const [number, id] of ids.entries()) {
      await bench.create(id)
      await bench.ask(`pe-embeds-${number}`, id)
      await bench.arrived(id, `pe-embeds-${number}`)
    }
    const query = published.replace('| order', '| where resourceGroup =~ "rg-embeds"\n| order')
    expect((await search({ query })).data.map((row) => row['id'])).toEqual([ids[1]])
  })

  test('an approved connection is no longer there', async () => {
    const target = await bench.create(
      `${own}/resourceGroups/zz/providers/Microsoft.KeyVault/vaults/graph-vault`,
    )
    await bench.ask('pe-graph-vault', target)
    const { id } = await bench.arrived(target, 'pe-graph-vault')
    const query = published.replace('| order', '| where type =~ "microsoft.keyvault/vaults"\n| order')
    expect((await search({ query })).data.length).toBe(1)
    await bench.decide(id, 'Approved')
    await bench.settled(id, 'Approved')
    expect((await search({ query })).data).toEqual([])
  })

  test('finds Approved connections with endpoint, groups and description, and shows only what is asked for', async () => {
    const ids = [
      `${own}/resourceGroups/rg-approved/providers/Microsoft.Sql/servers/graph-sql`,
      `${own}/resourceGroups/rg-approved/providers/Microsoft.Storage/storageAccounts/graphapproved`,
    ]
    for (const [number, id] of ids.entries()) {
      await bench.create(id)
      await bench.ask(`pe-approved-${number}`, id, { group: number === 0 ? 'sqlServer' : 'blob' })
      const connection = await bench.arrived(id, `pe-approved-${number}`)
      await bench.decide(connection.id, 'Approved', 'yes, and "no" and (maybe)')
      await bench.settled(connection.id, 'Approved')
    }
    const query = `Resources|where resourceGroup=~"rg-approved"
      |mv-expand pec=properties.privateEndpointConnections limit 400
      |where pec.properties.privateLinkServiceConnectionState.status=~'approved'
      |project id,type,
        connectionId=tostring(pec.id),
        endpointId = tostring( pec.properties.privateEndpoint.id ),
        groupIds   = pec.properties.groupIds,
        status = tostring(pec.properties.privateLinkServiceConnectionState.status),
        description = tostring(pec.properties.privateLinkServiceConnectionState.description)
      |sort by id`
    const endpoint = `${team}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/pe-approved`
    const rest = { status: 'Approved', description: 'yes, and "no" and (maybe)' }
    expect((await search({ query })).data).toEqual([
      {
        id: ids[1],
        type: 'microsoft.storage/storageaccounts',
        connectionId: expect.stringContaining('/privateEndpointConnections/graphapproved.') as string,
        endpointId: `${endpoint}-1`,
        groupIds: null,
        ...rest,
      },
      {
        id: ids[0],
        type: 'microsoft.sql/servers',
        connectionId: expect.stringContaining('/privateEndpointConnections/pe-approved-0-') as string,
        endpointId: `${endpoint}-0`,
        groupIds: ['sqlServer'],
        ...rest,
      },
    ])
    const described = query.replace('|sort', `|where description =~ 'yes, and "no" and (maybe)'|sort`)
    expect((await search({ query: described })).data.length).toBe(2)
  })

  test.each([
    ['by types', 'where type in~ ("microsoft.SQL/servers", "Microsoft.KeyVault/vaults")', 2],
    ['by types in their own case only', 'where type in ("Microsoft.Sql/servers")', 0],
    ['by one type', "where type =~ 'Microsoft.Sql/servers'", 1],
    ['by types and names', 'where type in~("microsoft.sql/servers")| where name in~("NAMED-SQL","x")', 1],
    ['by both in one stage', 'where type in~ ("microsoft.sql/servers") AND name in~ ("other")', 0],
  ])('finds resources %s', async (_, filter, found) => {
    await bench.create(`${own}/resourceGroups/rg-named/providers/Microsoft.Sql/servers/named-sql`)
    await bench.create(`${own}/resourceGroups/rg-named/providers/Microsoft.KeyVault/vaults/named-vault`)
    const query = `resources | ${filter} | where resourceGroup == "rg-named" | project id, name, type, subscriptionId`
    const { data } = await search({ query })
    expect(data.length).toBe(found)
    for (const row of data) {
      expect(Object.keys(row)).toEqual(['id', 'name', 'type', 'subscriptionId'])
      expect(row['subscriptionId']).toBe(dataPlatform.subscriptionId)
    }
  })

  test.each([
    ['128 unless told', '', 128],
    ['as many as told', ' limit 130', 130],
    ['400 at most', ' limit 400', 400],
  ])('expands the connections of one resource into rows, %s', (_, limit, expected) => {
    const query = published.replace('.privateEndpointConnections\n| where', (end) =>
      end.replace('\n', `${limit}\n`),
    )
    const connection = { properties: { privateLinkServiceConnectionState: { status: 'Pending' } } }
    const crowd = Array.from({ length: 401 }, (_item, number) => ({ ...connection, id: `c${number}` }))
    const row = (id: string) => ({ id, properties: { privateEndpointConnections: crowd } })
    const expanded = parseQuery(query).reduce<Json[]>((rows, step) => step(rows), [row('a'), row('b')])
    expect(expanded.filter(({ id }) => id === 'b').length).toBe(expected)
    expect(expanded.length).toBe(2 * expected)
  })

  test('lags behind writes', async () => {
    const slow = await Bench.start({ timing: { graphLagMs: 300 } })
    try {
      const target = await slow.create(
        `${own}/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/lagging`,
      )
      await slow.ask('pe-lag', target)
      await slow.arrived(target, 'pe-lag')
      const read = async () =>
        ((await slow.call('POST', path, { query: published })).body as { data: Json[] }).data.length
      expect(await read()).toBe(0)
      expect(await eventually(async () => ((await read()) === 1 ? 1 : undefined))).toBe(1)
    } finally {
      await slow.stop()
    }
  })

  test('tells the quota, and refuses beyond it when limits are enforced', async () => {
    const reply = await bench.call('POST', path, { query: published })
    expect(Number(reply.headers['x-ms-user-quota-remaining'])).toBeLessThan(15)
    expect(reply.headers['x-ms-user-quota-resets-after']).toMatch(/^\d\d:\d\d:\d\d$/)
    const strict = await Bench.start({ enforceLimits: true })
    try {
      const replies = await Promise.all(
        Array.from({ length: 16 }, () => strict.call('POST', path, { query: published })),
      )
      expect(replies.filter(({ status }) => status === 429).length).toBe(1)
    } finally {
      await strict.stop()
    }
  })

  test.each([
    'resources | project id',
    'resourcecontainers | where type == "x"',
    published.replace('Pending', 'Unheard'),
    published.replace('.status =~ "Pending"', '.description =~ "Pending"'),
    published.replace('| order by id asc', '| summarize count() by type'),
    published.replace('| project', '| extend x = 1\n| project'),
    published.replace('isnotnull(properties)', 'isfoo(properties)'),
    published.replace(
      '.privateEndpointConnections\n| where',
      '.privateEndpointConnections limit 401\n| where',
    ),
    published.replace('.privateEndpointConnections\n| where', '.privateEndpointConnections limit 0\n| where'),
  ])('refuses a query it does not understand and says what it does: %#', async (query) => {
    const reply = await bench.call('POST', path, { query })
    expect([reply.status, (reply.body['error'] as Json)['message']]).toEqual([
      400,
      expect.stringContaining('understood is'),
    ])
  })
})
