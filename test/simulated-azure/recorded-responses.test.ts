import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { neededMembers } from '../../local/azure/private-link/target-types/published-writes.ts'
import { targetType, targetTypes } from '../../local/azure/private-link/target-types/index.ts'
import { Bench, decisionOn, eventually, own } from './support.ts'
import type { Connection, Json, Reply } from './support.ts'

const providers = `${own}/resourceGroups/rg-recorded/providers`
let bench: Bench
let asked = 0
beforeAll(async () => {
  bench = await Bench.start({ timing: { operationMs: 150 } })
})
afterAll(() => bench.stop())

async function waiting(type: string, tag?: string): Promise<string> {
  asked += 1
  const tags = tag === undefined ? {} : { 'simulated-azure': tag }
  const target = await bench.create(`${providers}/${type}/recorded${asked}`, { location: 'westeurope', tags })
  await bench.ask(`pe-recorded-${asked}`, target)
  const isListed = targetType(type)?.list === 'value'
  const first = async () => (isListed ? (await bench.connections(target))[0] : await embeddedIn(target))
  return (await eventually(first)).id
}

/** The first connection that the target itself shows; some types have no list. */
async function embeddedIn(target: string): Promise<Connection | undefined> {
  const { body } = await bench.call('GET', target, undefined, { version: '2030-01-01' })
  const { privateEndpointConnections } = body['properties'] as { privateEndpointConnections?: Connection[] }
  return privateEndpointConnections?.[0]
}

async function shown(id: string): Promise<readonly [status: string, provisioningState: string]> {
  const { properties } = (await bench.call('GET', id)).body as Connection
  return [properties.privateLinkServiceConnectionState.status, properties.provisioningState]
}

function follow({ headers }: Reply, header: 'azure-asyncoperation' | 'location'): Promise<Reply> {
  return bench.call('GET', String(headers[header]).slice(bench.azure.origin.length).replace(/\?.*/, ''))
}

describe('A body that no example allows', () => {
  const types = targetTypes.map(({ type }) => ({ type, needed: neededMembers(type) }))
  const sent = types.flatMap(({ type, needed }) =>
    needed.filter((member) => member !== 'privateEndpoint.id').map((member) => ({ type, member })),
  )

  test('is one of API Management without its id, among others', () => {
    expect(sent).toContainEqual({ type: 'Microsoft.ApiManagement/service', member: 'id' })
    expect(sent.length).toBeGreaterThan(20)
  })

  test.each(sent.filter(({ type }) => type !== 'Microsoft.Web/sites/slots'))(
    'is refused by $type with 400 when $member is missing',
    async ({ type, member }) => {
      const id = await waiting(type)
      const whole = decisionOn(id, { status: 'Approved', description: 'welcome' })
      const refused = await bench.call('PUT', id, without(whole, member))
      expect([refused.status, (refused.body['error'] as Json)['code']]).toEqual([400, 'ValidationError'])
      expect(JSON.stringify(refused.body)).toContain(member)
      expect((await shown(id))[0]).toBe('Pending')
      expect((await bench.call('PUT', id, whole)).status).toBeLessThan(300)
    },
  )
})

describe('App Service', () => {
  test('shows Pending as provisioning state for ever beside a rejection, and Rejecting on the way', async () => {
    const id = await waiting('Microsoft.Web/sites')
    expect(await shown(id)).toEqual(['Pending', 'Pending'])
    await bench.decide(id, 'Rejected')
    expect(await shown(id)).toEqual(['Rejecting', 'Pending'])
    await eventually(async () => ((await shown(id))[0] === 'Rejected' ? true : undefined))
    expect(await shown(id)).toEqual(['Rejected', 'Pending'])
  })

  test('shows Approving on the way to an approval', async () => {
    const id = await waiting('Microsoft.Web/staticSites')
    await bench.decide(id, 'Approved')
    expect(await shown(id)).toEqual(['Approving', 'Pending'])
    await eventually(async () => ((await shown(id))[0] === 'Approved' ? true : undefined))
    expect(await shown(id)).toEqual(['Approved', 'Succeeded'])
  })
})

describe('The end of a write', () => {
  test('is Succeeded for Digital Twins, as in its example', async () => {
    const id = await waiting('Microsoft.DigitalTwins/digitalTwinsInstances')
    await bench.decide(id, 'Approved')
    expect(await bench.settled(id, 'Approved')).toMatchObject({
      properties: { provisioningState: 'Succeeded' },
    })
  })

  test('is Ready for a server group, as in its example', async () => {
    const id = await waiting('Microsoft.DBforPostgreSQL/serverGroupsv2')
    await bench.decide(id, 'Approved')
    expect(await bench.settled(id, 'Approved')).toMatchObject({ properties: { provisioningState: 'Ready' } })
  })
})

describe('An operation', () => {
  test('never ends on a target with the tag operations-never-end, although the connection is done', async () => {
    const id = await waiting('Microsoft.Sql/servers', 'operations-never-end')
    const written = await bench.decide(id, 'Approved')
    await bench.settled(id, 'Approved')
    expect((await follow(written, 'azure-asyncoperation')).body['status']).toBe('InProgress')
    expect((await follow(written, 'location')).status).toBe(202)
    expect((await bench.decide(id, 'Rejected')).status).toBe(202)
  })

  test('ends with 200 and the status Failed on a target with the tag operations-fail-with-200', async () => {
    const id = await waiting('Microsoft.Sql/servers', 'operations-fail-with-200')
    const written = await bench.decide(id, 'Approved')
    const ended = await eventually(async () => {
      const reply = await follow(written, 'location')
      return reply.status === 202 ? undefined : reply
    })
    expect(ended).toMatchObject({
      status: 200,
      body: { status: 'Failed', error: { code: 'OperationFailed' } },
    })
    expect(await shown(id)).toEqual(['Pending', 'Ready'])
  })
})

describe('A fault', () => {
  const code = 'Nope'
  const message = 'Not here.'

  test.each<[string, unknown]>([
    ['arm', { error: { code, message } }],
    ['capitals', { Error: { Code: code, Message: message } }],
    ['flat', { code, message }],
    ['flat-capitals', { Code: code, Message: message }],
    ['errorCode', { errorCode: code, message }],
    ['error_code', { error_code: code, message }],
    ['odata', { 'odata.error': { code, message: { lang: 'en-US', value: message } } }],
    ['details', { error: { code: '', message: '', details: [{ code, message }] } }],
    ['oauth', { error: code, error_description: message }],
    ['text', { text: `${code}: ${message}` }],
    ['page', { text: `<html><body><h1>${code}</h1><p>${message}</p></body></html>` }],
    ['empty', {}],
  ])('says its error in the shape %s', async (shape, body) => {
    const fault = { path: 'storageAccounts/shaped$', status: 403, code, message, shape, times: 1 }
    expect((await bench.send('POST', '/_simulator/faults', fault)).status).toBe(201)
    const reply = await bench.call('GET', `${providers}/Microsoft.Storage/storageAccounts/shaped`)
    expect([reply.status, reply.body]).toEqual([403, body])
  })

  test('is refused when its shape is none', async () => {
    const fault = { path: 'x', status: 403, shape: 'round' }
    expect((await bench.send('POST', '/_simulator/faults', fault)).status).toBe(400)
  })
})

/** The body without one member, named as in the published examples. */
function without(body: object, member: string): object {
  const path = member.replace(/^state\./, 'properties.privateLinkServiceConnectionState.')
  const isNested = path.startsWith('properties.') || path === 'id' || path === 'name'
  return dropped(body, (isNested ? path : `properties.${path}`).split('.'))
}

function dropped(body: object, [first = '', ...rest]: readonly string[]): object {
  const entries = Object.entries(body).filter(([name]) => name !== first || rest.length > 0)
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      name === first ? dropped(value as object, rest) : (value as unknown),
    ]),
  )
}
