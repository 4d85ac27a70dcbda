import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignTenant } from '../../local/azure/well-known.ts'
import { lake, managedPlace, onlyConnection, pagesOf, shows } from './requester-support.ts'
import { arm, Bench, eventually } from './support.ts'
import type { Json } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

const audience = 'https://api.fabric.microsoft.com'
const workspaceId = (digit: string) => `59a92b06-0000-4000-8000-00000000000${digit}`
const workspace = async (digit: string, settings: Json = {}) => {
  await bench.send('PUT', `/_simulator/fabric/workspaces/${workspaceId(digit)}`, settings)
  return `/fabric/v1/workspaces/${workspaceId(digit)}/managedPrivateEndpoints`
}
const wish = (name: string, target: string, more: Json = {}) => ({
  name,
  targetPrivateLinkResourceId: target,
  targetSubresourceType: 'blob',
  requestMessage: 'for the notebook',
  ...more,
})
/** A call without an api-version, as Fabric has none. */
const fabric = async (method: string, path: string, body?: Json, who: { tenant?: string } = {}) =>
  bench.send(method, path, body, { authorization: `Bearer ${await bench.token({ audience, ...who })}` })
const statusOf = (body: Json) => (body['connectionState'] as Json | undefined)?.['status']

describe('Fabric', () => {
  test('asks with an endpoint named after the workspace and the managed endpoint', async () => {
    const target = await lake(bench, 'fabricone')
    const list = await workspace('1')
    const made = await fabric('POST', list, wish('SqlPE', target))
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        name: 'SqlPE',
        targetPrivateLinkResourceId: target,
        provisioningState: 'Provisioning',
        targetSubresourceType: 'blob',
      },
    ])
    const connection = await onlyConnection(bench, target)
    const { privateEndpoint, privateLinkServiceConnectionState: state } = connection.properties
    expect(managedPlace(privateEndpoint.id)?.name).toBe(`${workspaceId('1')}.SqlPE`)
    expect(state.description).toBe('for the notebook')
    const side = { path: `${list}/${String(made.body['id'])}`, options: { audience } }
    await shows(bench, side, statusOf, 'Pending')
    await bench.decide(connection.id, 'Approved', 'Endpoint approved')
    expect(await shows(bench, side, statusOf, 'Approved')).toMatchObject({
      provisioningState: 'Succeeded',
      connectionState: { status: 'Approved', description: 'Endpoint approved' },
    })
  })

  test('lists by threes, over a token and a link', async () => {
    const list = await workspace('2')
    const target = await lake(bench, 'fabriclist')
    for (const name of ['a', 'b', 'c', 'd']) await fabric('POST', list, wish(name, target))
    const pages = await pagesOf(async (link) => {
      const { body } = await fabric('GET', link?.replace(bench.azure.origin, '') ?? list)
      expect(body['continuationToken'] === undefined).toBe(body['continuationUri'] === undefined)
      return { items: body['value'] as Json[], next: body['continuationUri'] as string | undefined }
    })
    expect(pages).toEqual([['a', 'b', 'c'], ['d']])
  })

  test('deleting takes the connection away; names are taken once, and texts have limits', async () => {
    const list = await workspace('3')
    const target = await lake(bench, 'fabricgone')
    const { id } = (await fabric('POST', list, wish('once', target))).body
    await onlyConnection(bench, target)
    const twin = await fabric('POST', list, wish('once', target))
    expect([twin.status, twin.body['errorCode']]).toEqual([409, 'EntityConflict'])
    expect((await fabric('POST', list, wish('x'.repeat(65), target))).status).toBe(400)
    const long = await fabric('POST', list, wish('long', target, { requestMessage: 'x'.repeat(141) }))
    expect(long.status).toBe(400)
    expect((await fabric('DELETE', `${list}/${String(id)}`)).status).toBe(200)
    expect(await bench.connections(target)).toEqual([])
    const missing = await fabric('DELETE', `${list}/${String(id)}`)
    expect([missing.status, missing.body['errorCode']]).toEqual([404, 'EntityNotFound'])
  })

  test('refuses in its own words: no token, the token of another service, another tenant', async () => {
    const list = await workspace('4')
    const none = await bench.send('GET', list)
    expect([none.status, Object.keys(none.body)]).toEqual([401, ['requestId', 'errorCode', 'message']])
    expect((await bench.call('GET', list, undefined, { audience: arm })).status).toBe(401)
    const foreignResponse = await fabric('GET', list, undefined, { tenant: foreignTenant.tenantId })
    expect([foreignResponse.status, foreignResponse.body['errorCode']]).toEqual([404, 'WorkspaceNotFound'])
    const own = '/subscriptions?api-version=2022-12-01'
    expect((await fabric('GET', own)).status).toBe(401)
  })

  test('a workspace of a foreign tenant asks from the same managed subscription as one of ours', async () => {
    const target = await lake(bench, 'fabricforeign')
    const [ours, theirs] = [
      await workspace('5'),
      await workspace('6', { tenantId: foreignTenant.tenantId, region: 'westeurope' }),
    ]
    expect((await fabric('POST', ours, wish('lake', target))).status).toBe(201)
    const who = { tenant: foreignTenant.tenantId }
    expect((await fabric('POST', theirs, wish('lake', target), who)).status).toBe(201)
    const all = await eventually(async () => {
      const held = await bench.connections(target)
      return held.length === 2 ? held : undefined
    })
    const subscriptions = all.map(({ properties }) => properties.privateEndpoint.id.split('/')[2])
    expect(new Set(subscriptions).size).toBe(1)
    expect((await fabric('GET', theirs)).status).toBe(404)
  })

  test('a workspace of a tenant that there is not is refused', async () => {
    const refused = await bench.send('PUT', `/_simulator/fabric/workspaces/${workspaceId('7')}`, {
      tenantId: 'nobody',
    })
    expect(refused.status).toBe(400)
  })
})
