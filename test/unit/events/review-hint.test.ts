import { describe, expect, it } from 'vitest'
import { readEvent } from '../../../shared/events/review-hint.ts'

const group = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake'
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stlake`
const endpoint = `${group}/providers/Microsoft.Network/privateEndpoints/pe-1`
const correlationId = '6a1c3c6e-2a29-4b2e-9b5a-0c1d2e3f4a5b'

function gridEvent(data: unknown, eventType = 'Microsoft.Resources.ResourceWriteSuccess') {
  return {
    id: 'event-1',
    topic: '/subscriptions/x',
    subject: 's',
    eventType,
    eventTime: '2026-11-21T00:00:00Z',
    dataVersion: '2',
    metadataVersion: '1',
    data,
  }
}

function cloudEvent(data: unknown, type = 'Microsoft.Resources.ResourceWriteSuccess') {
  return {
    specversion: '1.0',
    id: 'event-2',
    source: '/subscriptions/x',
    type,
    time: '2026-11-21T00:00:00Z',
    data,
  }
}

function notification(resourceInfo: unknown) {
  return gridEvent({ resourceInfo }, 'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated')
}

function arm(resourceUri: unknown) {
  return {
    resourceUri,
    correlationId,
    operationName: 'x/write',
    claims: { name: 'Ada', ipaddr: '192.0.2.1', upn: 'ada@contoso.example' },
    httpRequest: { clientIpAddress: '192.0.2.1' },
  }
}

describe('an event that points at a target', () => {
  it.each([
    ['a new request', `${account}/privateEndpointConnectionProxies/pe.1`, account, true],
    ['its validation', `${account}/privateEndpointConnectionProxies/pe.1/validate`, account, true],
    ['an answer', `${account}/privateEndpointConnections/c.1`, account, false],
    ['an ordinary endpoint', endpoint, endpoint, true],
    [
      'other spelling',
      `${account}/PRIVATEENDPOINTCONNECTIONPROXIES/pe.1`.replace('resourceGroups', 'resourcegroups'),
      account.replace('resourceGroups', 'resourcegroups'),
      true,
    ],
  ])('by %s says where to look, and whether more may come', async (_, resourceUri, at, expectsMore) => {
    for (const event of [gridEvent(arm(resourceUri)), cloudEvent(arm(resourceUri))]) {
      const { hint } = await readEvent(event)
      expect(hint).toMatchObject({ kind: 'review-hint', at: { id: at }, expectsMore, correlationId })
    }
  })

  it.each([
    [
      'of a proxy under a connection',
      'privateEndpointConnections/c/privateEndpointConnectionProxies/x',
      false,
    ],
    [
      'of a connection under a proxy',
      'privateEndpointConnectionProxies/x/privateEndpointConnections/c',
      true,
    ],
    [
      'under a connection for ingestion',
      'ingestionPrivateEndpointConnections/i/PrivateEndpointConnections/c',
      true,
    ],
    ['of another child of a connection', 'privateendpointconnections/c/things/x', false],
  ])('with an id %s is cut at the first child segment', async (_, child, expectsMore) => {
    const { hint } = await readEvent(gridEvent(arm(`${account}/${child}`)))
    expect(hint).toMatchObject({ kind: 'review-hint', at: { id: account }, expectsMore })
  })

  it.each([
    'privateEndpointConnections/c',
    'privateEndpointConnectionProxies/p/privateEndpointConnections/c',
  ])('by a Resource Notification about %s names its target', async (child) => {
    const event = notification({ id: `${account}/${child}` })
    expect((await readEvent(event)).hint).toMatchObject({ kind: 'review-hint', at: { id: account } })
  })

  it('by a Resource Notification names a type of no table, where the body shows a list of connections', async () => {
    const id = `${group}/providers/Contoso.New/things/a`
    const event = notification({ id, properties: { privateEndpointConnections: [] } })
    expect((await readEvent(event)).hint).toMatchObject({ kind: 'review-hint', at: { id } })
  })

  it('by a Resource Notification names the resource in its body', async () => {
    const data = { resourceInfo: { id: account, properties: { privateEndpointConnections: [] } } }
    const { hint } = await readEvent(
      gridEvent(data, 'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated'),
    )
    expect(hint).toMatchObject({ kind: 'review-hint', at: { id: account } })
  })

  it('loses everything else: no name, no mail, no address is left', async () => {
    const read = JSON.stringify(
      await readEvent(gridEvent(arm(`${account}/privateEndpointConnectionProxies/pe.1`))),
    )
    expect(read).not.toMatch(/Ada|192\.0\.2|contoso/)
  })
})

describe('an event that is of no use', () => {
  it.each([
    ['text', 'hello', 'malformed'],
    ['null', null, 'malformed'],
    ['an array', [], 'malformed'],
    ['an event without data', { ...gridEvent({}), data: undefined }, 'malformed'],
    ['an event of another schema', { ...gridEvent({}), metadataVersion: '2' }, 'malformed'],
    ['data that is text', gridEvent('x'), 'resource-unusable'],
    ['another event type', gridEvent(arm(account), 'Microsoft.Storage.BlobCreated'), 'other-event-type'],
    [
      'a failed write',
      gridEvent(arm(account), 'Microsoft.Resources.ResourceWriteFailure'),
      'other-event-type',
    ],
    ['a write of the target itself', gridEvent(arm(account)), 'not-about-a-connection'],
    ['a resourceUri on another host', gridEvent(arm(`https://evil.example${account}`)), 'resource-unusable'],
    [
      'a resourceUri that climbs',
      gridEvent(arm(`${account}/privateEndpointConnectionProxies/../../x`)),
      'resource-unusable',
    ],
    ['a resourceUri that is a number', gridEvent(arm(7)), 'resource-unusable'],
    ['no resourceUri', gridEvent({}), 'resource-unusable'],
    [
      'a connection without a target',
      gridEvent(arm(`${group}/providers/Microsoft.Storage/privateEndpointConnections/c`)),
      'no-target',
    ],
    [
      'a connection of an endpoint',
      gridEvent(arm(`${endpoint}/privateEndpointConnectionProxies/x`)),
      'under-endpoint',
    ],
    [
      'a connection of an extension',
      gridEvent(arm(`${account}/providers/Microsoft.X/privateEndpointConnections/c`)),
      'extension',
    ],
    [
      'a notification about a resource whose type has no list of connections',
      notification({ id: `${group}/providers/Microsoft.Network/networkInterfaces/nic-1` }),
      'type-without-connections',
    ],
    [
      'a notification about a connection without a target',
      notification({ id: `${group}/providers/Microsoft.Storage/privateEndpointConnections/c` }),
      'no-target',
    ],
    ['a notification without a resource', notification(undefined), 'resource-unusable'],
  ])('%s is counted with a reason and does not throw', async (_, event, reason) => {
    expect((await readEvent(event)).hint).toEqual({ kind: 'nothing', reason })
  })

  it('is logged with its id, which cannot forge a log line', async () => {
    expect((await readEvent({ id: 'a\nERROR b'.repeat(50) })).eventId).toMatch(/^[A-Za-z0-9?]{100}$/)
    expect((await readEvent({})).eventId).toBe('without an id')
  })

  it('whose correlation id is not one does not pass it on', async () => {
    const data = { ...arm(`${account}/privateEndpointConnectionProxies/pe.1`), correlationId: 'Ada' }
    expect((await readEvent(gridEvent(data))).hint).toMatchObject({
      kind: 'review-hint',
      correlationId: undefined,
    })
  })
})
