import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Patient } from '../../../cli/doctor/check.ts'
import { checks } from '../../../cli/doctor/checks.ts'
import { type EventSubscription, leadsToApp, notDelivered } from '../../../cli/doctor/event-filter.ts'
import { examine } from '../../../cli/doctor/examine.ts'
import { checkPlan } from '../../../cli/doctor/check-plan.ts'
import { missingOf } from '../../../cli/doctor/permissions.ts'

const never = (): Promise<never> => new Promise(() => undefined)
const broken = (): Promise<never> => Promise.reject(new Error('It is broken.'))

/** Settings that can be read; everything else does as it is told. */
function patientThat(does: () => Promise<never>): Patient {
  const settings = { managedTenants: ['33c0ffee-5d2e-4b1a-8f44-6e0a9d3b7c21'] }
  const connected = {
    environment: () => ({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' }),
    settings: () => Promise.resolve({ storage: { kind: 'connection-string' } }),
    azureSettings: () => Promise.resolve(settings),
    ...{ credential: does, tableClient: does, table: does, queue: does, list: does, arm: does },
  }
  return {
    run: { options: {}, now: () => new Date(), connected },
    subscriptions: does,
    whoAmI: does,
  } as unknown as Patient
}

const options = { onDone: () => undefined, signal: new AbortController().signal, milliseconds: 40 }

describe('an examination', () => {
  it('comes to its end although something hangs, and says so of that alone', async () => {
    const results = await examine(patientThat(never), options)
    const of = (check: string) => results.filter((result) => result.check === check)
    expect(of('identity')).toMatchObject([
      {
        level: 'fail',
        found: 'There was no response within 0.04 s.',
        fix: expect.stringContaining('run doctor again') as string,
      },
    ])
    expect(of('clock')).toMatchObject([{ level: 'skipped', found: '"Identity" comes first.' }])
    expect(of('managed-tenants')).toMatchObject([{ level: 'pass' }])
  })

  it('says what a check broke at', async () => {
    const results = await examine(patientThat(broken), options)
    expect(results.find(({ check }) => check === 'identity')).toMatchObject({
      level: 'fail',
      found: 'It is broken.',
    })
  })

  it('tells every check once, in order, and how far it is', async () => {
    const done: number[] = []
    const results = await examine(patientThat(broken), { ...options, onDone: (count) => done.push(count) })
    expect([...new Set(results.map(({ check }) => check))]).toEqual(Object.keys(checks))
    expect(done).toEqual(Object.keys(checks).map((_, index) => index + 1))
  })

  it('ends when it is told to', async () => {
    const stop = new AbortController()
    stop.abort(new Error('Stopped.'))
    const signal = stop.signal
    await expect(examine(patientThat(never), { ...options, signal })).rejects.toThrow('Stopped.')
  })

  it('never waits for itself', () => {
    const order = Object.keys(checks)
    for (const [id, { after }] of Object.entries(checkPlan)) {
      for (const before of after) expect(order.indexOf(before)).toBeLessThan(order.indexOf(id))
    }
  })
})

describe('what is missing of permissions', () => {
  const needed = [
    'Microsoft.Storage/storageAccounts/read',
    'Microsoft.Sql/servers/privateEndpointConnections/write',
  ]

  it.each<[string, Parameters<typeof missingOf>[1], readonly string[]]>([
    ['nothing is held', [], needed],
    ['everything is', [{ actions: ['*'] }], []],
    ['reading is', [{ actions: ['*/read'] }], needed.slice(1)],
    ['it is spelled otherwise', [{ actions: ['microsoft.storage/*', 'MICROSOFT.SQL/SERVERS/*/WRITE'] }], []],
    ['a role takes it back', [{ actions: ['*'], notActions: ['*/write'] }], needed.slice(1)],
    [
      'another role gives it all the same',
      [{ actions: ['*'], notActions: ['*/write'] }, { actions: ['*/write'] }],
      [],
    ],
    ['a dot stands for a dot', [{ actions: ['MicrosoftxStorage/*', null as never].slice(0, 1) }], needed],
  ])('when %s', (_, held, missing) => {
    expect(missingOf(needed, held)).toEqual(missing)
  })
})

describe('an event subscription', () => {
  const subscriptionOf = (change: Partial<EventSubscription['properties']>): EventSubscription => ({
    name: 'approver',
    properties: { provisioningState: 'Succeeded', destination: undefined, filter: undefined, ...change },
  })
  const to = (endpointType: string, properties: object) =>
    leadsToApp(subscriptionOf({ destination: { endpointType, properties } }))

  it('leads to the app by the name of its function, or may by its webhook', () => {
    expect(to('AzureFunction', { resourceId: '/x/functions/connectionEvent' })).toBe('yes')
    expect(to('AzureFunction', { resourceId: '/x/functions/other' })).toBe('no')
    expect(to('WebHook', { endpointBaseUrl: 'https://a.example/runtime/webhooks/EventGrid' })).toBe('maybe')
    expect(to('WebHook', { endpointBaseUrl: 'https://a.example/api/other' })).toBe('no')
    expect(to('StorageQueue', {})).toBe('no')
    expect(leadsToApp(subscriptionOf({}))).toBe('no')
  })

  it('without filters delivers all', () => {
    expect(notDelivered(subscriptionOf({}))).toEqual([])
    expect(notDelivered(subscriptionOf({ filter: { includedEventTypes: [], advancedFilters: [] } }))).toEqual(
      [],
    )
  })

  it('that names types one by one misses those of others', () => {
    const values = ['Microsoft.Storage/storageAccounts/privateEndpointConnectionProxies/write']
    const advancedFilters = [{ operatorType: 'StringIn', key: 'data.operationName', values }]
    expect(notDelivered(subscriptionOf({ filter: { advancedFilters } }))).toContain(
      'ResourceWriteSuccess of Microsoft.Sql/servers/privateEndpointConnectionProxies/write',
    )
  })

  it('with a filter that is not known here may deliver nothing', () => {
    const advancedFilters = [{ operatorType: 'StringNotContains', key: 'data.operationName', values: ['x'] }]
    expect(notDelivered(subscriptionOf({ filter: { advancedFilters } })).length).toBeGreaterThan(0)
  })
})

it('the page about the doctor has a paragraph for each check, and no others', () => {
  const page = readFileSync(new URL('../../../docs/doctor.md', import.meta.url), 'utf8')
  const documented = [...page.matchAll(/^### `([\w-]+)`: (.*)$/gm)].map(([, id, title]) => [id, title])
  expect(documented).toEqual(Object.entries(checks).map(([id, { title }]) => [id, title]))
})
