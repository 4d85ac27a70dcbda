import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../local/azure/identity/people/directory.ts'
import { foreignSubscription, foreignTenant, ownTenant } from '../../local/azure/well-known.ts'
import { lake, requester } from './requester-support.ts'
import { arm, Bench, eventually, team } from './support.ts'
import type { Json, Reply } from './support.ts'

const rest = '/providers/Microsoft.Insights/eventtypes/management/values'
const objectId = 'http://schemas.microsoft.com/identity/claims/objectidentifier'
const scope = 'http://schemas.microsoft.com/identity/claims/scope'
const tenantId = 'http://schemas.microsoft.com/identity/claims/tenantid'
const upn = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn'
const [ann, ben] = people
const annAsks = { userName: ann?.userName ?? '' }

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
const since = (days: number) => `eventTimestamp ge '${ago(days)}'`
const about = (id: string) =>
  `${since(89)} and eventTimestamp le '${new Date(Date.now() + 1000).toISOString()}' and resourceUri eq '${id.replaceAll("'", "''")}'`

function read(
  filter: string,
  { from = bench, subscription = team, select = '', ...who } = {},
): Promise<Reply> {
  const query = new URLSearchParams({ $filter: filter, ...(select !== '' && { $select: select }) })
  return from.call('GET', `${subscription}${rest}?${query.toString()}`, undefined, {
    version: '2015-04-01',
    ...who,
  })
}

async function eventsOf(filter: string, from = bench): Promise<Json[]> {
  const events: Json[] = []
  let { body } = await read(filter, { from })
  for (;;) {
    events.push(...(body['value'] as Json[]))
    const next = body['nextLink'] as string | undefined
    if (next === undefined) return events
    const authorization = `Bearer ${await from.token()}`
    body = (await from.send('GET', next.slice(from.azure.origin.length), undefined, { authorization })).body
  }
}

const valueOf = (event: Json | undefined, member: string) => (event?.[member] as Json)['value']
const messageOf = ({ body }: Reply) => (body['error'] as Json)['message']

describe('a token of a person', () => {
  const asked = (form: Record<string, string>, tenant = ownTenant.tenantId) => {
    const given = { grant_type: 'password', client_id: 'cli', scope: `${arm}/.default`, ...form }
    return bench.send('POST', `/${tenant}/oauth2/v2.0/token`, new URLSearchParams(given).toString())
  }

  it('names the person, and a scope', async () => {
    expect(decodeJwt(await bench.token(annAsks))).toMatchObject({
      oid: ann?.objectId,
      tid: ownTenant.tenantId,
      upn: ann?.userName,
      idtyp: 'user',
      scp: 'user_impersonation',
      appid: 'tester',
    })
  })

  it('is refused to somebody whom the tenant does not have', async () => {
    for (const reply of [
      await asked({ username: 'nobody@contoso-data.example', password: 'x' }),
      await asked({ username: annAsks.userName, password: 'x' }, foreignTenant.tenantId),
    ]) {
      expect(reply.status).toBe(400)
      expect(reply.body['error_description']).toMatch(/^AADSTS50034/)
    }
  })

  it.each([
    ['password', { username: annAsks.userName }],
    ['username', { password: 'x' }],
    ['client_id', { username: annAsks.userName, password: 'x', client_id: '' }],
  ])('is refused without %s', async (missing, form) => {
    const said = (await asked(form)).body['error_description']
    expect(said).toMatch(new RegExp(`^AADSTS900144: .*'${missing}'`))
  })
})

describe('the Activity Log', () => {
  it('shows who wrote an endpoint, in the shape of the published examples', async () => {
    const id = await bench.ask('pe-shape', await lake(bench, 'stshape'), annAsks)
    const [done, started, ...others] = await eventsOf(about(id))
    expect(others).toEqual([])
    expect([started, done].map((event) => valueOf(event, 'status'))).toEqual(['Started', 'Succeeded'])
    expect(done).toMatchObject({
      caller: ann?.userName,
      authorization: { action: 'Microsoft.Network/privateEndpoints/write', scope: id },
      category: { value: 'Administrative' },
      eventName: { value: 'EndRequest' },
      operationName: { value: 'Microsoft.Network/privateEndpoints/write' },
      resourceGroupName: 'rg-net',
      resourceProviderName: { value: 'Microsoft.Network' },
      resourceType: { value: 'Microsoft.Network/privateEndpoints' },
      resourceId: id,
      subscriptionId: team.split('/')[2],
      claims: {
        [objectId]: ann?.objectId,
        [tenantId]: ownTenant.tenantId,
        [upn]: ann?.userName,
        [scope]: 'user_impersonation',
        idtyp: 'user',
      },
    })
    expect(Object.values(done?.['claims'] as Json).every((value) => typeof value === 'string')).toBe(true)
  })

  it('shows a program by its object id, without a scope', async () => {
    const id = await bench.ask('pe-program', await lake(bench, 'stprogram'))
    const [event] = await eventsOf(about(id))
    const claims = event?.['claims'] as Json
    expect(claims).toMatchObject({ appid: 'tester', idtyp: 'app', [objectId]: event?.['caller'] })
    expect(claims[scope]).toBeUndefined()
    expect(claims[upn]).toBeUndefined()
  })

  it('shows who wrote a managed endpoint of a factory', async () => {
    const factory = await requester(bench, 'Microsoft.DataFactory/factories', 'adf-log')
    const id = `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/mpe`
    const properties = { privateLinkResourceId: await lake(bench, 'stfactory'), groupId: 'blob' }
    await bench.call('PUT', id, { properties }, { version: '2018-06-01', ...annAsks })
    const [event] = await eventsOf(about(id.toLowerCase()))
    expect(valueOf(event, 'operationName')).toBe(
      'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints/write',
    )
    expect((event?.['claims'] as Json)[objectId]).toBe(ann?.objectId)
  })

  it('has small pages, the newest event first', async () => {
    const target = await lake(bench, 'stpages')
    const id = await bench.ask('pe-pages', target, annAsks)
    await bench.ask('pe-pages', target, { userName: ben?.userName ?? '' })
    expect(((await read(about(id))).body['value'] as Json[]).length).toBe(3)
    const callers = (await eventsOf(about(id))).map(({ caller }) => caller)
    expect(callers).toEqual([ben, ben, ann, ann].map((person) => person?.userName))
  })

  it('shows the members that are asked for', async () => {
    const id = await bench.ask('pe-select', await lake(bench, 'stselect'), annAsks)
    const { body } = await read(about(id), { select: 'claims,resourceId' })
    expect(Object.keys((body['value'] as Json[])[0] ?? {}).toSorted()).toEqual(['claims', 'resourceId'])
    const odd = await read(about(id), { select: 'claims,secrets' })
    expect([odd.status, messageOf(odd)]).toEqual([400, expect.stringContaining('"secrets"')])
  })

  it('is asked by resource, group, provider or time alone', async () => {
    const id = await bench.ask('pe-by', await lake(bench, 'stby'), annAsks)
    for (const filter of [
      `${since(1)} and resourceGroupName eq 'RG-NET'`,
      `${since(1)} and resourceProvider eq 'microsoft.network'`,
      `${since(1)} and eventChannels eq 'Admin, Operation' and resourceUri eq '${id}'`,
      since(1),
    ]) {
      expect((await eventsOf(filter)).map((event) => event['resourceId'])).toContain(id)
    }
    expect(await eventsOf(`${since(1)} and resourceProvider eq 'Microsoft.Storage'`)).toEqual([])
    expect(await eventsOf(`${since(1)} and eventTimestamp le '${ago(0.5)}'`)).toEqual([])
  })

  it.each([
    ['no filter', ''],
    ['no time', "resourceUri eq '/x'"],
    ['another operator', `${since(1)} or resourceUri eq '/x'`],
    ['another member', `${since(1)} and caller eq 'ann'`],
    ['two resources', `${since(1)} and resourceUri eq '/x' and resourceUri eq '/y'`],
    ['a quote that is not doubled', `${since(1)} and resourceUri eq '/x' or '1' eq '1'`],
    ['a text that does not end', `${since(1)} and resourceUri eq '/x`],
    ['a time that is none', "eventTimestamp ge 'yesterday'"],
    ['a time more than 90 days ago', since(91)],
  ])('refuses in words: %s', async (_, filter) => {
    const refused = await read(filter)
    expect(refused.status).toBe(400)
    expect(messageOf(refused)).toMatch(/^\$filter/)
  })

  it('takes a doubled quote for one of the text', async () => {
    const quoting = `${team}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/pe'q`
    const item = { name: 'l', properties: { privateLinkServiceId: await lake(bench, 'stquote') } }
    const body = { location: 'westeurope', properties: { manualPrivateLinkServiceConnections: [item] } }
    await bench.call('PUT', quoting, body, annAsks)
    expect((await eventsOf(about(quoting))).map((event) => event['resourceId'])).toEqual([quoting, quoting])
  })

  it('is read in one version, with one permission, and by the tenant that owns the subscription', async () => {
    const version = await bench.call('GET', `${team}${rest}?$filter=${since(1)}`, undefined, {
      version: '2024-01-01',
    })
    expect((version.body['error'] as Json)['code']).toBe('NoRegisteredProviderFound')
    const foreign = await read(since(1), {
      subscription: `/subscriptions/${foreignSubscription.subscriptionId}`,
    })
    expect(foreign.status).toBe(401)
    const notActions = ['Microsoft.Insights/eventtypes/values/read']
    await bench.send('PUT', '/_simulator/permissions', { permissions: [{ actions: ['*/read'], notActions }] })
    const refused = await read(since(1))
    await bench.send('DELETE', '/_simulator/permissions')
    expect([refused.status, messageOf(refused)]).toEqual([403, expect.stringContaining(notActions[0] ?? '')])
  })

  it('lags', async () => {
    const late = await Bench.start({ timing: { activityLogLagMs: 300 } })
    const id = await late.ask('pe-late', await lake(late, 'stlate'), annAsks)
    expect(await eventsOf(about(id), late)).toEqual([])
    await eventually(async () => ((await eventsOf(about(id), late)).length === 2 ? true : undefined))
    await late.stop()
  })

  it('outlives a restart, and ends with a reset', async () => {
    const stateFolder = mkdtempSync(path.join(tmpdir(), 'activity-log-'))
    const before = await Bench.start({ stateFolder, persist: true })
    const id = await before.ask('pe-kept', await lake(before, 'stkept'), annAsks)
    await before.stop({ keepFolder: true })
    const after = await Bench.start({ stateFolder, persist: true })
    expect((await eventsOf(about(id), after)).length).toBe(2)
    await after.send('POST', '/_simulator/reset')
    expect(await eventsOf(about(id), after)).toEqual([])
    await after.stop()
  })
})
