import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Bench, eventually, greet, operationsOf, own, team, Webhook } from './support.ts'
import type { Json, Received, Reply } from './support.ts'

let bench: Bench
let hooks: Webhook[]
beforeEach(async () => {
  bench = await Bench.start()
  hooks = []
})
afterEach(async () => {
  await bench.stop()
  await Promise.all(hooks.map((hook) => hook.stop()))
})

async function webhook(respond?: (received: Received, count: number) => number | Json): Promise<Webhook> {
  const hook = await Webhook.start(respond)
  hooks.push(hook)
  return hook
}

function subscribe(
  hook: Webhook | string,
  { scope = own, schema = 'EventGridSchema', ...rest }: Json & { scope?: string; schema?: string } = {},
): Promise<Reply> {
  const endpointUrl = typeof hook === 'string' ? hook : hook.url
  const properties = {
    destination: { endpointType: 'WebHook', properties: { endpointUrl } },
    eventDeliverySchema: schema,
    ...rest,
  }
  return bench.call(
    'PUT',
    `${scope}/providers/Microsoft.EventGrid/eventSubscriptions/watch`,
    { properties },
    { version: '2022-06-15' },
  )
}

const accountId = (name: string) =>
  `${own}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/${name}`
const account = (name: string) => bench.create(accountId(name))
const publish = (body: Json) => bench.send('POST', '/_simulator/events', body)

interface Delivery {
  outcome: string
  reason: string | null
  attempts: { status: number | null }[]
  operationName: string
}
async function deliveries(): Promise<Delivery[]> {
  return (await bench.send('GET', '/_simulator/events')).body['value'] as Delivery[]
}

describe('The handshake', () => {
  test("sends a code that must come back, in Event Grid's own schema", async () => {
    const hook = await webhook()
    const reply = await subscribe(hook)
    expect([reply.status, (reply.body['properties'] as Json)['provisioningState']]).toEqual([
      201,
      'Succeeded',
    ])
    const [asked] = hook.received
    expect(asked?.headers).toMatchObject({
      'aeg-event-type': 'SubscriptionValidation',
      'aeg-subscription-name': 'WATCH',
    })
    expect(asked?.body).toEqual([
      expect.objectContaining({
        eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
        topic: own,
        data: {
          validationCode: expect.any(String) as string,
          validationUrl: expect.stringContaining(bench.azure.origin) as string,
        },
      }),
    ])
    expect(JSON.stringify(reply.body)).not.toContain('s3cret')
  })

  test('asks with OPTIONS for CloudEvents', async () => {
    const hook = await webhook()
    expect((await subscribe(hook, { schema: 'CloudEventSchemaV1_0' })).status).toBe(201)
    expect(hook.received[0]?.method).toBe('OPTIONS')
    expect(hook.received[0]?.headers['webhook-request-origin']).toBe('eventgrid.azure.net')
  })

  test.each([202, 401, 500])('fails when the webhook answers %i', async (status) => {
    const reply = await subscribe(await webhook(() => status))
    expect(reply.status).toBe(400)
    expect((reply.body['error'] as Json)['message']).toContain('handshake')
  })

  test('waits for a visit of the validation address when the code does not come back', async () => {
    const hook = await webhook(() => 200)
    const reply = await subscribe(hook)
    expect((reply.body['properties'] as Json)['provisioningState']).toBe('AwaitingManualAction')
    await account('before')
    const [event] = hook.received[0]?.body as { data: { validationUrl: string } }[]
    const url = new URL(event?.data.validationUrl ?? '')
    expect((await bench.send('GET', `${url.pathname}${url.search}`)).status).toBe(200)
    await account('after')
    await eventually(() => hook.notifications()[0])
    expect(JSON.stringify(hook.notifications()[0]?.body)).toContain('storageAccounts/after')
  })

  test('addresses that are not loopback are refused', async () => {
    expect((await subscribe('https://example.com/hook')).status).toBe(400)
  })
})

describe('Events of private endpoint connections', () => {
  test("a request raises validate and write of the proxy on the target, an answer raises the connection's write", async () => {
    const hook = await webhook()
    const target = await account('story')
    await subscribe(hook)
    await bench.ask('pe-story', target)
    const { id } = await bench.arrived(target, 'pe-story')
    await bench.decide(id, 'Approved')
    await eventually(() => hook.notifications()[2])
    expect(operationsOf(hook).sort()).toEqual([
      'Microsoft.Storage/storageAccounts/privateEndpointConnectionProxies/validate/action',
      'Microsoft.Storage/storageAccounts/privateEndpointConnectionProxies/write',
      'Microsoft.Storage/storageAccounts/privateEndpointConnections/write',
    ])
    const events = hook.notifications().map(({ body }) => (body as Json[])[0] as Json & { data: Json })
    const write = events.find(({ data }) => String(data['operationName']).endsWith('Proxies/write'))
    expect(write).toMatchObject({
      topic: own,
      eventType: 'Microsoft.Resources.ResourceWriteSuccess',
      dataVersion: '2',
      metadataVersion: '1',
    })
    expect(write?.data['resourceUri']).toMatch(
      new RegExp(`^${target}/privateEndpointConnectionProxies/pe-story\\.[0-9a-f-]{36}$`),
    )
    expect(write?.data).toMatchObject({ status: 'Succeeded', resourceProvider: 'Microsoft.Storage' })
    expect(write?.data['httpRequest']).toBeUndefined()
    expect(Object.keys(write?.data['claims'] as Json).some((name) => name.includes('upn'))).toBe(true)
    const response = events.find(({ data }) => String(data['operationName']).endsWith('Connections/write'))
    expect(response?.data['httpRequest']).toMatchObject({ method: 'PUT' })
  })

  test('the events run ahead of the connection', async () => {
    await bench.stop()
    bench = await Bench.start({ timing: { arrivalMs: [2000, 2000] } })
    const hook = await webhook()
    const target = await account('ahead')
    await subscribe(hook)
    await bench.ask('pe-ahead', target)
    await eventually(() => hook.notifications()[1])
    expect(operationsOf(hook).at(-1)).toMatch(/Proxies\/write$/)
    expect(await bench.connections(target)).toEqual([])
    await bench.arrived(target, 'pe-ahead')
  })

  test("an ordinary endpoint raises its write in the requester's subscription only", async () => {
    const [ofTarget, ofRequester] = [await webhook(), await webhook()]
    const target = await account('whose')
    await subscribe(ofTarget)
    await subscribe(ofRequester, { scope: team })
    await bench.ask('pe-whose', target)
    await bench.arrived(target, 'pe-whose')
    await eventually(() => ofTarget.notifications()[1])
    await eventually(() => ofRequester.notifications()[0])
    expect(operationsOf(ofRequester)).toEqual(['Microsoft.Network/privateEndpoints/write'])
    expect(operationsOf(ofTarget).filter((name) => name.startsWith('Microsoft.Network'))).toEqual([])
  })

  test('a managed endpoint of a factory raises one in its subscription; one of a workspace raises none', async () => {
    const hook = await webhook()
    const target = await account('quiet')
    const factory = await bench.create(
      `${team}/resourceGroups/r/providers/Microsoft.DataFactory/factories/adf-loud`,
    )
    await bench.create(`${team}/resourceGroups/r/providers/Microsoft.Synapse/workspaces/syn-quiet`)
    await subscribe(hook, { scope: team })
    const wish = { properties: { privateLinkResourceId: target, groupId: 'blob' } }
    const synapse = { audience: 'https://dev.azuresynapse.net', version: '2020-12-01' }
    await bench.call(
      'PUT',
      '/synapse/syn-quiet/managedVirtualNetworks/default/managedPrivateEndpoints/m',
      wish,
      synapse,
    )
    await bench.call('PUT', `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/m`, wish, {
      version: '2018-06-01',
    })
    await bench.arrived(target, 'syn-quiet.m')
    await bench.arrived(target, 'adf-loud.m')
    await bench.connections(target)
    await eventually(async () =>
      (await deliveries()).every(({ outcome }) => outcome === 'delivered') ? true : undefined,
    )
    expect(operationsOf(hook)).toEqual([
      'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints/write',
    ])
  })

  test('CloudEvents carry the same under their own names, one at a time', async () => {
    const hook = await webhook()
    await subscribe(hook, { schema: 'CloudEventSchemaV1_0' })
    const id = await account('cloudy')
    const got = await eventually(() => hook.notifications()[0])
    expect(got.headers['content-type']).toContain('application/cloudevents+json')
    expect(got.body).toMatchObject({
      specversion: '1.0',
      type: 'Microsoft.Resources.ResourceWriteSuccess',
      source: own,
      subject: id,
      data: { operationName: 'Microsoft.Storage/storageAccounts/write' },
    })
  })
})

describe('Scopes and filters', () => {
  test('a resource group gets its own events, a system topic those of its source', async () => {
    const [ofGroup, ofTopic] = [await webhook(), await webhook()]
    await subscribe(ofGroup, { scope: `${own}/resourceGroups/RG-data` })
    const topic = `${own}/resourceGroups/ops/providers/Microsoft.EventGrid/systemTopics/all`
    await bench.create(topic, {
      location: 'global',
      properties: { source: own, topicType: 'Microsoft.Resources.Subscriptions' },
    })
    const destination = { endpointType: 'WebHook', properties: { endpointUrl: ofTopic.url } }
    await bench.call('PUT', `${topic}/eventSubscriptions/all`, { properties: { destination } })
    await account('inside')
    await bench.create(`${own}/resourceGroups/rg-other/providers/Microsoft.KeyVault/vaults/outside`)
    await eventually(() => ofTopic.notifications()[1])
    expect(operationsOf(ofGroup)).toEqual(['Microsoft.Storage/storageAccounts/write'])
    expect(operationsOf(ofTopic).sort()).toEqual([
      'Microsoft.KeyVault/vaults/write',
      'Microsoft.Storage/storageAccounts/write',
    ])
  })

  test.each([
    [{ includedEventTypes: ['Microsoft.Resources.ResourceActionSuccess'] }, 0],
    [{ includedEventTypes: ['microsoft.resources.resourcewritesuccess'] }, 1],
    [{ subjectBeginsWith: `${own}/resourcegroups/RG-DATA` }, 1],
    [{ subjectBeginsWith: `${own}/resourcegroups/RG-DATA`, isSubjectCaseSensitive: true }, 0],
    [{ subjectEndsWith: '/filtered' }, 1],
    [
      {
        advancedFilters: [
          {
            operatorType: 'StringContains',
            key: 'data.operationName',
            values: ['/nothing/', 'STORAGEaccounts/'],
          },
        ],
      },
      1,
    ],
    [
      {
        advancedFilters: [
          { operatorType: 'StringNotContains', key: 'data.operationName', values: ['storageAccounts/'] },
        ],
      },
      0,
    ],
    [
      {
        advancedFilters: [
          {
            operatorType: 'StringIn',
            key: 'data.operationName',
            values: ['Microsoft.Storage/storageAccounts/write'],
          },
        ],
      },
      1,
    ],
    [
      {
        advancedFilters: [
          { operatorType: 'StringBeginsWith', key: 'data.operationName', values: ['Microsoft.Sql'] },
        ],
      },
      0,
    ],
    [
      {
        advancedFilters: [{ operatorType: 'StringEndsWith', key: 'data.operationName', values: ['/write'] }],
      },
      1,
    ],
    [{ advancedFilters: [{ operatorType: 'IsNotNull', key: 'data.nothing' }] }, 0],
    [
      {
        advancedFilters: [
          { operatorType: 'StringEndsWith', key: 'data.operationName', values: ['/write'] },
          { operatorType: 'StringContains', key: 'subject', values: ['/vaults/'] },
        ],
      },
      0,
    ],
  ])('%j lets %i of one event through', async (filter, count) => {
    const hook = await webhook()
    expect((await subscribe(hook, { filter })).status).toBe(201)
    await account('filtered')
    expect((await deliveries()).length).toBe(count)
    if (count > 0) await eventually(() => hook.notifications()[0])
  })

  test('an operator that is not played is refused', async () => {
    const filter = { advancedFilters: [{ operatorType: 'NumberIn', key: 'data.x', values: [1] }] }
    expect((await subscribe(await webhook(), { filter })).status).toBe(400)
  })

  test('Resource Notifications bring the whole resource with its connections, and no caller', async () => {
    const hook = await webhook()
    const target = await account('notified')
    await subscribe(hook, {
      filter: { includedEventTypes: ['Microsoft.ResourceNotifications.Resources.CreatedOrUpdated'] },
    })
    await bench.ask('pe-notified', target)
    const got = await eventually(() => hook.notifications()[0])
    const [event] = got.body as { data: { resourceInfo: Json } }[]
    expect(event?.data.resourceInfo).toMatchObject({
      id: target,
      type: 'Microsoft.Storage/storageAccounts',
      properties: {
        privateEndpointConnections: [
          { properties: { privateLinkServiceConnectionState: { status: 'Pending' } } },
        ],
      },
    })
    expect(JSON.stringify(event)).not.toContain('claims')
  })
})

describe('Delivery', () => {
  test('a failure is tried again by the schedule until it is taken, counting the tries', async () => {
    const hook = await webhook((received, count) =>
      count < 3 && received.headers['aeg-event-type'] === 'Notification' ? 503 : greet(received),
    )
    await subscribe(hook)
    await account('retried')
    await eventually(() => hook.notifications()[2])
    expect(hook.notifications().map(({ headers }) => headers['aeg-delivery-count'])).toEqual(['0', '1', '2'])
    expect(new Set(hook.notifications().map(({ body }) => ((body as Json[])[0] as Json)['id'])).size).toBe(1)
    const [delivery] = await eventually(async () => {
      const all = await deliveries()
      return all[0]?.outcome === 'delivered' ? all : undefined
    })
    expect(delivery?.attempts.map(({ status }) => status)).toEqual([503, 503, 200])
  })

  test.each([400, 401, 403, 413])('an answer of %i is not tried again: the event is lost', async (status) => {
    const hook = await webhook((received) =>
      received.headers['aeg-event-type'] === 'Notification' ? status : greet(received),
    )
    await subscribe(hook)
    await account('lost')
    const dropped = await eventually(async () =>
      (await deliveries()).find(({ outcome }) => outcome === 'dropped'),
    )
    expect(dropped.attempts.length).toBe(1)
    expect(dropped.reason).toContain(String(status))
  })

  test('the number of tries can be limited', async () => {
    const hook = await webhook((received) =>
      received.headers['aeg-event-type'] === 'Notification' ? 500 : greet(received),
    )
    await subscribe(hook, { retryPolicy: { maxDeliveryAttempts: 2 } })
    await account('twice')
    const dropped = await eventually(async () =>
      (await deliveries()).find(({ outcome }) => outcome === 'dropped'),
    )
    expect(dropped.attempts.length).toBe(2)
  })

  test('what could not be delivered is taken up after a restart', async () => {
    await bench.stop()
    bench = await Bench.start({ persist: true, timing: { retryMs: [200] } })
    let isUp = false
    const hook = await webhook((received) =>
      isUp || received.headers['aeg-event-type'] !== 'Notification' ? greet(received) : 503,
    )
    await subscribe(hook)
    await account('survivor')
    await eventually(() => hook.notifications()[0])
    await bench.stop({ keepFolder: true })
    isUp = true
    bench = await Bench.start({ persist: true, stateFolder: bench.folder })
    await eventually(async () => ((await deliveries())[0]?.outcome === 'delivered' ? true : undefined))
  })

  test('any event can be published by hand, several times over and in one schema', async () => {
    const [grid, cloud] = [await webhook(), await webhook()]
    await subscribe(grid)
    await subscribe(cloud, { scope: team, schema: 'CloudEventSchemaV1_0' })
    const resourceUri = `${accountId('ghost')}/privateEndpointConnectionProxies/x.y`
    const operationName = 'Microsoft.Storage/storageAccounts/privateEndpointConnectionProxies/write'
    const reply = await publish({ resourceUri, operationName, count: 5 })
    expect([reply.status, reply.body['deliveries']]).toEqual([202, 5])
    await eventually(() => grid.notifications()[4])
    expect(new Set(grid.notifications().map(({ body }) => ((body as Json[])[0] as Json)['id'])).size).toBe(1)
    const other = await publish({ resourceUri, operationName, schema: 'CloudEventSchemaV1_0' })
    expect(other.body['deliveries']).toBe(0)
  })

  test('a deleted event subscription gets nothing more', async () => {
    const hook = await webhook()
    await subscribe(hook)
    const id = `${own}/providers/Microsoft.EventGrid/eventSubscriptions/watch`
    expect((await bench.call('GET', id)).status).toBe(200)
    expect((await bench.call('DELETE', id)).status).toBe(200)
    await account('unheard')
    expect(await deliveries()).toEqual([])
    expect((await bench.call('GET', id)).status).toBe(404)
  })
})
