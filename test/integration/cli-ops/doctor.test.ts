import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { QueueClient } from '@azure/storage-queue'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { analytics, dataPlatform } from '../../../local/azure/well-known.ts'
import { tableNames } from '../../../shared/config/table-names.ts'
import { type Place, startPlace, storageAccount } from './place.ts'

interface Result {
  readonly check: string
  readonly level: string
  readonly subject?: string
  readonly found: string
  readonly fix?: string
}

const queueChecks = ['review-queue', 'review-poison-queue', 'notification-queue', 'notification-poison-queue']

let place: Place
const servers: Server[] = []

beforeAll(async () => {
  place = await startPlace()
  await storageAccount(place, 'stdoctor')
  for (const name of Object.keys(tableNames) as (keyof typeof tableNames)[]) {
    await place.table(name).createTable()
  }
  for (const name of ['reviews', 'notifications']) {
    for (const queue of [name, `${name}-poison`]) await queueOf(queue).create()
  }
  await place.table('allowList').createEntity({
    partitionKey: 'rule',
    rowKey: 'one',
    effect: 'ask',
    target: `/subscriptions/${dataPlatform.subscriptionId}`,
  })
  await subscribe(dataPlatform.subscriptionId)
  await subscribe(analytics.subscriptionId)
})
afterAll(async () => {
  for (const server of servers) server.close()
  await place.stop()
})
afterEach(async () => {
  await place.rest.send('DELETE', '/_simulator/permissions')
  await place.rest.send('DELETE', '/_simulator/faults')
})

const functionId = `/subscriptions/${analytics.subscriptionId}/resourceGroups/rg-ops/providers/Microsoft.Web/sites/approver/functions/connectionEvent`
const usualFilter = {
  includedEventTypes: ['Write', 'Action', 'Delete'].map(
    (verb) => `Microsoft.Resources.Resource${verb}Success`,
  ),
  advancedFilters: [
    {
      operatorType: 'StringContains',
      key: 'data.operationName',
      values: [
        '/privateEndpointConnectionProxies/',
        '/privateEndpointConnections/',
        'Microsoft.Network/privateEndpoints/write',
      ],
    },
  ],
}
const eventsPath = (subscriptionId: string) =>
  `/subscriptions/${subscriptionId}/providers/Microsoft.EventGrid/eventSubscriptions/approver`

async function subscribe(subscriptionId: string, filter: object = usualFilter): Promise<void> {
  const listens = { resourceId: functionId, url: 'http://127.0.0.1:9/api' }
  await place.rest.send('PUT', '/_simulator/functions', listens)
  const destination = { endpointType: 'AzureFunction', properties: { resourceId: functionId } }
  await place.clients.arm('PUT', eventsPath(subscriptionId), '2022-06-15', {
    properties: { destination, eventDeliverySchema: 'EventGridSchema', filter },
  })
}

async function examined(
  args: readonly string[] = [],
  change: Record<string, string> = {},
): Promise<{ code: number; of: (check: string) => Result[]; all: Result[] }> {
  const { code, out, err } = await place.cli(['doctor', '--json', ...args], change)
  expect(err).toBe('')
  const { ok, results } = JSON.parse(out) as { ok: boolean; results: Result[] }
  expect(ok).toBe(code === 0)
  return { code, all: results, of: (check) => results.filter((result) => result.check === check) }
}

async function serve(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('doctor', () => {
  it('passes where all is well, and says what this version does not have', async () => {
    const { code, all, of } = await examined()
    expect(all.filter(({ level }) => level !== 'pass').map(({ check, level }) => [check, level])).toEqual([
      ['lint', 'warn'],
      ['app-health', 'skipped'],
      ['app-ready', 'skipped'],
      ['channels', 'warn'],
      ['channel-services', 'skipped'],
      ['routes', 'skipped'],
      ['sign-in-address', 'warn'],
      ['link-keys', 'warn'],
    ])
    expect(code).toBe(0)
    expect(of('identity')[0]?.found).toContain('application private-endpoint-approver')
    expect(of('channels')[0]?.found).toContain('by the log')
    expect(
      of('permissions')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(['analytics', 'data-platform'])
  })

  it('shows people a line to copy for each thing that is wrong', async () => {
    await place.clients.arm('DELETE', eventsPath(analytics.subscriptionId), '2022-06-15')
    const { code, out } = await place.cli(['doctor'])
    await subscribe(analytics.subscriptionId)
    expect(code).toBe(1)
    expect(out).toMatch(/^fail {5}Event subscriptions, analytics$/m)
    expect(out).toMatch(
      /^ +→ az eventgrid event-subscription create .*StringContains .*privateEndpoints\/write$/m,
    )
    expect(out).toMatch(/1 fail, 4 warn, \d+ pass, 4 skipped\.$/m)
  })

  it('leaves nothing of its own in the tables', async () => {
    await examined()
    const rows = await Array.fromAsync(place.table('requestIndex').listEntities())
    expect(rows).toEqual([])
  })
})

describe('settings', () => {
  it('are all told that are wrong; what needs them is skipped, the rest goes on', async () => {
    const wrong = { ARM_ENDPOINT: 'http://x', MANAGED_TENANTS: 'me', BURST_WINDOW_MINUTES: '0' }
    const { code, of } = await examined([], wrong)
    expect(code).toBe(1)
    const found = of('settings').map((result) => result.found)
    expect(found.map((text) => text.split(' ')[1]).sort()).toEqual(Object.keys(wrong).sort())
    expect(of('tables')).toMatchObject([{ level: 'skipped', found: '"Settings" comes first.' }])
    expect(of('channels')).toHaveLength(1)
  })

  it('are those of the call, not those of another process', async () => {
    vi.stubEnv('BURST_WINDOW_MINUTES', '0')
    const { of } = await examined()
    expect(of('settings')).toMatchObject([{ level: 'pass' }])
  })

  it('without a place for storage stop only what needs storage', async () => {
    const { code, of } = await examined([], { AzureWebJobsStorage: '' })
    expect(code).toBe(1)
    expect(of('settings')).toMatchObject([{ level: 'pass' }])
    expect(of('storage-place')).toMatchObject([
      { level: 'fail', found: expect.stringContaining('give --account NAME') as string },
    ])
    const people = ['channels', 'channel-services', 'routes', 'nobody-notified', 'approvers', 'link-keys']
    const skipped = ['tables', 'table-write', ...queueChecks, 'allow-list', 'lint', ...people]
    expect(skipped.flatMap(of).map(({ level }) => level)).toEqual(skipped.map(() => 'skipped'))
    const azure = ['managed-tenants', 'identity', 'clock', 'subscriptions', 'permissions', 'events']
    expect(new Set(azure.flatMap(of).map(({ level }) => level))).toEqual(new Set(['pass']))
  })

  it('leave out of JSON what there is not to say', async () => {
    const { all } = await examined([], { MANAGED_TENANTS: '' })
    expect(all.find(({ check }) => check === 'settings')).not.toHaveProperty('subject')
    expect(all.find(({ check }) => check === 'clock')).not.toHaveProperty('fix')
  })

  it('without managed tenants are a warning', async () => {
    const { of } = await examined([], { MANAGED_TENANTS: '' })
    expect(of('managed-tenants')).toMatchObject([{ level: 'warn' }])
  })
})

describe('permissions', () => {
  it('names what is missing where targets are, with the commands that give it', async () => {
    await place.rest.send('PUT', '/_simulator/permissions', {
      scope: `/subscriptions/${dataPlatform.subscriptionId}`,
      permissions: [{ actions: ['*/read'] }],
    })
    const { code, of } = await examined()
    expect(code).toBe(1)
    const missing = of('permissions').find(({ subject }) => subject === 'data-platform')
    expect(missing).toMatchObject({ level: 'fail' })
    expect(missing?.found).toContain('Microsoft.Storage/storageAccounts/privateEndpointConnections/write')
    expect(missing?.fix).toMatch(
      /az role definition create .* && az role assignment create --assignee-object-id '[^']+'/,
    )
  })
})

describe('permissions that are given below the subscription only', () => {
  const subscription = `/subscriptions/${dataPlatform.subscriptionId}`
  const group = `${subscription}/resourceGroups/rg-ops`
  const storage = 'Microsoft.Storage/storageAccounts'
  const reviewing = ['*/read', `${storage}/*/write`, `${storage}/privateEndpointConnectionsApproval/action`]
  const ofDataPlatform = async (): Promise<Result | undefined> => {
    const { of } = await examined()
    return of('permissions').find(({ subject }) => subject === 'data-platform')
  }
  async function allow(scope: string, actions: readonly string[]): Promise<void> {
    await place.rest.send('PUT', '/_simulator/permissions', { scope, permissions: [{ actions }] })
  }

  it.each([
    ['the group', group],
    ['the target', `${group}/providers/Microsoft.Storage/storageAccounts/stdoctor`],
  ])('suffice for %s; of requesters it says what it could not see', async (_, scope) => {
    await allow(subscription, ['*/read'])
    await allow(scope, reviewing)
    expect(await ofDataPlatform()).toMatchObject({ level: 'pass' })
    await allow(subscription, ['Microsoft.Resources/*/read'])
    const result = await ofDataPlatform()
    expect(result).toMatchObject({ level: 'warn' })
    expect(result?.found).toMatch(/^Missing at the subscription: .*which is not seen here\.$/)
  })

  it('do not suffice for a target beside them', async () => {
    await storageAccount(place, 'stbeside')
    await allow(subscription, ['*/read'])
    await allow(`${group}/providers/Microsoft.Storage/storageAccounts/stdoctor`, reviewing)
    expect(await ofDataPlatform()).toMatchObject({ level: 'fail' })
  })
})

describe('events', () => {
  it.each([
    [
      'other types of event',
      { ...usualFilter, includedEventTypes: ['Microsoft.Resources.ResourceWriteSuccess'] },
      /does not deliver ResourceActionSuccess/,
    ],
    [
      'endpoints only',
      {
        advancedFilters: [
          { operatorType: 'StringEndsWith', key: 'data.operationName', values: ['privateEndpoints/write'] },
        ],
      },
      /does not deliver .*privateEndpointConnectionProxies/,
    ],
    [
      'one resource group',
      { ...usualFilter, subjectBeginsWith: `/subscriptions/${analytics.subscriptionId}/resourceGroups/rg` },
      /whose subject does not begin with/,
    ],
  ])('that are filtered to %s do not suffice', async (_, filter, said) => {
    await subscribe(analytics.subscriptionId, filter)
    const { of } = await examined()
    await subscribe(analytics.subscriptionId)
    const result = of('events').find(({ subject }) => subject === 'analytics')
    expect(result).toMatchObject({ level: 'fail' })
    expect(result?.found).toMatch(said)
  })

  it('at a system topic count, too', async () => {
    await place.clients.arm('DELETE', eventsPath(analytics.subscriptionId), '2022-06-15')
    const topic = `/subscriptions/${analytics.subscriptionId}/resourceGroups/rg-ops/providers/Microsoft.EventGrid/systemTopics/topic`
    const source = `/subscriptions/${analytics.subscriptionId}`
    const properties = { source, topicType: 'Microsoft.Resources.Subscriptions' }
    await place.clients.arm('PUT', topic, '2022-06-15', { location: 'global', properties })
    await place.clients.arm('PUT', `${topic}/eventSubscriptions/approver`, '2022-06-15', {
      properties: {
        destination: { endpointType: 'AzureFunction', properties: { resourceId: functionId } },
        filter: usualFilter,
      },
    })
    const { of } = await examined()
    await place.clients.arm('DELETE', `${topic}/eventSubscriptions/approver`, '2022-06-15')
    await subscribe(analytics.subscriptionId)
    expect(of('events').map(({ level }) => level)).toEqual(['pass', 'pass'])
  })
})

describe('the allow-list', () => {
  it('that cannot be used is a failure with the row to fix', async () => {
    const row = { partitionKey: 'rule', rowKey: 'broken', effect: 'maybe' }
    await place.table('allowList').createEntity(row)
    const { of } = await examined()
    await place.table('allowList').deleteEntity('rule', 'broken')
    expect(of('allow-list')).toMatchObject([
      { level: 'fail', found: expect.stringContaining('broken') as string },
    ])
    expect(of('lint')).toMatchObject([{ level: 'skipped' }])
  })
})

describe('one check that fails', () => {
  it('leaves the others to go on', async () => {
    await place.rest.send('POST', '/_simulator/faults', {
      path: '^/subscriptions$',
      status: 403,
      code: 'AuthorizationFailed',
    })
    const { of } = await examined()
    expect(of('clock')).toMatchObject([{ level: 'fail', found: expect.stringContaining('403') as string }])
    expect(of('permissions')).toMatchObject([{ level: 'skipped' }])
    expect(of('allow-list')).toMatchObject([{ level: 'pass' }])
  })
})

describe('the app', () => {
  it('is asked where it is said to be', async () => {
    const { of } = await examined(['--app', await serve(200, '{}')])
    expect([...of('app-health'), ...of('app-ready')]).toMatchObject([{ level: 'pass' }, { level: 'pass' }])
  })

  it('says itself why it cannot decide', async () => {
    const { of } = await examined(['--app', await serve(503, 'Row x is no rule.\u001b[2J')])
    expect(of('app-health')).toMatchObject([{ level: 'fail', found: '/healthz responds 503.' }])
    expect(of('app-ready')).toMatchObject([{ level: 'skipped' }])
  })

  it('is never sent a key in the clear', async () => {
    const { code, err } = await place.cli(['doctor', '--app', 'http://app.example'])
    expect(code).toBe(2)
    expect(err).toContain('--app is no address; expected: https://')
  })
})

describe('queues', () => {
  it.each([
    ['review-queue', 'reviews', 'review'],
    ['notification-queue', 'notifications', 'hint'],
  ])(
    '%s says how many messages wait, and fails when the oldest is a quarter of an hour old',
    async (check, queue, what) => {
      const client = queueOf(queue)
      await client.sendMessage('x')
      const { of } = await examined()
      expect(of(check)).toMatchObject([{ level: 'pass', found: `About 1 ${what} waiting.` }])
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 16 * 60_000 })
      const later = await examined().finally(() => vi.useRealTimers())
      await client.clearMessages()
      expect(later.of(check)).toMatchObject([
        {
          level: 'fail',
          found: `About 1 ${what} waiting, the oldest for 16 minutes: nobody works them off.`,
        },
      ])
    },
  )

  it.each([
    ['review-poison-queue', 'reviews-poison', 'reviews'],
    ['notification-poison-queue', 'notifications-poison', 'hints'],
  ])('%s warns of messages that failed', async (check, queue, what) => {
    const client = queueOf(queue)
    expect((await examined()).of(check)).toMatchObject([{ level: 'pass', found: 'Nothing lies in it.' }])
    await client.sendMessage('x')
    const { of } = await examined()
    await client.clearMessages()
    expect(of(check)).toMatchObject([
      { level: 'warn', found: `About 1 message in it: ${what} that failed five times.` },
    ])
  })

  it.each([
    ['review-queue', 'reviews'],
    ['review-poison-queue', 'reviews-poison'],
    ['notification-queue', 'notifications'],
    ['notification-poison-queue', 'notifications-poison'],
  ])('%s warns when the queue is missing, which the app makes at its start', async (check, queue) => {
    await queueOf(queue).delete()
    const { of } = await examined()
    await queueOf(queue).create()
    expect(of(check)).toMatchObject([
      {
        level: 'warn',
        found: `The queue ${queue} is not there.`,
        fix: 'Start the app once; it makes its queues.',
      },
    ])
  })
})

function queueOf(name: string): QueueClient {
  return new QueueClient(place.settings['AzureWebJobsStorage'] ?? '', name)
}
