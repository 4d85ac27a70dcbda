import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { managedSubscriptions } from '../../local/azure/well-known.ts'
import {
  codeOf,
  lake,
  managedPlace,
  onlyConnection,
  pagesOf,
  propertiesOf,
  requester,
  shows,
} from './requester-support.ts'
import { Bench } from './support.ts'
import type { Json } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

const version = '2025-04-15'
const statusOf = (body: Json) => (propertiesOf(body)['sharedPrivateLinkResource'] as Json | null)?.['status']

async function originsOf(profile: string): Promise<string> {
  const id = await requester(bench, 'Microsoft.Cdn/profiles', profile)
  await bench.call('PUT', `${id}/originGroups/web`, { properties: {} }, { version })
  return `${id}/originGroups/web/origins`
}

const link = (target: string, privateLinkLocation = 'North Europe') => ({
  privateLink: { id: target },
  privateLinkLocation,
  groupId: 'blob',
  requestMessage: 'from the edge',
})
const put = (path: string, sharedPrivateLinkResource: Json | null) =>
  bench.call(
    'PUT',
    path,
    { properties: { hostName: 'lake.example', sharedPrivateLinkResource } },
    { version },
  )

describe('Front Door', () => {
  test('asks with an endpoint that is a bare GUID in a group of its region', async () => {
    const target = await lake(bench, 'edgeone')
    const path = `${await originsOf('edge-one')}/store`
    const made = await put(path, link(target))
    expect(made.status).toBe(201)
    const { privateEndpoint, privateLinkServiceConnectionState: state } = (
      await onlyConnection(bench, target)
    ).properties
    const place = managedPlace(privateEndpoint.id)
    expect(privateEndpoint.id).toContain(managedSubscriptions[1]?.subscriptionId)
    expect(place?.group).toBe('eafd-Prod-northeurope')
    expect(place?.name).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(state.description).toBe('from the edge')
    expect((await put(path, link(target))).status).toBe(200)
    expect((await bench.connections(target)).length).toBe(1)
  })

  test('an origin shows its link, with the status when it is read alone and without in lists', async () => {
    const target = await lake(bench, 'edgetwo')
    const origins = await originsOf('edge-two')
    await put(`${origins}/store`, link(target))
    await put(`${origins}/plain`, null)
    const connection = await onlyConnection(bench, target)
    const side = { path: `${origins}/store`, options: { version } }
    await shows(bench, side, statusOf, 'Pending')
    await bench.decide(connection.id, 'Approved')
    const whole = await shows(bench, side, statusOf, 'Approved')
    expect(whole).toMatchObject({
      name: 'store',
      type: 'Microsoft.Cdn/profiles/originGroups/origins',
      properties: { hostName: 'lake.example', originGroupName: 'web' },
    })
    const listed = (await bench.call('GET', origins, undefined, { version })).body['value'] as Json[]
    expect(listed.map((item) => propertiesOf(item)['sharedPrivateLinkResource'])).toEqual([
      link(target),
      null,
    ])
  })

  test('origins with the same target, group and location share one endpoint till the last is gone', async () => {
    const target = await lake(bench, 'edgeshared')
    const origins = await originsOf('edge-shared')
    for (const name of ['one', 'two']) await put(`${origins}/${name}`, link(target))
    await onlyConnection(bench, target)
    await put(`${origins}/far`, link(target, 'East US 2'))
    await bench.call('DELETE', `${origins}/far`, undefined, { version })
    await bench.call('DELETE', `${origins}/one`, undefined, { version })
    expect((await bench.connections(target)).length).toBe(1)
    expect((await bench.call('DELETE', `${origins}/two`, undefined, { version })).status).toBe(202)
    expect(await bench.connections(target)).toEqual([])
    expect((await bench.call('DELETE', `${origins}/two`, undefined, { version })).status).toBe(204)
  })

  test('an origin that is pointed elsewhere leaves its former target', async () => {
    const [first, second] = await Promise.all([lake(bench, 'edgefirst'), lake(bench, 'edgesecond')])
    const path = `${await originsOf('edge-moves')}/store`
    await put(path, link(first))
    await onlyConnection(bench, first)
    await put(path, link(second))
    await onlyConnection(bench, second)
    expect(await bench.connections(first)).toEqual([])
    await put(path, null)
    expect(await bench.connections(second)).toEqual([])
  })

  test('a deleted profile takes its connections with it', async () => {
    const target = await lake(bench, 'edgegone')
    const origins = await originsOf('edge-gone')
    await put(`${origins}/store`, link(target))
    await onlyConnection(bench, target)
    await bench.call('DELETE', origins.replace('/originGroups/web/origins', ''), undefined, { version })
    expect(await bench.connections(target)).toEqual([])
    expect((await bench.call('GET', origins, undefined, { version })).status).toBe(404)
  })

  test('groups and origins are listed by threes, in versions that there are', async () => {
    const id = await requester(bench, 'Microsoft.Cdn/profiles', 'edge-lists')
    for (const name of ['a', 'b', 'c', 'd']) {
      await bench.call('PUT', `${id}/originGroups/${name}`, { properties: {} }, { version })
    }
    const authorization = `Bearer ${await bench.token()}`
    const pages = await pagesOf(async (next) => {
      const path = next?.replace(bench.azure.origin, '') ?? `${id}/originGroups?api-version=${version}`
      const { body } = await bench.send('GET', path, undefined, { authorization })
      return { items: body['value'] as Json[], next: body['nextLink'] as string | undefined }
    })
    expect(pages).toEqual([['a', 'b', 'c'], ['d']])
    const odd = await bench.call('GET', `${id}/originGroups`, undefined, { version: '2019-06-15' })
    expect([odd.status, codeOf(odd)]).toEqual([400, 'NoRegisteredProviderFound'])
    const missing = await bench.call('GET', `${id}/originGroups/x/origins`, undefined, { version })
    expect([missing.status, codeOf(missing)]).toEqual([404, 'NotFound'])
  })
})
