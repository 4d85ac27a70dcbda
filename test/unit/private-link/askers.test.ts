import { describe, expect, it } from 'vitest'
import type { Askers } from '../../../shared/domain/askers.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { isManagedKind, requesterKinds, type RequesterKind } from '../../../shared/domain/requester-kind.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { AzureBusy, AzureFailed } from '../../../shared/ports/azure.ts'
import { createAskers } from '../../../shared/private-link/askers/create-askers.ts'
import { arm, clientOf, failure, fakeAzure, now, type Replies, type Reply } from './fake-azure.ts'
import { ann, ben, claimsOf, claimsOfApp, eventOf, logCall, ownEndpoint, ownTenant } from './given-events.ts'
import { connectionOf, requesters } from './given-proof.ts'
import { endpointIn, ownSubscription, resourceId } from './ids.ts'

const endpoint = endpointIn(ownSubscription, 'pe-lake')
const connection = connectionOf('pe-lake', { endpoint })
const factory = requesters['data-factory']

function asking(
  replies: Replies,
  people: { readonly ownTenantId: string | undefined } = { ownTenantId: ownTenant },
) {
  const fake = fakeAzure(replies)
  return { fake, askers: createAskers({ arm: clientOf(fake), now, ...people }) }
}

/** What is said of an ordinary endpoint whose log has these events. */
async function askersIn(...events: readonly object[]): Promise<Askers> {
  return await asking({ [logCall]: { status: 200, body: { value: events } } }).askers.askersOf(
    connection,
    ownEndpoint,
  )
}

async function askersWhen(reply: Reply): Promise<Askers> {
  return await asking({ [logCall]: reply }).askers.askersOf(connection, ownEndpoint)
}

async function whyUnknown(askers: Askers | Promise<Askers>): Promise<string> {
  const said = await askers
  return said.kind === 'unknown' ? said.why : `known: ${said.people.join(', ')}`
}

function confirmed(kind: RequesterKind): Proof {
  const id = isManagedKind(kind) ? requesters[kind] : endpoint
  return { ...ownEndpoint, level: 'confirmed', isManagedTenant: isManagedKind(kind), requester: { kind, id } }
}

describe('who asks through an ordinary endpoint', () => {
  it('is the person who wrote it, by the object id', async () => {
    expect(await askersIn(eventOf(endpoint))).toEqual({ kind: 'known', people: [ann] })
  })

  it('is everybody who wrote it, each once', async () => {
    const byBen = eventOf(endpoint, { claims: claimsOf(ben, { idtyp: 'user' }) })
    const started = eventOf(endpoint, { status: { value: 'Started' } })
    expect(await askersIn(byBen, eventOf(endpoint), started)).toEqual({ kind: 'known', people: [ann, ben] })
  })

  it('is on whichever page of the log the event is', async () => {
    const nextLink = `${arm}/next`
    const { askers } = asking({
      [logCall]: { status: 200, body: { value: [], nextLink } },
      'GET /next': { status: 200, body: { value: [eventOf(endpoint)] } },
    })
    expect(await askers.askersOf(connection, ownEndpoint)).toEqual({ kind: 'known', people: [ann] })
  })

  it('is asked in the words of the documentation, for less than 90 days, and for no more than is read', async () => {
    const { fake, askers } = asking({ [logCall]: { status: 200, body: { value: [] } } })
    await askers.askersOf(connection, ownEndpoint)
    expect(fake.calls.map(({ url }) => Object.fromEntries(url.searchParams))).toEqual([
      {
        'api-version': '2015-04-01',
        $filter: `eventTimestamp ge '2026-08-23T10:00:00.000Z' and eventTimestamp le '2026-11-20T10:00:00.000Z' and resourceUri eq '${endpoint.id}'`,
        $select: 'claims,operationName,resourceId,status',
      },
    ])
  })

  it('is unknown while the log is empty, for it lags', async () => {
    expect(await whyUnknown(askersIn())).toBe(
      'The Activity Log shows nobody yet who wrote pe-lake; it lags by some minutes, and keeps 90 days.',
    )
  })

  it('is unknown where only a service principal wrote it', async () => {
    const said = askersIn(eventOf(endpoint, { caller: ben, claims: claimsOfApp(ben) }))
    expect(await whyUnknown(said)).toBe(
      'The Activity Log shows only applications that wrote pe-lake, and no person.',
    )
  })

  it('is a service principal also where the token does not say what it is', async () => {
    const said = askersIn(eventOf(endpoint, { claims: claimsOfApp(ben, { idtyp: undefined }) }))
    expect(await whyUnknown(said)).toContain('only applications')
  })

  it('is the person where a service principal wrote it, too', async () => {
    const byApp = eventOf(endpoint, { claims: claimsOfApp(ben) })
    expect(await askersIn(byApp, eventOf(endpoint))).toEqual({ kind: 'known', people: [ann] })
  })

  it('is unknown where Azure shows no endpoint', async () => {
    const { fake, askers } = asking({})
    const said = askers.askersOf(connectionOf('x', { endpoint: undefined }), ownEndpoint)
    expect(await whyUnknown(said)).toBe('Azure does not show which endpoint asks.')
    expect(fake.calls).toEqual([])
  })

  it('is unknown where the id of the endpoint cannot be read', async () => {
    const { fake, askers } = asking({})
    const odd = connectionOf('x', { endpoint: undefined, isEndpointIdUnreadable: true })
    const said = askers.askersOf(odd, ownEndpoint)
    expect(await whyUnknown(said)).toBe('Azure shows an id of the endpoint that cannot be read.')
    expect(fake.calls).toEqual([])
  })

  it('is unknown, without a call, where the endpoint lies in a managed network and nobody is confirmed', async () => {
    const { fake, askers } = asking({})
    const said = askers.askersOf(connection, { ...ownEndpoint, isManagedTenant: true })
    expect(await whyUnknown(said)).toBe(
      'The endpoint lies in a network that Microsoft manages, and no requester is confirmed for it; the Activity Log there cannot be read.',
    )
    expect(fake.calls).toEqual([])
  })
})

describe('an event that proves nothing', () => {
  const another = endpointIn(ownSubscription, 'pe-lake2')
  const child = resourceId(`${endpoint.id}/privateDnsZoneGroups/default`)

  it.each<[string, ResourceId | undefined, Readonly<Record<string, unknown>>]>([
    ['whose caller wrote another resource', another, {}],
    ['whose caller wrote a child of the endpoint', child, {}],
    [
      'of the same name in another subscription',
      endpointIn('00000000-0000-4000-8000-00000000000b', 'pe-lake'),
      {},
    ],
    ['without a resource', undefined, { resourceId: undefined }],
    ['whose resource cannot be read', undefined, { resourceId: `${endpoint.id}/` }],
    ['of a deletion', undefined, { operationName: { value: 'Microsoft.Network/privateEndpoints/delete' } }],
    [
      'of another operation',
      undefined,
      { operationName: { value: 'Microsoft.Network/virtualNetworks/write' } },
    ],
    [
      'that is about another operation in its display name',
      undefined,
      { operationName: { localizedValue: 'x' } },
    ],
    ['of a write that failed', undefined, { status: { value: 'Failed' } }],
    ['without a status', undefined, { status: undefined }],
  ])('is left out: one %s', async (_, resource, change) => {
    expect(await whyUnknown(askersIn(eventOf(resource ?? endpoint, change)))).toContain('shows nobody yet')
  })

  const objectIds = 'http://schemas.microsoft.com/identity/claims/objectidentifier'
  it.each<[string, object]>([
    ['claims with several object ids in one', claimsOf(`${ann},${ben}`)],
    ['claims with a list of object ids', claimsOf('', { [objectIds]: [ann] })],
    ['claims with several object ids under two names', claimsOf(ann, { oid: ben })],
    [
      'claims with several object ids that differ in the case of their names',
      claimsOf(ann, { [objectIds.toUpperCase()]: ben }),
    ],
    ['an object id that is none', claimsOf('ann@contoso-data.example')],
    ['an object id with a blank around it', claimsOf(` ${ann}`)],
    [
      'no object id, and a UPN that looks like one',
      claimsOf('', {
        [objectIds]: undefined,
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': ben,
      }),
    ],
    [
      'a tenant that is none',
      claimsOf(ann, { 'http://schemas.microsoft.com/identity/claims/tenantid': 'x' }),
    ],
    ['no tenant', claimsOf(ann, { 'http://schemas.microsoft.com/identity/claims/tenantid': undefined })],
  ])('is nobody in particular: %s', async (_, claims) => {
    const why =
      'The Activity Log shows that pe-lake was written, but not which person of this tenant wrote it.'
    expect(await whyUnknown(askersIn(eventOf(endpoint, { caller: ben, claims })))).toBe(why)
  })

  it.each([undefined, null, 'x', []])('is nobody in particular: claims that are %j', async (claims) => {
    const said = askersIn(eventOf(endpoint, { caller: ben, claims }))
    expect(await whyUnknown(said)).toContain('but not which person of this tenant wrote it')
  })

  it('is nobody whom this tenant knows: a person of another tenant', async () => {
    const tenantId = '22222222-2222-4222-8222-222222222222'
    const claims = claimsOf(ann, { 'http://schemas.microsoft.com/identity/claims/tenantid': tenantId })
    expect(await whyUnknown(askersIn(eventOf(endpoint, { claims })))).toContain(
      'not which person of this tenant',
    )
  })

  it('hides nobody whom another event names', async () => {
    const several = eventOf(endpoint, { claims: claimsOf(`${ann},${ben}`) })
    expect(await askersIn(several, {}, eventOf(endpoint))).toEqual({ kind: 'known', people: [ann] })
  })
})

describe('the identity of a person', () => {
  it('is the object id of the claims, whatever the UPN looks like', async () => {
    const claims = claimsOf(ann, { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': ben })
    expect(await askersIn(eventOf(endpoint, { caller: ben, claims }))).toEqual({
      kind: 'known',
      people: [ann],
    })
  })

  it('is in lower case, and one in whichever case Azure writes ids', async () => {
    const upper = eventOf(
      { id: endpoint.id.toUpperCase() },
      {
        claims: claimsOf(ann.toUpperCase(), {
          'http://schemas.microsoft.com/identity/claims/tenantid': ownTenant.toUpperCase(),
        }),
        operationName: { value: 'MICROSOFT.NETWORK/PRIVATEENDPOINTS/WRITE' },
      },
    )
    expect(await askersIn(upper, eventOf(endpoint))).toEqual({ kind: 'known', people: [ann] })
  })

  it('needs no tenant where people do not sign in', async () => {
    const claims = claimsOf(ann, { 'http://schemas.microsoft.com/identity/claims/tenantid': undefined })
    const { askers } = asking(
      { [logCall]: { status: 200, body: { value: [eventOf(endpoint, { claims })] } } },
      { ownTenantId: undefined },
    )
    expect(await askers.askersOf(connection, ownEndpoint)).toEqual({ kind: 'known', people: [ann] })
  })
})

describe('a log that cannot be read', () => {
  it('names the permission that is missing', async () => {
    const why = await whyUnknown(askersWhen(failure(403, 'AuthorizationFailed', 'No authorization.')))
    expect(why).toBe(
      `The Activity Log of subscription ${ownSubscription} cannot be read: the identity of this app needs Microsoft.Insights/eventtypes/values/read there (403 AuthorizationFailed ("No authorization.")).`,
    )
  })

  it.each<[string, Reply]>([
    ['in a foreign tenant', failure(401, 'InvalidAuthenticationTokenTenant')],
    ['of an unknown subscription', failure(404, 'SubscriptionNotFound')],
    ['that does not take the filter', failure(400, 'BadRequest')],
    ['that is no list', { status: 200, body: { events: [] } }],
    ['that is no JSON', { status: 200, text: '<html>' }],
    [
      'whose next page is elsewhere',
      { status: 200, body: { value: [eventOf(endpoint)], nextLink: 'https://x.test/' } },
    ],
    ['that never ends', { status: 200, body: { value: [eventOf(endpoint)], nextLink: `${arm}/x` } }],
  ])('leaves open who asks: one %s', async (_, reply) => {
    const { askers } = asking({ [logCall]: reply, 'GET /x': reply })
    const why = await whyUnknown(askers.askersOf(connection, ownEndpoint))
    expect(why).toMatch(/^The Activity Log of subscription .* cannot be read: .*\.$/)
  })

  it('is Azure failing where another try may help', async () => {
    await expect(askersWhen(failure(503, 'ServerBusy'))).rejects.toThrow(AzureFailed)
    await expect(askersWhen({ status: 0 })).rejects.toThrow(AzureFailed)
    const busy = askersWhen(failure(429, 'TooManyRequests', 'Later.', { 'retry-after': '17' }))
    await expect(busy).rejects.toThrow(AzureBusy)
    await expect(busy).rejects.toMatchObject({ afterSeconds: 17 })
  })
})

describe('who asks through a managed endpoint', () => {
  const networks = `GET ${factory.id}/managedVirtualNetworks`
  const asked = connectionOf('adf-prod.mpe.lake')
  const managedEndpoint = (network: string) =>
    resourceId(`${factory.id}/managedVirtualNetworks/${network}/managedPrivateEndpoints/mpe.lake`)
  const operationName = {
    value: 'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints/write',
  }

  it('is the person who wrote it at the factory, in whichever of its networks', async () => {
    const { fake, askers } = asking({
      [networks]: { status: 200, body: { value: [{ name: 'default' }, { name: 'second' }] } },
      [logCall]: [
        { status: 200, body: { value: [] } },
        { status: 200, body: { value: [eventOf(managedEndpoint('second'), { operationName })] } },
      ],
    })
    expect(await askers.askersOf(asked, confirmed('data-factory'))).toEqual({ kind: 'known', people: [ann] })
    const filters = fake.calls.map(({ url }) => url.searchParams.get('$filter') ?? '')
    expect(filters.slice(1).map((filter) => filter.split(' eq ')[1])).toEqual([
      `'${managedEndpoint('default').id}'`,
      `'${managedEndpoint('second').id}'`,
    ])
  })

  it('is not who wrote the factory, or another of its endpoints', async () => {
    const events = [
      eventOf(factory, { operationName: { value: 'Microsoft.DataFactory/factories/write' } }),
      eventOf(factory, { operationName }),
      eventOf({ id: `${managedEndpoint('default').id}2` }, { operationName }),
    ]
    const { askers } = asking({
      [networks]: { status: 200, body: { value: [{ name: 'default' }] } },
      [logCall]: { status: 200, body: { value: events } },
    })
    const why = await whyUnknown(askers.askersOf(asked, confirmed('data-factory')))
    expect(why).toContain('shows nobody yet who wrote mpe.lake')
  })

  it.each<[string, Reply]>([
    ['is gone', failure(404, 'ResourceNotFound')],
    ['may not be read', failure(403, 'AuthorizationFailed')],
    [
      'has too many networks',
      { status: 200, body: { value: Array.from({ length: 21 }, (_, n) => ({ name: `n${n}` })) } },
    ],
    ['has a network without a name', { status: 200, body: { value: [{}] } }],
    ['has a network whose name is a path', { status: 200, body: { value: [{ name: 'a/../b' }] } }],
    ['has no network', { status: 200, body: { value: [] } }],
  ])('is unknown where the factory %s', async (_, reply) => {
    const { fake, askers } = asking({ [networks]: reply })
    const said = await askers.askersOf(asked, confirmed('data-factory'))
    expect(said.kind).toBe('unknown')
    expect(fake.calls.filter(({ url }) => url.pathname.includes('eventtypes'))).toEqual([])
  })

  it('is Azure failing where the networks of the factory cannot be read just now', async () => {
    const { askers } = asking({ [networks]: failure(503, 'ServerBusy') })
    await expect(askers.askersOf(asked, confirmed('data-factory'))).rejects.toThrow(AzureFailed)
  })

  const outside = Object.keys(requesterKinds).filter(
    (kind) => !['data-factory', 'private-endpoint'].includes(kind),
  ) as RequesterKind[]
  it.each(outside)('is unknown, without a call, for %s', async (kind) => {
    const { fake, askers } = asking({})
    expect(await whyUnknown(askers.askersOf(asked, confirmed(kind)))).toMatch(/^.*Activity Log.*\.$/)
    expect(fake.calls).toEqual([])
  })

  it('is read at the endpoint where the endpoint itself is the requester', async () => {
    const { askers } = asking({ [logCall]: { status: 200, body: { value: [eventOf(endpoint)] } } })
    expect(await askers.askersOf(connection, confirmed('private-endpoint'))).toEqual({
      kind: 'known',
      people: [ann],
    })
  })
})

describe('a filter', () => {
  it('stays one text with quotes in the name of the endpoint', async () => {
    const id = `${endpoint.id}' or resourceUri eq 'x`
    const quoting = { ...endpoint, id, name: "pe-lake' or resourceUri eq 'x" }
    const { fake, askers } = asking({ [logCall]: { status: 200, body: { value: [] } } })
    await askers.askersOf(connectionOf('x', { endpoint: quoting }), ownEndpoint)
    expect(fake.calls[0]?.url.searchParams.get('$filter')).toMatch(
      /resourceUri eq '[^']*pe-lake'' or resourceUri eq ''x'$/,
    )
  })

  it('stays one parameter with an ampersand in the name of the endpoint', async () => {
    const { fake, askers } = asking({ [logCall]: { status: 200, body: { value: [] } } })
    const odd = { ...endpoint, id: `${endpoint.id}&$select=caller#` }
    await askers.askersOf(connectionOf('x', { endpoint: odd }), ownEndpoint)
    expect([...(fake.calls[0]?.url.searchParams.keys() ?? [])]).toEqual(['api-version', '$filter', '$select'])
  })
})
