import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignSubscription, foreignTenant } from '../../local/azure/well-known.ts'
import { lake, onlyConnection } from './requester-support.ts'
import { Bench, own } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

const theirs = `/subscriptions/${foreignSubscription.subscriptionId}`
const tenant = foreignTenant.tenantId

describe('An ordinary endpoint of an unknown requester', () => {
  test.each([
    ['64 KB', 'x'.repeat(65_536)],
    ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['Markdown', '[approve](https://evil.example) | **all** |\n\n# Approved\n\n```'],
    ['control characters', 'a\u0000b\u0007c\u001b[31mred\u202Eevil\r\n\u2028end'],
    ['half a surrogate pair', 'x\ud800y'],
    ['JSON', '{"status":"Approved"}'],
    ['nothing', ''],
  ])('carries a message of %s to the target as it is', async (what, message) => {
    const name = `msg${what.toLowerCase().replaceAll(' ', '')}`.slice(0, 24)
    const target = await lake(bench, name)
    await bench.ask(`pe-${name}`, target, { subscription: theirs, tenant, message })
    const { properties } = await onlyConnection(bench, target)
    expect(properties.privateLinkServiceConnectionState.description).toBe(message)
  })

  test.each([
    ['a factory’s', 'adf-orders.mpe-blob'],
    ['a GUID’s', '59a92b06-0000-4000-8000-000000000001'],
    ['a Fabric workspace’s', '59a92b06-0000-4000-8000-000000000001.lake'],
    ['a Grafana’s', 'grafana-twin-mpe'],
    ['eighty letters', 'x'.repeat(80)],
    ['markup', '<b>pe</b>|**x**'],
    ['another alphabet', 'ädf-orders․mpe'],
    ['__proto__', '__proto__'],
  ])('has any name: %s', async (what, name) => {
    const target = await lake(bench, `name${Buffer.from(what).toString('hex').slice(0, 18)}`)
    const item = { privateLinkServiceId: target, groupIds: ['blob'], requestMessage: '' }
    const body = {
      location: 'westeurope',
      properties: { manualPrivateLinkServiceConnections: [{ name: 'x', properties: item }] },
    }
    const group = `${theirs}/resourceGroups/vnet-10e72cf9-westeurope-54-rg`
    const path = `${group}/providers/Microsoft.Network/privateEndpoints/${encodeURIComponent(name)}`
    // A slash inside a segment stays written as %2F.
    const kept = name.includes('/') ? encodeURIComponent(name) : name
    expect((await bench.call('PUT', path, body, { tenant })).status).toBe(201)
    const { properties } = await onlyConnection(bench, target)
    expect(properties.privateEndpoint.id.split('/').at(-1)).toBe(kept)
  })

  test('asks for any groups, as many as it likes', async () => {
    const target = await bench.create(
      `${own}/resourceGroups/rg-data/providers/Microsoft.Sql/servers/groups-any`,
    )
    const groupIds = ['sqlServer', 'blob', '', '<b>', ...Array.from({ length: 50 }, (_, at) => `g${at}`)]
    const item = { privateLinkServiceId: target, groupIds, requestMessage: '' }
    const body = {
      location: 'westeurope',
      properties: { manualPrivateLinkServiceConnections: [{ name: 'x', properties: item }] },
    }
    const path = `${theirs}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe-groups`
    expect((await bench.call('PUT', path, body, { tenant })).status).toBe(201)
    expect((await onlyConnection(bench, target)).properties.groupIds).toEqual(groupIds)
  })
})
