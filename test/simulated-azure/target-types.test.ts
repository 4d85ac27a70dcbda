import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, own, team, decisionOn } from './support.ts'
import type { Connection, Json } from './support.ts'

const group = `${own}/resourceGroups/rg-data/providers`

/** What each type's connection must look like; written down apart from the table that the simulation runs on. */
const types = [
  {
    type: 'Microsoft.Storage/storageAccounts',
    put: 200,
    done: 'Succeeded',
    extra: 'actionRequired',
    groups: 'none',
    embedded: 'id name properties type',
  },
  {
    type: 'Microsoft.Sql/servers',
    put: 202,
    done: 'Ready',
    extra: 'actionsRequired',
    groups: 'groupIds',
    embedded: 'id properties',
  },
  {
    type: 'Microsoft.Sql/managedInstances',
    put: 202,
    done: 'Ready',
    extra: 'actionsRequired',
    groups: 'none',
    embedded: 'id properties',
  },
  {
    type: 'Microsoft.KeyVault/vaults',
    put: 200,
    done: 'Succeeded',
    extra: 'actionsRequired',
    groups: 'none',
    embedded: 'etag id properties',
  },
  {
    type: 'Microsoft.DocumentDB/databaseAccounts',
    put: 202,
    done: 'Succeeded',
    extra: 'actionsRequired',
    groups: 'groupId',
    embedded: 'id name properties type',
  },
  {
    type: 'Microsoft.EventHub/namespaces',
    put: 202,
    done: 'Succeeded',
    extra: 'none',
    groups: 'none',
    embedded: 'id name properties type',
  },
  {
    type: 'Microsoft.Synapse/workspaces',
    put: 201,
    done: 'Succeeded',
    extra: 'actionsRequired',
    groups: 'none',
    embedded: 'id name properties type',
  },
  {
    type: 'Microsoft.Purview/accounts',
    put: 201,
    done: 'Succeeded',
    extra: 'actionsRequired',
    groups: 'none',
    embedded: 'id name properties type',
  },
  {
    type: 'Microsoft.DataFactory/factories',
    put: 200,
    done: 'Succeeded',
    extra: 'actionsRequired',
    groups: 'none',
    embedded: 'not embedded',
  },
  {
    type: 'Microsoft.DBforMySQL/flexibleServers',
    put: 202,
    done: 'Ready',
    extra: 'actionsRequired',
    groups: 'groupIds',
    embedded: 'id name properties type',
  },
  {
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    put: 202,
    done: 'Succeeded',
    extra: 'actionsRequired',
    groups: 'groupIds',
    embedded: 'id name properties type',
  },
  {
    type: 'Microsoft.DBforMySQL/servers',
    put: 202,
    done: 'Ready',
    extra: 'actionsRequired',
    groups: 'none',
    embedded: 'id properties',
  },
  {
    type: 'Microsoft.DBforPostgreSQL/servers',
    put: 202,
    done: 'Ready',
    extra: 'actionsRequired',
    groups: 'none',
    embedded: 'id properties',
  },
  {
    type: 'Microsoft.Network/privateLinkServices',
    put: 200,
    done: 'Succeeded',
    extra: 'actionsRequired',
    groups: 'none',
    embedded: 'etag id name properties type',
  },
] as const

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start({ timing: { writeMs: 100 } })
})
afterAll(() => bench.stop())

async function pendingOn(type: string, name: string): Promise<{ target: string; connection: Connection }> {
  const target = await bench.create(`${group}/${type}/${name}`)
  await bench.ask(`pe-${name}`, target)
  return { target, connection: await bench.arrived(target, `pe-${name}`) }
}

describe.each(types)('$type', ({ type, put, done, extra, groups, embedded }) => {
  test('a request is listed as Pending, is approved, and reads back as Approved on both sides', async () => {
    const name = `flow${type.replaceAll(/\W/g, '').toLowerCase()}`
    const { target, connection } = await pendingOn(type, name)
    expect(connection.properties.privateLinkServiceConnectionState).toEqual({
      status: 'Pending',
      description: 'please',
      ...(extra === 'none' ? {} : { [extra]: 'None' }),
    })
    expect(connection.properties.provisioningState).toBe(done)
    const shown = (['groupIds', 'groupId'] as const).filter((key) => key in connection.properties)
    expect(shown).toEqual(groups === 'none' ? [] : [groups])

    const response = await bench.decide(connection.id, 'Approved')
    expect(response.status).toBe(put)
    const after = await bench.settled(connection.id, 'Approved')
    expect(after.properties.privateEndpoint.id).toBe(connection.properties.privateEndpoint.id)
    expect(after.properties.provisioningState).toBe(done)
    expect(after.properties.privateLinkServiceConnectionState.description).toBe('decided in a test')

    const endpoint = (await bench.call('GET', connection.properties.privateEndpoint.id)).body as {
      properties: { manualPrivateLinkServiceConnections: [{ properties: Json }] }
    }
    const [link] = endpoint.properties.manualPrivateLinkServiceConnections
    expect(link.properties['privateLinkServiceConnectionState']).toMatchObject({ status: 'Approved' })

    const parent = (await bench.call('GET', target)).body as {
      properties: { privateEndpointConnections?: Json[] }
    }
    const [item] = parent.properties.privateEndpointConnections ?? []
    expect(item === undefined ? 'not embedded' : Object.keys(item).sort().join(' ')).toBe(embedded)
  })

  test('a rejected request reads back as Rejected, and a deleted one is gone', async () => {
    const name = `no${type.replaceAll(/\W/g, '').toLowerCase()}`
    const { target, connection } = await pendingOn(type, name)
    await bench.decide(connection.id, 'Rejected')
    await bench.settled(connection.id, 'Rejected')
    expect((await bench.call('DELETE', connection.id)).status).toBe(200)
    expect(await bench.connections(target)).toEqual([])
    const isVault = type === 'Microsoft.KeyVault/vaults'
    expect((await bench.call('GET', connection.id)).status).toBe(isVault ? 204 : 404)
  })

  test('a name that is no connection is refused', async () => {
    const target = await bench.create(`${group}/${type}/none${type.replaceAll(/\W/g, '').toLowerCase()}`)
    const { status, body } = await bench.decide(`${target}/privateEndpointConnections/invented`, 'Approved')
    const isService = type === 'Microsoft.Network/privateLinkServices'
    expect(status).toBe(isService ? 400 : 404)
    expect(body['error']).toMatchObject({
      code: isService
        ? 'PrivateEndpointConnectionCannotBeCreatedByServiceProvider'
        : 'PrivateEndpointConnectionNotFound',
    })
  })

  test('a second write while one runs is refused with a code to come back later', async () => {
    const name = `two${type.replaceAll(/\W/g, '').toLowerCase()}`
    const { target, connection } = await pendingOn(type, name)
    await bench.ask(`pe2-${name}`, target)
    const other = await bench.arrived(target, `pe2-${name}`)
    const responses = await Promise.all([
      bench.decide(connection.id, 'Approved'),
      bench.decide(other.id, 'Approved'),
    ])
    expect(responses.map(({ status }) => status).sort()).toEqual([
      put,
      type === 'Microsoft.Network/privateLinkServices' ? 429 : 409,
    ])
  })
})

describe('What is special about single types', () => {
  test('Storage names connections by the account, not by the endpoint', async () => {
    const { connection } = await pendingOn('Microsoft.Storage/storageAccounts', 'nametest')
    expect(connection.name).toMatch(/^nametest\.[0-9a-f-]{36}$/)
  })

  test('SQL names connections by the endpoint', async () => {
    const { connection } = await pendingOn('Microsoft.Sql/servers', 'sqlname')
    expect(connection.id).toMatch(/\/pe-sqlname-[0-9a-f-]{36}$/)
  })

  test('Storage refuses to approve what is approved already', async () => {
    const { connection } = await pendingOn('Microsoft.Storage/storageAccounts', 'againtest')
    await bench.decide(connection.id, 'Approved')
    const { status, body } = await bench.decide(connection.id, 'Approved')
    expect([status, body['error']]).toEqual([
      400,
      expect.objectContaining({ code: 'InvalidValuesForRequestParameters' }),
    ])
  })

  test('Key Vault accepts to approve what is approved already', async () => {
    const { connection } = await pendingOn('Microsoft.KeyVault/vaults', 'again-vault')
    await bench.decide(connection.id, 'Approved')
    await bench.settled(connection.id, 'Approved')
    expect((await bench.decide(connection.id, 'Approved')).status).toBe(200)
  })

  test('Cosmos DB cannot approve a rejected connection', async () => {
    const { connection } = await pendingOn('Microsoft.DocumentDB/databaseAccounts', 'cosmos-final')
    await bench.decide(connection.id, 'Rejected')
    await bench.settled(connection.id, 'Rejected')
    expect((await bench.decide(connection.id, 'Approved')).status).toBe(400)
  })

  test.each([
    'Microsoft.Sql/servers',
    'Microsoft.Sql/managedInstances',
    'Microsoft.DBforMySQL/servers',
    'Microsoft.DBforPostgreSQL/servers',
  ])('%s refuses a write without a description and stays Pending', async (type) => {
    const { connection } = await pendingOn(type, `empty${type.replaceAll(/\W/g, '').toLowerCase()}`)
    for (const description of ['', '  ', null]) {
      expect((await bench.decide(connection.id, 'Approved', description)).status).toBe(400)
    }
    expect((await bench.settled(connection.id, 'Pending')).id).toBe(connection.id)
  })

  test('SQL passes through Approving and shows the new status only at the end', async () => {
    const { connection } = await pendingOn('Microsoft.Sql/servers', 'sql-slow')
    const { body } = await bench.decide(connection.id, 'Approved')
    expect((body as Connection).properties).toMatchObject({
      provisioningState: 'Approving',
      privateLinkServiceConnectionState: { status: 'Pending' },
    })
    await bench.settled(connection.id, 'Approved')
  })

  test('SQL leaves the group ids out in version 2018-06-01-preview', async () => {
    const { target } = await pendingOn('Microsoft.Sql/servers', 'sql-old')
    const [old] = await bench.connections(target, '2018-06-01-preview')
    const [current] = await bench.connections(target, '2021-11-01')
    expect(old?.properties.groupIds).toBeUndefined()
    expect(current?.properties.groupIds).toEqual(['blob'])
  })

  test('Data Factory refuses a write whose If-Match is not the current etag', async () => {
    const { connection } = await pendingOn('Microsoft.DataFactory/factories', 'etag-factory')
    const body = decisionOn(connection.id, { status: 'Approved' })
    const stale = await bench.call('PUT', connection.id, body, { headers: { 'if-match': 'W/"stale"' } })
    expect(stale.status).toBe(412)
    const fresh = await bench.call('PUT', connection.id, body, {
      headers: { 'if-match': String(connection['etag']) },
    })
    expect(fresh.status).toBe(200)
  })

  test('Key Vault pages its list; following nextLink shows every connection once', async () => {
    const target = await bench.create(`${group}/Microsoft.KeyVault/vaults/paged`)
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `pe-page-${letter}`)
    await Promise.all(names.map((name) => bench.ask(name, target)))
    await Promise.all(
      names.map((name) =>
        bench.settledEndpoint(
          `${team}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/${name}`,
        ),
      ),
    )
    const pages: string[][] = []
    let next: string | undefined = `${target}/privateEndpointConnections`
    while (next !== undefined) {
      const { body }: { body: Json } = await bench.call('GET', next)
      pages.push(
        (body['value'] as Connection[]).map(
          ({ properties }) => properties.privateEndpoint.id.split('/').at(-1) ?? '',
        ),
      )
      next = (body['nextLink'] as string | undefined)
        ?.replace(bench.azure.origin, '')
        .replace(/[?&]api-version=[^&]*&?/, '?')
    }
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flat().sort()).toEqual(names)
  })

  test('a private link service approves subscriptions on its autoApproval list by itself', async () => {
    const target = await bench.create(`${group}/Microsoft.Network/privateLinkServices/pls-auto`, {
      location: 'westeurope',
      properties: { autoApproval: { subscriptions: [team.split('/')[2]] } },
    })
    await bench.ask('pe-auto', target)
    const connection = await bench.arrived(target, 'pe-auto')
    expect(connection.properties.privateLinkServiceConnectionState.status).toBe('Approved')
  })

  test('a private link service is found by its alias', async () => {
    const target = await bench.create(`${group}/Microsoft.Network/privateLinkServices/pls-alias`)
    const { body } = await bench.call('GET', target)
    await bench.ask('pe-alias', (body['properties'] as { alias: string }).alias)
    expect((await bench.arrived(target, 'pe-alias')).name).toContain('pe-alias')
  })
})
