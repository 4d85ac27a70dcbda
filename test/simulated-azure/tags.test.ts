import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignTenant } from '../../local/azure/well-known.ts'
import { Bench, own } from './support.ts'
import type { Json, Reply } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

const group = `${own}/resourceGroups/rg-tags`
const extension = '/providers/Microsoft.Resources/tags/default'
const version = '2021-04-01'

function call(method: string, scope: string, body?: Json): Promise<Reply> {
  return bench.call(method, `${scope}${extension}`, body, { version })
}

async function tagsOf(scope: string): Promise<unknown> {
  return ((await call('GET', scope)).body['properties'] as Json)['tags']
}

function account(name: string, tags: Json = {}): Promise<string> {
  const id = `${group}/providers/Microsoft.Storage/storageAccounts/${name}`
  return bench.create(id, { location: 'westeurope', tags, properties: {} })
}

describe('Tags', () => {
  test('of a resource are those of its own PUT, and show with the id of their scope', async () => {
    const id = await account('tagged', { environment: 'prod' })
    const { status, body } = await call('GET', id)
    expect([status, body]).toEqual([
      200,
      {
        id: `${id}${extension}`,
        type: 'Microsoft.Resources/tags',
        name: 'default',
        properties: { tags: { environment: 'prod' } },
      },
    ])
    await bench.create(id, { location: 'westeurope', tags: { team: 'a' }, properties: {} })
    expect(await tagsOf(id)).toEqual({ team: 'a' })
  })

  test('written the ARM way show in the resource itself', async () => {
    const id = await account('written', { former: 'x' })
    const reply = await call('PUT', id, { properties: { tags: { environment: 'test' } } })
    expect([reply.status, reply.body['properties']]).toEqual([200, { tags: { environment: 'test' } }])
    expect((await bench.call('GET', id)).body['tags']).toEqual({ environment: 'test' })
  })

  test.each([
    ['Merge', { ENVIRONMENT: 'test', team: 'a' }, { owner: 'me', ENVIRONMENT: 'test', team: 'a' }],
    ['Replace', { team: 'a' }, { team: 'a' }],
    ['Delete', { Owner: '', environment: 'prod' }, {}],
    ['Delete', { environment: 'test' }, { owner: 'me', environment: 'prod' }],
  ])('are patched with %s %j', async (operation, tags, expected) => {
    const id = await account('patched', { owner: 'me', environment: 'prod' })
    const { status, body } = await call('PATCH', id, { operation, properties: { tags } })
    expect([status, body['properties']]).toEqual([200, { tags: expected }])
    expect(await tagsOf(id)).toEqual(expected)
  })

  test('can all be deleted', async () => {
    const id = await account('bared', { environment: 'prod' })
    expect((await call('DELETE', id)).status).toBe(200)
    expect(await tagsOf(id)).toEqual({})
  })

  test('of a nested resource, of a group and of a subscription are their own', async () => {
    await bench.create(`${group}/providers/Microsoft.Web/sites/tag-site`)
    const slot = await bench.create(`${group}/providers/Microsoft.Web/sites/tag-site/slots/blue`)
    const scopes = [own, group, slot]
    for (const [number, scope] of scopes.entries()) {
      await call('PUT', scope, { properties: { tags: { number: String(number) } } })
    }
    for (const [number, scope] of scopes.entries()) {
      expect(await tagsOf(scope)).toEqual({ number: String(number) })
      expect((await bench.call('GET', scope)).body['tags']).toEqual({ number: String(number) })
    }
  })

  test('of a subscription are kept over a restart', async () => {
    let kept = await Bench.start({ persist: true })
    const tags = { properties: { tags: { environment: 'kept' } } }
    await kept.call('PUT', `${own}${extension}`, tags, { version })
    await kept.stop({ keepFolder: true })
    kept = await Bench.start({ persist: true, stateFolder: kept.folder })
    try {
      const { body } = await kept.call('GET', `${own}${extension}`, undefined, { version })
      expect(body['properties']).toEqual(tags.properties)
    } finally {
      await kept.stop()
    }
  })

  test.each([
    ['a resource', `${group}/providers/Microsoft.Storage/storageAccounts/nowhere`, 'ResourceNotFound'],
    ['a group', `${own}/resourceGroups/nowhere`, 'ResourceGroupNotFound'],
    ['a subscription', '/subscriptions/00000000-1111-4222-8333-444444444444', 'SubscriptionNotFound'],
  ])('of %s that is not there are 404', async (_, scope, code) => {
    const replies = [await call('GET', scope), await call('PUT', scope, { properties: { tags: {} } })]
    for (const { status, body } of replies) {
      expect([status, (body['error'] as Json)['code']]).toEqual([404, code])
    }
  })

  test('are not for a token of another tenant, nor for none', async () => {
    const id = await account('private')
    const options = { version, tenant: foreignTenant.tenantId }
    expect((await bench.call('GET', `${id}${extension}`, undefined, options)).status).toBe(401)
    expect((await bench.send('GET', `${id}${extension}?api-version=${version}`)).status).toBe(401)
  })

  test('want an api-version that they have', async () => {
    const reply = await bench.call('GET', `${own}${extension}`, undefined, { version: '2018-01-01' })
    expect([reply.status, (reply.body['error'] as Json)['code']]).toEqual([400, 'NoRegisteredProviderFound'])
  })

  test.each([
    { operation: 'Add', properties: { tags: {} } },
    { operation: 'Merge', properties: { tags: { a: 1 } } },
    { operation: 'Merge' },
  ])('are not patched with what makes no sense: %j', async (body) => {
    const id = await account('sense', { environment: 'prod' })
    expect((await call('PATCH', id, body)).status).toBe(400)
    expect(await tagsOf(id)).toEqual({ environment: 'prod' })
  })
})
