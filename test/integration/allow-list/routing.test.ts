import type { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ListContent } from '../../../shared/allow-list/routing/forms.ts'
import { AllowListStore, type AllowListStoreOptions } from '../../../shared/allow-list/table/store.ts'
import type { RoutingPort } from '../../../shared/ports/routing.ts'
import type { RulesPort } from '../../../shared/ports/rules.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { row } from '../../unit/allow-list/given.ts'
import { inOrder, mail, route, teams } from '../../unit/allow-list/given-routing.ts'
import { adminOf, author, newTable, requestsOf, rowsOf, rule, rules } from './given.ts'

let azurite: Azurite
let table: TableClient
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
beforeEach(async () => {
  table = await newTable(azurite.connectionString)
})

const usual = route('rest', { default: true })
const list: ListContent = {
  rules: [rule('a')],
  channels: [mail('ops'), teams('platform')],
  routes: inOrder(route('urgent', { risk: 'high', fallback: ['platform'] }), usual),
}

async function apply(desired: ListContent) {
  const admin = adminOf(table)
  return admin.apply(admin.plan(await admin.read(), desired), author)
}

function storeOn(options: AllowListStoreOptions = { cacheMilliseconds: 0 }): RulesPort & RoutingPort {
  return new AllowListStore(new GuardedTable(table), options)
}

async function keys(): Promise<readonly (string | undefined)[]> {
  return (await rowsOf(table)).map(({ rowKey }) => rowKey)
}

describe('channels and routes', () => {
  it('are written with the rules in one transaction, and read with them', async () => {
    expect(await apply(list)).toEqual({ changes: 5, transactions: 1, version: 1 })
    const store = storeOn()
    expect(await store.load()).toMatchObject({ complete: true, rules: [{ id: 'a' }] })
    expect(await store.loadRouting()).toMatchObject({
      routing: {
        channels: [{ name: 'ops' }, { name: 'platform' }],
        routes: [
          { name: 'urgent', fallback: ['platform'] },
          { name: 'rest', isDefault: true },
        ],
      },
      problems: [],
    })
    expect(await keys()).toEqual([
      ...['a', '~channel:ops', '~channel:platform', '~head'],
      ...['~log:00000001', '~log:00000002', '~log:00000003', '~log:00000004', '~log:00000005'],
      ...['~route:rest', '~route:urgent'],
    ])
  })

  it('change nothing when they are applied again', async () => {
    await apply(list)
    expect(await apply(list)).toEqual({ changes: 0, transactions: 0, version: undefined })
  })

  it('change field by field, in the same history as the rules, whose chain holds', async () => {
    await apply(list)
    const turned = { ...list, routes: inOrder(usual, { ...route('urgent'), channels: ['platform'] }) }
    const admin = adminOf(table)
    const plan = admin.plan(await admin.read(), turned)
    expect(plan.routes.changed.map(({ after, fields }) => [after.name, fields])).toEqual([
      ['urgent', ['position', 'risk', 'channels', 'fallback']],
      ['rest', ['position']],
    ])
    await admin.apply(plan, author)
    const ofRoute = await Array.fromAsync(admin.history({ ruleId: '~route:urgent' }))
    expect(
      ofRoute.map(({ action, version, after }) => [action, version, after?.columns['channels']]),
    ).toEqual([
      ['added', 1, 'ops'],
      ['changed', 2, 'platform'],
    ])
    expect(await admin.verifyHistory()).toEqual({ sound: 7, broken: undefined })
  })

  it('that are changed by hand are in the plan as such', async () => {
    await apply(list)
    await table.updateEntity(
      { partitionKey: 'rule', rowKey: '~channel:platform', urlSetting: 'OTHER_URL' },
      'Merge',
    )
    const admin = adminOf(table)
    const state = await admin.read()
    expect(await admin.drift(state)).toEqual([{ ruleId: '~channel:platform', how: 'changed by hand' }])
    expect(admin.plan(state, list).channels.changed).toMatchObject([{ fields: ['urlSetting'] }])
  })

  it('are removed, routes first, and their versions go on when they come back', async () => {
    await apply(list)
    await apply({ ...list, channels: [], routes: [] })
    const removed = (await Array.fromAsync(adminOf(table).history())).filter(
      ({ action }) => action === 'removed',
    )
    expect(removed.map(({ ruleId }) => ruleId)).toEqual([
      ...['~route:rest', '~route:urgent', '~channel:ops', '~channel:platform'],
    ])
    await apply(list)
    const { channels } = await adminOf(table).read()
    expect(channels.map(({ version }) => version)).toEqual([2, 2])
  })

  it.each<[string, Partial<ListContent>, string]>([
    ['the default route', { routes: [route('urgent')] }, 'Channel "ops": there is no default route'],
    [
      'a channel that is in use',
      { channels: [teams('platform')] },
      'Route "urgent": channels has "ops", which is not a channel; the channels are platform.',
    ],
  ])('%s cannot be removed', async (_, change, sentence) => {
    await apply(list)
    const admin = adminOf(table)
    const state = await admin.read()
    expect(() => admin.plan(state, { ...list, ...change })).toThrow(sentence)
  })

  it('that cannot be used are fixed or removed by the next apply', async () => {
    await apply(list)
    await table.upsertEntity({ partitionKey: 'rule', rowKey: '~channel:ops', kind: 'sms' }, 'Replace')
    await table.createEntity({ partitionKey: 'rule', rowKey: '~route:old', channels: '' })
    const admin = adminOf(table)
    const plan = admin.plan(await admin.read(), list)
    expect(plan.channels.replaced).toMatchObject([{ after: { name: 'ops' } }])
    expect(plan.discarded).toMatchObject([{ rowKey: '~route:old' }])
    await admin.apply(plan, author)
    expect((await admin.read()).unusable).toEqual([])
    expect(await storeOn().loadRouting()).toMatchObject({ problems: [] })
  })
})

it('a secret that was written into a row by hand does not get into the history', async () => {
  await apply(list)
  const secret = {
    partitionKey: 'rule',
    rowKey: '~channel:platform',
    kind: 'teams',
    urlSetting: 'https://x/?sig=TOPSECRET',
  }
  await table.upsertEntity(secret, 'Replace')
  await apply(list)
  const [entry] = await Array.fromAsync(adminOf(table).history({ newestFirst: true, limit: 1 }))
  expect(entry?.before?.columns).toEqual({ kind: 'teams', urlSetting: '(not recorded)' })
  expect(JSON.stringify(await rowsOf(table))).not.toContain('TOPSECRET')
})

describe('a failure of one is no failure of the other', () => {
  it('a row of a route that cannot be used stops no rule, and the default route takes over', async () => {
    await apply(list)
    await table.updateEntity({ partitionKey: 'rule', rowKey: '~route:urgent', risk: 'low' }, 'Merge')
    const store = storeOn()
    expect(await store.load()).toMatchObject({ complete: true })
    expect(await store.loadRouting()).toMatchObject({
      routing: { routes: [{ name: 'rest' }] },
      problems: [expect.stringContaining('Row "~route:urgent": risk is "low"')],
    })
  })

  it('a row of a rule that cannot be used stops the rules and no notification', async () => {
    await apply(list)
    await table.createEntity(row({ rowKey: 'typo', effect: 'dney' }))
    const store = storeOn()
    expect(await store.load()).toMatchObject({ complete: false })
    expect(await store.loadRouting()).toMatchObject({ routing: { routes: [{}, {}] }, problems: [] })
  })

  it('an unfinished apply stops the rules and no notification', async () => {
    const admin = adminOf(table)
    const stop = new AbortController()
    const large = { ...list, rules: rules(60) }
    const applying = admin.apply(
      admin.plan(await admin.read(), large),
      author,
      () => stop.abort(),
      stop.signal,
    )
    await expect(applying).rejects.toThrow('Stopped.')
    const store = storeOn({ cacheMilliseconds: 0, deadlineMilliseconds: 1 })
    expect(await store.load()).toMatchObject({ complete: false })
    expect(await store.loadRouting()).toMatchObject({
      routing: { channels: [{}, {}], routes: [{}, {}] },
      problems: [],
    })
  })

  it('a table that cannot be read any more takes no channel away, and says so', async () => {
    await apply(list)
    const store = storeOn()
    const { routing } = await store.loadRouting()
    await table.deleteTable()
    expect(await store.loadRouting()).toEqual({
      routing,
      problems: [expect.stringMatching(/^Table list\d+ cannot be read: /)],
    })
  })

  it('a table that could never be read has no routing, which is not the same as no channels', async () => {
    await table.deleteTable()
    expect(await storeOn().loadRouting()).toEqual({
      routing: undefined,
      problems: [expect.stringMatching(/^Table list\d+ cannot be read: /)],
    })
  })
})

describe('reading', () => {
  it('keeps the routing as long as the rules, and the same object when nothing changed', async () => {
    await apply(list)
    const kept = storeOn({ cacheMilliseconds: 60_000 })
    const { routing } = await kept.loadRouting()
    const sent = requestsOf(table)
    expect((await kept.loadRouting()).routing).toBe(routing)
    await kept.load()
    expect(sent).toEqual([])
    const fresh = storeOn()
    const first = await fresh.loadRouting()
    await apply({ ...list, rules: [rule('a'), rule('b')] })
    expect((await fresh.loadRouting()).routing).toBe(first.routing)
  })

  it('sees a change of a route', async () => {
    await apply(list)
    const store = storeOn()
    await store.loadRouting()
    await apply({ ...list, routes: inOrder(usual) })
    expect(await store.loadRouting()).toMatchObject({ routing: { routes: [{ name: 'rest' }] } })
  })
})
