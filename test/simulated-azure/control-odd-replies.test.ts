import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { foreignSubscription, foreignTenant } from '../../local/azure/well-known.ts'
import { lake, onlyConnection } from './requester-support.ts'
import { Bench, eventually } from './support.ts'
import type { Connection, Json, Reply } from './support.ts'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.start()
})
afterEach(() => bench.stop())

const fault = (body: Json) => bench.send('POST', '/_simulator/faults', body)
const listOf = (target: string) => `${target}/privateEndpointConnections`

async function waiting(name: string): Promise<{ target: string; connection: Connection }> {
  const target = await lake(bench, name)
  await bench.ask(`pe-${name}`, target)
  return { target, connection: await onlyConnection(bench, target) }
}

describe('An odd answer', () => {
  test.each<[string, unknown]>([
    ['the wrong types', { value: { id: 7, properties: [] } }],
    ['null fields', { value: [{ id: null, name: null, properties: null }], nextLink: null }],
    ['an item of another target', { value: [{ id: '/subscriptions/x/other', name: 'a', properties: {} }] }],
    ['a link to another host', { value: [], nextLink: 'https://evil.example/next?page=2' }],
    ['a bare array', [1, 'two', null]],
    ['null itself', null],
    ['a number', 0],
  ])('has %s, as often as asked, with 200', async (_, body) => {
    const { target } = await waiting('odd')
    await fault({ method: 'GET', path: 'privateEndpointConnections$', body, times: 2 })
    for (let time = 0; time < 2; time += 1) {
      const reply = await bench.call('GET', listOf(target))
      expect([reply.status, reply.body]).toEqual([200, body])
    }
    expect((await bench.connections(target)).length).toBe(1)
  })

  test('has the status and headers that it is given', async () => {
    const { target } = await waiting('oddstatus')
    await fault({
      path: 'Connections$',
      status: 202,
      headers: { Location: 'https://evil.example/' },
      body: {},
    })
    const { status, headers } = await bench.call('GET', listOf(target))
    expect([status, headers['location']]).toEqual([202, 'https://evil.example/'])
  })

  test('is any text, JSON or not', async () => {
    const { target } = await waiting('oddtext')
    const text = '{"value":[{"__proto__":{"admin":true},"name":"a","name":"b"}]}'
    await fault({ path: 'Connections$', text, times: 1 })
    const { body } = await bench.call('GET', listOf(target))
    expect(Object.keys((body['value'] as Json[])[0] ?? {})).toEqual(['__proto__', 'name'])
    await fault({ path: 'Connections$', text: '<html>', headers: { 'Content-Type': 'text/html' }, times: 1 })
    expect((await bench.call('GET', listOf(target))).body).toEqual({ text: '<html>' })
  })

  test('may hide what was applied', async () => {
    const { connection } = await waiting('oddafter')
    await fault({ method: 'PUT', path: 'Connections/', when: 'after', body: { properties: null } })
    const { status, body } = await bench.decide(connection.id, 'Approved')
    expect([status, body]).toEqual([200, { properties: null }])
    await bench.settled(connection.id, 'Approved')
  })
})

describe('A swap', () => {
  const another = `/subscriptions/${foreignSubscription.subscriptionId}/resourceGroups/r/providers/Microsoft.Network/privateEndpoints/pe-other`
  const swap = (body: Json) => bench.send('POST', '/_simulator/connections/swap', body)
  const endpointOf = async (id: string) =>
    ((await bench.call('GET', id)).body as Connection).properties.privateEndpoint.id

  test('puts another endpoint behind a connection after its next read', async () => {
    const { target, connection } = await waiting('swapped')
    const before = connection.properties.privateEndpoint.id
    expect((await swap({ connectionId: connection.id, endpointId: another })).status).toBe(202)
    await bench.connections(target)
    expect(await endpointOf(connection.id)).toBe(before)
    expect(await endpointOf(connection.id)).toBe(another)
    expect((await bench.connections(target)).map(({ properties }) => properties.privateEndpoint.id)).toEqual([
      another,
    ])
  })

  test.each([0, 2])('waits for %i reads', async (afterReads) => {
    const { connection } = await waiting('swapcount')
    const before = connection.properties.privateEndpoint.id
    await swap({ connectionId: connection.id.toUpperCase(), endpointId: another, afterReads })
    for (let read = 0; read < afterReads; read += 1) expect(await endpointOf(connection.id)).toBe(before)
    expect(await endpointOf(connection.id)).toBe(another)
  })

  test('makes a write that names the former endpoint fail, and the other endpoint follow one that does not', async () => {
    const { target, connection } = await waiting('swapwrite')
    const others = {
      tenant: foreignTenant.tenantId,
      subscription: `/subscriptions/${foreignSubscription.subscriptionId}`,
    }
    const other = await bench.ask('pe-other', await lake(bench, 'swapother'), others)
    await onlyConnection(bench, target.replace('swapwrite', 'swapother'))
    await swap({ connectionId: connection.id, endpointId: other, afterReads: 0 })
    const { privateEndpoint } = connection.properties
    const state = { status: 'Approved', description: 'yes' }
    const stale = await bench.call('PUT', connection.id, {
      properties: { privateEndpoint, privateLinkServiceConnectionState: state },
    })
    expect(stale.status).toBe(404)
    await bench.settled(connection.id, 'Pending')
    await bench.decide(connection.id, 'Approved')
    await eventually(async () => {
      const { body } = await bench.call('GET', other, undefined, others)
      return JSON.stringify(body).includes('"Approved"') ? true : undefined
    })
  })

  test('of a connection that is not there is refused, and a reset forgets those that wait', async () => {
    expect((await swap({ connectionId: '/x', endpointId: another })).status).toBe(404)
    expect((await swap({ connectionId: '/x' })).status).toBe(400)
    const { connection } = await waiting('swapreset')
    await swap({ connectionId: connection.id, endpointId: another })
    await bench.send('POST', '/_simulator/reset')
    const again = await waiting('swapreset')
    expect(again.connection.properties.privateEndpoint.id).toBe(connection.properties.privateEndpoint.id)
  })
})

describe('A subscription for which nobody says the tenant', () => {
  const path = `/subscriptions/${foreignSubscription.subscriptionId}`
  const authority = (tenant: string) => `https://login.windows.net/${tenant}`
  const refused = (challenge: string | undefined) => ({
    method: 'GET',
    path: `^${path}$`,
    status: 401,
    code: 'InvalidAuthenticationTokenTenant',
    ...(challenge === undefined ? {} : { headers: { 'WWW-Authenticate': challenge } }),
  })
  const challengeOf = (reply: Reply) => reply.headers['www-authenticate']

  test.each([
    ['no challenge', undefined],
    ['a challenge without an address', 'Bearer error="invalid_token"'],
    ['the tenant "common"', `Bearer authorization_uri="${authority('common')}"`],
    [
      'two addresses',
      `Bearer authorization_uri="${authority(foreignTenant.tenantId)}", authorization_uri="${authority('other')}"`,
    ],
    ['no word of it', 'Basic realm="x"'],
  ])('answers 401 with %s', async (_, challenge) => {
    await fault(refused(challenge))
    const reply = await bench.call('GET', path)
    expect([reply.status, challengeOf(reply)]).toEqual([401, challenge])
  })

  test('answers late', async () => {
    await fault({ method: 'GET', path: `^${path}$`, holdMs: 60 })
    const started = Date.now()
    const reply = await bench.call('GET', path)
    expect(Date.now() - started).toBeGreaterThanOrEqual(55)
    expect(challengeOf(reply)).toContain(foreignTenant.tenantId)
  })

  test('leaves its resources as they are', async () => {
    await fault(refused(undefined))
    const below = `${path}/resourceGroups`
    expect((await bench.call('GET', below, undefined, { tenant: foreignTenant.tenantId })).status).toBe(200)
  })
})
