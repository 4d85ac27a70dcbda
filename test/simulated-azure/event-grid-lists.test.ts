import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Bench, eventually, own, team, Webhook } from './support.ts'
import type { Json, Reply } from './support.ts'

let bench: Bench
let hook: Webhook
beforeEach(async () => {
  bench = await Bench.start()
  hook = await Webhook.start()
})
afterEach(async () => {
  await bench.stop()
  await hook.stop()
})

const eventSubscriptions = '/providers/Microsoft.EventGrid/eventSubscriptions'

function subscribe(path: string, rest: Json = {}): Promise<Reply> {
  const destination = { endpointType: 'WebHook', properties: { endpointUrl: hook.url } }
  return bench.call('PUT', path, { properties: { destination, ...rest } })
}

describe('Lists of Event Grid', () => {
  const group = `${own}/resourceGroups/ops`
  const topic = `${group}/providers/Microsoft.EventGrid/systemTopics/all`
  const version = '2022-06-15'

  async function list(path: string): Promise<Json[]> {
    const { status, body } = await bench.call('GET', path, undefined, { version })
    expect(status).toBe(200)
    return body['value'] as Json[]
  }
  const subscriptionsAt = (scope: string) => list(`${scope}${eventSubscriptions}`)

  test('name what is delivered to: where, which types, and whether it was set up', async () => {
    const filter = { includedEventTypes: ['Microsoft.Resources.ResourceWriteSuccess'] }
    await subscribe(`${own}${eventSubscriptions}/watch`, { filter })
    expect(await subscriptionsAt(own)).toEqual([
      {
        id: `${own}${eventSubscriptions}/watch`,
        name: 'watch',
        type: 'Microsoft.EventGrid/eventSubscriptions',
        properties: expect.objectContaining({
          topic: own,
          provisioningState: 'Succeeded',
          destination: {
            endpointType: 'WebHook',
            properties: { endpointBaseUrl: hook.url.replace(/\?.*/, ''), maxEventsPerBatch: 1 },
          },
          eventDeliverySchema: 'EventGridSchema',
          filter: expect.objectContaining(filter) as Json,
        }) as Json,
      },
    ])
    expect(await subscriptionsAt(team)).toEqual([])
  })

  test('have those of resource groups at the subscription, and those of system topics at the topic', async () => {
    const [ofOwn, ofGroup] = [`${own}${eventSubscriptions}/watch`, `${group}${eventSubscriptions}/watch`]
    await subscribe(ofOwn)
    await subscribe(ofGroup)
    const properties = { source: own, topicType: 'Microsoft.Resources.Subscriptions' }
    await bench.create(topic, { location: 'global', properties })
    await subscribe(`${topic}/eventSubscriptions/deep`)
    const idsOf = (rows: Json[]) => rows.map(({ id }) => id)
    expect(idsOf(await subscriptionsAt(own))).toEqual([ofOwn, ofGroup])
    expect(idsOf(await subscriptionsAt(group))).toEqual([ofGroup])
    expect(idsOf(await list(`${topic}/eventSubscriptions`))).toEqual([`${topic}/eventSubscriptions/deep`])
    expect(await list(`${own}/providers/Microsoft.EventGrid/systemTopics`)).toEqual([
      expect.objectContaining({
        id: topic,
        name: 'all',
        properties: { ...properties, provisioningState: 'Succeeded' },
      }),
    ])
  })

  test('want an api-version that Event Grid has', async () => {
    const path = `${own}${eventSubscriptions}`
    expect((await bench.call('GET', path, undefined, { version: '2022-06-16' })).status).toBe(400)
  })
})

describe('A function as destination', () => {
  const functionId = `${own}/resourceGroups/ops/providers/Microsoft.Web/sites/approver/functions/connectionEvent`
  const destination = { endpointType: 'AzureFunction', properties: { resourceId: functionId } }
  const path = `${own}${eventSubscriptions}/function`
  const write = () => bench.call('PUT', path, { properties: { destination } })

  test('gets events where the control call says that it listens, without a handshake', async () => {
    const known = await bench.send('PUT', '/_simulator/functions', { resourceId: functionId, url: hook.url })
    expect(known.status).toBe(200)
    const { status, body } = await write()
    expect([status, body['properties']]).toEqual([
      201,
      expect.objectContaining({
        provisioningState: 'Succeeded',
        destination: {
          endpointType: 'AzureFunction',
          properties: { resourceId: functionId, maxEventsPerBatch: 1 },
        },
      }),
    ])
    await bench.create(`${own}/resourceGroups/ops/providers/Microsoft.KeyVault/vaults/to-a-function`)
    await eventually(() => hook.notifications()[0])
    expect(hook.received.length).toBe(1)
    expect((await bench.call('GET', path)).body['properties']).toEqual(body['properties'])
  })

  test('that nobody told of is refused', async () => {
    const { status, body } = await write()
    expect([status, (body['error'] as Json)['message']]).toEqual([
      400,
      expect.stringContaining('PUT /_simulator/functions'),
    ])
  })

  test.each([
    { resourceId: functionId, url: 'https://functions.example/api' },
    { resourceId: own, url: 'http://127.0.0.1:1' },
  ])('is not told of with what makes no sense: %j', async (body) => {
    expect((await bench.send('PUT', '/_simulator/functions', body)).status).toBe(400)
  })
})
