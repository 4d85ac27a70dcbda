import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { analytics, dataPlatform, foreignTenant, ownTenant } from '../../local/azure/well-known.ts'
import { Bench } from './support.ts'
import type { Json, Reply } from './support.ts'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.start()
})
afterEach(() => bench.stop())

const version = '2020-05-01'
const entities = '/providers/Microsoft.Management/getEntities'
const groups = '/providers/Microsoft.Management/managementGroups'
const root = ownTenant.tenantId
const { subscriptionId } = dataPlatform

interface Entity {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly properties: Json & {
    readonly parent: { readonly id: string | null }
    readonly parentNameChain: readonly string[]
  }
}

function filtered(filter: string): string {
  return `${entities}?$filter=${encodeURIComponent(filter)}`
}

function ask(path = entities, who: { tenant?: string } = {}): Promise<Reply> {
  return bench.call('POST', path, undefined, { version, ...who })
}

async function found(path?: string, who: { tenant?: string } = {}): Promise<readonly Entity[]> {
  return (await ask(path, who)).body['value'] as Entity[]
}

async function chainOf(id: string): Promise<readonly string[] | undefined> {
  return (await found(filtered(`name eq '${id}'`)))[0]?.properties.parentNameChain
}

function place(id: string, names: readonly string[]): Promise<Reply> {
  return bench.send('PUT', `/_simulator/management-groups/subscriptions/${id}`, { groups: names })
}

function hide(...names: string[]): Promise<Reply> {
  return bench.send('PUT', '/_simulator/management-groups/hidden', { names })
}

function write(name: string, properties: Json): Promise<Reply> {
  return bench.call('PUT', `${groups}/${name}`, { properties }, { version })
}

function below(parent: string): Json {
  return { details: { parent: { id: `${groups}/${parent}` } } }
}

describe('Entities of management groups', () => {
  test('show a subscription with the groups above it, from the root to its direct parent', async () => {
    await place(subscriptionId, ['corp', 'data'])
    const { status, body } = await ask(filtered(`name eq '${subscriptionId.toUpperCase()}'`))
    expect([status, body]).toEqual([
      200,
      {
        value: [
          {
            id: `/subscriptions/${subscriptionId}`,
            type: '/subscriptions',
            name: subscriptionId,
            properties: {
              tenantId: root,
              displayName: 'data-platform',
              parent: { id: `${groups}/data` },
              permissions: 'view',
              inheritedPermissions: 'view',
              parentDisplayNameChain: ['Tenant Root Group', 'corp', 'data'],
              parentNameChain: [root, 'corp', 'data'],
              numberOfDescendants: 0,
              numberOfChildren: 0,
              numberOfChildGroups: 0,
            },
          },
        ],
        count: 1,
        nextLink: null,
      },
    ])
  })

  test('show every group and subscription of the tenant when nothing is filtered', async () => {
    await place(subscriptionId, ['corp', 'data'])
    const all = await found()
    expect(all.map(({ name, type }) => [name, type])).toEqual([
      [root, 'Microsoft.Management/managementGroups'],
      ['corp', 'Microsoft.Management/managementGroups'],
      ['data', 'Microsoft.Management/managementGroups'],
      [subscriptionId, '/subscriptions'],
      [analytics.subscriptionId, '/subscriptions'],
    ])
    expect(all[0]?.properties).toMatchObject({
      parent: { id: null },
      parentNameChain: [],
      numberOfDescendants: 4,
      numberOfChildren: 2,
      numberOfChildGroups: 1,
    })
  })

  test.each([
    ["contains(name, 'ORP')", ['corp']],
    ["contains(displayName, 'analyt')", [analytics.subscriptionId]],
    ["name eq 'cor'", []],
  ])('are filtered by %s', async (filter, names) => {
    await place(subscriptionId, ['corp'])
    expect((await found(filtered(filter))).map(({ name }) => name)).toEqual(names)
  })

  test('come in pages of $top, whose nextLink is followed by GET', async () => {
    await place(subscriptionId, ['corp', 'data'])
    const names: string[] = []
    let reply = await ask(`${entities}?$top=2`)
    for (;;) {
      names.push(...(reply.body['value'] as Entity[]).map(({ name }) => name))
      const next = reply.body['nextLink'] as string | null
      if (next === null) break
      const { pathname, search } = new URL(next)
      const authorization = `Bearer ${await bench.token()}`
      reply = await bench.send('GET', pathname + search, undefined, { authorization })
    }
    expect(names).toEqual([root, 'corp', 'data', subscriptionId, analytics.subscriptionId])
    expect((await bench.call('GET', entities, undefined, { version })).status).toBe(405)
  })

  test('of another tenant are not shown', async () => {
    const who = { tenant: foreignTenant.tenantId }
    expect((await found(filtered(`name eq '${subscriptionId}'`), who)).length).toBe(0)
    expect((await found(entities, who)).map(({ name }) => name)).not.toContain(root)
  })

  test('leave out the upper groups that may not be read', async () => {
    await place(subscriptionId, ['corp', 'data'])
    await hide(root, 'CORP')
    expect(await chainOf(subscriptionId)).toEqual(['data'])
    expect((await found()).map(({ name }) => name)).not.toContain('corp')
    await hide('data')
    const [seen] = await found(filtered(`name eq '${subscriptionId}'`))
    expect(seen?.properties).toMatchObject({ parent: { id: null }, parentNameChain: [root, 'corp'] })
    await hide()
    expect(await chainOf(subscriptionId)).toEqual([root, 'corp', 'data'])
  })

  test('are refused with 403 by a fault', async () => {
    const fault = { method: 'POST', path: 'getEntities$', status: 403, code: 'AuthorizationFailed' }
    await bench.send('POST', '/_simulator/faults', fault)
    const { status, body } = await ask()
    expect([status, (body['error'] as Json)['code']]).toEqual([403, 'AuthorizationFailed'])
  })

  test.each([
    ['an api-version that is not theirs', entities, '2016-01-01', 'NoRegisteredProviderFound'],
    ['a filter that is not documented', filtered("type eq 'x'"), version, 'BadRequest'],
  ])('are refused with 400 for %s', async (_, path, asked, code) => {
    const { status, body } = await bench.call('POST', path, undefined, { version: asked })
    expect([status, (body['error'] as Json)['code']]).toEqual([400, code])
  })

  test('are not for callers without a token', async () => {
    expect((await bench.send('POST', `${entities}?api-version=${version}`)).status).toBe(401)
  })
})

describe('Management groups', () => {
  test('are made, moved, read and listed through Resource Manager', async () => {
    expect((await write('corp', { displayName: 'Corporate' })).status).toBe(200)
    expect((await write('data', { displayName: 'Data', ...below('corp') })).body).toEqual({
      id: `${groups}/data`,
      type: 'Microsoft.Management/managementGroups',
      name: 'data',
      properties: {
        tenantId: root,
        displayName: 'Data',
        details: { version: 1, parent: { id: `${groups}/corp`, name: 'corp', displayName: 'Corporate' } },
      },
    })
    await write('data', below(root))
    const { body } = await bench.call('GET', `${groups}/DATA`, undefined, { version })
    expect(body['properties']).toMatchObject({ displayName: 'Data', details: { parent: { name: root } } })
    const listed = (await bench.call('GET', groups, undefined, { version })).body['value'] as Entity[]
    expect(listed.map(({ name }) => name)).toEqual([root, 'corp', 'data'])
  })

  test('take a subscription in and give it back to the root', async () => {
    await write('corp', {})
    const path = `${groups}/corp/subscriptions/${subscriptionId}`
    const added = await bench.call('PUT', path, undefined, { version })
    expect([added.status, added.body['properties']]).toEqual([
      200,
      {
        displayName: 'data-platform',
        parent: { id: `${groups}/corp` },
        state: 'Active',
        tenant: root,
      },
    ])
    expect(await chainOf(subscriptionId)).toEqual([root, 'corp'])
    expect((await bench.call('DELETE', `${groups}/corp`, undefined, { version })).status).toBe(400)
    expect((await bench.call('DELETE', path, undefined, { version })).status).toBe(200)
    expect((await bench.call('DELETE', path, undefined, { version })).status).toBe(204)
    expect(await chainOf(subscriptionId)).toEqual([root])
    expect((await bench.call('DELETE', `${groups}/corp`, undefined, { version })).status).toBe(204)
    expect((await bench.call('GET', `${groups}/corp`, undefined, { version })).status).toBe(404)
  })

  test('are moved with all below them by the control call, too', async () => {
    await place(subscriptionId, ['corp', 'data'])
    await place(analytics.subscriptionId, ['land', 'data'])
    expect(await chainOf(subscriptionId)).toEqual([root, 'land', 'data'])
    await place(subscriptionId, [])
    expect(await chainOf(subscriptionId)).toEqual([root])
  })

  test('of two tenants may have one name', async () => {
    await write('corp', { displayName: 'Own' })
    const path = `${groups}/corp`
    const who = { version, tenant: foreignTenant.tenantId }
    await bench.call('PUT', path, { properties: { displayName: 'Foreign' } }, who)
    const { body } = await bench.call('GET', path, undefined, { version })
    expect(body['properties']).toMatchObject({ displayName: 'Own', tenantId: root })
  })

  test('do not lie below themselves, below nothing, or above the root', async () => {
    await write('corp', {})
    await write('data', below('corp'))
    expect((await write('corp', below('data'))).status).toBe(400)
    expect((await write('corp', below('nowhere'))).status).toBe(404)
    expect((await write(root, below('corp'))).status).toBe(400)
  })

  test('that may not be read are 403, those of another tenant and those that are not there 404', async () => {
    await write('corp', {})
    await hide('corp')
    const read = (who: { tenant?: string } = {}) =>
      bench.call('GET', `${groups}/corp`, undefined, { version, ...who })
    expect((await read()).status).toBe(403)
    expect((await read({ tenant: foreignTenant.tenantId })).status).toBe(404)
    const elsewhere = `${groups}/${root}/subscriptions/00000000-1111-4222-8333-444444444444`
    expect((await bench.call('PUT', elsewhere, undefined, { version })).status).toBe(404)
  })

  test('are kept over a restart', async () => {
    await bench.stop()
    bench = await Bench.start({ persist: true })
    await place(subscriptionId, ['corp', 'data'])
    await hide(root)
    await bench.stop({ keepFolder: true })
    bench = await Bench.start({ persist: true, stateFolder: bench.folder })
    expect(await chainOf(subscriptionId)).toEqual(['corp', 'data'])
  })

  test.each([
    [subscriptionId, ['corp', 'CORP'], 400],
    [subscriptionId, ['no/name'], 400],
    ['00000000-1111-4222-8333-444444444444', ['corp'], 404],
  ])('are refused where a placing makes no sense: %s %j', async (id, names, status) => {
    expect((await place(id, names)).status).toBe(status)
  })
})
